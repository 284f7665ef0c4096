"""What can be bought, on which price grid, under which terms, and which two markets are a pair?"""

from typing import Literal, NewType, TypeAlias

import msgspec

from foreshock.core.domain.units import PAYOUT, Instant, Price, Quantity

MarketId = NewType("MarketId", str)
"""`venue:native`, e.g. `kalshi:KXFED-26DEC-T3.75` or `polymarket:0x<condition id>`."""

Outcome: TypeAlias = Literal["yes", "no"]
Action: TypeAlias = Literal["buy", "sell"]
MarketStatus: TypeAlias = Literal[
    "listed", "open", "paused", "closed", "proposed", "disputed", "settled", "unknown"
]
"""listed: not yet trading. proposed: an outcome is named but may be challenged."""
Relation: TypeAlias = Literal["identity", "complement"]


class PriceRange(msgspec.Struct, frozen=True):
    """Prices from `start` to `end` move in `step`s."""

    start: Price
    end: Price
    step: Price


class PriceGrid(msgspec.Struct, frozen=True):
    """The prices a market accepts: adjoining ranges from 0 to 1 dollar, lowest first."""

    ranges: tuple[PriceRange, ...]

    def step_at(self, price: Price) -> Price | None:
        """Step of the range holding `price`; a border belongs to both, the finer step counts."""
        steps = [r.step for r in self.ranges if r.start <= price <= r.end]
        return min(steps) if steps else None

    def accepts(self, price: Price) -> bool:
        """Whether an order may carry this price: strictly inside 0..1 and on a step."""
        if not 0 < price < PAYOUT:
            return False
        return any(
            r.start <= price <= r.end and (price - r.start) % r.step == 0 for r in self.ranges
        )

    def finest(self) -> Price:
        """Smallest step anywhere on the grid."""
        return min(r.step for r in self.ranges)


class CurveFee(msgspec.Struct, frozen=True, tag=True):
    """Polymarket's per-market schedule: contracts x rate x (p(1-p))^exponent, takers only."""

    rate_ppm: int
    exponent: int


class SeriesFee(msgspec.Struct, frozen=True, tag=True):
    """Kalshi's effective terms: a fee type of the dated schedule and its multiplier."""

    fee_type: str
    multiplier_ppm: int


FeeTerms: TypeAlias = CurveFee | SeriesFee


class Market(msgspec.Struct, frozen=True, kw_only=True):
    """One binary contract at one venue.

    `fee` is None when the venue's terms are not understood: such a market is shown, never traded.
    """

    id: MarketId
    venue: str
    native_id: str
    event_id: str
    title: str
    rules: str
    resolution_source: str
    outcome_labels: tuple[str, str]
    outcome_ids: tuple[str, str]
    grid: PriceGrid
    quantity_step: Quantity
    quantity_min: Quantity
    fee: FeeTerms | None
    status: MarketStatus
    category: str
    opens_us: Instant | None
    closes_us: Instant | None
    settles_us: Instant | None
    exclusive_group: str | None
    """Id shared by mutually exclusive markets (neg-risk, MECNET); None when it stands alone."""
    is_augmented: bool
    """The exclusive group may grow or holds a placeholder such as Other: never a bundle."""
    volume_24h: Quantity | None
    exclusive_count: int | None = None
    """Markets in the exclusive group when exactly one of them must pay YES; None when the venue
    does not say so: all YES together are then no bundle."""
    shard: int | None = None
    """The part of the exchange that trades it, where a venue has several; None: not said."""


RESTING_MINIMUM = frozenset({"polymarket"})
"""Where the least quantity binds only orders that may rest: less can be sold to who bids. Source:
Polymarket's documentation of order sizes, November 2026; a purchase must cost a dollar there."""


def least_order(market: Market, action: Action) -> Quantity:
    """The least an order that only takes may ask for; of a purchase, whatever its price."""
    is_free = action == "sell" and market.venue in RESTING_MINIMUM
    return market.quantity_step if is_free else market.quantity_min


class Pair(msgspec.Struct, frozen=True, kw_only=True):
    """Two markets at two venues that a person has confirmed to be the same bet.

    identity: YES pays on both together. complement: YES of `a` pays exactly when NO of `b` does.
    """

    id: str
    a: MarketId
    b: MarketId
    relation: Relation
    label: str
    confirmed_by: str
    note: str


def uniform_grid(step: Price) -> PriceGrid:
    """One step from 0 to 1 dollar. Raises ValueError when the step does not divide a dollar."""
    if step <= 0 or PAYOUT % step:
        raise ValueError(f"step does not divide a dollar: {step}")
    return PriceGrid((PriceRange(Price(0), PAYOUT, step),))


def opposite(outcome: Outcome) -> Outcome:
    """The other side of the bet."""
    return "no" if outcome == "yes" else "yes"
