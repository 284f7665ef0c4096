"""P13, second part: what do contradictions, bounds and neighbours cost on a large graph?"""

import time
from collections.abc import Callable, Sequence
from random import Random

from benchmarks.rounds import percentile
from foreshock.core.domain.markets import MarketId
from foreshock.core.domain.relations import RelationKind
from foreshock.core.domain.units import PAYOUT, Price
from foreshock.core.matching.graph import RelationGraph
from foreshock.core.matching.graph_facts import PPM, Membership, RelationEdge, Touch

EVENT_MEMBERS, LADDER_STEPS = 4, 100
SHARE_OF_EVENTS = 0.5
"""Of the relations, identities between two venues' events; the others are ladders of subsets."""
SPREAD = 10_000
ASKED = 500


def report(relations_count: int, seed: int) -> None:
    """Print what one change and one question cost, and the first look for contradictions."""
    rng = Random(seed)
    memberships, edges = _facts(round(relations_count * SHARE_OF_EVENTS), relations_count)
    prices = _prices(edges)
    graph = RelationGraph()
    for member in memberships:
        graph.join(member)
    for edge in edges:
        graph.put(edge)
    began_s = time.process_time()
    conflicts = graph.conflicts()
    took_s = time.process_time() - began_s
    print(
        f"    {len(edges):,} relations, {len(prices):,} contracts: "
        f"{len(conflicts)} contradictions found in {took_s:.2f} CPU-s"
    )
    markets = rng.sample(sorted(prices), min(ASKED, len(prices)))
    changed = rng.sample(edges, min(ASKED, len(edges)))
    _print("bounds of one market whose book changed", [_ask(graph, m, prices) for m in markets])
    _print("one relation changed, its cluster settled", [_change(graph, e) for e in changed])
    _print("twenty related markets with paths", [_near(graph, m) for m in markets])


def _facts(in_events: int, count: int) -> tuple[list[Membership], list[RelationEdge]]:
    memberships: list[Membership] = []
    edges: list[RelationEdge] = []
    for number in range(in_events):
        event, place = divmod(number, EVENT_MEMBERS)
        ends = [MarketId(f"{venue}:{event}:{place}") for venue in ("polymarket", "kalshi")]
        edges.append(_edge(ends[0], "identity", ends[1]))
        for end in ends:
            group = f"{end.partition(':')[0]}:{event}"
            memberships.append(
                Membership(market=end, group=group, is_augmented=False, exclusive_count=None)
            )
    for number in range(count - in_events):
        ladder, step = divmod(number, LADDER_STEPS)
        ends = [MarketId(f"kalshi:l{ladder}:{s:03}") for s in (step + 1, step)]
        edges.append(_edge(ends[0], "subset", ends[1]))
    return memberships, edges


def _edge(a: MarketId, relation: RelationKind, b: MarketId) -> RelationEdge:
    return RelationEdge(a=a, b=b, relation=relation, confidence_ppm=PPM, is_tradable=True)


def _prices(edges: Sequence[RelationEdge]) -> dict[MarketId, Touch]:
    """In order: members of an event share a dollar, a step of a ladder is dearer than the next."""
    found: dict[MarketId, Touch] = {}
    for edge in edges:
        for market in (edge.a, edge.b):
            steps = market.rpartition(":")[2]
            is_ladder = ":l" in market
            fair = PAYOUT * (LADDER_STEPS + 1 - int(steps)) // (LADDER_STEPS + 2)
            bid = (fair if is_ladder else PAYOUT // EVENT_MEMBERS) - SPREAD
            found[market] = Touch(Price(bid), Price(bid + 2 * SPREAD))
    return found


def _ask(graph: RelationGraph, market: MarketId, prices: dict[MarketId, Touch]) -> float:
    return _milliseconds(lambda: graph.bounds_broken(prices, [market]))


def _change(graph: RelationGraph, edge: RelationEdge) -> float:
    def change() -> object:
        graph.put(edge)
        return graph.conflicts_of(edge.a)

    return _milliseconds(change)


def _near(graph: RelationGraph, market: MarketId) -> float:
    return _milliseconds(lambda: graph.related(market, 2, 20))


def _milliseconds(do: Callable[[], object]) -> float:
    began_s = time.perf_counter()
    do()
    return (time.perf_counter() - began_s) * 1e3


def _print(what: str, took_ms: list[float]) -> None:
    half, most = percentile(took_ms, 0.5), percentile(took_ms, 0.99)
    print(f"    {what:<44} p50 {half:6.2f} ms   p99 {most:6.2f} ms")
