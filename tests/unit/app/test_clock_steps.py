"""Towards whom does the desk's time go, and for how long?"""

import asyncio
import contextvars

from foreshock.adapters import clock
from foreshock.app.clock_steps import LOOK_S, ClockSteps
from foreshock.app.simulation.virtual_loop import VirtualLoop
from foreshock.core.domain.messages.operations import ClockJudged
from foreshock.core.domain.messages.union import Message
from foreshock.core.domain.units import MICRO, SECOND, Duration, Instant
from foreshock.core.engine import Entry
from tests.trading import START

SKEW_S = 3_600
BEHIND = ClockJudged("kalshi", "refused", 3 * SECOND, 4 * SECOND, "behind")
UNREAD = ClockJudged("kalshi", "unread", None, None, "no time for two minutes")


class Machine:
    """A machine whose wall clock was set after the desk began."""

    def __init__(self, loop: VirtualLoop) -> None:
        self.loop = loop
        self.skew_us = 0

    def wall_us(self) -> Instant:
        return Instant(self.loop.now_us() + self.skew_us)

    def monotonic_us(self) -> Instant:
        return Instant(round(self.loop.time() * MICRO))


def gained_us(*judged: Message) -> Duration:
    """How much faster than the machine the desk's time went in the minute after this was said."""
    loop = VirtualLoop(START, lambda _: 0.0)
    machine = Machine(loop)

    async def minute() -> Duration:
        clock.follow(machine)
        machine.skew_us = SKEW_S * SECOND
        steps = ClockSteps()
        for step, message in enumerate(judged, 1):
            steps.listen(step, Entry(1, None, "clock-watch", message), START)
        looking = asyncio.create_task(steps.run(lambda _: None))
        await asyncio.sleep(LOOK_S + 1)
        before = clock.wall_clock_us() - clock.monotonic_us()
        await asyncio.sleep(60)
        looking.cancel()
        return Duration(clock.wall_clock_us() - clock.monotonic_us() - before)

    try:
        return contextvars.copy_context().run(loop.run_until_complete, minute())
    finally:
        loop.close()


def test_a_venue_that_finds_us_wrong_lets_our_time_go_faster() -> None:
    assert gained_us(BEHIND) == 60 * SECOND // clock.PACE_PARTS


def test_a_venue_that_tells_no_time_any_more_says_nothing_of_ours() -> None:
    """What it said before is old: our time would go on after a clock that nobody vouches for."""
    assert gained_us(BEHIND, UNREAD) == 0
