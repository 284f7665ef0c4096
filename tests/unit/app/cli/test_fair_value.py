"""`foreshock evaluate fair-value` says what the model is worth beside the market."""

import json
from pathlib import Path

from foreshock.app.exits import Exit
from tests.unit.app.cli.conftest import Run
from tests.unit.app.test_evaluate_fair_value import folder_of, walk


def test_people_get_both_scores_and_plain_words(tmp_path: Path, command: Run) -> None:
    folder = folder_of(tmp_path, walk(600), "outcome")
    code, out, _ = command("evaluate", "fair-value", str(folder))
    assert code == Exit.OK
    for said in ("seconds left", "model", "market", "95 %", "do not trade on it", "are few"):
        assert said in out


def test_programs_get_both_scores(tmp_path: Path, command: Run) -> None:
    folder = folder_of(tmp_path, walk(600), "half")
    _, out, _ = command("evaluate", "fair-value", str(folder), "-o", "json")
    found = json.loads(out)
    assert found["market_brier"] > found["model_brier"]
    assert found["difference_low"] <= found["difference"] <= found["difference_high"]


def test_without_a_folder_it_says_what_to_give(command: Run) -> None:
    code, _, err = command("evaluate", "fair-value")
    assert code == Exit.USAGE
    assert "books/" in err
