"""Who asks a venue for its time? One question at a time, in every mode, as long as the desk runs.

What is told goes on record and is judged by the core; here is only decided when to ask. A question
is asked when its answer narrows the bounds most, and sooner while they are wide, but only a few
times until they have been narrow.
"""

import asyncio
from collections.abc import Awaitable, Callable

from foreshock.adapters.clock import monotonic_us, wall_clock_us
from foreshock.adapters.seams import HttpResponse
from foreshock.adapters.venues.server_time import read_stamp
from foreshock.core.domain.clocks import Offsets, ask_delay
from foreshock.core.domain.errors import DataError, VenueUnavailableError
from foreshock.core.domain.messages.operations import ClockRead
from foreshock.core.domain.units import MICRO, SECOND, Duration, Instant

EVERY = Duration(10 * SECOND)
SOON = Duration(SECOND)
SOON_IN_A_ROW_MAX = 8
WIDE = 400_000
"""Bounds further apart than this are narrowed soon."""
TRAVEL_SHARE = 2
"""Half of a round trip is taken for the way there."""

Ask = Callable[[], Awaitable[HttpResponse]]


class ClockReader:
    """Reads one venue's clock again and again; `put` takes what was read."""

    def __init__(self, venue: str, ask: Ask, put: Callable[[ClockRead], None]) -> None:
        self._venue = venue
        self._ask = ask
        self._put = put
        self._offsets = Offsets()
        self._travel = Duration(0)
        self._soon_count = 0

    async def run(self) -> None:
        """Until cancelled. A venue that does not answer is asked again later."""
        while True:
            delay = ask_delay(self._offsets.bounds(), self._travel, wall_clock_us())
            await asyncio.sleep(delay / MICRO)
            await self._read()
            await asyncio.sleep(self._pause() / MICRO)

    async def _read(self) -> None:
        asked_us, began_us = wall_clock_us(), monotonic_us()
        try:
            stamp = read_stamp(await self._ask())
        except (DataError, VenueUnavailableError):
            return  # what nobody could read for long is said by the core
        self._travel = Duration(min(SECOND, monotonic_us() - began_us) // TRAVEL_SHARE)
        recv_us = Instant(max(asked_us, wall_clock_us()))
        read = ClockRead(self._venue, asked_us, recv_us, stamp.at_us, stamp.precision)
        self._offsets.add(read)
        self._put(read)

    def _pause(self) -> Duration:
        bounds = self._offsets.bounds()
        is_wide = bounds is None or bounds.high - bounds.low > WIDE
        self._soon_count = self._soon_count + 1 if is_wide else 0
        return SOON if 0 < self._soon_count <= SOON_IN_A_ROW_MAX else EVERY
