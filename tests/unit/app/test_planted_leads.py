"""Every planted leader is found with its lag; a rule that sees too little misses the goal."""

import pytest

from foreshock.app.evaluate_lead_lag import Spans
from foreshock.app.exits import CommandError
from foreshock.app.planted_leads import evaluate
from foreshock.core.domain.units import SECOND, Duration


def test_all_planted_leaders_are_found_and_none_is_invented() -> None:
    found = evaluate(Spans())
    assert found.is_met
    assert (found.planted_count, found.found_count) == (300, 300)
    assert (found.none_count, found.false_count) == (300, 0)
    assert found.confusion["none"]["none"] == found.none_count
    assert [row.lag_s for row in found.lags[:-1]] == [5.0 * lag for lag in range(-12, 13)]
    assert all(row.exact_count == row.pairs_count for row in found.lags)


def test_the_same_seed_gives_the_same_answer() -> None:
    assert evaluate(Spans()) == evaluate(Spans())


def test_windows_that_are_too_short_miss_the_goal() -> None:
    found = evaluate(Spans(window=Duration(130 * SECOND)))
    assert not found.is_met
    assert found.found_count < found.planted_count


def test_windows_longer_than_the_series_are_refused() -> None:
    with pytest.raises(CommandError, match="1000 bars at most"):
        evaluate(Spans(Duration(SECOND), Duration(3_000 * SECOND)))
