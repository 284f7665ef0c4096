"""Which relations, exclusive groups and last prices does a stored run hold?

Rebuilds the relation graph from the tables, with the precedence of the running desk.
"""

from collections.abc import Callable, Iterator
from functools import partial
from typing import TypeAlias

from sqlalchemy import Table, func, select

from foreshock.adapters.storage import schema
from foreshock.adapters.storage.stored_run import StoredRun
from foreshock.core.domain.markets import MarketId
from foreshock.core.domain.terms import Terms
from foreshock.core.matching.graph import RelationGraph
from foreshock.core.matching.graph_facts import Membership, RelationEdge, Touch
from foreshock.core.matching.graph_feed import GraphFeed, Ruling

_FELL, _RULED, _FOUND = range(3)
"""Order of what stands at one instant: what fell, what people said, what was found."""
Fact: TypeAlias = tuple[tuple[int, int, str], Callable[[], None]]


def load_graph(stored: StoredRun) -> RelationGraph:
    """The graph of a run as its tables stand; settled markets are not in it."""
    feed = GraphFeed(RelationGraph())
    facts = [*_found(feed, stored), *_said(feed, stored)]
    for _, tell in sorted(facts, key=lambda fact: fact[0]):
        tell()
    _list(feed.graph, stored)
    return feed.graph


def last_touches(stored: StoredRun) -> dict[MarketId, Touch]:
    """The best prices of each market as stored last, of a running desk some seconds old."""
    t = schema.ORDERBOOKS.c
    newest = (
        select(t.market, func.max(t.at_us).label("at_us"))
        .where(t.run == stored.run)
        .group_by(t.market)
        .subquery()
    )
    columns = (
        select(t.market, t.bid, t.ask)
        .join(newest, (t.market == newest.c.market) & (t.at_us == newest.c.at_us))
        .where(t.run == stored.run)
    )
    return {MarketId(market): Touch(bid, ask) for market, bid, ask in stored.select(columns)}


def titles(stored: StoredRun) -> dict[MarketId, str]:
    """What each listed market is called."""
    t = schema.MARKETS.c
    columns = select(t.market, t.title).where(t.run == stored.run)
    return {MarketId(market): title for market, title in stored.select(columns)}


def _list(graph: RelationGraph, stored: StoredRun) -> None:
    """Groups of open markets; what settled leaves the graph."""
    t = schema.MARKETS.c
    columns = select(t.market, t.exclusive_group, t.is_augmented, t.exclusive_count, t.payout_yes)
    for market, group, is_augmented, count, payout in stored.select(
        columns.where(t.run == stored.run)
    ):
        if payout is not None:
            graph.forget(MarketId(market))
        elif group:
            graph.join(
                Membership(
                    market=MarketId(market),
                    group=group,
                    is_augmented=bool(is_augmented),
                    exclusive_count=count,
                )
            )


def _found(feed: GraphFeed, stored: StoredRun) -> Iterator[Fact]:
    t = schema.PAIR_RELATIONS.c
    columns = select(
        t.at_us, t.pair, t.a, t.b, t.relation, t.confidence_ppm, t.is_tradable, t.terms_a, t.terms_b
    )
    for at_us, pair, a, b, relation, sure, tradable, *terms in stored.select(
        columns.where(t.run == stored.run)
    ):
        edge = RelationEdge(
            a=MarketId(a),
            b=MarketId(b),
            relation=relation,
            confidence_ppm=sure,
            is_tradable=bool(tradable),
        )
        yield (at_us, _FOUND, pair), partial(feed.relate, edge, Terms(*terms))


def _said(feed: GraphFeed, stored: StoredRun) -> Iterator[Fact]:
    """Verdicts and their ends; the table names the pair, two others know its markets."""
    ends = _ends(stored, schema.PAIR_RELATIONS) | _ends(stored, schema.PAIRS)
    t = schema.PAIR_VERDICTS.c
    columns = select(t.at_us, t.pair, t.verdict, t.relation, t.terms_a, t.terms_b)
    for at_us, pair, verdict, relation, *terms in stored.select(columns.where(t.run == stored.run)):
        if pair not in ends:
            continue
        a, b = ends[pair]
        if verdict == "reopened":
            yield (at_us, _FELL, pair), partial(feed.reopen, a, b)
        else:
            ruling = Ruling(a, b, verdict, relation, Terms(*terms))
            yield (at_us, _RULED, pair), partial(feed.rule, ruling)


def _ends(stored: StoredRun, table: Table) -> dict[str, tuple[MarketId, MarketId]]:
    columns = select(table.c.pair, table.c.a, table.c.b).where(table.c.run == stored.run)
    return {pair: (MarketId(a), MarketId(b)) for pair, a, b in stored.select(columns)}
