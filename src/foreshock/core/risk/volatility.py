"""How far does a price move? Realised volatility of the mids that stand at the end of each minute.

    variance of an hour = 12 x mean of (mid - mid five minutes before)^2, over every minute

Five minutes: from one minute to the next a mid also jumps between neighbouring ticks and back,
which is no risk and would count as much. Every minute begins an interval of its own: the average
over all grids uses all that was seen. No drift is taken off: a price that is a chance has none.

Known from 30 intervals and 5 minutes in which the mid moved on; below, nothing is said. It is then
about a quarter off (one standard error), over the whole two hours that are kept an eighth.

Sources: Zhang, Mykland, Ait-Sahalia, A Tale of Two Time Scales (JASA 100, 2005), section 3
(averages over subsampled grids); Liu, Patton, Sheppard, Does Anything Beat 5-Minute RV? (Journal of
Econometrics 187, 2015).
"""

from collections.abc import Iterable, Mapping
from itertools import pairwise
from math import isqrt

import msgspec

from foreshock.core.domain.units import SECOND, Duration, Rounding, divide

STEP_MINUTES = 5
STEP = Duration(STEP_MINUTES * 60 * SECOND)
HOUR = Duration(3_600 * SECOND)
INTERVALS_MIN = 30
CHANGES_MIN = 5

Mids = Mapping[int, int]
"""A value at the end of each minute it was known in, by the minute's number."""


class Volatility(msgspec.Struct, frozen=True):
    """What was seen of one series. squares: sum of the squared changes of all intervals.

    changes_count: minutes at whose end the value was another one than a minute before.
    """

    squares: int
    intervals_count: int
    changes_count: int

    @property
    def is_known(self) -> bool:
        """Whether enough was seen to say anything."""
        return self.intervals_count >= INTERVALS_MIN and self.changes_count >= CHANGES_MIN

    def over(self, horizon: Duration) -> int | None:
        """Standard deviation of the change within a time, rounded up; None when not known.

        In the unit of the series. The changes of different minutes count as independent, so it
        grows with the root of the time.
        """
        return self.deviation(horizon) if self.is_known else None

    def deviation(self, horizon: Duration) -> int:
        """The same, however little was seen. Raises ZeroDivisionError for no interval."""
        return root(divide(self.squares * horizon, self.intervals_count * STEP, Rounding.UP))


def volatility_of(mids: Mids) -> Volatility:
    """Look at every interval whose both ends are known: a gap is no change of zero."""
    changes = [mid - mids[m - STEP_MINUTES] for m, mid in mids.items() if m - STEP_MINUTES in mids]
    minutes = sorted(mids)
    moved = sum(1 for was, now in pairwise(minutes) if now == was + 1 and mids[was] != mids[now])
    return Volatility(sum(change * change for change in changes), len(changes), moved)


def together(parts: Iterable[tuple[int, Mids]]) -> Mids:
    """The sum of several series, each times its factor, in the minutes in which all are known.

    Its volatility has every correlation between them in it, as far as they were seen together.
    """
    series = list(parts)
    if not series:
        return {}
    shared = set(series[0][1]).intersection(*(mids for _, mids in series[1:]))
    return {minute: sum(by * mids[minute] for by, mids in series) for minute in sorted(shared)}


def root(square: int) -> int:
    """Square root of a whole number, rounded up."""
    return isqrt(square - 1) + 1 if square > 0 else 0
