"""Which contracts hang together, so that one of them moving alone is less than two?

Same event, same category graph, or a rolling correlation of their volume scores learned from the
last days. Only candidate pairs are learned: those the caller names, at most PAIRS_MAX.
"""

from collections.abc import Iterable, Sequence
from itertools import islice

import numpy as np

from foreshock.core.signals.volume_buckets import DAY_BUCKETS, Counts, Doubles, Flags, Longs, Places

PAIRS_MAX = 2_000_000
CORRELATION_MIN = 0.5
MEMORY_BUCKETS = 3 * DAY_BUCKETS
LEARNED_BUCKETS_MIN = 2 * DAY_BUCKETS
"""Nothing is called learned from less than two days."""
SCORE_MAX = 6.0
"""Scores are cut off here while learning: one storm is not a correlation."""
RECENT_BUCKETS = 12


class CorrelatedContracts:
    """Pairs of columns, and whether each is stated (same event or graph) or to be learned."""

    def __init__(self, columns_count: int) -> None:
        self._a: Places = np.zeros(0, dtype=np.intp)
        self._b: Places = np.zeros(0, dtype=np.intp)
        self._is_stated: Flags = np.zeros(0, dtype=np.bool_)
        self._product: Doubles = np.zeros(0)
        self._square_a: Doubles = np.zeros(0)
        self._square_b: Doubles = np.zeros(0)
        self._seen: Counts = np.zeros(0, dtype=np.int32)
        self._moved: Longs = np.full(columns_count, -RECENT_BUCKETS - 1)
        self._is_linked: Flags = np.zeros(0, dtype=np.bool_)
        """Stated, or learned by now."""

    def add_pairs(
        self, stated: Sequence[tuple[int, int]], candidates: Sequence[tuple[int, int]]
    ) -> None:
        """Name more pairs; what was learned of the others stays. Beyond PAIRS_MAX none is taken."""
        if not stated and not candidates:
            return
        ends_known = zip(self._a.tolist(), self._b.tolist(), strict=True)
        known = {pair: place for place, pair in enumerate(ends_known)}
        new = {pair: False for pair in _ordered(candidates) if pair not in known}
        for pair in _ordered(stated):
            if pair in known:
                self._is_stated[known[pair]] = True
            else:
                new[pair] = True
        new = dict(islice(new.items(), PAIRS_MAX - len(known)))
        ends = np.array(list(new), dtype=np.intp).reshape(-1, 2)
        self._a, self._b = np.append(self._a, ends[:, 0]), np.append(self._b, ends[:, 1])
        self._is_stated = np.append(self._is_stated, np.array(list(new.values()), dtype=np.bool_))
        nothing = np.zeros(len(new))
        self._product = np.append(self._product, nothing)
        self._square_a = np.append(self._square_a, nothing)
        self._square_b = np.append(self._square_b, nothing)
        self._seen = np.append(self._seen, np.zeros(len(new), dtype=np.int32))
        self._is_linked = self._linked()

    def widen(self, columns_count: int) -> None:
        """Make room for more columns."""
        moved = np.full(columns_count, -RECENT_BUCKETS - 1)
        moved[: len(self._moved)] = self._moved
        self._moved = moved

    def peers_of(self, column: int) -> list[int]:
        """Columns that are correlated with one."""
        linked = self._is_linked
        return [
            *self._b[linked & (self._a == column)].tolist(),
            *self._a[linked & (self._b == column)].tolist(),
        ]

    def has_moved(self, bucket: int, column: int) -> bool:
        """Whether a column moved within the hour that ends with a bucket."""
        return bool(bucket - self._moved[column] < RECENT_BUCKETS)

    def learn(self, score: Doubles) -> None:
        """Take in the one-hour score of every column; where either is NaN nothing is learned."""
        cut = np.clip(score, -SCORE_MAX, SCORE_MAX)
        a, b = cut[self._a], cut[self._b]
        known = ~np.isnan(a) & ~np.isnan(b)
        weight = np.where(known, 1.0 / MEMORY_BUCKETS, 0.0)
        a, b = np.nan_to_num(a), np.nan_to_num(b)
        self._product += weight * (a * b - self._product)
        self._square_a += weight * (a * a - self._square_a)
        self._square_b += weight * (b * b - self._square_b)
        self._seen += known
        self._is_linked = self._linked()

    def correlation(self) -> Doubles:
        """Of every pair, NaN while too little was seen."""
        scale = np.sqrt(self._square_a * self._square_b)
        few = (self._seen < LEARNED_BUCKETS_MIN) | (scale <= 0)
        return np.where(few, np.nan, self._product / np.where(few, 1.0, scale))

    def moving_peer(self, bucket: int, is_moving: Flags) -> Flags:
        """Whether a correlated contract of each column moved within the last hour."""
        self._moved[is_moving] = bucket
        recent = bucket - self._moved < RECENT_BUCKETS
        linked = self._is_linked
        found = np.zeros(len(recent), dtype=np.bool_)
        found[self._a[linked & recent[self._b]]] = True
        found[self._b[linked & recent[self._a]]] = True
        return found

    def _linked(self) -> Flags:
        learned = np.nan_to_num(self.correlation(), nan=-1) >= CORRELATION_MIN
        return self._is_stated | learned


def _ordered(pairs: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    return sorted({(min(pair), max(pair)) for pair in pairs if pair[0] != pair[1]})
