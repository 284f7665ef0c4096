"""What hangs together with a market of a run, as a person or a program reads it?"""

from collections.abc import Iterable, Mapping
from pathlib import Path

import msgspec

from foreshock.adapters.storage.relations import last_touches, load_graph, titles
from foreshock.adapters.storage.stored_run import StoredRun
from foreshock.core.domain.markets import MarketId
from foreshock.core.domain.relations import RelationKind
from foreshock.core.domain.units import format_micros
from foreshock.core.matching.graph import RelationGraph
from foreshock.core.matching.graph_facts import BoundBroken, Step

PPM_PER_PERCENT = 10_000


class RelatedLine(msgspec.Struct, frozen=True):
    """A market within reach. path: each link in words."""

    market: str
    title: str
    relation: RelationKind
    confidence_ppm: int
    is_tradable: bool
    path: tuple[str, ...]


class BoundLine(msgspec.Struct, frozen=True):
    """Two purchases of which one always pays, for less than a dollar by the stored books."""

    legs: tuple[str, str]
    excess_micros: int
    confidence_ppm: int
    is_tradable: bool
    path: tuple[str, ...]


class RelatedView(msgspec.Struct, frozen=True, kw_only=True):
    """Of one market, or of a whole run when `market` is empty: then only what is wrong."""

    run: str
    market: str
    title: str
    event_members: tuple[str, ...]
    is_exhaustive: bool
    related: tuple[RelatedLine, ...]
    conflicts: tuple[str, ...]
    bounds_broken: tuple[BoundLine, ...]


def related_view(
    database: Path, run: str, market: str, hops_max: int, limit_max: int
) -> RelatedView | None:
    """The view from the tables of a run; None when it does not know the market.

    Raises StorageError when the tables cannot be read.
    """
    stored = StoredRun(database, run)
    try:
        graph, names, prices = load_graph(stored), titles(stored), last_touches(stored)
    finally:
        stored.close()
    about = MarketId(market)
    if market and about not in names:
        return None
    event = graph.event_set(about)
    broken = graph.bounds_broken(prices, [about] if market else None)
    found = graph.conflicts_of(about) if market else graph.conflicts()
    return RelatedView(
        run=run,
        market=market,
        title=names.get(about, ""),
        event_members=() if event is None else event.members,
        is_exhaustive=event is not None and event.is_exhaustive,
        related=_related(graph, about, names, (hops_max, limit_max)) if market else (),
        conflicts=tuple(conflict.words for conflict in found),
        bounds_broken=tuple(_bound(each) for each in broken[:limit_max]),
    )


def lines(view: RelatedView) -> list[str]:
    """The view for a person."""
    told = [f"{view.market}: {view.title}"] if view.market else [f"run {view.run}"]
    if view.event_members:
        pays = "one of which must pay" if view.is_exhaustive else "at most one of which pays"
        told.append(f"event of {len(view.event_members)} markets, {pays}")
    for line in view.related:
        told += [f"{line.relation} {_percent(line.confidence_ppm)} {line.market}: {line.title}"]
        told += [f"    {link}" for link in line.path]
    told += [f"CONTRADICTION, none of it is used: {words}" for words in view.conflicts]
    for bound in view.bounds_broken:
        excess = format_micros(bound.excess_micros, 2)
        proof = "proven or confirmed" if bound.is_tradable else "not proven"
        told += [
            f"bound broken by ${excess} before any cost, {proof}, "
            f"{_percent(bound.confidence_ppm)}: {' and '.join(bound.legs)}",
            *(f"    {link}" for link in bound.path),
        ]
    return told if len(told) > 1 else [*told, "nothing is known to relate"]


def _related(
    graph: RelationGraph,
    market: MarketId,
    names: Mapping[MarketId, str],
    ceilings: tuple[int, int],
) -> tuple[RelatedLine, ...]:
    return tuple(
        RelatedLine(
            near.market,
            names.get(near.market, ""),
            near.relation,
            near.confidence_ppm,
            near.is_tradable,
            _words(near.path),
        )
        for near in graph.related(market, *ceilings)
    )


def _bound(broken: BoundBroken) -> BoundLine:
    one, two = (
        f"buy {leg.outcome.upper()} of {leg.market} at ${format_micros(leg.ask, 2)}"
        for leg in broken.legs
    )
    return BoundLine(
        (one, two),
        broken.excess,
        broken.confidence_ppm,
        broken.is_tradable,
        _words(broken.path),
    )


def _words(path: Iterable[Step]) -> tuple[str, ...]:
    return tuple(step.words for step in path)


def _percent(ppm: int) -> str:
    return f"{ppm // PPM_PER_PERCENT} %"
