"""What do all markets' volumes say at the end of each bucket, however the clock got there?"""

from collections.abc import Sequence

import msgspec
import numpy as np
from numpy.typing import NDArray

from foreshock.core.signals.volume_buckets import (
    HISTORY_BUCKETS,
    BucketFlow,
    Flags,
    unobserved,
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
        self._metrics = VolumeMetrics(history.columns_count)
        self._hour = HourOfFlow(history.columns_count)
        self._events: tuple[KnownEvent, ...] = ()

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

    def close(self, bucket: int, flow: BucketFlow) -> Verdict | None:
        """Take in a bucket. None when it is closed already: the clock went back, nothing changes.

        Buckets that were skipped count as not observed: at most 14 days of them are walked.
        """
        history = self.history
        if bucket < history.bucket:
            return None
        if bucket > history.bucket:
            self._skip(bucket)
        is_scheduled = self._scheduled(bucket)
        reading = self._metrics.close(history, flow, is_scheduled)
        gates = self._hour.close(flow, is_scheduled)
        self.peers.learn(reading.score_sigma[0])
        moving = self.peers.moving_peer(bucket, is_moving(reading, gates))
        return Verdict(
            reading=reading,
            gates=gates,
            levels=levels(reading, gates, moving),
            score=informed_score(reading, gates),
        )

    def _skip(self, bucket: int) -> None:
        history = self.history
        count = history.columns_count
        if bucket - history.bucket >= HISTORY_BUCKETS:
            history.restart(bucket)
        nothing, none = unobserved(count), np.zeros(count, dtype=np.bool_)
        while history.bucket < bucket:
            history.close(nothing, none)
        self._metrics.forget_slopes()
        self._hour = HourOfFlow(count)

    def _scheduled(self, bucket: int) -> Flags:
        found = np.zeros(self.history.columns_count, dtype=np.bool_)
        for event in self._events:
            if event.first <= bucket < event.after:
                found[list(event.columns)] = True
        return found
