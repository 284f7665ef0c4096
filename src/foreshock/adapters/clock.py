"""What time is it? The only place that asks the machine."""

import time

from foreshock.core.domain.units import Instant


def wall_clock_us() -> Instant:
    """Microseconds since 1970 UTC; may step, so never used for timeouts."""
    return Instant(time.time_ns() // 1_000)


def monotonic_us() -> Instant:
    """Microseconds on a clock that only moves forward; its zero means nothing."""
    return Instant(time.monotonic_ns() // 1_000)
