"""What was traded at Polymarket before we watched? The data host's trades, newest page first.

They come from the chain, late by its confirmations. So many pages of a market are read; what lies
before the oldest of them is unknown, not quiet. Source: data API version 2, `GET /v2/trades`.
"""

from collections.abc import Sequence
from decimal import Decimal
from urllib.parse import urlencode

import msgspec

from foreshock.adapters.seams import HttpRequest, HttpResponse
from foreshock.adapters.venues.past_buckets import PastBuckets
from foreshock.adapters.venues.polymarket.account import (
    ROWS_MAX,
    DataPage,
    decoded,
    next_cursor,
    succeeded,
)
from foreshock.core.domain.errors import DataError
from foreshock.core.domain.markets import MarketId
from foreshock.core.domain.messages.signals import VolumeRecalled
from foreshock.core.domain.units import (
    DAY,
    MICRO,
    PAYOUT,
    SECOND,
    Duration,
    Instant,
    Price,
    Quantity,
    complement,
)

DAYS = 14
LATE = Duration(180 * SECOND)
"""What was matched since then may not be on the chain yet."""
SOURCE = "Polymarket's trades"


class _WireTrade(msgspec.Struct, frozen=True):
    side: str
    size: Decimal
    price: Decimal
    timestamp: int
    outcome_index: int


class PastTrade(msgspec.Struct, frozen=True):
    """One print, YES price. is_yes: its taker gained YES."""

    event_us: Instant
    quantity: Quantity
    price: Price
    is_yes: bool


_PAGE = msgspec.json.Decoder(DataPage)
_TRADE = msgspec.json.Decoder(_WireTrade)


def trades_request(condition_id: str, now_us: Instant, cursor: str | None = None) -> HttpRequest:
    """A page of one market's trades of the last 14 days, takers only."""
    since_s = (now_us - DAYS * DAY) // MICRO
    query = [("condition_id", condition_id), ("taker_only", "true")]
    query += [("start", str(since_s)), ("limit", str(ROWS_MAX))]
    if cursor is not None:
        query.append(("cursor", cursor))
    return HttpRequest("GET", f"/v2/trades?{urlencode(query)}")


def read_trades(answer: HttpResponse) -> tuple[tuple[PastTrade, ...], str | None]:
    """The prints and the cursor of the next page. Raises DataError, VenueUnavailableError."""
    page = decoded(_PAGE, succeeded(answer))
    return tuple(_trade(raw) for raw in page.data), next_cursor(page.pagination)


def recalled(
    market: MarketId, trades: Sequence[PastTrade], now_us: Instant, *, is_whole: bool
) -> VolumeRecalled | None:
    """What these tell, None of a market without any: the host may not know it.

    is_whole: there are no others in the last 14 days.
    """
    if not trades:
        return None
    past = PastBuckets(market, Instant(now_us - LATE))
    ordered = sorted(trades, key=lambda trade: trade.event_us)
    past.observe(Instant(now_us - DAYS * DAY) if is_whole else ordered[0].event_us)
    for trade in ordered:
        past.print_(trade.event_us, trade.quantity, trade.price, is_yes=trade.is_yes)
    return past.told(SOURCE)


def _trade(raw: msgspec.Raw) -> PastTrade:
    wire = decoded(_TRADE, raw)
    price, quantity = int(wire.price * MICRO), int(wire.size * MICRO)
    if not 0 <= price <= PAYOUT or quantity < 0:
        raise DataError(f"a trade of {wire.size} at {wire.price}")
    if wire.side not in {"BUY", "SELL"} or wire.outcome_index not in {0, 1}:
        raise DataError(f"a trade to {wire.side[:8]} outcome {wire.outcome_index}")
    is_first = wire.outcome_index == 0
    return PastTrade(
        event_us=Instant(wire.timestamp * MICRO),
        quantity=Quantity(quantity),
        price=Price(price) if is_first else complement(Price(price)),
        is_yes=is_first == (wire.side == "BUY"),
    )
