"""A steady market is silent, acceleration is a signal, and gates hold back what is no informed flow."""

import numpy as np
import pytest

from foreshock.core.signals.volume_buckets import (
    BASELINE_DAYS,
    DAY_BUCKETS,
    HISTORY_BUCKETS,
    BucketFlow,
    Doubles,
)
from foreshock.core.signals.volume_history import VolumeHistory
from foreshock.core.signals.volume_levels import HORIZONS, LEVELS
from foreshock.core.signals.volume_metrics import mean_and_std, state_of
from foreshock.core.signals.volume_monitor import KnownEvent, Verdict, VolumeMonitor
from foreshock.core.signals.volume_peers import CorrelatedContracts

OPEN = 600_000
COLUMNS = 3
A_BUCKET = 1_000_000 / DAY_BUCKETS
WATCH, ELEVATED, CRITICAL = (LEVELS.index(level) + 1 for level in ("watch", "elevated", "critical"))


class Tape:
    """Markets that trade a million dollars a day with a daily cycle, unless told otherwise."""

    def __init__(
        self, days: float = BASELINE_DAYS, *, stated: tuple[tuple[int, int], ...] = ()
    ) -> None:
        self.rng = np.random.default_rng(5)
        self.times = np.ones(COLUMNS)
        history = VolumeHistory(COLUMNS, OPEN)
        count = int(days * DAY_BUCKETS)
        if count:
            history.load(
                np.array([self.usual(OPEN - count + n) for n in range(count)], dtype=np.float32)
            )
        peers = CorrelatedContracts(COLUMNS)
        peers.add_pairs(stated, ())
        self.monitor = VolumeMonitor(history, peers)
        self.price = np.full(COLUMNS, 0.5)

    def usual(self, bucket: int) -> Doubles:
        cycle = 1 + 0.6 * np.sin(2 * np.pi * bucket / DAY_BUCKETS)
        return A_BUCKET * cycle * self.times * self.rng.uniform(0.8, 1.2, COLUMNS)

    def step(self, times: float = 1.0, **given: float) -> Verdict:
        """One bucket in which column 0 trades `times` the usual.

        move: of its price. yes: share of it taken as YES. largest: its biggest print. trades: prints.
        """
        bucket = self.monitor.history.bucket
        volume = self.usual(bucket)
        volume[0] *= times
        self.price[0] += given.get("move", 0.0)
        yes = volume * 0.5
        yes[0] = volume[0] * given.get("yes", 0.7)
        trades = np.full(COLUMNS, 60, dtype=np.int32)
        trades[0] = int(given.get("trades", 60 * times))
        largest = volume / 20
        largest[0] = given.get("largest", largest[0])
        flow = BucketFlow(volume, yes, trades, largest, self.price.copy())
        verdict = self.monitor.close(bucket, flow)
        assert verdict is not None
        return verdict

    def steps(self, count: int, times: float = 1.0, **given: float) -> list[Verdict]:
        return [self.step(times, **given) for _ in range(count)]


def highest(verdicts: list[Verdict]) -> int:
    return max(int(v.levels.level[0]) for v in verdicts)


def test_a_market_steady_at_a_million_a_day_is_silent() -> None:
    verdicts = Tape().steps(3 * DAY_BUCKETS)
    assert not np.stack([v.levels.level for v in verdicts]).any()


def test_the_same_market_going_from_one_to_five_million_in_four_hours_is_a_signal() -> None:
    tape = Tape()
    tape.steps(24)
    times = 4_000_000 / 48 / A_BUCKET
    verdicts = [tape.step(1 + times, move=0.002) for _ in range(48)]
    loud = next(v for v in verdicts if v.levels.level[0] >= ELEVATED)
    assert verdicts.index(loud) < 12
    assert HORIZONS[loud.levels.horizon[0]] in HORIZONS
    assert not any(v.levels.level[1:].any() for v in verdicts)


def test_a_rate_that_climbs_to_five_million_a_day_over_four_hours_is_a_signal_too() -> None:
    tape = Tape()
    tape.steps(24)
    verdicts = [tape.step(1 + 4 * n / 48, move=0.002) for n in range(48)]
    assert highest(verdicts) >= ELEVATED


def test_without_a_price_move_the_same_volume_is_only_watched() -> None:
    tape = Tape()
    tape.steps(24)
    verdicts = tape.steps(48, 20.0, yes=0.5)
    assert highest(verdicts) == WATCH
    assert verdicts[-1].gates.no_impact[0]
    assert np.isinf(verdicts[-1].score[0])


@pytest.mark.parametrize(
    ("gate", "given"),
    [
        ("few", {"trades": 0.0, "move": 0.01}),
        ("one_print", {"largest": 1e9, "move": 0.01}),
        ("no_impact", {"yes": 0.2, "move": 0.01}),
    ],
)
def test_few_prints_one_whale_or_a_price_against_the_takers_hold_it_at_watch(
    gate: str, given: dict[str, float]
) -> None:
    tape = Tape()
    tape.steps(24)
    verdicts = tape.steps(12, 20.0, **given)
    last = verdicts[-1]
    assert last.levels.level[0] == WATCH
    assert getattr(last.gates, gate)[0]


def test_a_resolution_is_no_informed_flow() -> None:
    tape = Tape()
    tape.steps(24)
    verdicts = tape.steps(12, 20.0, move=0.04)
    assert verdicts[-1].gates.resolving[0]
    assert verdicts[-1].levels.level[0] == WATCH


def test_a_known_event_is_held_and_leaves_the_baseline_alone() -> None:
    tape = Tape()
    tape.steps(24)
    bucket = tape.monitor.history.bucket
    tape.monitor.know([KnownEvent((0,), bucket, bucket + 12)])
    verdicts = tape.steps(12, 20.0, move=0.01)
    assert highest(verdicts) == WATCH
    assert all(v.gates.scheduled[0] for v in verdicts)
    rows = tape.monitor.history.totals[np.arange(bucket, bucket + 12) % HISTORY_BUCKETS, 0]
    assert (rows < 0).all()


def informed(tape: Tape) -> list[Verdict]:
    tape.steps(24)
    return tape.steps(12, 20.0, move=0.01)


def test_alone_it_is_never_critical() -> None:
    assert highest(informed(Tape())) == ELEVATED


def test_with_a_correlated_contract_moving_it_is_critical() -> None:
    tape = Tape(stated=((0, 1),))
    tape.steps(24)
    tape.times[1] = 20.0
    verdicts: list[Verdict] = []
    for _ in range(12):
        tape.price[1] += 0.01
        verdicts.append(tape.step(20.0, move=0.01))
    assert highest(verdicts) == CRITICAL


def test_levels_ask_for_acceleration() -> None:
    verdicts = informed(Tape())
    tape = Tape()
    tape.steps(24)
    plateau = tape.steps(30, 20.0, move=0.01)[-1]
    assert highest(verdicts) == ELEVATED
    assert plateau.reading.acceleration_per_hour[0, 0] < plateau.reading.acceleration_per_hour[1, 0]


@pytest.mark.parametrize("days", [0, 1, 4])
def test_thin_history_has_no_score(days: int) -> None:
    tape = Tape(days)
    verdicts = tape.steps(20, 50.0, move=0.01)
    last = verdicts[-1]
    assert highest(verdicts) == 0
    assert np.isnan(last.reading.score_sigma[:, 0]).all()
    assert state_of(last.reading, 0, 0) == "warming"
    assert np.isnan(last.reading.rvol[0])


def test_six_days_are_enough_for_the_short_horizons() -> None:
    verdict = Tape(6).step()
    assert state_of(verdict.reading, 0, 0) == "ready"
    assert np.isfinite(verdict.reading.score_sigma[0, 0])


def test_a_reset_baseline_warms_up_again() -> None:
    tape = Tape()
    tape.monitor.history.reset(np.array([0]))
    verdict = tape.step(50.0)
    assert state_of(verdict.reading, 0, 0) == "warming"
    assert state_of(verdict.reading, 0, 1) == "ready"


def test_the_clock_going_back_changes_nothing() -> None:
    tape = Tape()
    tape.step()
    history = tape.monitor.history
    before = history.current.copy()
    volume = np.full(COLUMNS, 1e9)
    flow = BucketFlow(volume, volume, np.ones(COLUMNS, np.int32), volume, tape.price)
    assert tape.monitor.close(history.bucket - 1, flow) is None
    assert (history.current == before).all()


def test_hours_nobody_watched_are_a_gap_and_no_lull() -> None:
    tape = Tape()
    tape.step()
    tape.monitor.history.prepare()
    history = tape.monitor.history
    volume = tape.usual(history.bucket + 24)
    flow = BucketFlow(volume, volume / 2, np.full(COLUMNS, 60, np.int32), volume / 20, tape.price)
    verdict = tape.monitor.close(history.bucket + 24, flow)
    assert verdict is not None
    assert state_of(verdict.reading, 0, 0) == "gap"
    assert state_of(verdict.reading, 2, 0) == "ready"
    assert not verdict.levels.level.any()


def test_after_a_month_away_everything_starts_anew() -> None:
    tape = Tape()
    history = tape.monitor.history
    bucket = history.bucket + 30 * DAY_BUCKETS
    volume = tape.usual(bucket)
    flow = BucketFlow(volume, volume / 2, np.full(COLUMNS, 60, np.int32), volume / 20, tape.price)
    verdict = tape.monitor.close(bucket, flow)
    assert verdict is not None
    assert verdict.reading.is_warming.all()
    assert history.bucket == bucket + 1


def test_mean_and_deviation_stand_beside_the_robust_ones() -> None:
    history = Tape().monitor.history
    mean, spread = mean_and_std(history, 0)
    history.prepare()
    assert mean[0] == pytest.approx(history.middle[1, 0], rel=0.1)
    assert (spread > 0).all()
    assert np.isnan(mean_and_std(Tape(2).monitor.history, 0)[0]).all()


def test_variability_is_that_of_the_days_buckets() -> None:
    tape = Tape()
    verdict = tape.step()
    day = tape.monitor.history.window(0, DAY_BUCKETS)
    assert verdict.reading.vcv[0] == pytest.approx(float(day.std() / day.mean()), rel=1e-3)


def test_relative_volume_is_of_this_time_of_day() -> None:
    tape = Tape()
    verdicts = tape.steps(DAY_BUCKETS)
    rvol = np.array([v.reading.rvol[0] for v in verdicts])
    assert 0.7 < rvol.min() < rvol.max() < 1.4
    assert tape.steps(3, 4.0)[-1].reading.rvol[0] == pytest.approx(4.0, rel=0.3)
