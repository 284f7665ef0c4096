"""Which score does each detector give every market in every bucket of a planted world?

All see the same buckets. `volume and impact` is ours; the others are what one would write first:
a z-score of raw volume over 14 days, without time of day, and the documented spike score.
"""

from collections.abc import Callable, Mapping
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from foreshock.adapters.sim.signal_world import DAY_BUCKETS, SignalWorld
from foreshock.core.domain.units import SECOND, Instant
from foreshock.core.signals.spikes import SpikeDetector, SpikeSettings
from foreshock.core.signals.volume_buckets import BUCKET, HISTORY_BUCKETS, BucketFlow
from foreshock.core.signals.volume_history import VolumeHistory
from foreshock.core.signals.volume_monitor import KnownEvent, VolumeMonitor
from foreshock.core.signals.volume_peers import CorrelatedContracts

Scores: TypeAlias = NDArray[np.float64]
OURS = "volume and impact"
LIVE_DAYS = 1
"""Of the days before the scored ones, watched, not loaded: print sizes are learned."""
FIRST_BUCKET = 1_700_000 // 3 * 3
HOUR = 12


def our_scores(world: SignalWorld, start: int) -> Scores:
    """The product's score of every bucket from `start` on: buckets x markets."""
    live = start - LIVE_DAYS * DAY_BUCKETS
    columns = world.volume.shape[1]
    history = VolumeHistory(columns, FIRST_BUCKET + live)
    history.load(world.volume[:live].astype(np.float32))
    monitor = VolumeMonitor(history, CorrelatedContracts(columns))
    monitor.know([
        KnownEvent((t.column,), FIRST_BUCKET + t.first, FIRST_BUCKET + t.after)
        for t in world.planted
        if t.kind == "scheduled"
    ])  # fmt: skip
    scores = np.full((len(world.volume) - start, columns), -np.inf)
    for place in range(live, len(world.volume)):
        verdict = monitor.close(FIRST_BUCKET + place, flow_of(world, place))
        if place >= start and verdict is not None:
            scores[place - start] = verdict.score
    return scores


def flow_of(world: SignalWorld, place: int) -> BucketFlow:
    """One bucket of a world."""
    return BucketFlow(
        volume=world.volume[place],
        taker_yes=world.taker_yes[place],
        trades=world.trades[place],
        largest=world.largest[place],
        price=world.price[place],
    )


def raw_z(world: SignalWorld, start: int, window: int) -> Scores:
    """(V - mean) / standard deviation of V over `window` buckets, against the 14 days before."""
    sums = np.cumsum(np.vstack([np.zeros(world.volume.shape[1]), world.volume]), axis=0)
    volume = sums[window:] - sums[:-window]
    volume = np.vstack([np.repeat(volume[:1], window - 1, axis=0), volume])
    scores = np.empty((len(volume) - start, volume.shape[1]))
    ones, squares = np.cumsum(volume, axis=0), np.cumsum(volume**2, axis=0)
    for place in range(start, len(volume)):
        first = max(0, place - HISTORY_BUCKETS)
        count = place - first
        mean = (ones[place - 1] - ones[first]) / (count - 1)
        variance = (squares[place - 1] - squares[first]) / (count - 1) - mean**2
        scores[place - start] = (volume[place] - mean) / np.sqrt(np.maximum(variance, 1e-9))
    return scores


def plain_spikes(world: SignalWorld, start: int) -> Scores:
    """The documented score of every point over its own 24 before, no gate, no threshold."""
    settings = SpikeSettings()
    scores = np.full((len(world.volume) - start, world.volume.shape[1]), -np.inf)
    for column in range(world.volume.shape[1]):
        detector = SpikeDetector(settings)
        first = start - settings.baseline_points
        volumes = world.volume[first:, column].tolist()
        prices = world.price[first:, column].tolist()
        for place, (volume, price) in enumerate(zip(volumes, prices, strict=True), start=first):
            measure = detector.see(volume, price, Instant(place * BUCKET + SECOND))
            if place >= start and measure is not None:
                scores[place - start, column] = measure.score
    return scores


SCORERS: Mapping[str, Callable[[SignalWorld, int], Scores]] = {
    OURS: our_scores,
    "z of raw volume, 5 min": lambda world, start: raw_z(world, start, 1),
    "z of raw volume, 1 h": lambda world, start: raw_z(world, start, HOUR),
    "plain spike score": plain_spikes,
}
