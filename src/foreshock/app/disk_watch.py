"""Is there room to write down what the desk will do? Looked at every minute.

The floor is a gibibyte or what a day of recording takes at the pace so far, the larger one. Below
it nothing new is begun; what is open may still be ended.
"""

import asyncio
from collections.abc import Callable
from pathlib import Path

from foreshock.core.domain.messages.risk import DiskMeasured
from foreshock.core.domain.messages.union import Message
from foreshock.core.domain.units import DAY, SECOND, Duration, Instant

EVERY_S = 60.0
FLOOR_BYTES = 1024**3
PACE_AFTER = Duration(600 * SECOND)
"""A pace is believed when it was kept for so long."""


class DiskWatch:
    """Tells the room left. free, used: bytes free on the disk, and taken by this run so far."""

    def __init__(
        self, free: Callable[[], int], used: Callable[[], int], clock: Callable[[], Instant]
    ) -> None:
        self._free = free
        self._used = used
        self._clock = clock
        self._began_us = clock()

    def measure(self) -> DiskMeasured:
        """Room and floor now."""
        ran_us = self._clock() - self._began_us
        floor = FLOOR_BYTES
        if ran_us >= PACE_AFTER:
            floor = max(floor, self._used() * DAY // ran_us)
        return DiskMeasured(self._free(), floor)

    async def run(self, put: Callable[[Message], None]) -> None:
        """Until cancelled. The first look comes at once."""
        while True:
            put(self.measure())
            await asyncio.sleep(EVERY_S)


def bytes_in(folder: Path) -> int:
    """What the files of a folder take."""
    return sum(path.stat().st_size for path in folder.glob("*") if path.is_file())
