"""Does the detector find planted informed bursts sooner and more surely than the simplest ones?

Three worlds from three seeds. The threshold of every detector is set on the first, so that each
raises the same number of false alarms a market-day there; recall, precision and delay are then
counted on the other two. No detector sees anything after the bucket it speaks about. The calendar
of scheduled events mutes all of them alike, and all share one cooldown.
"""

from collections.abc import Callable, Mapping, Sequence
from statistics import median

import msgspec
import numpy as np
from numpy.typing import NDArray

from foreshock.adapters.sim.signal_world import DAY_BUCKETS, Planted, SignalWorld, make_world
from foreshock.app.signal_scores import OURS, SCORERS, Scores

CALIBRATION_SEED = 101
TEST_SEEDS = (404, 505)
MARKETS_COUNT = 60
WARM_DAYS, DAYS = 14, 10
FALSE_ALARMS_PER_DAY = (0.05, 0.2, 0.5)
"""A market-day, on the calibration world; ours has to dominate at each of them."""
COOLDOWN_BUCKETS = 24
AFTER_BUCKETS = 6
"""An alarm up to half an hour after a burst still belongs to it."""
MINUTES_PER_BUCKET = 5
_HALVINGS = 40


class DetectorScore(msgspec.Struct, frozen=True):
    """How one detector did on the test worlds. Delays in minutes, None without a single find.

    delay_all_min counts a missed burst as found at its end: no detector looks quick by finding only
    what is obvious. precision: of the alarms that were first in a burst or false.
    """

    detector: str
    allowed_per_market_day: float
    threshold: float
    bursts_count: int
    found_count: int
    false_count: int
    recall: float
    precision: float | None
    delay_min: float | None
    delay_all_min: float
    false_per_market_day: float
    calibrated_per_market_day: float


class SignalEvaluation(msgspec.Struct, frozen=True):
    """Every detector at an equal false-alarm rate; `dominates` is the goal."""

    markets_count: int
    market_days: int
    detectors: tuple[DetectorScore, ...]
    dominates: bool
    shortfalls: tuple[str, ...]


class _Judged(msgspec.Struct):
    bursts: int = 0
    delays: list[float] = msgspec.field(default_factory=list[float])
    all_delays: list[float] = msgspec.field(default_factory=list[float])
    false: int = 0


def evaluate(
    markets_count: int = MARKETS_COUNT, test_seeds: Sequence[int] = TEST_SEEDS
) -> SignalEvaluation:
    """Make the worlds, calibrate, judge."""
    calibration = _scored(CALIBRATION_SEED, markets_count)
    tests = [_scored(seed, markets_count) for seed in test_seeds]
    found: list[DetectorScore] = []
    for allowed in FALSE_ALARMS_PER_DAY:
        for name in SCORERS:
            threshold = _calibrate(calibration[1][name], calibration[0], allowed)
            judged = [_judge(scores[name], world, threshold) for world, scores in tests]
            within = _judge(calibration[1][name], calibration[0], threshold)
            days = markets_count * DAYS
            found.append(_score((name, allowed, threshold), judged, within, days))
    short = tuple(_shortfalls(found))
    return SignalEvaluation(
        markets_count=markets_count,
        market_days=markets_count * DAYS * len(test_seeds),
        detectors=tuple(found),
        dominates=not short,
        shortfalls=short,
    )


def _scored(seed: int, markets_count: int) -> tuple[SignalWorld, Mapping[str, Scores]]:
    start = WARM_DAYS * DAY_BUCKETS
    world = make_world(seed, markets_count, WARM_DAYS + DAYS, start)
    scorers: Mapping[str, Callable[[SignalWorld, int], Scores]] = SCORERS
    muted = np.zeros(world.volume.shape, dtype=np.bool_)
    for thing in world.planted:
        if thing.kind == "scheduled":
            muted[thing.first : thing.after + AFTER_BUCKETS, thing.column] = True
    found: dict[str, Scores] = {}
    for name, score in scorers.items():
        scores = score(world, start)
        scores[muted[start:]] = -np.inf
        found[name] = scores
    return world, found


def alarms(scores: NDArray[np.float64], threshold: float) -> list[int]:
    """Places of a market's scores that raise an alarm: over the threshold, out of the cooldown."""
    raised: list[int] = []
    for place in np.flatnonzero(scores >= threshold).tolist():
        if not raised or place - raised[-1] >= COOLDOWN_BUCKETS:
            raised.append(place)
    return raised


def _judge(scores: Scores, world: SignalWorld, threshold: float) -> _Judged:
    start = len(world.volume) - len(scores)
    bursts: dict[int, list[Planted]] = {}
    for thing in world.planted:
        if thing.kind == "informed":
            bursts.setdefault(thing.column, []).append(thing)
    judged = _Judged()
    for column in range(scores.shape[1]):
        raised = [place + start for place in alarms(scores[:, column], threshold)]
        _judge_market(raised, bursts.get(column, []), judged)
    return judged


def _judge_market(raised: list[int], bursts: list[Planted], judged: _Judged) -> None:
    judged.bursts += len(bursts)
    for burst in bursts:
        inside = [a for a in raised if burst.first <= a < burst.after + AFTER_BUCKETS]
        delay = (inside[0] - burst.first + 1) * MINUTES_PER_BUCKET if inside else None
        if delay is not None:
            judged.delays.append(delay)
        length = (burst.after + AFTER_BUCKETS - burst.first) * MINUTES_PER_BUCKET
        judged.all_delays.append(length if delay is None else delay)
    judged.false += sum(
        not any(b.first <= a < b.after + AFTER_BUCKETS for b in bursts) for a in raised
    )


def _calibrate(scores: Scores, world: SignalWorld, allowed_per_day: float) -> float:
    """The least threshold, to a rounding, whose false alarms stay within the allowed rate."""
    allowed = allowed_per_day * scores.size / DAY_BUCKETS
    finite = np.sort(scores[np.isfinite(scores)])
    low, high = 0, len(finite)
    for _ in range(_HALVINGS):
        if high - low <= 1:
            break
        middle = (low + high) // 2
        if _judge(scores, world, float(finite[middle])).false > allowed:
            low = middle
        else:
            high = middle
    return float(finite[min(high, len(finite) - 1)])


def _score(
    key: tuple[str, float, float], judged: Sequence[_Judged], within: _Judged, days: int
) -> DetectorScore:
    name, allowed, threshold = key
    bursts = sum(j.bursts for j in judged)
    delays = [d for j in judged for d in j.delays]
    false = sum(j.false for j in judged)
    return DetectorScore(
        detector=name,
        allowed_per_market_day=allowed,
        threshold=threshold,
        bursts_count=bursts,
        found_count=len(delays),
        false_count=false,
        recall=len(delays) / bursts,
        precision=len(delays) / (len(delays) + false) if delays or false else None,
        delay_min=median(delays) if delays else None,
        delay_all_min=median([d for j in judged for d in j.all_delays]),
        false_per_market_day=false / (days * len(judged)),
        calibrated_per_market_day=within.false / days,
    )


def _shortfalls(found: Sequence[DetectorScore]) -> list[str]:
    """Where ours does not beat another one: more found, purer, and no later."""
    ours_at = {s.allowed_per_market_day: s for s in found if s.detector == OURS}
    short: list[str] = []
    for other in found:
        ours = ours_at[other.allowed_per_market_day]
        if other is ours:
            continue
        if ours.recall <= other.recall:
            short.append(f"recall {ours.recall:.3f}, {other.detector} {other.recall:.3f}")
        if (ours.precision or 0.0) <= (other.precision or 0.0):
            short.append(f"precision no better than of {other.detector}")
        if ours.delay_all_min > other.delay_all_min:
            short.append(f"median delay longer than of {other.detector}")
    return short
