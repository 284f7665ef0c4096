"""What time is it? The only place that asks the machine.

A process has a time of its own: its machine's clock at the start and what passed since on a clock
that nobody can set. So every wait is as long as it was meant to be, whoever sets the machine's
clock meanwhile. A time that was wrong at the start is put right by going a little faster or slower,
never by a step: no wait is off by more than a fiftieth.

A simulated process runs in a context with a clock of its own: everything that it starts inherits
it, and nobody passes a clock around. Elsewhere the machine's clocks are read.
"""

import sys
import time
from contextvars import ContextVar
from typing import Protocol

from foreshock.core.domain.units import Instant

PACE_PARTS = 50
"""One part more or less of so many."""


class Clock(Protocol):
    """Two clocks of one machine. They need not agree: only the first may step."""

    def wall_us(self) -> Instant: ...

    def monotonic_us(self) -> Instant: ...


class MachineClock:
    """The clocks of this machine. What passes while it sleeps counts, where it can be told."""

    def wall_us(self) -> Instant:
        """What people see; they may set it."""
        return Instant(time.time_ns() // 1_000)

    def monotonic_us(self) -> Instant:
        """Since some instant that means nothing. On Linux and macOS Python's own stops in sleep."""
        if sys.platform == "linux":
            return Instant(time.clock_gettime_ns(time.CLOCK_BOOTTIME) // 1_000)
        if sys.platform == "darwin":
            return Instant(time.clock_gettime_ns(time.CLOCK_MONOTONIC_RAW) // 1_000)
        return Instant(time.monotonic_ns() // 1_000)


class ProcessTime:
    """The time of one process on a machine."""

    def __init__(self, clock: Clock) -> None:
        self.clock = clock
        self._course = (clock.wall_us(), clock.monotonic_us(), 0)

    def now_us(self) -> Instant:
        """Never steps."""
        from_us, at_us, pace = self._course  # at once: threads read it, too
        passed = self.clock.monotonic_us() - at_us
        return Instant(from_us + passed + pace * passed // PACE_PARTS)

    def go(self, pace: int) -> None:
        """From now on a little faster for 1, slower for -1, plainly for 0."""
        from_us, at_us, before = self._course
        if pace != before:
            now_us = self.clock.monotonic_us()
            passed = now_us - at_us
            reached_us = Instant(from_us + passed + before * passed // PACE_PARTS)
            self._course = (reached_us, now_us, pace)


_ours = ProcessTime(MachineClock())
_simulated: ContextVar[ProcessTime | None] = ContextVar("simulated_time", default=None)


def wall_clock_us() -> Instant:
    """Microseconds since 1970 UTC as this process counts them: it never steps."""
    return (_simulated.get() or _ours).now_us()


def machine_clock_us() -> Instant:
    """Microseconds since 1970 UTC as the machine shows them: somebody may set it."""
    return (_simulated.get() or _ours).clock.wall_us()


def monotonic_us() -> Instant:
    """Microseconds on a clock that only moves forward; its zero means nothing."""
    return (_simulated.get() or _ours).clock.monotonic_us()


def go_faster(pace: int) -> None:
    """Let this process's time go a fiftieth faster for 1, slower for -1, plainly for 0."""
    (_simulated.get() or _ours).go(pace)


def cpu_us() -> int:
    """What this Python process has worked so far; never simulated."""
    return time.process_time_ns() // 1_000


def follow(clock: Clock) -> None:
    """Read this clock from now on, in the current context and all that is started from it."""
    _simulated.set(ProcessTime(clock))
