"""What do the sources outside the venues say to the running desk, and what would bets be worth?"""

from typing import TYPE_CHECKING, Annotated

import typer

from foreshock.app.cli.output import Columns, Format, emit, emit_one, write
from foreshock.core.domain.units import MICRO, format_micros

if TYPE_CHECKING:
    from foreshock.dashboard.oracles import OracleGapView, OraclesView, OracleView

OutputOption = Annotated[Format, typer.Option("-o", "--output", help="Shape of stdout.")]
CENTS_A_DOLLAR = 100
TITLE_CHARS_MAX = 60


def add_to(app: typer.Typer) -> None:
    """Register the commands of this module."""
    app.command()(oracles)


def oracles(output: OutputOption = Format.TABLE) -> None:
    """Coin prices and weather with their freshness, the model's gaps, and how good the model is."""
    from foreshock.app.client import ask, require_running
    from foreshock.app.config import home_folder
    from foreshock.dashboard.oracles import OraclesView

    view = ask(require_running(home_folder()), "/api/oracles", OraclesView)
    if output in {Format.JSON, Format.JSONL}:
        emit_one(view, [], output)
        return
    values: Columns[OracleView] = {
        "source": lambda v: v.source,
        "symbol": lambda v: v.symbol,
        "value": lambda v: format_micros(v.value_micros),
        "age s": lambda v: f"{v.age_us / MICRO:.1f}",
        "state": lambda v: f"{v.state} {v.words}".strip(),
    }
    emit(view.values, values, output)
    if output is Format.CSV:
        return
    write("\n")
    gaps: Columns[OracleGapView] = {
        "market": lambda g: f"{g.venue}: {g.title[:TITLE_CHARS_MAX]}",
        "buy": lambda g: g.outcome.upper(),
        "fair c": lambda g: _cents(g.fair_micros),
        "ask c": lambda g: _cents(g.ask_micros),
        "fee c": lambda g: _cents(g.fee_micros),
        "gap c": lambda g: _cents(g.gap_micros),
        "strike": lambda g: format_micros(g.strike_micros),
        "by": lambda g: g.oracle,
        "current": lambda g: "yes" if g.is_current else "no",
    }
    emit(view.gaps, gaps, output)
    write("\n" + "\n".join(_lines(view)) + "\n")


def _lines(view: "OraclesView") -> list[str]:
    lines = [
        f"{source.source}: {source.connections_open_count} connections, {source.gaps_count} gaps"
        + (f"; {source.words}" if source.words else "")
        for source in view.sources
    ]
    if view.model is None:
        return [*lines, "the model was never evaluated: its gaps are not to be trusted"]
    return [*lines, f"the model: {view.model.words}"]


def _cents(micros: int) -> str:
    return f"{micros * CENTS_A_DOLLAR / MICRO:.1f}"
