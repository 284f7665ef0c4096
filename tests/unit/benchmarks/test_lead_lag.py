"""P8 prints its figures; how fast is never asserted."""

import pytest

from benchmarks import lead_lag


def test_a_tiny_run_prints_every_figure(capsys: pytest.CaptureFixture[str]) -> None:
    lead_lag.report(4, 130)
    printed = capsys.readouterr().out
    for figure in ("P8 ", "4 pairs", "added and judged: p50", "p99", "100% of bars move"):
        assert figure in printed


def test_every_bar_after_the_first_window_is_timed() -> None:
    assert len(lead_lag.bar_costs(2, 150)) == 30


def test_chance_is_rarely_called_a_stable_leader() -> None:
    single, stable = lead_lag.false_shares(200, 420, 0.2)
    assert 0 < single < 0.1
    assert stable < 0.01
