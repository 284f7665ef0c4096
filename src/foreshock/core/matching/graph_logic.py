"""What follows from relations taken together, and do they contradict each other?

Each contract has two literals, YES and NO. A relation is one or two implications between literals
and their contrapositives; "at most one of n" is a chain of n helper literals, so that an event with
hundreds of contracts costs hundreds of arcs and not their square. x implying y means: buying y and
the opposite of x always pays a dollar. A literal that implies its own opposite is a contradiction.
"""

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Final, NamedTuple, TypeAlias

import rustworkx as rx

from foreshock.core.domain.markets import MarketId, Outcome, opposite
from foreshock.core.matching.graph_facts import (
    IMPLIES,
    PPM,
    Conflict,
    RelationEdge,
    Step,
    step_of,
)

CONFLICTS_MAX: Final = 100
OUTCOMES: Final[tuple[Outcome, Outcome]] = ("yes", "no")
LINK, MEMBER, CHAIN = 1.0, 0.5, 0.0
"""Length of an implication by a relation, into or out of an event's chain, and along it."""
DOUBT = 1e-3
"""Among paths of one length the surer wins: at most this much longer for a doubtful link."""

Literal: TypeAlias = tuple[MarketId, Outcome]


class Arc(NamedTuple):
    """An implication and where it comes from: a relation, or an event when there is none."""

    length: float
    edge: RelationEdge | None


Path: TypeAlias = tuple[Step, ...]


class Logic:
    """The implications among contracts that hang together, contradictory relations left out."""

    def __init__(
        self,
        cluster: Sequence[MarketId],
        edges: Sequence[RelationEdge],
        groups: Mapping[str, Sequence[MarketId]],
    ) -> None:
        self.cluster = cluster
        self._graph: rx.PyDiGraph[Literal, Arc] = rx.PyDiGraph(multigraph=True)
        self._nodes: dict[Literal, int] = {}
        self._edges = sorted(edges)
        self._groups = groups
        self._markets: set[MarketId] = set()
        self.conflicts: tuple[Conflict, ...] = ()

    def settle(self) -> None:
        """Build, find contradictions, and leave out every relation that takes part in one."""
        contested: set[RelationEdge] = set()
        found: list[Conflict] = []
        self._build(contested)
        while len(found) < CONFLICTS_MAX and (conflict := self._contradiction()) is not None:
            found.append(conflict)
            contested.update(conflict.edges)
            self._build(contested)
        self.conflicts = tuple(found)

    def implied(self, literal: Literal) -> list[Literal]:
        """Every literal of another contract that follows, in order of the ids."""
        start = self._nodes.get(literal)
        if start is None:
            return []
        ends = [self._graph[node] for node in rx.descendants(self._graph, start)]
        return sorted(end for end in ends if end[0] in self._markets and end[0] != literal[0])

    def reasons(self, literal: Literal, end: Literal) -> Path:
        """The shortest chain from a literal to one that it implies, the surest of that length."""
        return self._steps(self._way(self._nodes[literal], self._nodes[end]))

    def _build(self, contested: set[RelationEdge]) -> None:
        self._graph = rx.PyDiGraph(multigraph=True)
        self._nodes = {}
        for edge in self._edges:
            if edge not in contested:
                for x, y in sorted(IMPLIES[edge.relation]):
                    doubt = DOUBT * (PPM - edge.confidence_ppm) / PPM
                    self._imply((edge.a, x), (edge.b, y), Arc(LINK + doubt, edge))
        self._markets = {market for edge in self._edges for market in (edge.a, edge.b)}
        for group, members in sorted(self._groups.items()):
            self._markets.update(members)
            self._at_most_one(group, sorted(members))

    def _at_most_one(self, group: str, members: Sequence[MarketId]) -> None:
        """helper(i) is YES when one of the first i members is."""
        helper = MarketId("")
        for place, member in enumerate(members):
            if helper:
                self._imply((helper, "yes"), (member, "no"), Arc(MEMBER, None))
            following = MarketId(f"{group}\x00{place:06}")
            if helper:
                self._imply((helper, "yes"), (following, "yes"), Arc(CHAIN, None))
            self._imply((member, "yes"), (following, "yes"), Arc(MEMBER, None))
            helper = following

    def _imply(self, one: Literal, other: Literal, arc: Arc) -> None:
        against: Literal = (other[0], opposite(other[1]))
        back: Literal = (one[0], opposite(one[1]))
        self._graph.add_edge(self._node(one), self._node(other), arc)
        self._graph.add_edge(self._node(against), self._node(back), arc)

    def _node(self, literal: Literal) -> int:
        if literal not in self._nodes:
            self._nodes[literal] = self._graph.add_node(literal)
        return self._nodes[literal]

    def _contradiction(self) -> Conflict | None:
        """The first contract, by id, that could only ever end one way.

        Literals that imply each other are one; of those, what follows from each is a set of bits.
        """
        alike = rx.strongly_connected_components(self._graph)
        class_of = {node: place for place, nodes in enumerate(alike) for node in nodes}
        follows = self._follows(alike, class_of)
        for market in sorted(self._markets):
            for outcome in OUTCOMES:
                start = self._nodes.get((market, outcome))
                end = self._nodes.get((market, opposite(outcome)))
                if start is None or end is None:
                    continue
                if follows[class_of[start]] >> class_of[end] & 1:
                    return self._conflict(market, outcome, start, end)
        return None

    def _follows(self, alike: Sequence[Sequence[int]], class_of: Mapping[int, int]) -> list[int]:
        """For each class of equal literals the bits of the classes that follow from it."""
        below: list[set[int]] = [
            {class_of[after] for node in nodes for after in self._graph.successor_indices(node)}
            for nodes in alike
        ]
        order: rx.PyDiGraph[int, None] = rx.PyDiGraph()
        order.add_nodes_from(list(range(len(alike))))
        order.add_edges_from_no_data([
            (one, other) for one, others in enumerate(below) for other in others if one != other
        ])
        follows = [1 << place for place in range(len(alike))]
        for place in reversed(rx.topological_sort(order)):
            for other in below[place]:
                follows[place] |= follows[other]
        return follows

    def _conflict(self, market: MarketId, outcome: Outcome, start: int, end: int) -> Conflict:
        nodes = self._way(start, end)
        edges = {arc.edge for arc in self._arcs(nodes) if arc.edge is not None}
        steps = self._steps(nodes)
        chain = "; ".join(step.words for step in steps)
        words = f"{market} could never end {outcome}: {chain}"
        return Conflict(market=market, edges=tuple(sorted(edges)), path=steps, words=words)

    def _way(self, start: int, end: int) -> list[int]:
        paths = rx.dijkstra_shortest_paths(self._graph, start, end, weight_fn=_length)
        return list(paths[end])

    def _arcs(self, nodes: Sequence[int]) -> list[Arc]:
        return [
            min(self._graph.get_all_edge_data(one, other), key=_length)
            for one, other in pairwise(nodes)
        ]

    def _steps(self, nodes: Sequence[int]) -> Path:
        """Links between contracts: what runs through an event's chain is one link."""
        steps: list[Step] = []
        start = self._graph[nodes[0]][0]
        for arc, node in zip(self._arcs(nodes), nodes[1:], strict=True):
            market = self._graph[node][0]
            if arc.edge is not None:
                steps.append(step_of(arc.edge, start))
                start = market
            elif market in self._markets:
                steps.append(Step(start, "same event", market, PPM, is_tradable=True))
                start = market
        return tuple(steps)


def _length(arc: Arc) -> float:
    return arc.length
