"""What does the relation graph take in, and what does it answer with?"""

from typing import Final, Literal, TypeAlias

import msgspec

from foreshock.core.domain.markets import Market, MarketId, Outcome
from foreshock.core.domain.relations import Comparison, RelationKind
from foreshock.core.domain.units import Price

PPM: Final = 1_000_000
StepKind: TypeAlias = RelationKind | Literal["same event"]
Ends: TypeAlias = tuple[Outcome, Outcome]

IMPLIES: Final[dict[RelationKind, frozenset[Ends]]] = {
    "identity": frozenset({("yes", "yes"), ("no", "no")}),
    "complement": frozenset({("yes", "no"), ("no", "yes")}),
    "subset": frozenset({("yes", "yes")}),
    "superset": frozenset({("no", "no")}),
    "disjoint": frozenset({("yes", "no")}),
    "overlap": frozenset(),
    "unknown": frozenset(),
}
"""(x, y): when `a` ends x, `b` ends y. The contrapositive holds as well. Voids are outside it."""
FLIPPED: Final[dict[RelationKind, RelationKind]] = {"subset": "superset", "superset": "subset"}


class RelationEdge(msgspec.Struct, frozen=True, kw_only=True, order=True):
    """How two contracts relate, by a comparison or a person; a sorts before b once in a graph."""

    a: MarketId
    b: MarketId
    relation: RelationKind
    confidence_ppm: int
    is_tradable: bool


class Membership(msgspec.Struct, frozen=True, kw_only=True):
    """The venue says: of this group at most one contract pays YES.

    is_augmented, exclusive_count: see Market.
    """

    market: MarketId
    group: str
    is_augmented: bool
    exclusive_count: int | None


class EventSet(msgspec.Struct, frozen=True, kw_only=True):
    """An exclusive group. is_exhaustive: one of these very members must pay YES.

    twins: each member with the contract elsewhere that is the same bet.
    """

    group: str
    members: tuple[MarketId, ...]
    is_exhaustive: bool
    twins: tuple[tuple[MarketId, MarketId], ...]


class Step(msgspec.Struct, frozen=True):
    """One link of an explanation: `one` is a <kind> of `other`."""

    one: MarketId
    kind: StepKind
    other: MarketId
    confidence_ppm: int
    is_tradable: bool

    @property
    def words(self) -> str:
        """The link as a sentence."""
        return f"{self.one} {_SAYS[self.kind]} {self.other}"


class Related(msgspec.Struct, frozen=True, kw_only=True):
    """A contract within reach and the path to it.

    relation: what the path as a whole says; "overlap" fixes no outcome. confidence_ppm: product
    over the path.
    """

    market: MarketId
    relation: RelationKind
    confidence_ppm: int
    is_tradable: bool
    path: tuple[Step, ...]


class Touch(msgspec.Struct, frozen=True):
    """Best prices of YES, None where the side is empty. NO asks are the complement of YES bids."""

    bid: Price | None
    ask: Price | None


class Leg(msgspec.Struct, frozen=True, order=True):
    """Buy this outcome at its ask."""

    market: MarketId
    outcome: Outcome
    ask: Price


class BoundBroken(msgspec.Struct, frozen=True, kw_only=True):
    """Two legs of which at least one pays a dollar, for less than a dollar, before any cost.

    For a subset and its superset that is: the subset's bid is above the superset's ask. A report,
    never an order: fees, depth, voids and whether the relation is right are not in it.
    """

    legs: tuple[Leg, Leg]
    excess: Price
    confidence_ppm: int
    is_tradable: bool
    path: tuple[Step, ...]


class Conflict(msgspec.Struct, frozen=True, kw_only=True):
    """Relations that cannot all hold: by them `market` could only ever end one way.

    edges: none of these is used until they are changed. path: the chain that contradicts itself.
    """

    market: MarketId
    edges: tuple[RelationEdge, ...]
    path: tuple[Step, ...]
    words: str


_SAYS: Final[dict[StepKind, str]] = {
    "identity": "is the same bet as",
    "complement": "is the opposite of",
    "subset": "can only pay when so does",
    "superset": "must pay when so does",
    "disjoint": "cannot pay together with",
    "overlap": "overlaps with",
    "unknown": "may relate to",
    "same event": "is in one exclusive event with",
}


def edge_of(found: Comparison) -> RelationEdge:
    """The edge that a comparison supports."""
    return RelationEdge(
        a=found.a,
        b=found.b,
        relation=found.relation,
        confidence_ppm=found.confidence_ppm,
        is_tradable=found.is_tradable,
    )


def membership_of(market: Market) -> Membership | None:
    """The exclusive group of a listed market, None when it stands alone."""
    if market.exclusive_group is None:
        return None
    return Membership(
        market=market.id,
        group=f"{market.venue}:{market.exclusive_group}",
        is_augmented=market.is_augmented,
        exclusive_count=market.exclusive_count,
    )


def ordered(edge: RelationEdge) -> RelationEdge:
    """The same statement with the ids in order."""
    if edge.a <= edge.b:
        return edge
    relation = FLIPPED.get(edge.relation, edge.relation)
    return msgspec.structs.replace(edge, a=edge.b, b=edge.a, relation=relation)


def step_of(edge: RelationEdge, start: MarketId) -> Step:
    """The edge walked from one of its ends."""
    is_forward = edge.a == start
    kind = edge.relation if is_forward else FLIPPED.get(edge.relation, edge.relation)
    other = edge.b if is_forward else edge.a
    return Step(start, kind, other, edge.confidence_ppm, edge.is_tradable)


def composed(path: tuple[Step, ...]) -> RelationKind:
    """What a path says about its ends; several links may fix less than each alone."""
    ends: set[Ends] = {("yes", "yes"), ("no", "no")}
    for step in path:
        link = IMPLIES["disjoint" if step.kind == "same event" else step.kind]
        ends = {(x, z) for x, y in ends for y_, z in link if y == y_}
    for kind, implied in IMPLIES.items():
        if implied == frozenset(ends):
            return kind
    return "overlap"


def confidence_of(path: tuple[Step, ...]) -> int:
    """Chance that every link holds if they are right independently, in ppm, rounded down."""
    product = PPM
    for step in path:
        product = product * step.confidence_ppm // PPM
    return product
