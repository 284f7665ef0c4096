"""How unusual is the volume of every market, at each horizon, for this time of day?

    VROC  = (V - B) / B            B = median of the same window on the 13 days before
    sigma = MAD of VROC on those days x 1.4826, at least sqrt(0.15^2 + print / B)
    score = VROC / sigma           acceleration = change of VROC an hour, over 15 minutes
    RVOL  = V / B over 15 minutes  VCV = standard deviation / mean of the last day's buckets

Median and MAD decide because one forgotten event among 13 days moves a mean and a standard
deviation enough to hide the next one; `mean_and_std` tells the others beside them.
"""

from typing import Literal, TypeAlias

import msgspec
import numpy as np

from foreshock.core.signals.volume_buckets import (
    DAY_BUCKETS,
    HOUR_BUCKETS,
    BucketFlow,
    Doubles,
    Flags,
)
from foreshock.core.signals.volume_history import MISSING_SHARE, WINDOWS, VolumeHistory
from foreshock.core.signals.volume_robust import MAD_TO_SIGMA

State: TypeAlias = Literal["ready", "warming", "gap"]
"""warming: fewer than DAYS_MIN days of baseline. gap: too much of the window was not observed."""
DAYS_MIN = 5
SIGMA_MIN = 0.15
FLOOR_PER_HOUR = 60.0
"""Dollars. A baseline below this is counted as this: three times nothing is nothing."""
SLOPE_BUCKETS = 3
PRINT_SHARE = 0.02
"""Weight of the newest bucket in the typical size of a print."""
PRINT_START = 25.0
"""Dollars: typical size of a print before any was seen."""


class VolumeReading(msgspec.Struct, frozen=True):
    """All markets at one bucket close: horizons (1 h, 4 h, 24 h) x columns, NaN where unknown."""

    bucket: int
    vroc: Doubles
    sigma: Doubles
    score_sigma: Doubles
    acceleration_per_hour: Doubles
    baseline: Doubles
    rvol: Doubles
    """One a column, as are these: expected = dollars in 15 minutes at this time of day."""
    expected: Doubles
    vcv: Doubles
    print_size: Doubles
    is_warming: Flags
    has_gap: Flags


class VolumeMetrics:
    """Reads a history after each close; remembers what slopes and print sizes need."""

    def __init__(self, columns_count: int) -> None:
        self._vroc: Doubles = np.full((SLOPE_BUCKETS, len(WINDOWS) - 1, columns_count), np.nan)
        self.print_size: Doubles = np.full(columns_count, PRINT_START)

    def close(self, history: VolumeHistory, flow: BucketFlow, is_excluded: Flags) -> VolumeReading:
        """Take in the open bucket of the history (see its `close`) and measure it."""
        history.prepare()
        middle, deviation = history.middle.astype(np.float64), history.deviation
        days = history.days.copy()
        history.close(flow, is_excluded)
        self._learn_prints(flow)
        volume, has_gap = _current(history)
        lengths = np.array(WINDOWS, dtype=np.float64)[:, None]
        baseline = np.maximum(middle, FLOOR_PER_HOUR * lengths / HOUR_BUCKETS)
        ratio = volume / baseline
        is_warming = days < DAYS_MIN
        ratio[is_warming | has_gap] = np.nan
        floor = np.sqrt(SIGMA_MIN**2 + self.print_size / baseline[1:])
        sigma = np.maximum(deviation[1:] * MAD_TO_SIGMA / baseline[1:], floor)
        vroc = ratio[1:] - 1.0
        row = (history.bucket - 1) % SLOPE_BUCKETS
        slope = (vroc - self._vroc[row]) * (HOUR_BUCKETS / SLOPE_BUCKETS)
        self._vroc[row] = vroc
        return VolumeReading(
            bucket=history.bucket - 1,
            vroc=vroc,
            sigma=sigma,
            score_sigma=vroc / sigma,
            acceleration_per_hour=slope,
            baseline=baseline[1:],
            rvol=ratio[0],
            expected=np.where(is_warming[0], np.nan, baseline[0]),
            vcv=_variability(history),
            print_size=self.print_size.copy(),
            is_warming=is_warming[1:],
            has_gap=has_gap[1:],
        )

    def forget_slopes(self) -> None:
        """After a jump of the clock the last values are no neighbours any more."""
        self._vroc[:] = np.nan

    def _learn_prints(self, flow: BucketFlow) -> None:
        seen = (flow.trades > 0) & ~np.isnan(flow.volume)
        size = flow.volume[seen] / flow.trades[seen]
        self.print_size[seen] += PRINT_SHARE * (size - self.print_size[seen])


def state_of(reading: VolumeReading, horizon: int, column: int) -> State:
    """Whether a number at this horizon may be believed."""
    if reading.is_warming[horizon, column]:
        return "warming"
    return "gap" if reading.has_gap[horizon, column] else "ready"


def mean_and_std(history: VolumeHistory, column: int) -> tuple[Doubles, Doubles]:
    """Mean and standard deviation of the days before, horizon by horizon, beside the robust ones.

    Of the bucket that is open: ask before it closes. NaN under DAYS_MIN days.
    """
    history.prepare()
    days = history.days_of(column)[:, 1:]
    known = ~np.isnan(days)
    count = known.sum(axis=0)
    enough = np.maximum(count, 2)
    mean = np.where(known, days, 0).sum(axis=0) / enough
    spread = np.sqrt((np.where(known, days - mean, 0) ** 2).sum(axis=0) / (enough - 1))
    thin = count < DAYS_MIN
    return np.where(thin, np.nan, mean), np.where(thin, np.nan, spread)


def _current(history: VolumeHistory) -> tuple[Doubles, Flags]:
    lengths = np.array(WINDOWS, dtype=np.float64)[:, None]
    missing = history.current_missing
    scale = lengths / np.maximum(lengths - missing, 1)
    return np.maximum(history.current, 0) * scale, missing * MISSING_SHARE > lengths


def _variability(history: VolumeHistory) -> Doubles:
    count = np.maximum(DAY_BUCKETS - history.current_missing[-1], 1)
    mean = np.maximum(history.current[-1], 0) / count
    variance = np.maximum(history.squares / count - mean**2, 0)
    few = (history.current_missing[-1] * MISSING_SHARE > DAY_BUCKETS) | (mean <= 0)
    return np.where(few, np.nan, np.sqrt(variance) / np.where(few, 1.0, mean))
