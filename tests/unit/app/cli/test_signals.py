"""`foreshock evaluate signals` prints the comparison and fails when its goal is missed."""

import json
from pathlib import Path

import duckdb
import pytest

from foreshock.app import evaluate_signals
from foreshock.app.cli import signals
from foreshock.app.exits import Exit
from tests.unit.app.cli.conftest import Run


def small(monkeypatch: pytest.MonkeyPatch, *, dominates: bool) -> None:
    found = evaluate_signals.evaluate(markets_count=4, test_seeds=(11,))
    changed = evaluate_signals.SignalEvaluation(
        found.markets_count, found.market_days, found.detectors, dominates, ("recall",) * (not dominates)
    )  # fmt: skip
    monkeypatch.setattr(evaluate_signals, "evaluate", lambda: changed)


def test_people_get_every_detector(monkeypatch: pytest.MonkeyPatch, command: Run) -> None:
    small(monkeypatch, dominates=True)
    code, out, _ = command("evaluate", "signals")
    assert code == Exit.OK
    assert signals.__doc__
    for said in ("volume and impact", "plain spike score", "z of raw volume", "precision", "delay"):
        assert said in out


def test_a_missed_goal_is_a_failure_that_says_what(
    monkeypatch: pytest.MonkeyPatch, command: Run
) -> None:
    small(monkeypatch, dominates=False)
    code, out, err = command("evaluate", "signals", "-o", "json")
    assert code == Exit.FAILED
    assert json.loads(out)["dominates"] is False
    assert "does not beat" in err


def test_a_missing_recording_is_a_usage_error(tmp_path: Path, command: Run) -> None:
    code, _, err = command("evaluate", "signals", str(tmp_path / "no.parquet"), "--baseline", "2d")
    assert code == Exit.USAGE
    assert "no such file" in err


def test_a_folder_means_each_of_its_recordings(tmp_path: Path, command: Run) -> None:
    assert command("evaluate", "signals", str(tmp_path))[0] == Exit.USAGE
    quotes = "SELECT 'slug' AS slug, TIMESTAMP '2026-06-01' AS ts, 9.0 AS volume24hr"
    for name in ("one", "two"):
        duckdb.sql(f"COPY ({quotes}) TO '{tmp_path / name}.parquet' (FORMAT parquet)")
    code, out, _ = command("evaluate", "signals", str(tmp_path))
    assert code == Exit.OK
    assert out.count("n/a: only rolling") == len(("one", "two"))
    found = json.loads(command("evaluate", "signals", str(tmp_path), "-o", "json")[1])
    assert [each["file"] for each in found] == ["one.parquet", "two.parquet"]
