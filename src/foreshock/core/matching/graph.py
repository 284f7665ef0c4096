"""Which contracts hang together, what do their prices imply, and do the relations agree?

Edges come from comparisons and people, exclusive groups from the venues. Contradictory relations
are reported and used by no answer. Everything is a function of the edges and groups now in the
graph, whatever the order they came in.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from foreshock.core.domain.markets import MarketId, Outcome, opposite
from foreshock.core.domain.units import PAYOUT, Price
from foreshock.core.matching.graph_facts import (
    IMPLIES,
    PPM,
    BoundBroken,
    Conflict,
    EventSet,
    Leg,
    Membership,
    Related,
    RelationEdge,
    Step,
    Touch,
    composed,
    confidence_of,
    ordered,
    step_of,
)
from foreshock.core.matching.graph_logic import OUTCOMES, Literal, Logic

HOPS_MAX: Final = 4
CLUSTER_MAX: Final = 2_000
"""Contracts reasoned about together; of a larger cluster the nearest ones."""


class RelationGraph:
    """The relations of all markets in memory; a change costs what its own cluster costs."""

    def __init__(self) -> None:
        self._edges: dict[MarketId, dict[MarketId, RelationEdge]] = {}
        self._groups: dict[str, dict[MarketId, Membership]] = {}
        self._group_of: dict[MarketId, str] = {}
        self._logic_of: dict[MarketId, Logic] = {}
        self._partial: dict[MarketId, Logic] = {}
        """What is concluded from a part of a cluster over CLUSTER_MAX; good until any change."""

    # ---- what is known -------------------------------------------------------------------

    def put(self, edge: RelationEdge) -> None:
        """Take in a relation, replacing the one between the same two. A self-loop is ignored."""
        if edge.a == edge.b:
            return
        self._changed(edge.a, edge.b)
        kept = ordered(edge)
        self._edges.setdefault(edge.a, {})[edge.b] = kept
        self._edges.setdefault(edge.b, {})[edge.a] = kept

    def remove(self, a: MarketId, b: MarketId) -> None:
        """Forget the relation of two contracts; an unknown one is no error."""
        self._changed(a, b)
        for one, other in ((a, b), (b, a)):
            ends = self._edges.get(one, {})
            ends.pop(other, None)
            if not ends:
                self._edges.pop(one, None)

    def join(self, member: Membership) -> None:
        """Take in that a contract belongs to an exclusive group; it leaves any other one."""
        self.leave(member.market)
        members = self._groups.setdefault(member.group, {})
        self._changed(member.market, *members)
        members[member.market] = member
        self._group_of[member.market] = member.group

    def leave(self, market: MarketId) -> None:
        """Forget the group of a contract."""
        group = self._group_of.pop(market, None)
        if group is None:
            return
        self._changed(*self._groups[group])
        del self._groups[group][market]
        if not self._groups[group]:
            del self._groups[group]

    def forget(self, market: MarketId) -> None:
        """Forget a contract that settled: its relations and its place in its group."""
        for other in list(self._edges.get(market, {})):
            self.remove(market, other)
        self.leave(market)

    def edges(self) -> list[RelationEdge]:
        """Every relation once, in order."""
        return sorted({edge for ends in self._edges.values() for edge in ends.values()})

    # ---- what follows --------------------------------------------------------------------

    def event_set(self, market: MarketId) -> EventSet | None:
        """The exclusive group of a contract with its twins elsewhere, None when it has none.

        An augmented group, or one of which not every member is here, is never exhaustive.
        """
        group = self._group_of.get(market)
        if group is None:
            return None
        members = self._groups[group]
        count = members[market].exclusive_count
        is_augmented = any(member.is_augmented for member in members.values())
        return EventSet(
            group=group,
            members=tuple(sorted(members)),
            is_exhaustive=not is_augmented and count == len(members),
            twins=tuple(
                (member, other)
                for member in sorted(members)
                for other, edge in sorted(self._edges.get(member, {}).items())
                if edge.relation == "identity" and not self._is_contested(edge)
            ),
        )

    def related(self, market: MarketId, hops_max: int, limit_max: int) -> list[Related]:
        """Contracts within `hops_max` links (at most HOPS_MAX), nearest and surest first.

        Links are relations, which fix an outcome or overlap, and membership of one event.
        """
        paths: dict[MarketId, tuple[Step, ...]] = {market: ()}
        border = [market]
        found: list[Related] = []
        for _ in range(min(hops_max, HOPS_MAX)):
            longer = [(*paths[one], step) for one in border for step in self._links(one)]
            reached: dict[MarketId, tuple[Step, ...]] = {}
            for path in sorted(longer, key=_rank):
                if path[-1].other not in paths:
                    reached.setdefault(path[-1].other, path)
            paths |= reached
            border = sorted(reached)
            found += sorted((_related(reached[one]) for one in border), key=_surest)
            if len(found) >= limit_max:
                break
        return found[:limit_max]

    def bounds_broken(
        self, prices: Mapping[MarketId, Touch], markets: Iterable[MarketId] | None = None
    ) -> list[BoundBroken]:
        """Where the given prices contradict what the relations imply, largest excess first.

        markets: look only at what follows from these, for instance one whose book changed; None
        looks at all that are priced. Contracts without a price take part as reasons only.
        """
        found: dict[frozenset[object], BoundBroken] = {}
        looked_at = sorted(set(prices if markets is None else markets))
        starts: list[Literal] = [(market, end) for end in OUTCOMES for market in looked_at]
        for start in starts:
            for broken in self._broken(start, prices):
                key = frozenset[object]((leg.market, leg.outcome) for leg in broken.legs)
                found.setdefault(key, broken)
        return sorted(found.values(), key=lambda b: (-b.excess, b.legs))

    def conflicts(self) -> list[Conflict]:
        """Every contradiction among the relations, each once."""
        found: dict[str, Conflict] = {}
        seen: set[MarketId] = set()
        for market in sorted(self._edges):
            if market not in seen:
                logic = self._logic(market)
                seen.update(logic.cluster)
                found |= {conflict.words: conflict for conflict in logic.conflicts}
        return [found[words] for words in sorted(found)]

    def conflicts_of(self, market: MarketId) -> tuple[Conflict, ...]:
        """The contradictions in the cluster of one contract."""
        return self._logic(market).conflicts

    # ---- inside --------------------------------------------------------------------------

    def _changed(self, *markets: MarketId) -> None:
        """Whatever was concluded about these clusters is concluded anew when asked for."""
        self._partial.clear()
        for market in markets:
            known = self._logic_of.get(market)
            for member in () if known is None else known.cluster:
                self._logic_of.pop(member, None)

    def _broken(self, start: Literal, prices: Mapping[MarketId, Touch]) -> Iterator[BoundBroken]:
        """What follows from `start` costs less together with its opposite than one of them pays."""
        market, outcome = start
        hedge = _leg(market, opposite(outcome), prices)
        if hedge is None:
            return
        logic = self._logic(market)
        for end in logic.implied(start):
            leg = _leg(*end, prices)
            if leg is None or hedge.ask + leg.ask >= PAYOUT:
                continue
            path = logic.reasons(start, end)
            one, two = sorted((hedge, leg))
            yield BoundBroken(
                legs=(one, two),
                excess=Price(PAYOUT - hedge.ask - leg.ask),
                confidence_ppm=confidence_of(path),
                is_tradable=all(step.is_tradable for step in path),
                path=path,
            )

    def _links(self, market: MarketId) -> Iterator[Step]:
        for _, edge in sorted(self._edges.get(market, {}).items()):
            if edge.relation != "unknown" and not self._is_contested(edge):
                yield step_of(edge, market)
        for sibling in sorted(self._groups.get(self._group_of.get(market, ""), ())):
            if sibling != market:
                yield Step(market, "same event", sibling, PPM, is_tradable=True)

    def _is_contested(self, edge: RelationEdge) -> bool:
        return any(edge in conflict.edges for conflict in self._logic(edge.a).conflicts)

    def _logic(self, market: MarketId) -> Logic:
        known = self._logic_of.get(market) or self._partial.get(market)
        if known is not None:
            return known
        cluster = self._cluster(market)
        inside = set(cluster)
        edges = {
            edge
            for one in cluster
            for other, edge in self._edges.get(one, {}).items()
            if other in inside
        }
        names = {self._group_of[one] for one in cluster if one in self._group_of}
        groups = {g: [m for m in self._groups[g] if m in inside] for g in sorted(names)}
        logic = Logic(cluster, sorted(edges), groups)
        logic.settle()
        if len(cluster) < CLUSTER_MAX:
            self._logic_of.update(dict.fromkeys(cluster, logic))
        else:
            self._partial[market] = logic
        return logic

    def _cluster(self, market: MarketId) -> list[MarketId]:
        """The contracts that bear on this one's outcome, nearest first, at most CLUSTER_MAX."""
        seen = {market: None}
        border = [market]
        while border and len(seen) < CLUSTER_MAX:
            reached = {other for one in border for other in self._adjoining(one)} - set(seen)
            border = sorted(reached)[: CLUSTER_MAX - len(seen)]
            seen.update(dict.fromkeys(border))
        return list(seen)

    def _adjoining(self, market: MarketId) -> Iterator[MarketId]:
        for other, edge in self._edges.get(market, {}).items():
            if IMPLIES[edge.relation]:
                yield other
        yield from self._groups.get(self._group_of.get(market, ""), ())


def _rank(path: tuple[Step, ...]) -> tuple[int, list[MarketId]]:
    """Of two paths of one length the surer first, else the first by its ids."""
    return -confidence_of(path), [step.other for step in path]


def _surest(related: Related) -> tuple[int, MarketId]:
    return -related.confidence_ppm, related.market


def _related(path: tuple[Step, ...]) -> Related:
    return Related(
        market=path[-1].other,
        relation=composed(path),
        confidence_ppm=confidence_of(path),
        is_tradable=all(step.is_tradable for step in path),
        path=path,
    )


def _leg(market: MarketId, outcome: Outcome, prices: Mapping[MarketId, Touch]) -> Leg | None:
    """What buying this outcome costs, None when nobody sells it or there is no price."""
    touch = prices.get(market)
    if touch is None:
        return None
    if outcome == "yes":
        return None if touch.ask is None else Leg(market, outcome, touch.ask)
    return None if touch.bid is None else Leg(market, outcome, Price(PAYOUT - touch.bid))
