"""What does a surface show? The JSON of dashboard, CLI and stream: plain facts, no decisions.

Money and prices are integers in micro-dollars (`_micros`), quantities in micro-contracts
(`_micros`), times in microseconds UTC (`_us`), shares in millionths (`_ppm`). None means unknown
and is shown as such, never as zero.
"""

from typing import Literal, TypeAlias

import msgspec

from foreshock.dashboard.pair_views import PairState
from foreshock.dashboard.position_views import PositionsRiskView

BadgeState: TypeAlias = Literal["LIVE", "QUIET", "LATE", "STALE", "GAP", "HALTED", "POLLED", "OFF"]


class RefusalView(msgspec.Struct, frozen=True):
    """A stable code and the numbers in words."""

    code: str
    words: str


class BadgeView(msgspec.Struct, frozen=True):
    """Freshness of what stands beside it; words is ready to show, e.g. `LATE 2.6 s`."""

    state: BadgeState
    words: str
    age_us: int | None


class HaltView(msgspec.Struct, frozen=True):
    """A halt in force. scope: "all" or a venue."""

    scope: str
    by: str
    reason: str
    since_us: int


class StandingView(msgspec.Struct, frozen=True, kw_only=True):
    """Where a live desk stands with a venue: what it allows itself, and what the venue allows.

    since_us: None before the first word. condition: `open`, or what the venue says against orders.
    """

    state: Literal["reconciling", "active", "reducing"]
    reason: str
    since_us: int | None
    condition: str
    condition_words: str


class ClockView(msgspec.Struct, frozen=True):
    """What must be added to our time to get the venue's lies between the offsets; None: unknown."""

    state: Literal["good", "warned", "refused", "unread"]
    offset_min_us: int | None
    offset_max_us: int | None
    words: str


class VenueView(msgspec.Struct, frozen=True, kw_only=True):
    """One venue's feed health; ages over the last measurement window.

    standing: None where nothing is traded with real money. clock: None before it was compared.
    """

    venue: str
    badge: BadgeView
    connections_open_count: int
    markets_watched_count: int
    books_valid_count: int
    message_age_p50_us: int | None
    message_age_p95_us: int | None
    data_at_us: int | None
    checked_at_us: int | None
    frames_count: int
    gaps_count: int
    reconnects_count: int
    conflated_count: int
    quarantined_count: int
    unknown_shapes: dict[str, int]
    standing: StandingView | None = None
    clock: ClockView | None = None


class AccountView(msgspec.Struct, frozen=True, kw_only=True):
    """Money at one venue: cash now, reserved by approvals, contracts held at their payout floor.

    cash: with real money the account's, as the venue told it last and we booked since; None before
    it was told. external: what limits count for contracts that this run did not buy.
    """

    venue: str
    cash_micros: int | None
    reserved_micros: int
    held_cost_micros: int
    provisional_cost_micros: int
    unknown_micros: int
    external_micros: int = 0


class StateView(msgspec.Struct, frozen=True, kw_only=True):
    """The band on every page and the overview's numbers. now_us is the server's clock."""

    now_us: int
    started_us: int
    version: str
    build: str
    mode: Literal["demo", "watch", "paper", "live"]
    band: str
    """Permanent words, e.g. `SIMULATED - mispricings far more frequent than life`."""
    halts: list[HaltView]
    venues: list[VenueView]
    accounts: list[AccountView]
    value_micros: int | None
    value_start_micros: int | None
    value_high_micros: int | None
    value_history: list[tuple[int, int]]
    """(now_us, value_micros) every few seconds, oldest first, bounded."""
    realised_micros: int
    fees_paid_micros: int
    edges_open_count: int
    edges_refused_count: int
    packages_open_count: int
    packages_hedged_count: int
    packages_missed_count: int
    packages_unwound_count: int
    packages_residual_count: int
    orders_unknown_count: int
    incidents_open_count: int
    first_package_closed_us: int | None
    steps_count: int
    loop_lag_us: int | None


class LegView(msgspec.Struct, frozen=True, kw_only=True):
    """One leg of a sum. levels: (price_micros, quantity_micros) that the walk takes."""

    market: str
    venue: str
    title: str
    outcome: Literal["yes", "no"]
    quantity_micros: int
    limit_micros: int
    levels: list[tuple[int, int]]
    cost_micros: int
    fee_micros: int
    friction_micros: int
    book_epoch: int
    book_recv_us: int
    fee_version: str
    badge: BadgeView


class EdgeView(msgspec.Struct, frozen=True, kw_only=True):
    """One package with its whole sum. status: open = every gate of pricing passed.

    For a withdrawn edge every number is the last one known and `quoted_us` says when. order_words:
    why its legs are bought in this order, empty when it is the venues' fixed one.
    """

    id: str
    pair_id: str
    label: str
    package: str
    status: Literal["open", "refused", "withdrawn"]
    refusals: list[RefusalView]
    legs: list[LegView]
    quantity_micros: int
    payout_micros: int
    cost_micros: int
    fees_micros: int
    frictions_micros: int
    lockup_micros: int
    hedge_risk_micros: int
    net_micros: int
    net_low_micros: int
    net_per_contract_micros: int
    net_cents_per_contract: float
    completion_ppm: int
    locked_for_us: int | None
    annualised_ppm: int | None
    friction_version: str
    quoted_us: int
    first_seen_us: int
    badge: BadgeView
    order_words: str = ""


class BookView(msgspec.Struct, frozen=True, kw_only=True):
    """A market's book, YES prices, best first; levels are (price_micros, quantity_micros)."""

    market: str
    venue: str
    title: str
    rules: str
    outcome_labels: tuple[str, str]
    status: str
    bids: list[tuple[int, int]]
    asks: list[tuple[int, int]]
    epoch: int | None
    quality: str
    event_us: int | None
    recv_us: int | None
    badge: BadgeView
    step_micros: int


class EdgeDetailView(msgspec.Struct, frozen=True):
    """An edge and the books of its legs."""

    edge: EdgeView
    books: list[BookView]


class PairView(msgspec.Struct, frozen=True, kw_only=True):
    """A pair that takes part or was confirmed, and both markets' state.

    standing: how it stands, as in `pair_views`. version: of the newest verdict, 0 without one.
    """

    id: str
    label: str
    relation: Literal["identity", "complement"]
    confirmed_by: str
    note: str
    a: BookView | None
    b: BookView | None
    a_id: str
    b_id: str
    best_edge_id: str | None
    best_net_per_contract_micros: int | None
    standing: PairState
    standing_words: str
    version: int


class OrderView(msgspec.Struct, frozen=True, kw_only=True):
    """One order. price_average is None before the first fill."""

    id: str
    package_id: str
    market: str
    venue: str
    title: str
    outcome: Literal["yes", "no"]
    action: Literal["buy", "sell"]
    purpose: Literal["enter", "hedge", "unwind"]
    state: str
    limit_micros: int
    quantity_micros: int
    filled_micros: int
    provisional_micros: int
    price_average_micros: int | None
    fee_micros: int
    decided_us: int
    answered_us: int | None
    reason: str


class PackageView(msgspec.Struct, frozen=True, kw_only=True):
    """One package from approval to its end. outcome is None while it runs.

    order_words: why its first leg was bought first, empty when the venues' fixed order says so.
    """

    id: str
    pair_id: str
    label: str
    package: str
    strategy: str
    state: str
    outcome: Literal["hedged", "missed", "unwound", "residual"] | None
    quantity_asked_micros: int
    quantity_micros: int
    net_expected_micros: int
    paid_micros: int
    fees_micros: int
    locked_micros: int
    realised_micros: int | None
    naked_us: int | None
    opened_us: int
    closed_us: int | None
    reason: str
    orders: list[OrderView]
    order_words: str = ""


class PositionView(msgspec.Struct, frozen=True, kw_only=True):
    """Contracts held of one outcome of one market."""

    market: str
    venue: str
    title: str
    outcome: Literal["yes", "no"]
    quantity_micros: int
    provisional_micros: int
    cost_micros: int


class LimitView(msgspec.Struct, frozen=True):
    """One risk limit and how much of it is used, worst case included."""

    code: str
    scope: str
    words: str
    unit: Literal["micro-dollars", "count"]
    used: int
    limit: int


class RefusedRequestView(msgspec.Struct, frozen=True, kw_only=True):
    """A request that was vetoed."""

    at_us: int
    request_id: str
    pair_id: str
    label: str
    refusal: RefusalView


class IncidentView(msgspec.Struct, frozen=True):
    """Something a person must look at."""

    id: str
    at_us: int
    about: str
    words: str


class RiskView(msgspec.Struct, frozen=True):
    """Limits, last vetoes (newest first), incidents, what is held and how risky that is.

    measured: None before anything held was judged.
    """

    profile: str
    limits: list[LimitView]
    refusals: list[RefusedRequestView]
    incidents: list[IncidentView]
    positions: list[PositionView]
    measured: PositionsRiskView | None = None


class AuditEntryView(msgspec.Struct, frozen=True, kw_only=True):
    """One journalled message: id is `step.index`, cause the id it answers (None: from outside)."""

    id: str
    at_us: int
    sender: str
    kind: str
    about: str
    words: str
    cause: str | None


class AuditView(msgspec.Struct, frozen=True):
    """A page of the audit, newest first; next_before continues it, None at the end."""

    entries: list[AuditEntryView]
    next_before: str | None
    chain: Literal["verified", "not yet verified", "broken"]


class WhyView(msgspec.Struct, frozen=True):
    """The chain that led to an order, package, edge or audit entry, cause first."""

    id: str
    found: bool
    chain: list[AuditEntryView]


class ErrorView(msgspec.Struct, frozen=True):
    """Every error of API and CLI has this shape."""

    code: str
    message: str
    hint: str
    retryable: bool
