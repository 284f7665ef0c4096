"""What does the running desk see and do? Commands that only read."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Annotated
from urllib.parse import quote

import typer

from foreshock.app.cli.output import Format, emit, emit_one

if TYPE_CHECKING:
    from foreshock.dashboard.views import AuditEntryView, EdgeView, StateView, VenueView

OutputOption = Annotated[Format, typer.Option("-o", "--output", help="Shape of stdout.")]
MICRO_PER_CENT = 10_000
CENT_STEP_MICROS = 100
"""Prices a contract are shown to the hundredth of a cent."""
MICRO = 1_000_000
SHORTENED = "..."
"""How the id of a package begins where a notice says only its end."""
PACKAGES_MAX = 1_000


def add_to(app: typer.Typer) -> None:
    """Register the commands of this module."""
    app.command()(edges)
    app.command()(status)
    app.command()(why)


def edges(
    output: OutputOption = Format.TABLE,
    status_filter: Annotated[
        str, typer.Option("--status", help="open, refused, withdrawn or all.")
    ] = "all",
) -> None:
    """Packages with their whole sum, best net first; refused ones with the reason."""
    from foreshock.app.client import ask, require_running
    from foreshock.app.config import home_folder
    from foreshock.dashboard.views import EdgeView

    query = "" if status_filter == "all" else f"?status={quote(status_filter)}"
    rows = ask(require_running(home_folder()), f"/api/edges{query}", list[EdgeView])
    emit(rows, _edge_columns(), output)


def status(output: OutputOption = Format.TABLE) -> None:
    """Mode, halts, money, packages and how fresh each venue is."""
    from foreshock.app.client import ask, require_running
    from foreshock.app.config import home_folder
    from foreshock.dashboard.views import StateView

    state = ask(require_running(home_folder()), "/api/state", StateView)
    emit_one(state, _status_lines(state), output)


def why(
    about: Annotated[
        str,
        typer.Argument(
            help="Id of an edge, request, order, package or entry; of a package also its end, as "
            "notices write it: ...712519."
        ),
    ],
    output: OutputOption = Format.TABLE,
) -> None:
    """The chain of causes behind a decision, in plain words."""
    from foreshock.app.client import ask, require_running
    from foreshock.app.config import home_folder
    from foreshock.app.exits import CommandError, Exit
    from foreshock.dashboard.views import PackageView, WhyView

    instance = require_running(home_folder())
    if about.startswith(SHORTENED) and about != SHORTENED:
        packages = ask(instance, f"/api/packages?limit={PACKAGES_MAX}", list[PackageView])
        tail = about.removeprefix(SHORTENED)
        about = next((package.id for package in packages if package.id.endswith(tail)), about)
    view = ask(instance, f"/api/why/{quote(about, safe='')}", WhyView)
    if not view.found:
        raise CommandError(
            Exit.FAILED, "NOT_FOUND", f"nothing is known about {about}", "foreshock edges"
        )
    emit(view.chain, _entry_columns(), output)


def _edge_columns() -> "dict[str, Callable[[EdgeView], str]]":
    return {
        "package": lambda e: f"{e.label}: {e.package}",
        "status": lambda e: e.status,
        "size": lambda e: f"{e.quantity_micros / MICRO:,.2f}",
        "gross $": lambda e: _dollars(e.payout_micros - e.cost_micros),
        "fees $": lambda e: _dollars(-e.fees_micros),
        "other $": lambda e: _dollars(-e.frictions_micros - e.lockup_micros - e.hedge_risk_micros),
        "net $": lambda e: _dollars(e.net_micros),
        "net c/ct": lambda e: cents(e.net_per_contract_micros),
        "why not": lambda e: "; ".join(r.words for r in e.refusals),
        "id": lambda e: e.id,
    }


def _entry_columns() -> "dict[str, Callable[[AuditEntryView], str]]":
    return {
        "entry": lambda e: e.id,
        "by": lambda e: e.sender,
        "what": lambda e: e.kind,
        "in words": lambda e: e.words,
    }


def _status_lines(state: "StateView") -> list[str]:
    value = "unknown" if state.value_micros is None else f"${whole_cents(state.value_micros)}"
    if state.value_micros is None and state.value_history:
        at_us, last = state.value_history[-1]
        value += f" (${whole_cents(last)} {(state.now_us - at_us) // MICRO} s ago)"
    lines = [
        f"{state.band}",
        f"value {value}   locked in {_with_sign(state.realised_micros)}   "
        f"fees {_with_sign(-state.fees_paid_micros)}",
        f"packages: {state.packages_open_count} open, {state.packages_hedged_count} hedged, "
        f"{state.packages_missed_count} missed, {state.packages_unwound_count} unwound, "
        f"{state.packages_residual_count} with a residual",
        f"edges: {state.edges_open_count} open, {state.edges_refused_count} refused   "
        f"unknown orders: {state.orders_unknown_count}   incidents: {state.incidents_open_count}",
    ]
    lines += [f"HALTED {h.scope} by {h.by}: {h.reason}" for h in state.halts]
    for venue in state.venues:
        lines += _venue_lines(venue)
    return lines


def _venue_lines(view: "VenueView") -> list[str]:
    """A venue's feed, and what keeps the desk from trading there."""
    lines = [
        f"{view.venue}: {view.badge.words}, {view.books_valid_count} of "
        f"{view.markets_watched_count} books, {view.gaps_count} gaps"
    ]
    standing, clock = view.standing, view.clock
    if standing is not None:
        lines.append(f"  desk: {standing.state} ({standing.reason})")
        if standing.condition != "open":
            words = standing.condition.replace("_", " ")
            lines.append(f"  venue: {words} ({standing.condition_words})")
    if clock is not None and clock.state != "good":
        lines.append(f"  clock: {clock.state} ({clock.words})")
    return lines


def whole_cents(micros: int) -> str:
    """An amount in whole cents, rounded down."""
    return f"{micros // MICRO_PER_CENT / 100:,.2f}"


def _dollars(micros: int) -> str:
    """A signed amount in whole cents, rounded against us as everywhere."""
    return f"{micros // MICRO_PER_CENT / 100:+,.2f}"


def _with_sign(micros: int) -> str:
    """The same where no heading says that it is dollars."""
    text = _dollars(micros)
    return f"{text[0]}${text[1:]}"


def cents(micros: int) -> str:
    """Signed cents a contract, rounded against us."""
    return f"{micros // CENT_STEP_MICROS / 100:+.2f}"
