"""What did a market's trailing hours of the last day look like, beside what was usual then?

A card's picture must not begin when the desk does: whoever looks at an alert wants to see what the
volume was before it. Worked out from the history alone, so a replay draws the same one.
"""

from typing import Final

import numpy as np

from foreshock.core.domain.markets import MarketId
from foreshock.core.domain.messages.signals import VolumePictured
from foreshock.core.domain.units import MICRO
from foreshock.core.signals.packed import UNKNOWN, pack
from foreshock.core.signals.volume_buckets import (
    BASELINE_DAYS,
    DAY_BUCKETS,
    HISTORY_BUCKETS,
    HOUR_BUCKETS,
    Doubles,
    Flags,
    bucket_end,
)
from foreshock.core.signals.volume_history import MISSING_SHARE, VolumeHistory
from foreshock.core.signals.volume_metrics import DAYS_MIN, FLOOR_PER_HOUR

STEP_BUCKETS: Final = 3
POINTS: Final = DAY_BUCKETS // STEP_BUCKETS


def picture_of(market: MarketId, history: VolumeHistory, column: int) -> VolumePictured:
    """The hours that ended every quarter of an hour, up to the last close."""
    totals = history.recent(column).astype(np.float64)
    ends = HISTORY_BUCKETS - STEP_BUCKETS * np.arange(POINTS)[::-1]
    volume = _hours(totals, ~np.isnan(totals), ends)
    days = DAY_BUCKETS * np.arange(1, BASELINE_DAYS)
    before = _hours(totals, totals >= 0, ends[:, None] - days)
    return VolumePictured(
        market=market,
        end_us=bucket_end(history.bucket - 1),
        step_buckets=STEP_BUCKETS,
        volume=pack(_whole(volume)),
        expected=pack(_whole(_usual(before))),
    )


def _hours(
    totals: Doubles, counts: Flags, ends: np.ndarray[tuple[int, ...], np.dtype[np.intp]]
) -> Doubles:
    """Sums of the hours before each end; NaN where too much of one is unknown, or it is too old."""
    sums = np.concatenate([[0.0], np.cumsum(np.where(counts, np.abs(totals), 0.0))])
    known = np.concatenate([[0], np.cumsum(counts)])
    first = np.maximum(ends - HOUR_BUCKETS, 0)
    seen = known[ends] - known[first]
    is_usable = (HOUR_BUCKETS - seen) * MISSING_SHARE <= HOUR_BUCKETS
    scaled = (sums[ends] - sums[first]) * (HOUR_BUCKETS / np.maximum(seen, 1))
    return np.where(is_usable, np.maximum(scaled, 0.0), np.nan)


def _usual(before: Doubles) -> Doubles:
    """The middle of the days before, as the metrics have it: none under DAYS_MIN days."""
    few = (~np.isnan(before)).sum(axis=1) < DAYS_MIN
    middle = np.nanmedian(np.where(few[:, None], 0.0, before), axis=1)
    return np.where(few, np.nan, np.maximum(middle, FLOOR_PER_HOUR))


def _whole(dollars: Doubles) -> list[int]:
    return [UNKNOWN if np.isnan(each) else round(each * MICRO) for each in dollars.tolist()]
