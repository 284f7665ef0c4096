"""How does the relation graph follow what the desk hears and says?

A person's word on the very terms that were compared counts above a comparison; a verdict whose
terms changed counts no more; a blocked pair has no edge whatever is found later.
"""

from collections.abc import Callable
from typing import Any, Final

import msgspec

from foreshock.core.domain.markets import MarketId
from foreshock.core.domain.messages.market_data import MarketListed, MarketResolved
from foreshock.core.domain.messages.matching import (
    PairDecided,
    PairRelated,
    PairReopened,
    Verdict,
)
from foreshock.core.domain.messages.union import Message
from foreshock.core.domain.relations import RelationKind
from foreshock.core.domain.terms import Terms
from foreshock.core.matching.graph import RelationGraph
from foreshock.core.matching.graph_facts import PPM, RelationEdge, edge_of, membership_of

CONFIRMED_PPM: Final = PPM
"""A person who read both texts is taken at their word."""


class Ruling(msgspec.Struct, frozen=True):
    """What a person said about a pair, on which terms."""

    a: MarketId
    b: MarketId
    verdict: Verdict
    relation: RelationKind
    terms: Terms


class GraphFeed:
    """Keeps a graph in step; also usable fact by fact, for instance from stored rows."""

    def __init__(self, graph: RelationGraph) -> None:
        self.graph = graph
        self._rulings: dict[tuple[MarketId, MarketId], Ruling] = {}
        self._settled: set[MarketId] = set()
        self._handlers: dict[type[Message], Callable[[Any], None]] = {
            MarketListed: self._listed,
            MarketResolved: self._resolved,
            PairRelated: self._related,
            PairDecided: self._decided,
            PairReopened: self._reopened,
        }

    def hear(self, message: Message) -> None:
        """Take in one message; most kinds say nothing about relations."""
        handler = self._handlers.get(type(message))
        if handler is not None:
            handler(message)

    def relate(self, edge: RelationEdge, terms: Terms) -> None:
        """A comparison of two contracts on these terms."""
        ruling = self._rulings.get((edge.a, edge.b))
        if ruling is not None and (ruling.verdict == "block" or ruling.terms == terms):
            self._apply(ruling)
        else:
            self._put(edge)

    def rule(self, ruling: Ruling) -> None:
        """A person accepted, rejected or blocked a pair."""
        self._rulings[ruling.a, ruling.b] = ruling
        self._apply(ruling)

    def reopen(self, a: MarketId, b: MarketId) -> None:
        """A side's terms changed: nothing is known of the two until they are compared again."""
        ruling = self._rulings.get((a, b))
        if ruling is None or ruling.verdict != "block":
            self._rulings.pop((a, b), None)
        self.graph.remove(a, b)

    def _apply(self, ruling: Ruling) -> None:
        if ruling.verdict != "accept":
            self.graph.remove(ruling.a, ruling.b)
            return
        self._put(
            RelationEdge(
                a=ruling.a,
                b=ruling.b,
                relation=ruling.relation,
                confidence_ppm=CONFIRMED_PPM,
                is_tradable=True,
            )
        )

    def _put(self, edge: RelationEdge) -> None:
        """What is said late about a settled contract is passed over."""
        if not self._settled & {edge.a, edge.b}:
            self.graph.put(edge)

    def _listed(self, message: MarketListed) -> None:
        self._settled.discard(message.market.id)
        member = membership_of(message.market)
        if member is None:
            self.graph.leave(message.market.id)
        else:
            self.graph.join(member)

    def _resolved(self, message: MarketResolved) -> None:
        self._settled.add(message.market)
        self.graph.forget(message.market)

    def _related(self, message: PairRelated) -> None:
        self.relate(edge_of(message.comparison), message.terms)

    def _decided(self, message: PairDecided) -> None:
        said = message.verdict, message.relation, message.terms
        self.rule(Ruling(message.a, message.b, *said))

    def _reopened(self, message: PairReopened) -> None:
        self.reopen(message.a, message.b)
