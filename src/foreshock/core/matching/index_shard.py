"""Which contracts of one catalogue share the rarest features with a given one?

Two passes. The first walks posting lists from the rarest feature up until a budget is spent, so a
family of ten thousand near-identical titles costs no more than any other. The second compares the
best of those on every feature: score = cosine of (kind weight x rarity), rarity = ln((N+1)/df) in
whole steps, so that sums are exact and every machine orders candidates alike.
"""

import math
from array import array
from collections.abc import Mapping
from typing import Any, Final, NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from foreshock.core.domain.markets import MarketId
from foreshock.core.matching.index_features import FEATURES_MAX

Floats: TypeAlias = NDArray[np.float32]
Ints: TypeAlias = NDArray[np.int32]

POSTINGS_MAX: Final = 8_000
"""Posting entries that one question may walk, its rarest list aside."""
COMMON_MIN: Final = 20_000
"""A feature of more contracts than this proposes none; it still counts when they are compared."""
POOL_MIN, POOL_MAX = 100, 400
"""Contracts compared on every feature. Those that tie with the last of POOL_MAX count together:
they are left out when at least POOL_MIN are better, else all of them are compared."""
CLOSE_PPM: Final = 300_000
"""A best score from here on is close: vectors are not asked. They never score above it."""
ALIKE_MIN, ALIKE_MAX = 0.5, 10
"""Least cosine of two vectors that counts, and how many contracts they may bring in."""
ROUNDED_TO: Final = 1_000
"""Cosines are told in steps of this many ppm: their last digits depend on the machine."""
RARITY_STEPS: Final = 256
"""Steps of rarity in a factor of e; what every contract has keeps one. Products stay whole numbers
far below 2**53."""
ROWS_START: Final = 64
PPM: Final = 1_000_000
NOTHING: Final = 0
"""Feature number that fills the unused end of a row; its weight is zero."""


class Candidate(NamedTuple):
    """A contract worth comparing; score_ppm orders candidates and proves nothing."""

    id: MarketId
    score_ppm: int


class Shard:
    """The inverted index of one venue's contracts; every change costs what one contract costs."""

    def __init__(self) -> None:
        self._features: dict[str, int] = {"": NOTHING}
        self._names: list[str] = [""]
        self._postings: list[array[int]] = [array("i")]
        self._unused_features: list[int] = []
        self._log_df: Ints = np.zeros(ROWS_START, np.int32)
        self._asked: NDArray[np.float64] = np.zeros(ROWS_START)
        """Scratch of one question, all zero between two."""
        self._slots: dict[MarketId, int] = {}
        self._ids: list[MarketId] = []
        self._unused_slots: list[int] = []
        self._row_features: Ints = np.zeros((ROWS_START, FEATURES_MAX), np.int32)
        self._row_weights: NDArray[np.uint8] = np.zeros((ROWS_START, FEATURES_MAX), np.uint8)
        self._row_widths: Ints = np.zeros(ROWS_START, np.int32)
        self._vectors: Floats = np.zeros((ROWS_START, 0), np.float32)

    def __len__(self) -> int:
        return len(self._slots)

    def __contains__(self, market: MarketId) -> bool:
        return market in self._slots

    def add(
        self, market: MarketId, features: Mapping[str, int], vector: Floats | None = None
    ) -> None:
        """Index a contract; one of the same id is replaced. At most FEATURES_MAX features.

        vector: of length one and the same dimension for all, None where there are no embeddings.
        """
        self.remove(market)
        slot = self._new_slot(market)
        self._row_widths[slot] = len(features)
        for column, (name, weight) in enumerate(features.items()):
            feature = self._feature(name)
            self._postings[feature].append(slot)
            self._count(feature)
            self._row_features[slot, column] = feature
            self._row_weights[slot, column] = weight
        if vector is not None:
            if not self._vectors.shape[1]:
                self._vectors = np.zeros((len(self._row_widths), len(vector)), np.float32)
            self._vectors[slot] = vector

    def remove(self, market: MarketId) -> None:
        """Forget a contract; one that is not here is no error."""
        slot = self._slots.pop(market, None)
        if slot is None:
            return
        row = self._row_features[slot]
        features: list[int] = row[row != NOTHING].tolist()
        for feature in features:
            _take_out(self._postings[feature], slot)
            self._count(feature)
        self._row_features[slot] = NOTHING
        self._row_weights[slot] = 0
        self._row_widths[slot] = 0
        self._vectors[slot] = 0
        self._unused_slots.append(slot)

    def nearest(
        self,
        features: Mapping[str, int],
        limit_max: int,
        not_this: MarketId,
        vector: Floats | None = None,
    ) -> list[Candidate]:
        """The best contracts for these features, best first, equal ones by id.

        Where words find nothing close, what `vector` is near to comes in beside them.
        """
        if limit_max <= 0:
            return []
        found: list[Candidate] = []
        known = self._known(features)
        pool = self._pool(known)
        if len(pool):
            ppm = np.minimum(np.rint(self._scores(pool, known, features) * PPM), PPM)
            found = self._best(pool, ppm.astype(np.int64), limit_max, not_this)
        if vector is None or (found and found[0].score_ppm >= CLOSE_PPM):
            return found
        near = {c.id: c for c in (*self._alike(vector, not_this), *found)}
        return sorted(near.values(), key=_best_first)[:limit_max]

    def _alike(self, vector: Floats, not_this: MarketId) -> list[Candidate]:
        """The contracts whose vectors point the same way, scored below what shares rare words."""
        used = len(self._ids)
        if not used or self._vectors.shape[1] != len(vector):
            return []
        cosines = self._vectors[:used] @ vector
        slots = np.flatnonzero(cosines >= ALIKE_MIN).astype(np.int32)
        ppm = np.rint(cosines[slots] * (CLOSE_PPM / ROUNDED_TO)).astype(np.int64) * ROUNDED_TO
        return self._best(slots, np.minimum(ppm, CLOSE_PPM), ALIKE_MAX, not_this)

    def _known(self, features: Mapping[str, int]) -> list[tuple[int, str, int, int]]:
        """(df, name, number, weight) of the features some contract here has, rarest first."""
        found: list[tuple[int, str, int, int]] = []
        for name, weight in features.items():
            feature = self._features.get(name)
            if feature is not None:
                found.append((len(self._postings[feature]), name, feature, weight))
        found.sort()
        return found

    def _pool(self, known: list[tuple[int, str, int, int]]) -> Ints:
        """Slots that the first pass finds, all that tie with the POOL_MAX-th among them."""
        log_all = _steps(len(self._slots) + 1) + 1
        walked: list[Ints] = []
        worths: list[int] = []
        left = POSTINGS_MAX
        for df, _, feature, weight in known:
            if df > COMMON_MIN or (walked and df > left):
                break
            left -= df
            walked.append(np.frombuffer(self._postings[feature], np.int32))
            worths.append((weight * (log_all - int(self._log_df[feature]))) ** 2)
        if not walked:
            return np.zeros(0, np.int32)
        weights = np.repeat(np.array(worths, np.float64), [len(slots) for slots in walked])
        pool, place = np.unique(np.concatenate(walked), return_inverse=True)
        if len(pool) <= POOL_MAX:
            return pool
        sums = np.bincount(place, weights)
        border = np.partition(sums, len(sums) - POOL_MAX)[len(sums) - POOL_MAX]
        above = pool[sums > border]
        return above if len(above) >= POOL_MIN else pool[sums >= border]

    def _scores(
        self, pool: Ints, known: list[tuple[int, str, int, int]], features: Mapping[str, int]
    ) -> NDArray[np.float64]:
        """Cosine of each slot of the pool; every sum is of whole numbers, whatever their order."""
        log_all = _steps(len(self._slots) + 1) + 1
        features_known = np.array([feature for _, _, feature, _ in known])
        weights = np.array([weight for *_, weight in known], np.float64)
        ours = weights * (log_all - self._log_df[features_known])
        unseen = sum(w * w for name, w in features.items() if name not in self._features)
        own_norm = float(np.dot(ours, ours)) + unseen * log_all**2
        width = int(self._row_widths[pool].max())
        numbers = self._row_features[pool, :width]
        rarities = (log_all - self._log_df[numbers]).astype(np.float64)
        theirs = self._row_weights[pool, :width] * rarities
        self._asked[features_known] = ours
        shared = np.einsum("ij,ij->i", self._asked[numbers], theirs)
        self._asked[features_known] = 0
        norms = np.einsum("ij,ij->i", theirs, theirs) * own_norm
        return shared / np.sqrt(np.maximum(norms, 1))

    def _best(
        self, pool: Ints, ppm: NDArray[np.int64], limit_max: int, not_this: MarketId
    ) -> list[Candidate]:
        keep = limit_max + 1
        if len(pool) > keep:
            border = np.partition(ppm, len(ppm) - keep)[len(ppm) - keep]
            chosen = np.flatnonzero(ppm >= border)
            pool, ppm = pool[chosen], ppm[chosen]
        found = [
            Candidate(self._ids[slot], score)
            for slot, score in zip(pool.tolist(), ppm.tolist(), strict=True)
            if score > 0 and self._ids[slot] != not_this
        ]
        return sorted(found, key=_best_first)[:limit_max]

    def _new_slot(self, market: MarketId) -> int:
        if self._unused_slots:
            slot = self._unused_slots.pop()
            self._ids[slot] = market
        else:
            slot = len(self._ids)
            self._ids.append(market)
            if slot == len(self._row_features):
                self._row_features = _doubled(self._row_features)
                self._row_weights = _doubled(self._row_weights)
                self._row_widths = _doubled(self._row_widths)
                self._vectors = _doubled(self._vectors)
        self._slots[market] = slot
        return slot

    def _feature(self, name: str) -> int:
        feature = self._features.get(name)
        if feature is not None:
            return feature
        if self._unused_features:
            feature = self._unused_features.pop()
            self._names[feature] = name
        else:
            feature = len(self._names)
            self._names.append(name)
            self._postings.append(array("i"))
            if feature == len(self._log_df):
                self._log_df = _doubled(self._log_df)
                self._asked = _doubled(self._asked)
        self._features[name] = feature
        return feature

    def _count(self, feature: int) -> None:
        """Keep the logarithm of a list's length; a feature nobody has any more is given back."""
        df = len(self._postings[feature])
        if df:
            self._log_df[feature] = _steps(df)
            return
        del self._features[self._names[feature]]
        self._unused_features.append(feature)


def _steps(count: int) -> int:
    return round(math.log(count) * RARITY_STEPS)


def _best_first(candidate: Candidate) -> tuple[int, MarketId]:
    return -candidate.score_ppm, candidate.id


def _take_out(posting: "array[int]", slot: int) -> None:
    """The order of a posting list means nothing, so the last entry fills the gap."""
    place = int((np.frombuffer(posting, np.int32) == slot).argmax())
    last = posting.pop()
    if place < len(posting):
        posting[place] = last


def _doubled(grown: NDArray[Any]) -> NDArray[Any]:
    return np.concatenate([grown, np.zeros_like(grown)])
