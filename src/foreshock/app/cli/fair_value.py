"""What does `foreshock evaluate fair-value` print?"""

from pathlib import Path
from typing import TYPE_CHECKING

from foreshock.app.cli.output import Columns, Format, emit, emit_one, write
from foreshock.app.exits import CommandError, Exit

if TYPE_CHECKING:
    from foreshock.app.evaluate_fair_value import FairValueEvaluation, TimeLeft


def evaluate_fair_value(path: Path | None, output: Format) -> None:
    """Score the model beside the market; not beating it is an answer, not a failure."""
    from foreshock.app.evaluate_fair_value import evaluate

    if path is None:
        raise CommandError(
            Exit.USAGE, "NO_PATH", "nothing to score", "give a folder with books/ and spot/"
        )
    found = evaluate(path)
    if output in {Format.JSON, Format.JSONL}:
        emit_one(found, [], output)
        return
    columns: Columns[TimeLeft] = {
        "seconds left": lambda group: f"<= {group.left_s_max}",
        "rows": lambda group: str(group.rows_count),
        "model": lambda group: f"{group.model_brier:.4f}",
        "market": lambda group: f"{group.market_brier:.4f}",
    }
    emit(found.groups, columns, output)
    if output is Format.TABLE:
        write("\n" + "\n".join(_lines(found)) + "\n")


def _lines(found: "FairValueEvaluation") -> list[str]:
    lines = [
        f"Brier score over {found.rows_count} rows of {found.markets_count} markets: "
        f"model {found.model_brier:.4f} (normal shape {found.normal_brier:.4f}), "
        f"market {found.market_brier:.4f} (lower is better)",
        f"model minus market {found.difference:+.4f}, 95 % of resampled markets within "
        f"{found.difference_low:+.4f} to {found.difference_high:+.4f}",
        f"{found.skipped_count} rows lack a quote, a spot price or an outcome and count for "
        f"neither; {found.undecided_count} markets ended undecided",
    ]
    lines += [
        f"spot alone, {each.name}: {each.windows_count} quarters of an hour, 5 minutes before the "
        f"end: Brier {each.brier:.4f} (normal shape {each.normal_brier:.4f}, always a half "
        f"0.2500), log loss {each.log_loss:.4f} ({each.normal_log_loss:.4f}, 0.6931)"
        for each in found.spot
    ]
    return [*lines, found.words]
