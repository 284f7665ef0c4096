"""How many orders left for a venue in the last minute, and what were they worth? Also by others."""

from collections import deque
from collections.abc import Iterable

import msgspec

from foreshock.core.domain.memory import OrderWord
from foreshock.core.domain.messages.trading import PlaceOrder, SendRefused
from foreshock.core.domain.positions import venue_of
from foreshock.core.domain.units import SECOND, Duration, Instant, Money, Rounding, notional

MINUTE = Duration(60 * SECOND)


class Sent(msgspec.Struct, frozen=True):
    """An order that left."""

    at_us: Instant
    notional: Money


class Rates:
    """The orders of the last minute, by venue."""

    def __init__(self) -> None:
        self._sent: dict[str, deque[Sent]] = {}

    def add(self, order: PlaceOrder, at_us: Instant) -> None:
        """An order leaves."""
        self._recent(order, at_us).append(Sent(at_us, worth(order)))

    def count(self, order: PlaceOrder, now_us: Instant) -> int:
        """Orders that left for the order's venue."""
        return len(self._recent(order, now_us))

    def notional(self, order: PlaceOrder, now_us: Instant) -> Money:
        """Dollars of the orders that left for the order's venue."""
        return Money(sum(sent.notional for sent in self._recent(order, now_us)))

    def recall(self, orders: Iterable[tuple[OrderWord, ...]]) -> None:
        """Orders of an earlier run count on: a desk that keeps dying gains no room by it."""
        for words in orders:
            placed = words[0]
            is_refused = any(isinstance(word, SendRefused) for word in words)
            if isinstance(placed, PlaceOrder) and not is_refused:
                self.add(placed, placed.decided_us)

    def _recent(self, order: PlaceOrder, now_us: Instant) -> deque[Sent]:
        sent = self._sent.setdefault(venue_of(order.market), deque())
        while sent and now_us - sent[0].at_us >= MINUTE:
            sent.popleft()
        return sent


def worth(order: PlaceOrder) -> Money:
    """Dollars of an order at its limit."""
    return notional(order.limit, order.quantity, Rounding.UP)
