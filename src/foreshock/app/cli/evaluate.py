"""How good is what the desk decides by, on data somebody else has labelled?"""

from collections.abc import Iterator
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from foreshock.app.cli.output import Columns, Format, emit, emit_one, write
from foreshock.app.exits import CommandError, Exit

if TYPE_CHECKING:
    from foreshock.app.evaluate_matching import PairEvaluation, ScanEvaluation, Score, Shown

OutputOption = Annotated[Format, typer.Option("-o", "--output", help="Shape of stdout.")]
BarOption = Annotated[str, typer.Option("--bar", help="lead-lag: length of a bar, as 100ms or 5s.")]
WindowOption = Annotated[str, typer.Option("--window", help="lead-lag: length of a window.")]
MaxLagOption = Annotated[
    str | None,
    typer.Option("--max-lag", help="lead-lag: longest lag; 12 bars, at least 3s, unless told."),
]

BaselineOption = Annotated[
    str, typer.Option("--baseline", help="signals: days of a recording that others are held to.")
]


class Subject(StrEnum):
    """What can be evaluated."""

    MATCHING = "matching"
    LEAD_LAG = "lead-lag"
    SIGNALS = "signals"
    FAIR_VALUE = "fair-value"


def add_to(app: typer.Typer) -> None:
    """Register the commands of this module."""
    app.command()(evaluate)


def evaluate(
    what: Annotated[Subject, typer.Argument(help="What to evaluate.")],
    path: Annotated[
        Path | None,
        typer.Argument(
            help="matching: labelled pairs (.jsonl), or a naive scanner's rows (.csv, or a folder "
            "of them). lead-lag: recorded ticks (.jsonl, or a folder); without it, planted series. "
            "signals: a recording (.parquet, or a folder); without it, simulated markets. "
            "fair-value: a folder with books/*.csv and spot/*.csv."
        ),
    ] = None,
    bar: BarOption = "5s",
    window: WindowOption = "10m",
    max_lag: MaxLagOption = None,
    baseline: BaselineOption = "2d",
    output: OutputOption = Format.TABLE,
) -> None:
    """Measure what the desk decides by on data whose answer is known, or on a recording."""
    if what is Subject.LEAD_LAG:
        from foreshock.app.cli.lead_lag import evaluate_lead_lag

        evaluate_lead_lag(path, (bar, window, max_lag), output)
    elif what is Subject.FAIR_VALUE:
        from foreshock.app.cli.fair_value import evaluate_fair_value

        evaluate_fair_value(path, output)
    elif what is Subject.SIGNALS:
        from foreshock.app.cli.signals import evaluate_signals

        evaluate_signals(path, baseline, output)
    else:
        _evaluate_matching(path, output)


def _evaluate_matching(path: Path | None, output: Format) -> None:
    from foreshock.app.evaluate_matching import PairEvaluation
    from foreshock.app.evaluate_matching import evaluate as evaluate_matching

    if path is None:
        raise CommandError(
            Exit.USAGE, "NO_PATH", "nothing to score", "give a .jsonl file of labelled pairs"
        )
    found = evaluate_matching(path)
    if isinstance(found, PairEvaluation) and output in {Format.TABLE, Format.CSV}:
        _emit_pairs(found, output)
    else:
        emit_one(found, [] if isinstance(found, PairEvaluation) else _scan_lines(found), output)


def _emit_pairs(found: "PairEvaluation", output: Format) -> None:
    columns: Columns[Score] = {
        "family": lambda s: s.family,
        "decided": lambda s: str(s.decided_count),
        "same bet": lambda s: str(s.positive_count),
        "unsure": lambda s: str(s.unsure_count),
        "accepted": lambda s: str(s.accepted_count),
        "false": lambda s: str(s.false_accepts),
        "review": lambda s: str(s.review_count),
        "tradable": lambda s: str(s.tradable_count),
        "precision": lambda s: _rate(s.precision),
        "recall": lambda s: _rate(s.recall),
        "auto recall": lambda s: _rate(s.auto_recall),
    }  # fmt: skip
    emit(found.families, columns, output)
    if output is Format.TABLE:
        write("\n" + "\n".join(_pair_lines(found)) + "\n")


def _pair_lines(found: "PairEvaluation") -> Iterator[str]:
    yield (
        f"matcher {found.matcher} on {found.file}: {found.rows_count} rows, "
        f"{found.decided_count} decided, {found.unsure_count} unsure and not counted"
    )
    yield (
        f"micro   precision {_rate(found.precision)}, recall {_rate(found.recall)} "
        f"(a review counts half), auto recall {_rate(found.auto_recall)}"
    )
    yield (
        f"macro   precision {_rate(found.macro_precision)}, recall {_rate(found.macro_recall)}, "
        f"auto recall {_rate(found.macro_auto_recall)}"
    )
    share = _rate(found.review_share)
    yield f"review  {share} of the decided rows; {found.tradable_count} tradable"
    yield f"error   {found.error_words}"
    held = found.held_out
    yield (
        f"each family judged by a calibration without it: recall {_rate(held.recall)}, auto recall "
        f"{_rate(held.auto_recall)}, {held.false_accepts} false accepts; sent to review: "
        + (", ".join(held.demoted_families) or "none")
    )
    if found.baseline is not None:
        yield (
            "title similarity alone, at its best on these rows "
            f"(>= {found.baseline.threshold:.2f}): "
            f"precision {_rate(found.baseline.precision)}, recall {_rate(found.baseline.recall)}, "
            f"F1 {_rate(found.baseline.f1)}, {found.baseline.false_accepts} false accepts"
        )
    absent = ", ".join(f"{clause} {count}" for clause, count in found.not_compared.items())
    yield f"not compared, because neither row says it: {absent}"
    yield f"false accepts: {found.false_accepts}"
    for row in found.false_accept_rows:
        yield _row_line(row)
    yield f"same bets not accepted: {len(found.missed_rows)}"
    for row in found.missed_rows:
        yield _row_line(row)


def _scan_lines(found: "ScanEvaluation") -> list[str]:
    relations = ", ".join(f"{name} {count}" for name, count in found.relations.items())
    lines = [
        f"matcher {found.matcher} on {found.file}: {found.rows_count} rows, "
        f"{found.claimed_count} called actionable by the scanner",
        f"opportunities: {found.opportunities}",
        f"to review: {found.review_count}; tradable: {found.tradable_count}",
        f"relations: {relations}",
    ]
    return [*lines, *map(_row_line, found.opportunity_rows)]


def _row_line(row: "Shown") -> str:
    return (
        f"  line {row.line} ({row.family}, {row.label}, {row.decision}): "
        f"{row.title_a} | {row.title_b}: {row.reason}"
    )


def _rate(value: float | None) -> str:
    return "-" if value is None else f"{value:.3f}"
