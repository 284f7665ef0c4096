"""What do we hold, and how do dollars become it, or it dollars? Through the running desk."""

import sys
import time
from typing import TYPE_CHECKING, Annotated
from urllib.parse import quote

import typer

from foreshock.app.cli.output import Format, emit, emit_one, say
from foreshock.app.cli.position_risk import risk
from foreshock.app.cli.query import OutputOption, whole_cents
from foreshock.app.exits import CommandError, Exit

if TYPE_CHECKING:
    from foreshock.app.cli.output import Columns
    from foreshock.app.instance import Instance
    from foreshock.core.domain.messages.conversions import ConversionKind
    from foreshock.dashboard.conversions import ConversionView
    from foreshock.dashboard.views import PositionView

POLLS_A_SECOND = 2
WAIT_S_MAX = 600
HALTING = frozenset({"HALTED", "STOPPING"})
MarketArgument = Annotated[str, typer.Argument(help="polymarket:0x... , as the desk lists it.")]
CountOption = Annotated[
    str, typer.Option(help="Contracts of each outcome; each pair is worth one dollar.")
]
WaitOption = Annotated[
    int, typer.Option(min=0, max=WAIT_S_MAX, help="Seconds to wait for the end of it.")
]
YesOption = Annotated[bool, typer.Option("--yes", help="Do not ask.")]


def add_to(app: typer.Typer) -> None:
    """Register the commands of this module under `positions`."""
    group = typer.Typer(invoke_without_command=True, no_args_is_help=False)
    group.callback()(positions)
    for command in (risk, split, merge, redeem, conversions):
        group.command()(command)
    app.add_typer(group, name="positions")


def positions(context: typer.Context, output: OutputOption = Format.TABLE) -> None:
    """What the desk holds by its own books, market by market."""
    from foreshock.app.client import ask, require_running
    from foreshock.app.config import home_folder
    from foreshock.dashboard.views import RiskView

    if context.invoked_subcommand is None:
        risk = ask(require_running(home_folder()), "/api/risk", RiskView)
        emit(risk.positions, _position_columns(), output)


def conversions(output: OutputOption = Format.TABLE) -> None:
    """Splits, merges and redemptions of this run, newest first."""
    from foreshock.app.client import ask, require_running
    from foreshock.app.config import home_folder
    from foreshock.dashboard.conversions import ConversionView

    rows = ask(require_running(home_folder()), "/api/conversions", list[ConversionView])
    emit(rows, _conversion_columns(), output)


def split(
    market: MarketArgument,
    count: CountOption,
    *,
    wait: WaitOption = 60,
    yes: YesOption = False,
    output: OutputOption = Format.TABLE,
) -> None:
    """Turn dollars into as many YES and NO of a market. Real money: the venue must be armed."""
    _convert("split", market, count, yes=yes, wait=wait, output=output)


def merge(
    market: MarketArgument,
    count: CountOption,
    *,
    wait: WaitOption = 60,
    yes: YesOption = False,
    output: OutputOption = Format.TABLE,
) -> None:
    """Turn as many YES and NO of a market into dollars again."""
    _convert("merge", market, count, yes=yes, wait=wait, output=output)


def redeem(
    market: MarketArgument,
    *,
    wait: WaitOption = 60,
    yes: YesOption = False,
    output: OutputOption = Format.TABLE,
) -> None:
    """Hand in everything held of a resolved market for what it pays."""
    _convert("redeem", market, "0", yes=yes, wait=wait, output=output)


def _convert(
    kind: "ConversionKind", market: str, count: str, *, yes: bool, wait: int, output: Format
) -> None:
    from foreshock.app.client import require_running, send
    from foreshock.app.config import home_folder
    from foreshock.dashboard.conversion_routes import Asked

    quantity = _quantity(count)
    instance = require_running(home_folder())
    if not yes and _typed(f"Real money. Type {kind} to {kind} {market}") != kind:
        raise CommandError(
            Exit.USAGE,
            "NOT_CONFIRMED",
            "not confirmed: nothing was done",
            f"type {kind}, or give --yes",
        )
    body = {"kind": kind, "market": market, "quantity_micros": quantity, "confirm": kind}
    asked = send(instance, "/api/conversions", body, Asked)
    view = _followed(instance, asked.id, wait)
    _judge(view)
    emit_one(view, [_line(view)], output)


def _followed(instance: "Instance", name: str, wait: int) -> "ConversionView":
    """How it stands at its end, or when the patience is over."""
    from foreshock.app.client import ask
    from foreshock.dashboard.conversions import OVER, ConversionView

    path, told = f"/api/conversions/{quote(name, safe='')}", ""
    view = ask(instance, path, ConversionView)
    for _ in range(wait * POLLS_A_SECOND):
        if view.state != told:
            told = view.state
            say(f"{view.kind}: {told}")
        if told in OVER:
            break
        time.sleep(1 / POLLS_A_SECOND)
        view = ask(instance, path, ConversionView)
    return view


def _judge(view: "ConversionView") -> None:
    """Raises CommandError for one that was refused or changed nothing."""
    if view.state == "refused":
        code = view.code or "REFUSED"
        exit_code = Exit.HALTED if code in HALTING else Exit.RISK
        raise CommandError(exit_code, code, f"refused: {view.words}", "nothing was sent")
    if view.state == "failed":
        hint = "foreshock why " + view.id
        raise CommandError(Exit.FAILED, "FAILED", f"it changed nothing: {view.words}", hint)


def _line(view: "ConversionView") -> str:
    size = "" if view.kind == "redeem" else f" {_micros(view.quantity_micros)}"
    known_as = view.tx_hash or view.transaction_id or "no transaction yet"
    return f"{view.kind}{size} of {view.market}: {view.state} ({known_as})"


def _quantity(text: str) -> int:
    from foreshock.core.domain.units import parse_quantity

    try:
        return parse_quantity(text)
    except ValueError as error:
        raise CommandError(
            Exit.USAGE, "BAD_COUNT", f"{text!r} is no count of contracts", "such as 10 or 2.5"
        ) from error


def _typed(question: str) -> str:
    """What the person typed, asked on stderr."""
    sys.stderr.write(f"{question}: ")
    sys.stderr.flush()
    return sys.stdin.readline().strip()


def _micros(amount: int) -> str:
    from foreshock.core.domain.units import format_micros

    return format_micros(amount)


def _position_columns() -> "Columns[PositionView]":
    return {
        "title": lambda p: p.title,
        "outcome": lambda p: p.outcome.upper(),
        "contracts": lambda p: _micros(p.quantity_micros),
        "provisional": lambda p: _micros(p.provisional_micros),
        "cost $": lambda p: whole_cents(p.cost_micros),
        "market": lambda p: p.market,
    }


def _conversion_columns() -> "Columns[ConversionView]":
    return {
        "kind": lambda v: v.kind,
        "count": lambda v: _micros(v.quantity_micros),
        "market": lambda v: v.market,
        "state": lambda v: v.state,
        "words": lambda v: v.words,
        "transaction": lambda v: v.tx_hash or v.transaction_id or "",
    }
