"""How do two contracts relate, clause by clause, and is that proof enough to trade on?

`relation` says what is most likely true of the payoffs; `is_tradable` is a second, stricter
verdict, and the only one that trading reads.
"""

from typing import Literal, TypeAlias

import msgspec

from foreshock.core.domain.markets import MarketId

RelationKind: TypeAlias = Literal[
    "identity", "complement", "subset", "superset", "overlap", "disjoint", "unknown"
]
"""subset: YES of `a` can only pay when YES of `b` does. superset: the other way round."""
Decision: TypeAlias = Literal["accept", "review", "reject"]
"""accept: identity or complement with confidence >= 0.92 and no clause against it."""
ClauseName: TypeAlias = Literal[
    "subject",
    "relation",
    "threshold",
    "window",
    "deadline",
    "source",
    "competition",
    "void",
    "announcement",
    "polarity",
]
ClauseAgreement: TypeAlias = Literal["agree", "differ", "unknown", "absent"]
"""unknown: one side says it, the other does not, or we cannot read it. absent: neither side."""
JointOutcome: TypeAlias = Literal["yes", "no", "void"]


class Span(msgspec.Struct, frozen=True):
    """Where a reading comes from: characters [start, end) of a field of the contract."""

    field: str
    start: int
    end: int


class ClauseComparison(msgspec.Struct, frozen=True):
    """One clause of both contracts. a, b: the readings in words, "" when nothing was read."""

    clause: ClauseName
    agreement: ClauseAgreement
    a: str
    b: str
    spans_a: tuple[Span, ...]
    spans_b: tuple[Span, ...]
    words: str


class PayoffCell(msgspec.Struct, frozen=True):
    """Whether both contracts can end so together."""

    a: JointOutcome
    b: JointOutcome
    is_possible: bool
    words: str


class Comparison(msgspec.Struct, frozen=True, kw_only=True):
    """The relation of two contracts and everything it rests on.

    confidence_ppm: calibrated chance that `relation` is right. refusals: why it may not be traded;
    empty exactly when `is_tradable`. matcher: version of the rules that decided.
    """

    a: MarketId
    b: MarketId
    relation: RelationKind
    decision: Decision
    confidence_ppm: int
    clauses: tuple[ClauseComparison, ...]
    payoffs: tuple[PayoffCell, ...]
    reason: str
    is_tradable: bool
    refusals: tuple[str, ...]
    matcher: str
