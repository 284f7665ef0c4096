"""Has every row of the fault matrix its proof, and does the page say what is proven today?"""

from collections import Counter
from pathlib import Path

import msgspec
import pytest

from foreshock.app.simulation.campaign import Summary
from tests.mutants.hunt import Hunted
from tests.mutants.list import MUTANTS
from tests.reliability.document import document, lasting, read_summary
from tests.reliability.rows import IN_PART, NOT_BUILT, ROWS, proofs_by_row

PAGE = Path(__file__).resolve().parents[1] / "docs" / "reliability.md"
ROWS_BY_LETTER = {"A": 15, "B": 15, "C": 15, "D": 6, "E": 16, "F": 11}


def test_there_are_78_rows() -> None:
    counts = {letter: sum(row[0] == letter for row in ROWS) for letter in ROWS_BY_LETTER}
    assert counts == ROWS_BY_LETTER
    assert sum(counts.values()) == 78


@pytest.mark.parametrize("row", ROWS)
def test_each_row_has_a_test_or_a_written_reason(row: str) -> None:
    has_test = bool(proofs_by_row()[row])
    assert has_test is not (row in NOT_BUILT), "either a test, or what is not built"
    assert has_test or row not in IN_PART


def test_a_report_is_read_as_it_was_written() -> None:
    summary = Summary(build="b", faults=Counter({"gap": 2}), reached=Counter({"halt": 1}))
    assert read_summary(msgspec.json.encode(summary)) == summary


def test_the_page_is_not_stale() -> None:
    """The numbers of its run aside: those are of the build they name."""
    page = PAGE.read_text(encoding="utf8")
    hunted = [Hunted(mutant, "I1", 0, "") for mutant in MUTANTS]
    fresh = document(Summary(build="any"), hunted)
    assert lasting(page) == lasting(fresh), "run `make reliability`"
