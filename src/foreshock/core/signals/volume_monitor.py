"""What do all markets' volumes say at the end of each bucket, however the clock got there?"""

from collections.abc import Sequence

import msgspec
import numpy as np
from numpy.typing import NDArray

from foreshock.core.domain.errors import InvariantError
from foreshock.core.signals.volume_buckets import (
    HISTORY_BUCKETS,
    HOUR_BUCKETS,
    BucketFlow,
    Doubles,
    Flags,
    Places,
    transplant,
    unobserved,
    widen,
)
from foreshock.core.signals.volume_history import VolumeHistory
from foreshock.core.signals.volume_levels import (
    FlowGates,
    HourOfFlow,
    LevelReading,
    informed_score,
    is_moving,
    levels,
)
from foreshock.core.signals.volume_metrics import VolumeMetrics, VolumeReading
from foreshock.core.signals.volume_peers import CorrelatedContracts


class KnownEvent(msgspec.Struct, frozen=True):
    """A time of high volume that everybody knew of: buckets first .. after - 1 of some columns."""

    columns: tuple[int, ...]
    first: int
    after: int


class Verdict(msgspec.Struct, frozen=True):
    """Everything about one bucket: numbers, gates, levels, and the score alerts are ranked by."""

    reading: VolumeReading
    gates: FlowGates
    levels: LevelReading
    score: NDArray[np.float64]


class VolumeMonitor:
    """Folds buckets of all markets; `history` is what is persisted, reset and backfilled."""

    def __init__(self, history: VolumeHistory, peers: CorrelatedContracts) -> None:
        self.history = history
        self.peers = peers
        self.metrics = VolumeMetrics(history.columns_count)
        self.hour = HourOfFlow(history.columns_count)
        self._events: tuple[KnownEvent, ...] = ()
        self._unlearned: Doubles | None = None

    def know(self, events: Sequence[KnownEvent]) -> None:
        """Replace the list of known events; buckets that are closed already are taken out, too.

        What was taken out of the baselines stays out when an event leaves the list.
        """
        begun = [e for e in events if e.first < self.history.bucket and e not in self._events]
        if begun:
            self.history.exclude(
                (np.array(event.columns, dtype=np.intp), event.first, event.after)
                for event in begun
            )
        self._events = tuple(events)

    def prepare_next(self) -> bool:
        """Do a part of what the next close needs beside trades; whether it was the last."""
        if self._unlearned is not None:
            self._learn()
            return False
        return self.history.prepare_next()

    def widen(self, columns_count: int) -> None:
        """Make room for more markets."""
        self._learn()
        widen(self.history, VolumeHistory(columns_count, self.history.bucket))
        self.history.columns_count = columns_count
        widen(self.metrics, VolumeMetrics(columns_count))
        widen(self.hour, HourOfFlow(columns_count))
        self.peers.widen(columns_count)

    def apart(self, columns_count: int, closes_count: int) -> "VolumeMonitor":
        """An empty monitor whose markets can be adopted after so many closes; see `adopt`."""
        history = VolumeHistory(columns_count, self.history.bucket - closes_count)
        found = VolumeMonitor(history, CorrelatedContracts(columns_count))
        found.hour = HourOfFlow(columns_count, (self.hour.place - closes_count) % HOUR_BUCKETS)
        return found

    def adopt(self, columns: Places, other: "VolumeMonitor") -> None:
        """Put another monitor's markets in the place of these; both are at the same bucket."""
        if self.history.bucket != other.history.bucket or self.hour.place != other.hour.place:
            raise InvariantError("monitors at different buckets")
        for each in (self.history, other.history):
            each.prepare()
        transplant(self.history, columns, other.history)
        transplant(self.metrics, columns, other.metrics)
        transplant(self.hour, columns, other.hour)

    def close(
        self, bucket: int, flow: BucketFlow, is_excluded: Flags | None = None
    ) -> Verdict | None:
        """Take in a bucket. None when it is closed already: the clock went back, nothing changes.

        Buckets that were skipped count as not observed: at most 14 days of them are walked.
        is_excluded: columns in which a known event is on, beside those that `know` was told of.
        """
        history = self.history
        if bucket < history.bucket:
            return None
        if bucket > history.bucket:
            self._skip(bucket)
        self._learn()
        is_scheduled = self._scheduled(bucket)
        if is_excluded is not None:
            is_scheduled |= is_excluded
        reading = self.metrics.close(history, flow, is_scheduled)
        gates = self.hour.close(flow, is_scheduled)
        self._unlearned = reading.score_sigma[0]
        moving = self.peers.moving_peer(bucket, is_moving(reading, gates))
        return Verdict(
            reading=reading,
            gates=gates,
            levels=levels(reading, gates, moving),
            score=informed_score(reading, gates),
        )

    def jump(self, bucket: int) -> None:
        """Nobody watched until `bucket`: no slope and no price move reaches over it."""
        self.history.advance(bucket)
        self.metrics.forget_slopes()
        self.hour.forget()

    def _learn(self) -> None:
        scores, self._unlearned = self._unlearned, None
        if scores is not None:
            self.peers.learn(scores)

    def _skip(self, bucket: int) -> None:
        history = self.history
        count = history.columns_count
        if bucket - history.bucket >= HISTORY_BUCKETS:
            history.restart(bucket)
        nothing, none = unobserved(count), np.zeros(count, dtype=np.bool_)
        while history.bucket < bucket:
            history.close(nothing, none)
        self.metrics.forget_slopes()
        self.hour.forget()

    def _scheduled(self, bucket: int) -> Flags:
        found = np.zeros(self.history.columns_count, dtype=np.bool_)
        for event in self._events:
            if event.first <= bucket < event.after:
                found[list(event.columns)] = True
        return found
