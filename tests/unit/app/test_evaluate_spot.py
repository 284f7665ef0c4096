"""The spot record alone scores both shapes, apart where ours was chosen and where it was not."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from foreshock.app.evaluate_spot import IN_SAMPLE_END_S, SpotPrices, score_spot
from foreshock.core.signals.fair_value import normal
from tests.unit.app.test_evaluate_fair_value import START_S, walk, words

DATA = Path(__file__).resolve().parents[4] / "shared" / "data"


def folder_of(tmp_path: Path, shift_s: int) -> Path:
    lines = [f"{words(at_s - 60 + shift_s)},{price}" for at_s, price in walk(2_400).items()]
    (tmp_path / "spot").mkdir()
    text = "\n".join(("timestamp,price", *lines))
    (tmp_path / "spot" / "a.csv").write_text(text, encoding="utf8")
    return tmp_path


def test_the_border_is_the_day_it_says() -> None:
    assert datetime(2025, 12, 20, tzinfo=UTC).timestamp() == IN_SAMPLE_END_S


def test_windows_before_the_border_are_said_to_be_those_it_was_chosen_on(tmp_path: Path) -> None:
    shift_s = (IN_SAMPLE_END_S - START_S) // 900 * 900 - 20 * 3_600
    chosen, after = score_spot(folder_of(tmp_path, shift_s))
    assert (chosen.is_chosen_on, after.is_chosen_on) == (True, False)
    assert chosen.windows_count > 50
    assert after.windows_count > 50
    for score in (chosen, after):
        assert 0.05 < score.brier < 0.25
        assert 0.2 < score.log_loss < 0.6931
        assert abs(score.brier - score.normal_brier) < 0.02


def test_a_record_without_a_whole_window_scores_nothing(tmp_path: Path) -> None:
    (tmp_path / "spot").mkdir()
    (tmp_path / "spot" / "a.csv").write_text("timestamp,price\n2026-01-05 00:00:00,100\n")
    assert score_spot(tmp_path) == ()


def test_a_stale_price_gives_no_probability() -> None:
    spot = SpotPrices(walk(120))
    start_s = START_S + 60 * 60
    fresh = spot.up_probability((start_s, start_s + 300, start_s + 900))
    assert 0.0 < fresh < 1.0
    assert fresh != spot.up_probability((start_s, start_s + 300, start_s + 900), normal)
    late = START_S + 119 * 60 + 121
    assert spot.before(late) is None


def test_our_shape_holds_where_it_was_not_chosen() -> None:
    if not (DATA / "spot").is_dir():
        pytest.skip(f"no recordings at {DATA}: the shape cannot be held against them")
    scores = score_spot(DATA)
    outside = [score for score in scores if not score.is_chosen_on]
    assert outside
    for score in outside:
        assert score.windows_count > 500
        assert score.brier < score.normal_brier, score.name
        assert score.log_loss < score.normal_log_loss, score.name
