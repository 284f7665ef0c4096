"""`foreshock evaluate lead-lag` prints what people and programs need, and fails where it must."""

import json
from pathlib import Path

import pytest

from foreshock.app.cli import lead_lag
from foreshock.app.exits import CommandError, Exit
from tests.unit.app.cli.conftest import Run
from tests.unit.app.test_evaluate_lead_lag import recording


def test_people_get_every_planted_lag_and_the_confusion(command: Run) -> None:
    code, out, err = command("evaluate", "lead-lag")
    assert (code, err) == (Exit.OK, "")
    for said in ("planted lag", "-60 s", "planted / named", "300 of 300", "0 of 300", "met"):
        assert said in out


def test_a_goal_that_is_missed_ends_with_1(command: Run) -> None:
    code, out, _ = command("evaluate", "lead-lag", "--window", "130s", "-o", "json")
    assert code == Exit.FAILED
    assert json.loads(out)["is_met"] is False


def test_programs_get_the_pairs_of_a_recording(tmp_path: Path, command: Run) -> None:
    path = recording(tmp_path / "a.jsonl", 40, 300)
    arguments = ("evaluate", "lead-lag", str(path), "--bar", "100ms", "--max-lag", "2s")
    code, out, _ = command(*arguments, "-o", "json")
    found = json.loads(out)
    assert code == Exit.OK
    assert (found["bar_s"], found["max_lag_s"]) == (0.1, 2.0)
    assert found["pairs"][0]["leader"] == "fast"
    assert found["pairs"][0]["lag_s"] == 0.3


def test_people_get_the_pairs_of_a_recording(tmp_path: Path, command: Run) -> None:
    path = recording(tmp_path / "a.jsonl", 40, 300)
    code, out, _ = command("evaluate", "lead-lag", str(path), "--bar", "100ms")
    assert code == Exit.OK
    for said in ("fast", "0.3 s", "windows of", "shorter than the window"):
        assert said in out


@pytest.mark.parametrize(
    ("text", "length_us"), [("100ms", 100_000), ("5s", 5_000_000), ("2m", 120_000_000)]
)
def test_lengths_are_read_with_their_unit(text: str, length_us: int) -> None:
    assert lead_lag.duration(text, "--bar") == length_us


@pytest.mark.parametrize("text", ["5", "0s", "-5s", "1.5s", "5 parsecs", "", "9" * 30 + "s"])
def test_what_is_no_length_is_refused_in_words(text: str) -> None:
    with pytest.raises(CommandError, match="no length of time"):
        lead_lag.duration(text, "--bar")


def test_errors_say_what_to_give(tmp_path: Path, command: Run) -> None:
    code, out, err = command("evaluate", "lead-lag", str(tmp_path / "none.jsonl"))
    assert (code, out) == (Exit.USAGE, "")
    assert "cannot be read" in err
    assert "help: give a .jsonl file" in err


def test_matching_still_needs_its_file(command: Run) -> None:
    code, _, err = command("evaluate", "matching")
    assert code == Exit.USAGE
    assert "help: give a .jsonl file of labelled pairs" in err
