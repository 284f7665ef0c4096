"""What is due next? Acts, each at its own moment, whatever the steps in which time is told."""

import heapq
from collections.abc import Callable
from typing import TypeAlias

from foreshock.core.domain.errors import InvariantError
from foreshock.core.domain.units import SECOND, Instant

Act: TypeAlias = Callable[[Instant], None]
ACTS_MAX = 1_000_000
"""Acts waiting; more means that something schedules without end."""


class Agenda:
    """Acts by moment; those of one moment happen in the order in which they were scheduled."""

    def __init__(self) -> None:
        self._acts: list[tuple[Instant, int, Act]] = []
        self._count = 0

    def after(self, now_us: Instant, delay_s: float, act: Act) -> None:
        """Schedule an act. Raises InvariantError when too many wait."""
        if len(self._acts) >= ACTS_MAX:
            raise InvariantError(f"{ACTS_MAX} acts of the simulated world wait")
        self._count += 1
        at_us = Instant(now_us + int(delay_s * SECOND))
        heapq.heappush(self._acts, (at_us, self._count, act))

    def next_us(self) -> Instant | None:
        """When the next act is due; None when none waits."""
        return self._acts[0][0] if self._acts else None

    def run(self, until_us: Instant) -> None:
        """Do everything due by `until_us`, including what that brings about by then."""
        while self._acts and self._acts[0][0] <= until_us:
            at_us, _, act = heapq.heappop(self._acts)
            act(at_us)
