"""How do orders of ours become requests to Kalshi, and its answers facts? One account, pure.

What became of an order is asked in rounds. Before the venue named it: the orders of its market by
our client id, how fresh such reads are, the archive, and the orders once more. Afterwards: its
fills, then itself, so that the fills behind a closing word are known with it. That an order is
absent is only said of a complete and fresh list that lacks it, and in a round whose every question
was answered; no error ever proves it.
"""

from collections.abc import Callable, Sequence

import msgspec

from foreshock.adapters.seams import HttpResponse
from foreshock.adapters.venues.kalshi.account import (
    PAGE_MAX,
    freshness_reading,
    order_reading,
    read_fills,
    read_freshness,
    read_orders,
    reading,
    venue_order,
)
from foreshock.adapters.venues.kalshi.markets import VENUE
from foreshock.adapters.venues.kalshi.order_wire import OrderBody
from foreshock.adapters.venues.kalshi.orders import PLAIN, Style, cancel, cancel_many, prepare
from foreshock.adapters.venues.kalshi.outcomes import read_cancelled, read_placed, retry_after_us
from foreshock.adapters.venues.kalshi.rest import OK, body_of
from foreshock.adapters.venues.kalshi.wire import decoded
from foreshock.adapters.venues.order_path import Answer, OrderRef, Prepared, Unsigned
from foreshock.core.domain.accounts import VenueOrder
from foreshock.core.domain.errors import DataError, VenueUnavailableError
from foreshock.core.domain.markets import Market
from foreshock.core.domain.messages.account import AnsweredFact
from foreshock.core.domain.messages.trading import OrderAccepted, OrderClosed, PlaceOrder
from foreshock.core.domain.units import SECOND, Duration, Instant

LAG_MAX = Duration(3 * SECOND)
"""Reads of the account that lag further behind prove no absence."""
AHEAD_MAX = Duration(SECOND)
"""Nor do reads from our future: then our clock is wrong, and nobody knows how far they lag."""
HINDERED_MAX = 10_000
NOTHING_SAID = Answer()

StyleOf = Callable[[PlaceOrder, Market], Style]
"""What an order carries beyond its terms: its group, its expiry, whether it only rests."""


def plain(order: PlaceOrder, market: Market) -> Style:  # noqa: ARG001 - a StyleOf
    """Nothing beyond the terms."""
    return PLAIN


def by_our_clock(now_us: Instant) -> Instant:
    """The time at the venue, while nothing is known of its clock."""
    return now_us


class KalshiOrders:
    """An `OrderPath`. subaccount: None leaves it to the venue. there: our time as the venue's."""

    venue = VENUE

    def __init__(
        self,
        style_of: StyleOf = plain,
        subaccount: int | None = None,
        there: Callable[[Instant], Instant] = by_our_clock,
    ) -> None:
        self._there = there
        self._style_of = style_of
        self._subaccount = subaccount
        self._fresh_us: Instant | None = None
        self._hindered: dict[str, None] = {}

    def place(self, order: PlaceOrder, market: Market, now_us: Instant) -> Prepared:
        """The order as it will leave.

        Raises OrderRejectedError for what the venue would refuse, InvariantError when the market
        is another.
        """
        style = self._style_of(order, market)
        if self._subaccount is not None:
            style = msgspec.structs.replace(style, subaccount=self._subaccount)
        return prepare(order, market, style, now_us)

    def placed(self, prepared: Prepared, answer: HttpResponse | None, now_us: Instant) -> Answer:  # noqa: ARG002 - an OrderPath
        """By the outcome table."""
        return read_placed(prepared, answer)

    def cancel(self, orders: Sequence[OrderRef], now_us: Instant) -> Unsigned:  # noqa: ARG002 - an OrderPath
        """Raises OrderUnknownError for one that Kalshi has not named yet."""
        if len(orders) == 1:
            return cancel(orders[0], self._subaccount)
        return cancel_many(orders, self._subaccount)

    def cancelled(
        self,
        orders: Sequence[OrderRef],
        answer: HttpResponse | None,
        now_us: Instant,  # noqa: ARG002 - an OrderPath
    ) -> Answer:
        """Whether the cancel did its work; what had traded by then is looked up."""
        return read_cancelled(orders, answer)

    def lookups(self, order: OrderRef, since_us: Instant) -> Sequence[Unsigned]:
        """One round of questions; see above. The order was not sent before `since_us`."""
        if order.venue_order_id is not None:
            fills = self._reading("/portfolio/fills", order_id=order.venue_order_id, limit=PAGE_MAX)
            return (fills, order_reading(order.venue_order_id))
        query: dict[str, str | int] = {
            "ticker": order.market.partition(":")[2],
            "min_ts": max(0, since_us) // SECOND,
            "limit": PAGE_MAX,
        }
        current = self._reading("/portfolio/orders", **query)
        archived = self._reading("/historical/orders", **query)
        return (current, freshness_reading(), archived, current)

    def looked_up(
        self,
        order: OrderRef,
        step: int,
        answer: HttpResponse | None,
        now_us: Instant,
    ) -> Answer:
        """A read that failed says nothing, neither good nor bad, and its round proves nothing.

        The body says what was asked, also when the steps have changed since.
        """
        if step == 0:
            self._hindered.pop(order.order_id, None)
        if answer is None:
            return self._hinder(order)
        if answer.status != OK:
            waits = self._hinder(order)
            return msgspec.structs.replace(waits, retry_after_us=retry_after_us(answer))
        try:
            found = self._read(order, answer, now_us)
        except (DataError, VenueUnavailableError):
            return self._hinder(order)
        if order.order_id in self._hindered:
            return msgspec.structs.replace(found, is_absent=False)
        return found

    def _hinder(self, order: OrderRef) -> Answer:
        """This round of questions about an order leaves one open."""
        while len(self._hindered) >= HINDERED_MAX:
            del self._hindered[next(iter(self._hindered))]
        self._hindered[order.order_id] = None
        return NOTHING_SAID

    def _reading(self, path: str, **query: str | int) -> Unsigned:
        if self._subaccount is not None:
            query["subaccount"] = self._subaccount
        return reading(path, **query)

    def _read(self, order: OrderRef, answer: HttpResponse, now_us: Instant) -> Answer:
        """Raises DataError for an answer of unknown shape."""
        keys = decoded(body_of(answer), dict[str, msgspec.Raw])
        if "fills" in keys:
            return self._fills(order, answer)
        if "order" in keys:
            found = venue_order(decoded(answer.body, OrderBody).order)
            return Answer(facts=_facts(order, [found]))
        if "orders" in keys:
            return self._orders(order, answer, now_us)
        self._fresh_us = read_freshness(answer)
        return NOTHING_SAID

    def _fills(self, order: OrderRef, answer: HttpResponse) -> Answer:
        page = read_fills(answer)
        mine = tuple(f for f in page.fills if f.venue_order_id == order.venue_order_id)
        following = None
        if page.cursor is not None and order.venue_order_id is not None:
            following = self._reading(
                "/portfolio/fills",
                order_id=order.venue_order_id,
                limit=PAGE_MAX,
                cursor=page.cursor,
            )
        return Answer(fills=mine, next=following)

    def _orders(self, order: OrderRef, answer: HttpResponse, now_us: Instant) -> Answer:
        page = read_orders(answer)
        facts = _facts(order, page.orders)
        is_absent = not facts and page.cursor is None and order.venue_order_id is None
        return Answer(facts=facts, is_absent=is_absent and self._is_fresh(now_us))

    def _is_fresh(self, now_us: Instant) -> bool:
        """Whether the lists reach up to now, by the venue's own clock."""
        if self._fresh_us is None:
            return False
        return -AHEAD_MAX <= self._there(now_us) - self._fresh_us <= LAG_MAX


def _facts(order: OrderRef, found: Sequence[VenueOrder]) -> tuple[AnsweredFact, ...]:
    """What a list says about an order. Nothing when its two ids contradict each other."""
    for each in found:
        is_named = each.venue_order_id == order.venue_order_id
        is_ours = each.client_id == order.client_id
        if not is_named and (not is_ours or order.venue_order_id is not None):
            continue
        if not is_ours or each.market != order.market:
            raise DataError(f"{order.order_id}: {each.venue_order_id} is another order")
        accepted = OrderAccepted(order.order_id, each.venue_order_id)
        if each.is_open:
            return (accepted,)
        return (accepted, OrderClosed(order.order_id, each.filled, _words(each)))
    return ()


def _words(order: VenueOrder) -> str:
    return "filled" if order.filled == order.quantity else "the venue ended it"
