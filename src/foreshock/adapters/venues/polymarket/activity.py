"""What else moved the wallet? Splits, merges, redemptions and trades made by hand, from the chain.

The data host tells it late and in doubles; their digits are taken as they stand. A desk compares
it with its own journal: what is here and not there was done by somebody else.
"""

from decimal import Decimal
from urllib.parse import urlencode

import msgspec

from foreshock.adapters.seams import HttpResponse
from foreshock.adapters.venues.order_path import Unsigned
from foreshock.adapters.venues.polymarket.account import (
    ROWS_MAX,
    DataPage,
    decoded,
    next_cursor,
    succeeded,
)
from foreshock.adapters.venues.polymarket.holder import Holder
from foreshock.adapters.venues.polymarket.listing import VENUE
from foreshock.core.domain.errors import DataError
from foreshock.core.domain.units import MICRO, Instant, Money, Quantity, parse_quantity


class _WireMove(msgspec.Struct, frozen=True):
    type: str
    condition_id: str
    size: Decimal
    usdc_size: Decimal
    timestamp: int
    transaction_hash: str
    token_id: str = ""


class WalletMove(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that happened to the wallet. kind: the venue's word, e.g. SPLIT or TRADE.

    token: empty where a move concerns both outcomes or none. dollars: never negative; the kind
    says which way they went.
    """

    kind: str
    condition_id: str
    token: str
    quantity: Quantity
    dollars: Money
    transaction: str
    event_us: Instant


_PAGE = msgspec.json.Decoder(DataPage)
_MOVE = msgspec.json.Decoder(_WireMove)


def activity_request(holder: Holder, since_us: Instant, cursor: str | None = None) -> Unsigned:
    """A page of everything that moved the wallet since an instant."""
    query = [("user", holder.wallet), ("start", str(since_us // MICRO)), ("limit", str(ROWS_MAX))]
    if cursor is not None:
        query.append(("cursor", cursor))
    path = f"/v2/activity?{urlencode(query)}"
    return Unsigned(venue=VENUE, kind="read", method="GET", path=path, host="data")


def read_activity(answer: HttpResponse) -> tuple[tuple[WalletMove, ...], str | None]:
    """The moves and the cursor of the next page. Raises DataError, VenueUnavailableError."""
    page = decoded(_PAGE, succeeded(answer))
    return tuple(_move(raw) for raw in page.data), next_cursor(page.pagination)


def _move(raw: msgspec.Raw) -> WalletMove:
    wire = decoded(_MOVE, raw)
    try:
        quantity, dollars = parse_quantity(f"{wire.size:f}"), parse_quantity(f"{wire.usdc_size:f}")
    except ValueError as error:
        raise DataError(f"a move of the wallet: {error}") from error
    return WalletMove(
        kind=wire.type,
        condition_id=wire.condition_id,
        token=wire.token_id,
        quantity=quantity,
        dollars=Money(dollars),
        transaction=wire.transaction_hash,
        event_us=Instant(wire.timestamp * MICRO),
    )
