"""How risky is what the desk holds, and why? Through the running desk."""

from typing import TYPE_CHECKING, Annotated

import typer

from foreshock.app.cli.output import Format, emit, emit_one, say
from foreshock.app.cli.query import OutputOption
from foreshock.app.exits import CommandError, Exit

if TYPE_CHECKING:
    from foreshock.app.cli.output import Columns
    from foreshock.dashboard.position_views import PositionRiskView, PositionsRiskView

MICROS_A_CENT = 10_000
HOUR_US = 3_600_000_000
UNKNOWN = "unknown"
AboutArgument = Annotated[
    str, typer.Argument(help="Part of a market's id or title: every part of its score in words.")
]


def risk(about: AboutArgument = "", output: OutputOption = Format.TABLE) -> None:
    """Score, volatility and value at risk of every position and hedged package."""
    from foreshock.app.client import ask, require_running
    from foreshock.app.config import home_folder
    from foreshock.dashboard.views import RiskView

    measured = ask(require_running(home_folder()), "/api/risk", RiskView).measured
    if measured is None:
        raise CommandError(
            Exit.FAILED, "NOT_MEASURED", "nothing held was judged yet", "foreshock positions"
        )
    if not about:
        emit(measured.positions, _columns(), output)
        say(total_words(measured))
        return
    found = [view for view in measured.positions if _is_meant(view, about)]
    if not found:
        raise CommandError(
            Exit.FAILED, "NOT_FOUND", f"nothing held is called {about}", "foreshock positions risk"
        )
    for view in found:
        emit_one(view, _lines(view), output)


def total_words(measured: "PositionsRiskView") -> str:
    """What is at risk in all."""
    hours, percent = measured.horizon_us // HOUR_US, f"{measured.confidence_percent:g}"
    at_risk, worst = _dollars(measured.value_at_risk_micros), _dollars(measured.worst_loss_micros)
    words = f"value at risk ${at_risk} within {hours} h at {percent} %, at worst ${worst}"
    if measured.unknown_count:
        words += f"; {measured.unknown_count} of unknown volatility count in full"
    return words


def _is_meant(view: "PositionRiskView", about: str) -> bool:
    wanted = about.casefold()
    return any(wanted in f"{leg.market} {leg.title}".casefold() for leg in view.legs)


def _lines(view: "PositionRiskView") -> list[str]:
    score = UNKNOWN if view.score is None else f"{view.score} of 100"
    lines = [
        f"{_what(view)}: score {score} ({view.known_percent} % of it known)",
        f"  value at risk {_at_risk(view)}: {view.basis_words}",
    ]
    for part in view.parts:
        points = UNKNOWN if part.points is None else f"{part.points}"
        lines.append(f"  {part.title}: {points} (weight {part.weight}): {part.words}")
    return lines


def _columns() -> "Columns[PositionRiskView]":
    return {
        "held": _what,
        "contracts": lambda v: f"{v.quantity_micros / 1_000_000:,.2f}",
        "score": lambda v: UNKNOWN if v.score is None else f"{v.score}",
        "known %": lambda v: f"{v.known_percent}",
        "volatility c/h": _volatility,
        "VaR $": _at_risk,
        "at worst $": lambda v: _dollars(v.worst_loss_micros),
        "way out $": lambda v: (
            UNKNOWN if v.exit_cost_micros is None else _dollars(v.exit_cost_micros)
        ),
        "why": lambda v: v.basis_words,
    }


def _what(view: "PositionRiskView") -> str:
    legs = " + ".join(f"{leg.outcome.upper()} {leg.market}" for leg in view.legs)
    return f"package: {legs}" if view.is_package else legs


def _volatility(view: "PositionRiskView") -> str:
    if view.is_package:
        return "none"
    if view.volatility_micros is None:
        return UNKNOWN
    return f"{view.volatility_micros / MICROS_A_CENT:.2f}"


def _at_risk(view: "PositionRiskView") -> str:
    if view.value_at_risk_micros is None:
        return UNKNOWN
    return _dollars(view.value_at_risk_micros)


def _dollars(micros: int) -> str:
    """Rounded up: it is a loss."""
    return f"{-(-micros // MICROS_A_CENT) / 100:,.2f}"
