"""What did every market trade over the last 14 days, and at this time of day in particular?

Totals are bucket-major: one float32 row a bucket, so that 100,000 markets fit in 1.5 GiB and a
close touches whole rows. NaN = not observed; negative = observed in a known high-volume event,
which counts as current volume and never as baseline. Window sums of today and of each day before
are kept up to date; those of the days before move on to the next bucket before it ends (`prepare`).
"""

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from foreshock.core.domain.errors import InvariantError
from foreshock.core.signals.volume_buckets import (
    BASELINE_DAYS,
    DAY_BUCKETS,
    HISTORY_BUCKETS,
    BucketFlow,
    Counts,
    Doubles,
    Flags,
    Places,
    Singles,
)
from foreshock.core.signals.volume_robust import median_and_mad

WINDOWS = (3, 12, 48, 288)
"""15 minutes (relative volume, bursts), then the three horizons of the levels: 1 h, 4 h, 24 h."""
BEFORE_DAYS = BASELINE_DAYS - 1
"""Whole days before today: the 24-hour window of the 13th reaches to the end of what is kept."""
MISSING_SHARE = 12
"""A window counts when at most one of so many of its buckets is missing; it is scaled up."""
CHUNK = 2_048
"""Columns at a time, so that the rows of a chunk stay in the processor's cache."""
REBUILT = 128
"""The same where all rows of a column are summed."""
LEAST = np.float32(2.0**-60)
"""Stands for zero where the sign has to say that a bucket is excluded."""


class VolumeHistory:
    """14 days of `columns_count` markets, up to but without bucket `bucket`."""

    def __init__(self, columns_count: int, bucket: int) -> None:
        self.bucket = bucket
        self.columns_count = columns_count
        self.totals: Singles = np.full((HISTORY_BUCKETS, columns_count), np.nan, dtype=np.float32)
        self.taker_yes: Singles = np.full((DAY_BUCKETS, columns_count), np.nan, dtype=np.float32)
        shape = (len(WINDOWS), columns_count)
        self.current: Doubles = np.zeros(shape)
        self.current_missing: NDArray[np.int16] = _whole(shape)
        self.squares: Doubles = np.zeros(columns_count)
        self.middle: Singles = np.full(shape, np.nan, dtype=np.float32)
        self.deviation: Singles = np.full(shape, np.nan, dtype=np.float32)
        self.days: Counts = np.zeros(shape, dtype=np.int32)
        self._before: Doubles = np.zeros((BEFORE_DAYS, *shape))
        self._before_missing: NDArray[np.int16] = np.broadcast_to(
            self.current_missing, (BEFORE_DAYS, *shape)
        ).copy()
        self._prepared = bucket - 1
        self._prepare_from = 0
        """First column that the open bucket's baseline is still to be worked out for."""
        self._is_blank = True
        """Nothing was ever observed: every window is empty already."""

    def prepare(self) -> None:
        """Work out the baseline of the open bucket from the days before; needs nothing of today."""
        while not self.prepare_next():
            pass

    def prepare_next(self) -> bool:
        """A portion of the same, so that nobody waits for all of it; whether that was the last."""
        if self._prepared == self.bucket:
            return True
        columns = slice(self._prepare_from, self._prepare_from + CHUNK)
        days = np.arange(1, BASELINE_DAYS) * DAY_BUCKETS
        entering = (self.bucket - days) % HISTORY_BUCKETS
        leaving = (self.bucket - days[:, None] - np.array(WINDOWS)) % HISTORY_BUCKETS
        come, go = self.totals[entering, columns], self.totals[leaving, columns]
        come_counts, go_counts = come >= 0, go >= 0
        come[~come_counts] = 0
        go[~go_counts] = 0
        self._before[:, :, columns] += come[:, None]
        self._before[:, :, columns] -= go
        self._before_missing[:, :, columns] += go_counts
        self._before_missing[:, :, columns] -= come_counts[:, None]
        self._settle(columns)
        self._prepare_from += CHUNK
        if self._prepare_from < self.columns_count:
            return False
        self._prepared, self._prepare_from = self.bucket, 0
        return True

    def close(self, flow: BucketFlow, is_excluded: Flags) -> None:
        """Take in the open bucket: today's windows move on, the oldest bucket is forgotten.

        is_excluded: columns in which a known high-volume event is on.
        """
        self.prepare()
        self._is_blank = False
        row = self.bucket % HISTORY_BUCKETS
        new = flow.volume.astype(np.float32)
        new_known = ~np.isnan(new)
        new_value = np.where(new_known, new, 0).astype(np.float64)
        for place, length in enumerate(WINDOWS):
            old = self.totals[(self.bucket - length) % HISTORY_BUCKETS]
            old_known = ~np.isnan(old)
            old_value = np.where(old_known, np.abs(old), 0).astype(np.float64)
            self.current[place] += new_value - old_value
            self.current_missing[place] += old_known
            self.current_missing[place] -= new_known
            if length == DAY_BUCKETS:
                self.squares += new_value**2 - old_value**2
        self.totals[row] = np.where(is_excluded, -np.maximum(new, LEAST), new)
        self.taker_yes[self.bucket % DAY_BUCKETS] = flow.taker_yes
        self.bucket += 1

    def window(self, column: int, length: int) -> Singles:
        """Totals of the last `length` buckets of a market, oldest first; NaN = not observed."""
        rows = np.arange(self.bucket - length, self.bucket) % HISTORY_BUCKETS
        return np.abs(self.totals[rows, column])

    def days_of(self, column: int) -> Doubles:
        """Window sums of the days before at this time of day, days x windows; NaN = unusable."""
        return _scaled(self._before[:, :, column], self._before_missing[:, :, column])

    def load(self, totals: Singles) -> None:
        """Take in history: buckets x columns, its last row the bucket before the open one."""
        if bool((totals < 0).any()):
            raise InvariantError("history holds a negative volume")
        self.load_signed(totals)

    def load_signed(self, totals: Singles) -> None:
        """The same for totals of a history: negative where they are excluded from baselines."""
        count = min(len(totals), HISTORY_BUCKETS)
        rows = np.arange(self.bucket - count, self.bucket) % HISTORY_BUCKETS
        self.totals[rows] = totals[len(totals) - count :]
        self._is_blank = self._is_blank and bool(np.isnan(totals).all())
        if not self._is_blank:
            self.rebuild()

    def exclude(self, spans: Iterable[tuple[Places, int, int]]) -> None:
        """Keep buckets of some markets out of every baseline: (columns, first, after)."""
        is_changed = False
        for columns, first, after in spans:
            begin, end = max(first, self.bucket - HISTORY_BUCKETS), min(after, self.bucket)
            rows = np.arange(begin, max(begin, end)) % HISTORY_BUCKETS
            cells = np.ix_(rows, columns)
            kept = self.totals[cells]
            if (kept >= 0).any():
                is_changed = True
                self.totals[cells] = -np.maximum(np.abs(kept), LEAST)
        if is_changed:
            self.rebuild()

    def reset(self, columns: Places | slice) -> None:
        """Forget all that markets traded: their baselines start anew, and say so by their days."""
        self.totals[:, columns] = np.nan
        self.taker_yes[:, columns] = np.nan
        self.rebuild()

    def discard(self, columns: Places) -> NDArray[np.uint8]:
        """Leave all that was observed out of the baselines. Returns what `bring_back` needs."""
        kept = self.totals[:, columns]
        mask = np.packbits(kept < 0, axis=0)
        self.totals[:, columns] = -np.maximum(np.abs(kept), LEAST)
        self._before[:, :, columns] = 0
        self._before_missing[:, :, columns] = np.array(WINDOWS, dtype=np.int16)[:, None]
        self.middle[:, columns] = np.nan
        self.deviation[:, columns] = np.nan
        self.days[:, columns] = 0
        return mask

    def bring_back(self, columns: Places, mask: NDArray[np.uint8], bucket: int) -> None:
        """Undo a `discard` that was done when `bucket` was open; later buckets stay as they are."""
        rows = np.arange(self.bucket - HISTORY_BUCKETS, bucket) % HISTORY_BUCKETS
        was_excluded = np.unpackbits(mask, axis=0, count=HISTORY_BUCKETS).astype(np.bool_)[rows]
        block = np.ix_(rows, columns)
        kept = np.abs(self.totals[block])
        self.totals[block] = np.where(was_excluded, -kept, np.where(kept <= LEAST, 0, kept))
        self.rebuild()

    def recent(self, column: int) -> Singles:
        """All totals of a market, oldest first; negative = excluded from baselines."""
        rows = np.arange(self.bucket - HISTORY_BUCKETS, self.bucket) % HISTORY_BUCKETS
        return self.totals[rows, column]

    def advance(self, bucket: int) -> None:
        """Nobody watched until `bucket`: what lies between is not observed."""
        if self._is_blank:
            self.bucket = bucket
            self._prepared, self._prepare_from = bucket - 1, 0
            return
        count = min(bucket - self.bucket, HISTORY_BUCKETS)
        rows = np.arange(bucket - count, bucket)
        self.totals[rows % HISTORY_BUCKETS] = np.nan
        self.taker_yes[rows[-DAY_BUCKETS:] % DAY_BUCKETS] = np.nan
        self.bucket = bucket
        self.rebuild()

    def restart(self, bucket: int) -> None:
        """Everything kept is older than 14 days: begin anew at `bucket`."""
        self.bucket = bucket
        self.reset(slice(None))

    def rebuild(self) -> None:
        """Sum every window again from the totals; then `prepare` moves on to the open bucket."""
        for start in range(0, self.columns_count, REBUILT):
            self._sum(slice(start, start + REBUILT))
        self._prepared, self._prepare_from = self.bucket - 1, 0

    def _sum(self, columns: slice) -> None:
        rows = np.arange(self.bucket - HISTORY_BUCKETS, self.bucket) % HISTORY_BUCKETS
        block = self.totals[rows, columns]
        counts, usable = ~np.isnan(block), block >= 0
        value = np.where(counts, np.abs(block), 0).astype(np.float64)
        self.squares[columns] = (value[-DAY_BUCKETS:] ** 2).sum(axis=0)
        sums = _running(np.where(usable, value, 0))
        known = _running(usable)
        for place, length in enumerate(WINDOWS):
            self.current[place, columns] = value[-length:].sum(axis=0)
            self.current_missing[place, columns] = length - counts[-length:].sum(axis=0)
            for day in range(1, BASELINE_DAYS):
                last = HISTORY_BUCKETS - day * DAY_BUCKETS
                self._before[day - 1, place, columns] = sums[last] - sums[last - length]
                missing = length - (known[last] - known[last - length])
                self._before_missing[day - 1, place, columns] = missing

    def _settle(self, columns: slice) -> None:
        rows = _scaled(self._before[:, :, columns], self._before_missing[:, :, columns])
        flat = rows.astype(np.float32).reshape(BEFORE_DAYS, -1)
        unusable = np.isnan(flat)
        counts = (BEFORE_DAYS - unusable.sum(axis=0)).astype(np.int32)
        flat[unusable] = np.inf
        middle, deviation = median_and_mad(flat, counts)
        shape = rows.shape[1:]
        self.middle[:, columns] = middle.reshape(shape)
        self.deviation[:, columns] = deviation.reshape(shape)
        self.days[:, columns] = counts.reshape(shape)


def _whole(shape: tuple[int, int]) -> NDArray[np.int16]:
    return np.broadcast_to(np.array(WINDOWS, dtype=np.int16)[:, None], shape).copy()


def _running(rows: NDArray[np.float64] | Flags) -> Doubles:
    """Sums of all rows before each, the first one nothing."""
    found = np.zeros((len(rows) + 1, rows.shape[1]))
    np.cumsum(rows, axis=0, out=found[1:])
    return found


def _scaled(sums: Doubles, missing: NDArray[np.int16]) -> Doubles:
    """Sums as if no bucket were missing, NaN where too many are. Windows are the second axis."""
    lengths = np.array(WINDOWS, dtype=np.float64).reshape(1, -1, *([1] * (sums.ndim - 2)))
    usable = missing * MISSING_SHARE <= lengths
    scale = lengths / np.maximum(lengths - missing, 1)
    return np.where(usable, np.maximum(sums, 0) * scale, np.nan)
