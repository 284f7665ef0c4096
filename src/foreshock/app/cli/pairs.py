"""Which markets are the same bet, and what has a person to say about it?"""

from collections.abc import Callable
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated
from urllib.parse import quote

import typer

from foreshock.app.cli.output import Format, emit, emit_one, say
from foreshock.app.cli.query import OutputOption, cents

if TYPE_CHECKING:
    from foreshock.app.pair_client import Wish
    from foreshock.dashboard.pair_views import BoundView, MatchingView, RelationView
    from foreshock.dashboard.views import PairView


class RelationChoice(StrEnum):
    """What `--relation` accepts."""

    IDENTITY = "identity"
    COMPLEMENT = "complement"


PairArgument = Annotated[str, typer.Argument(help="Id of a pair.")]
NoteOption = Annotated[str, typer.Option(help="Why; kept with the verdict.")]
ByOption = Annotated[str, typer.Option(help="Your name; kept with the verdict.")]
SeenOption = Annotated[
    str | None,
    typer.Option(
        help="The mark that `pairs show` printed: refused when a text changed since.",
        show_default=False,
    ),
]


def add_to(app: typer.Typer) -> None:
    """Register the commands of this module under `pairs`."""
    group = typer.Typer(invoke_without_command=True, no_args_is_help=False)
    group.callback()(pairs)
    for command in (review, relations, bounds, show, accept, reject, block):
        group.command()(command)
    group.command(name="allow-source")(allow_source)
    group.command()(matching)
    app.add_typer(group, name="pairs")


def pairs(context: typer.Context, output: OutputOption = Format.TABLE) -> None:
    """Pairs that take part or were confirmed, and the state of both books."""
    from foreshock.app.client import ask, require_running
    from foreshock.app.config import home_folder
    from foreshock.dashboard.views import PairView

    if context.invoked_subcommand is None:
        rows = ask(require_running(home_folder()), "/api/pairs", list[PairView])
        emit(rows, _pair_columns(), output)


def review(output: OutputOption = Format.TABLE) -> None:
    """Pairs that wait for a person: reopened ones first, then the most confident."""
    _emit_relations("/api/pairs/review", output)


def relations(
    relation: Annotated[str, typer.Option(help="identity, complement, subset ...")] = "",
    decision: Annotated[str, typer.Option(help="accept, review or reject.")] = "",
    query: Annotated[str, typer.Option(help="Words of the label or an id.")] = "",
    output: OutputOption = Format.TABLE,
) -> None:
    """Everything that was found to relate, look-alikes with the clause that differs."""
    asked = {"relation": relation, "decision": decision, "q": query}
    given = "&".join(f"{key}={quote(value)}" for key, value in asked.items() if value)
    _emit_relations(f"/api/pairs/relations?{given}", output)


def bounds(output: OutputOption = Format.TABLE) -> None:
    """Where prices contradict a relation, before any fee; largest excess first."""
    from foreshock.app.client import ask, require_running
    from foreshock.app.config import home_folder
    from foreshock.dashboard.pair_views import BoundView

    rows = ask(require_running(home_folder()), "/api/pairs/bounds", list[BoundView])
    emit(rows, _bound_columns(), output)


def show(pair: PairArgument, output: OutputOption = Format.TABLE) -> None:
    """One pair: both texts, clause by clause, payoffs, why, and every verdict."""
    from foreshock.app.cli.pair_lines import pair_lines
    from foreshock.app.client import require_running
    from foreshock.app.config import home_folder
    from foreshock.app.pair_client import pair_detail

    detail = pair_detail(require_running(home_folder()), pair)
    emit_one(detail, pair_lines(detail), output)


def accept(
    pair: PairArgument,
    note: NoteOption = "",
    by: ByOption = "",
    relation: Annotated[
        RelationChoice | None,
        typer.Option(help="Needed when the rules found neither.", show_default=False),
    ] = None,
    seen: SeenOption = None,
) -> None:
    """Say that it is the same bet as both texts stand: it may trade."""
    _decide(pair, _wish("accept", note, by, seen, relation))


def reject(
    pair: PairArgument, note: NoteOption = "", by: ByOption = "", seen: SeenOption = None
) -> None:
    """Say that it is not the same bet as both texts stand."""
    _decide(pair, _wish("reject", note, by, seen))


def block(
    pair: PairArgument,
    note: Annotated[str, typer.Option(help="Why; needed.")],
    by: ByOption = "",
    seen: SeenOption = None,
) -> None:
    """Keep the pair out for good, whatever the venues write."""
    _decide(pair, _wish("block", note, by, seen))


def allow_source(
    first: Annotated[str, typer.Argument(help="A resolution source as a venue states it.")],
    second: Annotated[str, typer.Argument(help="The other venue's.")],
    note: NoteOption = "",
    by: ByOption = "",
    *,
    undo: Annotated[bool, typer.Option("--undo", help="They no longer count as one.")] = False,
) -> None:
    """Let two resolution sources count as one; pairs that name them are compared again."""
    from foreshock.app.client import require_running
    from foreshock.app.config import home_folder
    from foreshock.app.pair_client import rule_sources

    instance = require_running(home_folder())
    rule_sources(instance, (first, second), are_same=not undo, by=by, note=note)
    say(f"{first} and {second} {'count as two again' if undo else 'count as one source'}")


def matching(output: OutputOption = Format.TABLE) -> None:
    """How far matching is, allowed sources and blocked pairs."""
    from foreshock.app.client import ask, require_running
    from foreshock.app.config import home_folder
    from foreshock.dashboard.pair_views import MatchingView

    view = ask(require_running(home_folder()), "/api/matching", MatchingView)
    emit_one(view, _matching_lines(view), output)


def _decide(pair: str, wish: "Wish") -> None:
    from foreshock.app.client import require_running
    from foreshock.app.config import home_folder
    from foreshock.app.pair_client import decide

    event = decide(require_running(home_folder()), pair, wish)
    say(f"{pair}: {event.kind} by {event.by}, version {event.version}")


def _wish(
    verdict: str, note: str, by: str, seen: str | None, relation: RelationChoice | None = None
) -> "Wish":
    from foreshock.app.pair_client import Wish

    named = None if relation is None else relation.value
    return Wish(verdict=verdict, relation=named, by=by, note=note, seen=seen)


def _emit_relations(path: str, output: Format) -> None:
    from foreshock.app.client import ask, require_running
    from foreshock.app.config import home_folder
    from foreshock.dashboard.pair_views import RelationView

    rows = ask(require_running(home_folder()), path, list[RelationView])
    emit(rows, _relation_columns(), output)


def _pair_columns() -> "dict[str, Callable[[PairView], str]]":
    return {
        "pair": lambda p: p.label,
        "relation": lambda p: p.relation,
        "standing": lambda p: p.standing,
        "a book": lambda p: "unknown" if p.a is None else p.a.badge.words,
        "b book": lambda p: "unknown" if p.b is None else p.b.badge.words,
        "best net c/ct": lambda p: (
            "unknown"
            if p.best_net_per_contract_micros is None
            else cents(p.best_net_per_contract_micros)
        ),
        "id": lambda p: p.id,
        "a": lambda p: p.a_id,
        "b": lambda p: p.b_id,
    }


def _relation_columns() -> "dict[str, Callable[[RelationView], str]]":
    from foreshock.app.cli.pair_lines import percent

    return {
        "pair": lambda r: r.label,
        "standing": lambda r: r.standing,
        "relation": lambda r: r.relation,
        "sure": lambda r: percent(r.confidence_ppm),
        "why": lambda r: r.standing_words or r.reason,
        "id": lambda r: r.id,
        "a": lambda r: r.a.market,
        "b": lambda r: r.b.market,
    }


def _bound_columns() -> "dict[str, Callable[[BoundView], str]]":
    from foreshock.app.cli.pair_lines import percent

    return {
        "hold": lambda b: " + ".join(
            f"{leg.outcome.upper()} {leg.market} at {cents(leg.ask_micros)}" for leg in b.legs
        ),
        "excess c/ct": lambda b: cents(b.excess_micros),
        "sure": lambda b: percent(b.confidence_ppm),
        "proven": lambda b: "yes" if b.is_tradable else "no",
        "because": lambda b: "; ".join(b.path),
    }


def _matching_lines(view: "MatchingView") -> list[str]:
    found = ", ".join(f"{count} {name}" for name, count in view.relations.items())
    lines = [
        f"{view.contracts_count} contracts, {view.compared_count} comparisons: {found or 'none'}",
        f"{view.waiting_count} markets wait, {view.review_count} pairs wait for a person, "
        f"{view.untold_count} relations beyond what is kept",
    ]
    lines += [f"one source: {s.a} = {s.b} ({s.by}) {s.note}".rstrip() for s in view.sources]
    lines += [f"blocked: {r.id} {r.label} ({r.standing_words})" for r in view.blocked]
    return lines
