"""How far apart are a venue's clock and ours? Bounds that get narrower with every reading.

A venue told `stamp` somewhere between our `asked` and `recv`, and stamps are cut to `precision`:

    stamp - recv  <=  what must be added to our time  <  stamp + precision - asked

Readings that meet the second at different parts leave less and less between the two bounds. Each
bound needs two readings that agree: a server may stamp with a second that it looked up a while ago,
and one reading must accuse nobody. When readings contradict each other a clock was set: the
oldest go until the rest agree.
"""

from typing import NamedTuple

from foreshock.core.domain.messages.operations import ClockRead
from foreshock.core.domain.units import SECOND, Duration, Instant

READINGS_MAX = 8
AGREEING_MIN = 2
KEPT_FOR = Duration(120 * SECOND)
"""A bad quartz drifts by ten milliseconds in that time."""


class Bounds(NamedTuple):
    """What must be added to our time to get the venue's lies between these, in microseconds."""

    low: int
    high: int

    @property
    def apart(self) -> int:
        """How far the clocks are apart at the least; negative where ours is ahead."""
        return self.low if self.low > 0 else min(self.high, 0)

    @property
    def correction(self) -> int:
        """What to add to our time; nothing while both may show the same."""
        return (self.low + self.high) // 2 if self.apart else 0


class Offsets:
    """The newest readings of one venue's clock."""

    def __init__(self) -> None:
        self._readings: list[ClockRead] = []

    @property
    def count(self) -> int:
        """Readings that still count."""
        return len(self._readings)

    def add(self, read: ClockRead) -> None:
        """Take in a reading; what is too old, too many or contradicted goes."""
        newest_us = read.recv_us
        kept = [one for one in self._readings if abs(newest_us - one.recv_us) <= KEPT_FOR]
        self._readings = [*kept, read][-READINGS_MAX:]
        while len(self._readings) > AGREEING_MIN and _contradict(self._readings):
            del self._readings[0]

    def bounds(self) -> Bounds | None:
        """None before two readings."""
        return _bounds(self._readings) if len(self._readings) >= AGREEING_MIN else None


def ask_delay(bounds: Bounds | None, travel: Duration, now_us: Instant) -> Duration:
    """How long to wait so that the stamp of the next reading halves what is between the bounds.

    travel: how long a question is under way to the venue. Below a second.
    """
    if bounds is None:
        return Duration(0)
    there_us = now_us + travel + (bounds.low + bounds.high) // 2
    return Duration(-there_us % SECOND)


def _contradict(readings: list[ClockRead]) -> bool:
    bounds = _bounds(readings)
    return bounds.low > bounds.high


def _bounds(readings: list[ClockRead]) -> Bounds:
    lows = sorted(read.stamp_us - read.recv_us for read in readings)
    highs = sorted(read.stamp_us + read.precision - read.asked_us for read in readings)
    return Bounds(lows[-AGREEING_MIN], highs[AGREEING_MIN - 1])
