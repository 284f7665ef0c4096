"""`foreshock evaluate signals`: does the detector beat the simplest ones, and what of real data?"""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from foreshock.app.cli.output import Columns, Format, emit, emit_one, write
from foreshock.app.exits import CommandError, Exit

if TYPE_CHECKING:
    from foreshock.app.evaluate_signals import DetectorScore, SignalEvaluation


def evaluate_signals(path: Path | None, baseline: str, output: Format) -> None:
    """Planted bursts without a path, a recording with one."""
    if path is not None:
        _evaluate_recorded(path, baseline, output)
        return
    from foreshock.app.evaluate_signals import evaluate

    result = evaluate()
    if output in {Format.TABLE, Format.CSV}:
        emit(result.detectors, _COLUMNS, output)
        if output is Format.TABLE:
            write("\n" + "\n".join(_lines(result)) + "\n")
    else:
        emit_one(result, [], output)
    if not result.dominates:
        raise CommandError(
            Exit.FAILED,
            "GOAL_MISSED",
            "the detector does not beat the others: " + "; ".join(result.shortfalls),
            "see docs/concepts/volume.md",
        )


def _evaluate_recorded(path: Path, baseline: str, output: Format) -> None:
    """One Parquet file, or each of a folder, one after the other."""
    from foreshock.app.evaluate_recorded_signals import evaluate_recorded

    files = sorted(path.glob("*.parquet")) if path.is_dir() else [path]
    if not files:
        raise CommandError(
            Exit.USAGE, "NO_PATH", f"no .parquet file in {path}", "give a file or its folder"
        )
    found = [evaluate_recorded(file, baseline) for file in files]
    if len(found) > 1 and output is Format.JSON:
        emit(found, {}, output)
        return
    for each in found:
        emit_one(each, list(each.lines()), output)


def _lines(found: "SignalEvaluation") -> Sequence[str]:
    verdict = (
        "ours finds more, is right more often and is no later at every rate"
        if found.dominates
        else "goal missed"
    )
    return (
        f"{found.markets_count} simulated markets, {found.market_days} market-days; thresholds set "
        "on another seed, each detector at the same false alarms a market-day",
        "median delays in minutes: of the bursts found, and with a missed one counted to its end",
        verdict,
    )


def _number(value: float | None, digits: int) -> str:
    return "n/a" if value is None else f"{value:.{digits}f}"


_COLUMNS: Columns["DetectorScore"] = {
    "detector": lambda s: s.detector,
    "allowed/day": lambda s: f"{s.allowed_per_market_day:.2f}",
    "false/day": lambda s: f"{s.false_per_market_day:.3f}",
    "bursts": lambda s: str(s.bursts_count),
    "found": lambda s: str(s.found_count),
    "false": lambda s: str(s.false_count),
    "precision": lambda s: _number(s.precision, 3),
    "recall": lambda s: _number(s.recall, 3),
    "delay": lambda s: _number(s.delay_min, 0),
    "delay all": lambda s: _number(s.delay_all_min, 0),
    "threshold": lambda s: f"{s.threshold:.2f}",
}  # fmt: skip
