"""How much may a group of orders trade within fifteen seconds, and what happens at the limit?

An exchange-side fuse: once the orders of a group have matched their limit within the window, every
one of them is cancelled and none is taken until the group is reset.
"""

from collections import deque
from typing import Literal, TypeAlias

import msgspec

from foreshock.core.domain.units import SECOND, Duration, Instant, Quantity

GroupChange: TypeAlias = Literal["created", "triggered", "reset", "deleted", "limit_updated"]
WINDOW = Duration(15 * SECOND)


class GroupChanged(msgspec.Struct, frozen=True, gc=False, tag=True):
    """An order group was made, blew, was reset, got another limit or was deleted.

    It belongs to no market: `native_id` is "" and `clock` 0.
    """

    native_id: str
    event_us: Instant
    clock: int
    account: str
    group: str
    change: GroupChange
    limit: Quantity


class OrderGroup:
    """One group: its limit, what it matched lately, whether it blew."""

    __slots__ = ("_matched", "_total", "account", "is_triggered", "limit", "name")

    def __init__(self, name: str, account: str, limit: Quantity) -> None:
        self.name = name
        self.account = account
        self.limit = limit
        self.is_triggered = False
        self._matched: deque[tuple[Instant, int]] = deque()
        self._total = 0

    def record(self, at_us: Instant, quantity: int) -> None:
        """One of its orders traded."""
        self._matched.append((at_us, quantity))
        self._total += quantity

    def matched(self, now_us: Instant) -> Quantity:
        """Contracts matched within the window."""
        while self._matched and self._matched[0][0] <= now_us - WINDOW:
            self._total -= self._matched.popleft()[1]
        return Quantity(self._total)

    def is_due(self, now_us: Instant) -> bool:
        """Whether it has reached its limit and has not blown yet."""
        return not self.is_triggered and self.matched(now_us) >= self.limit

    def reset(self) -> None:
        """Begin anew."""
        self.is_triggered = False
        self._matched.clear()
        self._total = 0
