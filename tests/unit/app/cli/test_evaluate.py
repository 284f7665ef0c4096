"""`foreshock evaluate matching` prints what people and programs need."""

import json
from pathlib import Path

import pytest

from foreshock.app.cli import evaluate
from foreshock.app.exits import Exit
from tests.unit.app.cli.conftest import Run

PAIR = {
    "venue_a": "polymarket",
    "title_a": "Will Spain win the 2026 FIFA World Cup?",
    "venue_b": "kalshi",
    "title_b": "Will the Spain win the 2026 Men's World Cup?",
    "label": "equivalent",
    "family": "cup",
}


@pytest.fixture
def pairs(tmp_path: Path) -> Path:
    path = tmp_path / "pairs.jsonl"
    path.write_text(json.dumps(PAIR), encoding="utf8")
    return path


def test_programs_get_the_rates_at_the_top(pairs: Path, command: Run) -> None:
    code, out, err = command(evaluate.evaluate.__name__, "matching", str(pairs), "-o", "json")
    found = json.loads(out)
    assert (code, err) == (Exit.OK, "")
    assert (found["false_accepts"], found["recall"], found["auto_recall"]) == (0, 1.0, 1.0)


def test_people_get_families_rates_and_what_is_not_provable(pairs: Path, command: Run) -> None:
    code, out, _ = command("evaluate", "matching", str(pairs))
    assert code == Exit.OK
    assert out.startswith("family")
    for said in (
        "cup",
        "auto recall 1.000",
        "not yet provable",
        "title similarity",
        "not compared",
    ):
        assert said in out


def test_spreadsheets_get_the_families(pairs: Path, command: Run) -> None:
    _, out, _ = command("evaluate", "matching", str(pairs), "-o", "csv")
    assert out.splitlines()[1].startswith("cup,1,1,0,1,0,0,0,1.000")


def test_a_scanners_folder_says_how_many_opportunities(tmp_path: Path, command: Run) -> None:
    header = "plataforma_a,plataforma_b,titulo_a,titulo_b,accionable,fecha_a,fecha_b,url_a,url_b"
    (tmp_path / "scan.csv").write_text(header + "\nA,B,rain in Oslo,snow in Rome,True,,,,\n")
    code, out, _ = command("evaluate", "matching", str(tmp_path))
    assert code == Exit.OK
    assert "opportunities: 0" in out


def test_a_missing_file_is_an_error_of_use_that_says_what_to_give(
    tmp_path: Path, command: Run
) -> None:
    code, out, err = command("evaluate", "matching", str(tmp_path / "none.jsonl"))
    assert (code, out) == (Exit.USAGE, "")
    assert "cannot be read" in err
    assert "help: give a .jsonl file" in err
