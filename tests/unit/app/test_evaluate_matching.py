"""Labelled pairs are scored as documented, bad files are refused in words."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from foreshock.app.evaluate_matching import (
    PairEvaluation,
    ScanEvaluation,
    error_bound,
    error_words,
    evaluate,
)
from foreshock.app.exits import CommandError, Exit
from foreshock.app.labelled_rows import labelled_pairs, scanned_pairs

DATA = Path(__file__).resolve().parents[4] / "shared" / "data"
DEV_PAIRS = DATA / "pairs" / "labelled_pairs_dev.jsonl"
SCANS = DATA / "false_arbitrage"
SCAN_HEADER = "plataforma_a,plataforma_b,titulo_a,titulo_b,accionable,fecha_a,fecha_b,url_a,url_b"
SPAIN = ("Will Spain win the 2026 FIFA World Cup?", "Will the Spain win the 2026 Men's World Cup?")


def row(title_a: str, title_b: str, label: str, **more: object) -> dict[str, object]:
    sides = {"venue_a": "polymarket", "venue_b": "kalshi", "title_a": title_a, "title_b": title_b}
    return {**sides, "label": label, "family": "cup", **more}


def written(folder: Path, *rows: dict[str, object]) -> Path:
    path = folder / "pairs.jsonl"
    path.write_text("".join(json.dumps(r) + "\n" for r in rows), encoding="utf8")
    return path


def test_scores_accepts_reviews_and_false_accepts(tmp_path: Path) -> None:
    found = evaluate(
        written(
            tmp_path,
            row(*SPAIN, "equivalent"),
            row(*SPAIN, "not_equivalent", family="mislabelled"),
            row(
                "Tom Hardy announced as next James Bond?",
                "Tom Hardy next James Bond?",
                "equivalent",
            ),
            row("Will Spain win the 2026 FIFA World Cup?", "Will it rain?", "equivalent"),
            row(*SPAIN, "unsure"),
        )
    )
    assert isinstance(found, PairEvaluation)
    assert (found.rows_count, found.decided_count, found.unsure_count) == (5, 4, 1)
    assert (found.accepted_count, found.false_accepts, found.unsure_accepted_count) == (2, 1, 1)
    assert found.precision == 1 / 2
    assert found.auto_recall == 1 / 3
    assert found.recall == (1 + 1 / 2) / 3
    assert found.tradable_count == 0
    assert [r.family for r in found.false_accept_rows] == ["mislabelled"]
    assert [r.decision for r in found.missed_rows] == ["review", "reject"]
    assert found.not_compared["void"] == 5
    assert {f.family for f in found.families} == {"cup", "mislabelled"}
    assert found.baseline is not None


def test_a_family_is_also_judged_by_a_calibration_that_has_not_seen_it(tmp_path: Path) -> None:
    found = evaluate(
        written(
            tmp_path,
            *(row(*SPAIN, "equivalent", family="many") for _ in range(30)),
            row(*SPAIN, "equivalent", family="few"),
        )
    )
    assert isinstance(found, PairEvaluation)
    assert found.auto_recall == 1
    assert found.held_out.demoted_families == ("many",)
    assert found.held_out.auto_recall == 1 / 31
    assert found.held_out.recall == 16 / 31
    assert found.held_out.false_accepts == 0


def test_an_inverse_accepted_as_the_same_is_a_false_accept(tmp_path: Path) -> None:
    found = evaluate(written(tmp_path, row(*SPAIN, "inverse")))
    assert isinstance(found, PairEvaluation)
    assert found.false_accepts == 1
    titles = (
        "Will US unemployment be above 4.0% in May 2026?",
        "Unemployment at most 4.0% in May 2026",
    )
    found = evaluate(written(tmp_path, row(*titles, "inverse")))
    assert isinstance(found, PairEvaluation)
    assert (found.false_accepts, found.auto_recall) == (0, 1)


def test_fields_of_a_contract_are_read_from_the_row(tmp_path: Path) -> None:
    path = written(
        tmp_path,
        row(*SPAIN, "equivalent", id_b="KXMENWORLDCUP-26-ES", end_a="2026-07-20", rules_a="Rules."),
    )
    (pair,) = labelled_pairs(path)
    assert pair.b.id == "kalshi:KXMENWORLDCUP-26-ES"
    assert pair.a.rules == "Rules."
    assert pair.a.closes_us == 1_784_505_600_000_000


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{", "line 1: not JSON"),
        ("[]", "line 1: not a JSON object"),
        ('{"venue_a": "x"}', "line 1: field title_a is missing"),
        (json.dumps(row(*SPAIN, "maybe")), "line 1: unknown label 'maybe'"),
        (json.dumps(row(*SPAIN, "equivalent", end_a="soon")), "line 1: not a time: 'soon'"),
        ("", "holds no decided row"),
        (json.dumps(row(*SPAIN, "unsure")), "holds no decided row"),
    ],
)
def test_a_bad_file_is_refused_by_line_and_says_what_to_do(
    tmp_path: Path, text: str, said: str
) -> None:
    path = tmp_path / "pairs.jsonl"
    path.write_text(text, encoding="utf8")
    with pytest.raises(CommandError, match=said.replace("(", r"\(")) as caught:
        evaluate(path)
    assert caught.value.exit_code is Exit.USAGE
    assert caught.value.hint


def test_files_that_are_not_there_are_refused(tmp_path: Path) -> None:
    for path in (tmp_path / "none.jsonl", tmp_path / "none.csv", tmp_path):
        with pytest.raises(CommandError) as caught:
            evaluate(path)
        assert caught.value.exit_code is Exit.USAGE


def test_bytes_that_are_not_text_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "pairs.jsonl"
    path.write_bytes(b"\xff\xfe{}")
    with pytest.raises(CommandError, match="not UTF-8"):
        evaluate(path)


def test_a_scanners_rows_are_counted_not_believed(tmp_path: Path) -> None:
    path = tmp_path / "scan.csv"
    lines = [
        SCAN_HEADER,
        'Polymarket,Kalshi,"Will the price of Bitcoin be above $58,000 on July 1?",'
        '"Bitcoin price on Jul 1, 2026?",True,2026-07-01,2026-07-01,'
        "https://a/event/1,https://b/markets/KXBTCD-26JUL0112-T57999.99",
        f"Polymarket,Kalshi,{SPAIN[0]},{SPAIN[1]},False,,,,",
    ]
    path.write_text("\n".join(lines), encoding="utf8")
    found = evaluate(tmp_path)
    assert isinstance(found, ScanEvaluation)
    assert (found.rows_count, found.claimed_count, found.opportunities) == (2, 1, 1)
    assert [r.line for r in found.opportunity_rows] == [3]
    first = next(iter(scanned_pairs(path)))
    assert first.b.id == "kalshi:KXBTCD-26JUL0112-T57999.99"


def test_a_scan_without_its_columns_or_venue_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "scan.csv"
    path.write_text("a,b\n1,2\n", encoding="utf8")
    with pytest.raises(CommandError, match="column plataforma_a is missing"):
        evaluate(path)
    path.write_text(SCAN_HEADER + "\n,,x,y,,,,,\n", encoding="utf8")
    with pytest.raises(CommandError, match="line 2: a row without venue or title"):
        evaluate(path)


# ---- the published error -------------------------------------------------------------------


def test_no_error_among_600_proves_half_a_percent_and_among_500_does_not() -> None:
    proven, not_proven = error_bound(0, 600), error_bound(0, 500)
    assert proven is not None
    assert not_proven is not None
    assert proven <= 0.005 < not_proven
    assert "not yet provable" not in error_words(0, 600)
    assert "not yet provable: that takes 598 accepts" in error_words(0, 500)
    assert error_words(0, 0) == "not yet provable: nothing was accepted"


@pytest.mark.parametrize(
    ("errors", "accepts", "bound"), [(0, 10, 0.2589), (1, 10, 0.3942), (3, 3, 1.0)]
)
def test_the_bound_is_that_of_clopper_and_pearson(errors: int, accepts: int, bound: float) -> None:
    """Against published one-sided 95 % limits of the binomial."""
    assert error_bound(errors, accepts) == pytest.approx(bound, abs=1e-4)


@given(st.integers(0, 20), st.integers(20, 2000))
def test_the_bound_lies_above_the_observed_rate(errors: int, accepts: int) -> None:
    bound = error_bound(errors, accepts)
    assert bound is not None
    assert errors / accepts <= bound <= 1


# ---- the development data, where it is at hand ----------------------------------------------


@pytest.mark.skipif(not DEV_PAIRS.is_file(), reason="../shared/data/pairs is not here")
def test_the_development_pairs_meet_the_goals() -> None:
    found = evaluate(DEV_PAIRS)
    assert isinstance(found, PairEvaluation)
    assert found.false_accepts == 0
    assert found.recall is not None
    assert found.recall >= 0.85
    assert found.auto_recall is not None
    assert found.auto_recall >= 0.70
    assert not found.is_error_proven


@pytest.mark.skipif(not SCANS.is_dir(), reason="../shared/data/false_arbitrage is not here")
def test_a_naive_scanners_rows_hold_no_opportunity() -> None:
    found = evaluate(SCANS)
    assert isinstance(found, ScanEvaluation)
    assert found.rows_count > 10_000
    assert found.opportunities == found.tradable_count == 0
