"""The order path of one Polymarket account: an `OrderPath`, pure.

Orders are named by their hash from before the send. `placement` makes the bytes, `answers` and
`outcomes` read what came back, `inquiry` asks what became of an order.
"""

from collections.abc import Sequence

import msgspec

from foreshock.adapters.seams import HttpResponse
from foreshock.adapters.venues.order_path import Answer, OrderRef, Prepared, Unsigned
from foreshock.adapters.venues.polymarket.answers import read_cancelled, read_placed
from foreshock.adapters.venues.polymarket.holder import Holder
from foreshock.adapters.venues.polymarket.inquiry import Inquiries, hash_of
from foreshock.adapters.venues.polymarket.listing import VENUE
from foreshock.adapters.venues.polymarket.ours import Ours
from foreshock.adapters.venues.polymarket.placement import Style, prepare, style_of
from foreshock.core.domain.errors import InvariantError
from foreshock.core.domain.markets import Market, MarketId
from foreshock.core.domain.messages.trading import PlaceOrder
from foreshock.core.domain.units import Instant
from foreshock.core.pricing.fees import FeePack

CANCELS_MAX = 1_000
"""The lower of two limits the venue names for one request."""


class PolymarketPath:
    """An `OrderPath`. pack: the dated fee rules, for the fees of fills."""

    venue = VENUE

    def __init__(self, holder: Holder, pack: FeePack | None) -> None:
        self._holder = holder
        self.ours = Ours(holder, pack)
        self._inquiries = Inquiries(self.ours)

    def list_market(self, market: Market) -> None:
        """Know a market, or its newest terms, before rows about it are read."""
        self.ours.list_market(market)

    def place(self, order: PlaceOrder, market: Market, now_us: Instant) -> Prepared:
        """Raises OrderRejectedError for what the venue can never take: see `placement`."""
        return self.place_as(order, market, style_of(order), now_us)

    def place_as(
        self, order: PlaceOrder, market: Market, style: Style, now_us: Instant
    ) -> Prepared:
        """The same with a given order type, expiry or post-only flag."""
        self.ours.list_market(market)
        return prepare(order, market, style, self._holder, now_us)

    def placed(self, prepared: Prepared, answer: HttpResponse | None, now_us: Instant) -> Answer:
        """What the answer to placing an order means; None = no answer came."""
        del now_us  # the meaning does not depend on it
        return read_placed(prepared, answer)

    def cancel(self, orders: Sequence[OrderRef], now_us: Instant) -> Unsigned:
        """Take one or many orders off the book. Raises InvariantError for none or too many."""
        del now_us
        names = [hash_of(order) for order in orders]
        if not 1 <= len(names) <= CANCELS_MAX:
            raise InvariantError(f"{len(names)} orders in one cancel")
        if len(names) == 1:
            return _cancel("/order", msgspec.json.encode({"orderID": names[0]}))
        return _cancel("/orders", msgspec.json.encode(names))

    def cancel_all(self) -> Unsigned:
        """Take every order of these credentials off the book."""
        return _cancel("/cancel-all")

    def cancel_market(self, market: MarketId) -> Unsigned:
        """Take every order in one market off the book."""
        condition = market.partition(":")[2]
        return _cancel("/cancel-market-orders", msgspec.json.encode({"market": condition}))

    def cancelled(
        self, orders: Sequence[OrderRef], answer: HttpResponse | None, now_us: Instant
    ) -> Answer:
        """What the answer to a cancel tells of the venue; an order never ends by it."""
        del orders, now_us
        return read_cancelled(answer)

    def lookups(self, order: OrderRef, since_us: Instant) -> Sequence[Unsigned]:
        """The two questions that prove what became of an order."""
        return self._inquiries.lookups(order, since_us)

    def looked_up(
        self, order: OrderRef, step: int, answer: HttpResponse | None, now_us: Instant
    ) -> Answer:
        """What an answer to them adds; a conclusion comes with the last page of trades."""
        return self._inquiries.looked_up(order, step, answer, now_us)


def _cancel(path: str, body: bytes = b"") -> Unsigned:
    return Unsigned(venue=VENUE, kind="cancel", method="DELETE", path=path, body=body)
