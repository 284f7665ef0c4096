"""What does a surface show of pairs? Relations, both texts, clauses, verdicts: plain facts."""

from typing import Literal, TypeAlias

import msgspec

PairState: TypeAlias = Literal[
    "trading", "review", "reopened", "waiting", "rejected", "blocked", "apart", "held"
]
"""review: a person must say. reopened: decided once, a side changed since. waiting: confirmed, a
market is not listed yet. apart: not the same bet. held: accepted, but something keeps it out."""
EventKind: TypeAlias = Literal["accept", "reject", "block", "reopened", "refused"]


class SideView(msgspec.Struct, frozen=True):
    """One market of a pair in a list; title and status are empty while it is not listed."""

    market: str
    venue: str
    title: str
    status: str


class RelationView(msgspec.Struct, frozen=True, kw_only=True):
    """One pair in a list. differs: clauses that do. decision: None before a comparison."""

    id: str
    label: str
    standing: PairState
    standing_words: str
    relation: str
    decision: str | None
    confidence_ppm: int | None
    is_tradable: bool
    reason: str
    differs: list[str]
    a: SideView
    b: SideView
    version: int
    since_us: int


class SpanView(msgspec.Struct, frozen=True):
    """Characters [start, end) of a field of the contract."""

    field: str
    start: int
    end: int


class ClauseView(msgspec.Struct, frozen=True, kw_only=True):
    """One clause of both contracts as it was read, and from where."""

    clause: str
    agreement: Literal["agree", "differ", "unknown", "absent"]
    a: str
    b: str
    spans_a: list[SpanView]
    spans_b: list[SpanView]
    words: str


class PayoffView(msgspec.Struct, frozen=True):
    """Whether both contracts can end so together."""

    a: Literal["yes", "no", "void"]
    b: Literal["yes", "no", "void"]
    is_possible: bool
    words: str


class ContractView(msgspec.Struct, frozen=True, kw_only=True):
    """What one venue says of its market now. terms: digest to send along with a verdict."""

    market: str
    venue: str
    title: str
    rules: str
    source: str
    event: str
    category: str
    outcome_labels: tuple[str, str]
    status: str
    closes_us: int | None
    terms: str


class EventView(msgspec.Struct, frozen=True, kw_only=True):
    """One entry of a pair's history. holds: this is what counts now."""

    kind: EventKind
    version: int
    at_us: int
    by: str
    note: str
    origin: Literal["person", "file", ""]
    relation: str
    terms_a: str
    terms_b: str
    holds: bool


class AdviceView(msgspec.Struct, frozen=True, kw_only=True):
    """What a language model said of the pair on these very terms; it may pull down, never lift.

    advice: unreviewed when no usable answer came. differences: claims, not findings.
    """

    advice: Literal["agrees", "doubts", "vetoes", "unreviewed"]
    relation: str | None
    differences: list[str]
    words: str
    model: str


class PairDetailView(msgspec.Struct, frozen=True, kw_only=True):
    """Everything about one pair; history newest first. advice: None where no model was asked."""

    id: str
    label: str
    standing: PairState
    standing_words: str
    relation: str
    decision: str | None
    confidence_ppm: int | None
    is_tradable: bool
    reason: str
    refusals: list[str]
    matcher: str
    clauses: list[ClauseView]
    payoffs: list[PayoffView]
    a: ContractView | None
    b: ContractView | None
    a_id: str
    b_id: str
    history: list[EventView]
    advice: AdviceView | None
    best_edge_id: str | None
    best_net_per_contract_micros: int | None


class SourcesView(msgspec.Struct, frozen=True, kw_only=True):
    """Two resolution sources that count as one."""

    a: str
    b: str
    by: str
    note: str
    since_us: int


class MatchingView(msgspec.Struct, frozen=True, kw_only=True):
    """How far matching is, and the two lists that people keep."""

    contracts_count: int
    compared_count: int
    waiting_count: int
    untold_count: int
    review_count: int
    relations: dict[str, int]
    sources: list[SourcesView]
    blocked: list[RelationView]


class BoundLegView(msgspec.Struct, frozen=True):
    """One contract to hold, at what it is offered for."""

    market: str
    title: str
    outcome: Literal["yes", "no"]
    ask_micros: int


class BoundView(msgspec.Struct, frozen=True, kw_only=True):
    """Prices contradict a relation: at least one of the legs pays, and both cost less than that.

    excess: a dollar less both asks, before any fee. path: the links from one leg to the other.
    is_tradable: every link is proven or confirmed; otherwise it says more about the relation.
    """

    legs: list[BoundLegView]
    excess_micros: int
    confidence_ppm: int
    is_tradable: bool
    path: list[str]


class RelatedView(msgspec.Struct, frozen=True, kw_only=True):
    """A neighbour of a market. relation: of the market asked about to this one.

    path: the links that lead there, in words. pair_id: of the pair the two make by themselves,
    empty where only the path relates them.
    """

    market: str
    venue: str
    title: str
    relation: str
    pair_id: str
    confidence_ppm: int
    reason: str
    path: list[str]
