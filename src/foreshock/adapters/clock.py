"""What time is it? The only place that asks the machine.

A simulated process runs in a context with a clock of its own: everything that it starts inherits
it, and nobody passes a clock around. Elsewhere the machine's clocks are read.
"""

import time
from contextvars import ContextVar
from typing import Protocol

from foreshock.core.domain.units import Instant


class Clock(Protocol):
    """Two clocks of one machine. They need not agree: only the first may step."""

    def wall_us(self) -> Instant: ...

    def monotonic_us(self) -> Instant: ...


_simulated: ContextVar[Clock | None] = ContextVar("simulated_clock", default=None)


def wall_clock_us() -> Instant:
    """Microseconds since 1970 UTC; may step, so never used for timeouts."""
    clock = _simulated.get()
    return Instant(time.time_ns() // 1_000) if clock is None else clock.wall_us()


def monotonic_us() -> Instant:
    """Microseconds on a clock that only moves forward; its zero means nothing."""
    clock = _simulated.get()
    return Instant(time.monotonic_ns() // 1_000) if clock is None else clock.monotonic_us()


def cpu_us() -> int:
    """What this Python process has worked so far; never simulated."""
    return time.process_time_ns() // 1_000


def follow(clock: Clock) -> None:
    """Read this clock from now on, in the current context and all that is started from it."""
    _simulated.set(clock)
