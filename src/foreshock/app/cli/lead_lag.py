"""What does `foreshock evaluate lead-lag` print?"""

import re
from pathlib import Path
from typing import TYPE_CHECKING, Final

import typer

from foreshock.app.cli.output import Columns, Format, emit, emit_one, write
from foreshock.app.exits import CommandError, Exit
from foreshock.core.domain.units import SECOND, Duration

if TYPE_CHECKING:
    from foreshock.app.evaluate_lead_lag import LeadLagEvaluation, PairFound, Spans
    from foreshock.app.planted_leads import LagFound, PlantedEvaluation

UNITS: Final = {"ms": SECOND // 1_000, "s": SECOND, "m": 60 * SECOND, "h": 3_600 * SECOND}
DIGITS_MAX: Final = 9
Words = tuple[str, str, str | None]
"""Bar, window and longest lag, as a person writes them."""


def evaluate_lead_lag(path: Path | None, words: Words, output: Format) -> None:
    """Judge a recording, or planted series without one; exit 1 unless all of those are right."""
    if path is None:
        _planted(_spans(words), output)
        return
    from foreshock.app.evaluate_lead_lag import evaluate

    found = evaluate(path, _spans(words))
    if output in {Format.TABLE, Format.CSV}:
        _emit_pairs(found, output)
    else:
        emit_one(found, [], output)


def duration(text: str, option: str) -> Duration:
    """`100ms`, `5s`, `10m` or `1h`. Raises CommandError for anything else, and for nothing."""
    found = re.fullmatch(r"(\d+)(ms|s|m|h)", text.strip())
    if found is None or len(found[1]) > DIGITS_MAX or not int(found[1]):
        raise CommandError(
            Exit.USAGE,
            "BAD_SPAN",
            f"{option} {text!r} is no length of time",
            "give a whole number with its unit: 100ms, 5s, 10m",
        )
    return Duration(int(found[1]) * UNITS[found[2]])


def _spans(words: Words) -> "Spans":
    from foreshock.app.evaluate_lead_lag import Spans

    bar, window, lag = words
    return Spans(
        duration(bar, "--bar"),
        duration(window, "--window"),
        None if lag is None else duration(lag, "--max-lag"),
    )


def _planted(spans: "Spans", output: Format) -> None:
    from foreshock.app.planted_leads import evaluate

    found = evaluate(spans)
    if output in {Format.TABLE, Format.CSV}:
        columns: Columns[LagFound] = {
            "planted lag": lambda row: "none" if row.lag_s is None else f"{row.lag_s:+g} s",
            "pairs": lambda row: str(row.pairs_count),
            "leader right": lambda row: str(row.leader_count),
            "lag exact": lambda row: str(row.exact_count),
        }
        emit(found.lags, columns, output)
        if output is Format.TABLE:
            write("\n" + "\n".join(_planted_lines(found)) + "\n")
    else:
        emit_one(found, [], output)
    if not found.is_met:
        raise typer.Exit(Exit.FAILED)


def _planted_lines(found: "PlantedEvaluation") -> list[str]:
    named = list(next(iter(found.confusion.values())))
    rows = [f"{'planted / named':<16}" + "".join(f"{name:>10}" for name in named)]
    rows += [
        f"{wanted:<16}" + "".join(f"{counts[name]:>10}" for name in named)
        for wanted, counts in found.confusion.items()
    ]
    return [
        *rows,
        "",
        f"seed {found.seed}: bars of {found.bar_s:g} s, windows of {found.window_s:g} s, "
        f"lags to {found.max_lag_s:g} s, {found.bars_count} bars a pair",
        f"planted leaders found with exactly their lag: {found.found_count} of "
        f"{found.planted_count}",
        f"leaders named where none was planted: {found.false_count} of {found.none_count}; "
        f"by single windows, without the rule of 3 in 4: {found.single_window_false_share:.2%}",
        "met" if found.is_met else "MISSED",
    ]


def _emit_pairs(found: "LeadLagEvaluation", output: Format) -> None:
    columns: Columns[PairFound] = {
        "asset": lambda p: p.asset,
        "one": lambda p: p.a,
        "other": lambda p: p.b,
        "leader": lambda p: p.leader,
        "by": lambda p: "-" if p.lag_s is None else f"{p.lag_s:g} s",
        "score": lambda p: "-" if p.score is None else f"{p.score:.2f}",
        "stable": lambda p: "yes" if p.is_stable else "no",
        "changes": lambda p: f"{p.a_changes_count}/{p.b_changes_count}",
        "why": lambda p: p.reason,
    }
    emit(found.pairs, columns, output)
    if output is Format.TABLE:
        write("\n" + "\n".join(_recording_lines(found)) + "\n")


def _recording_lines(found: "LeadLagEvaluation") -> list[str]:
    lines = [
        f"{found.file}: {found.ticks_count} ticks in {found.recorded_s:.1f} s; bars of "
        f"{found.bar_s:g} s, windows of {found.window_s:g} s, lags to {found.max_lag_s:g} s; "
        f"a feed silent for {found.stale_s:g} s has no mid"
    ]
    if found.is_shorter_than_window:
        lines.append("the recording is shorter than the window asked for: all of it is one window")
    return lines
