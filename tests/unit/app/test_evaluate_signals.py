"""Detectors are judged without a look ahead, at thresholds set on another seed."""

import numpy as np
import pytest

from foreshock.adapters.sim.signal_world import DAY_BUCKETS, SignalWorld, make_world
from foreshock.app import signal_scores
from foreshock.app.evaluate_signals import FALSE_ALARMS_PER_DAY, alarms, evaluate
from foreshock.app.signal_scores import OURS, SCORERS

START = 14 * DAY_BUCKETS


@pytest.mark.parametrize("name", SCORERS)
def test_no_score_knows_what_comes_after_it(name: str) -> None:
    world = make_world(9, 4, 15, START)
    cut = START + 100
    short = SignalWorld(
        world.volume[:cut], world.taker_yes[:cut], world.trades[:cut], world.largest[:cut],
        world.price[:cut], world.planted,
    )  # fmt: skip
    whole = SCORERS[name](world, START)
    assert np.allclose(whole[:100], SCORERS[name](short, START), rtol=1e-6)
    assert np.isfinite(whole).any()


def test_alarms_keep_the_cooldown() -> None:
    scores = np.zeros(100)
    scores[[3, 4, 26, 27, 60]] = 5.0
    assert alarms(scores, 5.0) == [3, 27, 60]
    assert alarms(scores, 6.0) == []


def test_every_detector_is_judged_at_every_rate_on_the_same_bursts() -> None:
    found = evaluate(markets_count=8, test_seeds=(11,))
    assert len(found.detectors) == len(FALSE_ALARMS_PER_DAY) * len(SCORERS)
    assert len({score.bursts_count for score in found.detectors}) == 1
    for score in found.detectors:
        assert score.calibrated_per_market_day <= score.allowed_per_market_day
        assert 0 <= score.recall <= 1
    assert found.dominates == (not found.shortfalls)


def _zero(world: SignalWorld, start: int) -> signal_scores.Scores:
    return np.zeros((len(world.volume) - start, world.volume.shape[1]))


def test_a_detector_that_sees_nothing_does_not_dominate(monkeypatch: pytest.MonkeyPatch) -> None:
    blind = {**SCORERS, OURS: _zero}
    monkeypatch.setattr("foreshock.app.evaluate_signals.SCORERS", blind)
    found = evaluate(markets_count=4, test_seeds=(11,))
    assert not found.dominates
    assert found.shortfalls
