"""How many orders left for a venue in the last minute, and what were they worth? Also by others."""

from collections import deque
from collections.abc import Iterable

import msgspec

from foreshock.core.domain.edges import LegCost
from foreshock.core.domain.memory import OrderWord
from foreshock.core.domain.messages.trading import PlaceOrder, SendRefused
from foreshock.core.domain.positions import venue_of
from foreshock.core.domain.units import (
    SECOND,
    Duration,
    Instant,
    Money,
    Rounding,
    format_micros,
    notional,
)

MINUTE = Duration(60 * SECOND)


class Sent(msgspec.Struct, frozen=True):
    """An order that left."""

    at_us: Instant
    notional: Money


class Rates:
    """The orders of the last minute, by venue."""

    def __init__(self) -> None:
        self._sent: dict[str, deque[Sent]] = {}
        self._expected: dict[str, dict[str, Money]] = {}

    def add(self, order: PlaceOrder, at_us: Instant, hedges: Iterable[LegCost] = ()) -> None:
        """An order leaves. hedges: the legs that will follow, if it is an entry."""
        self._recent(venue_of(order.market), at_us).append(Sent(at_us, worth(order)))
        if order.purpose == "enter":
            self._expected[order.package_id] = {leg.venue: leg.cost for leg in hedges}
        else:
            self.forget(order.package_id)

    def count(self, venue: str, now_us: Instant) -> int:
        """Orders that left for a venue."""
        return len(self._recent(venue, now_us))

    def notional(self, venue: str, now_us: Instant) -> Money:
        """Dollars of the orders that left for a venue."""
        return Money(sum(sent.notional for sent in self._recent(venue, now_us)))

    def too_many(self, venue: str, count_max: int, now_us: Instant) -> str | None:
        """Why one more order does not fit; None when it does."""
        count = self.count(venue, now_us)
        if count < count_max:
            return None
        return f"{count} orders left in the last minute, at most {count_max}"

    def too_much(self, venue: str, amount: Money, limit: Money, now_us: Instant) -> str | None:
        """Why an amount more does not fit; None when it does."""
        sent = self.notional(venue, now_us)
        if sent + amount <= limit:
            return None
        return (
            f"${format_micros(sent, 2)} left in the last minute,"
            f" ${format_micros(amount, 2)} more, limit ${format_micros(limit, 2)}"
        )

    def forget(self, package_id: str) -> None:
        """What was to follow has left, or never will."""
        self._expected.pop(package_id, None)

    def expected(self, venue: str, package_id: str) -> list[Money]:
        """What other packages will still send to a venue."""
        others = (each for name, each in self._expected.items() if name != package_id)
        return [hedges[venue] for hedges in others if venue in hedges]

    def recall(self, orders: Iterable[tuple[OrderWord, ...]]) -> None:
        """Orders of an earlier run count on: a desk that keeps dying gains no room by it."""
        for words in orders:
            placed = words[0]
            is_refused = any(isinstance(word, SendRefused) for word in words)
            if isinstance(placed, PlaceOrder) and not is_refused:
                self.add(placed, placed.decided_us)

    def _recent(self, venue: str, now_us: Instant) -> deque[Sent]:
        sent = self._sent.setdefault(venue, deque())
        while sent and now_us - sent[0].at_us >= MINUTE:
            sent.popleft()
        return sent


def worth(order: PlaceOrder) -> Money:
    """Dollars of an order at its limit."""
    return notional(order.limit, order.quantity, Rounding.UP)
