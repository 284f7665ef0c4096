"""What did we conclude, ask for, approve and refuse?"""

from typing import Literal, TypeAlias

import msgspec

from foreshock.core.domain.edges import Edge, Refusal
from foreshock.core.domain.markets import MarketId, Outcome, Pair
from foreshock.core.domain.units import Duration, Instant, Money, Quantity

PackageState: TypeAlias = Literal[
    "first_leg", "second_leg", "unwinding", "settling", "stuck", "closed"
]
"""settling: nothing is left to trade, some fills are still provisional."""
PackageOutcome: TypeAlias = Literal["hedged", "missed", "unwound", "residual"]
"""hedged: all legs filled. missed: nothing filled. unwound: flat again, at a price.
residual: an incident says what is still open."""


class PairListed(msgspec.Struct, frozen=True, tag=True):
    """A pair, proven or confirmed by a person, takes part from now on."""

    pair: Pair


class PairUnlisted(msgspec.Struct, frozen=True, tag=True):
    """A pair takes part no longer: no new package. What is open is still completed or unwound."""

    pair_id: str
    reason: str


class EdgeQuoted(msgspec.Struct, frozen=True, tag=True):
    """The sum of a package changed visibly. No refusals: it is an opportunity."""

    edge: Edge
    refusals: tuple[Refusal, ...]


class EdgeWithdrawn(msgspec.Struct, frozen=True, tag=True):
    """A package can no longer be priced: a book is gone, empty or not to be trusted."""

    edge_id: str
    pair_id: str
    label: str
    refusal: Refusal


class Opportunity(msgspec.Struct, frozen=True, tag=True):
    """A package passed every gate of pricing. id is a function of the edge and its books."""

    id: str
    edge: Edge
    found_us: Instant


class TradeRequest(msgspec.Struct, frozen=True, tag=True):
    """A strategy asks to take an opportunity."""

    id: str
    strategy: str
    edge: Edge
    found_us: Instant


class TradeApproved(msgspec.Struct, frozen=True, tag=True):
    """Only the risk guardian creates this; the executor accepts nothing else."""

    request: TradeRequest
    reserved: Money


class TradeRefused(msgspec.Struct, frozen=True, tag=True):
    """The risk guardian vetoed a request; the refusal names the rule and its numbers."""

    request: TradeRequest
    refusal: Refusal


class Halted(msgspec.Struct, frozen=True, tag=True):
    """No order that adds risk leaves for this scope ("all" or a venue) until Resumed."""

    scope: str
    by: str
    reason: str


class Resumed(msgspec.Struct, frozen=True, tag=True):
    """Trading is allowed again for this scope."""

    scope: str
    by: str


class PackageOpened(msgspec.Struct, frozen=True, tag=True):
    """The executor starts on an approved package; id is the request's."""

    package_id: str
    request: TradeRequest


class PackageMoved(msgspec.Struct, frozen=True, tag=True):
    """A package entered another state."""

    package_id: str
    state: PackageState
    reason: str


class PackageClosed(msgspec.Struct, frozen=True, tag=True):
    """A package reached its end.

    quantity: contracts hedged on all legs. paid: cash out less cash in over all fills, fees aside.
    locked: worth of the hedged contracts at payout. naked_for: time with unequal legs.
    realised: locked - paid - fees.
    """

    package_id: str
    pair_id: str
    outcome: PackageOutcome
    quantity: Quantity
    paid: Money
    fees: Money
    locked: Money
    realised: Money
    naked_for: Duration


class PositionSettled(msgspec.Struct, frozen=True, tag=True):
    """A resolved market paid out what was held of one outcome."""

    market: MarketId
    outcome: Outcome
    quantity: Quantity
    received: Money


class LimitUse(msgspec.Struct, frozen=True):
    """How much of one limit is used. code: of the rule; scope: "all", a venue or a market.

    unit: whether used and limit are micro-dollars or a plain count.
    """

    code: str
    scope: str
    used: int
    limit: int
    unit: Literal["money", "count"]


class LimitsMeasured(msgspec.Struct, frozen=True, tag=True):
    """The use of every limit changed to this; replaces the one before."""

    profile: str
    uses: tuple[LimitUse, ...]


class IncidentOpened(msgspec.Struct, frozen=True, tag=True):
    """Something a person must look at; `about` is an order, package, market or venue id."""

    id: str
    about: str
    words: str


class IncidentResolved(msgspec.Struct, frozen=True, tag=True):
    """What an incident was about is no longer so; nobody needs to look at it any more."""

    id: str
    words: str


DecisionFact: TypeAlias = (
    PairListed
    | PairUnlisted
    | EdgeQuoted
    | EdgeWithdrawn
    | Opportunity
    | TradeRequest
    | TradeApproved
    | TradeRefused
    | Halted
    | Resumed
    | PackageOpened
    | PackageMoved
    | PackageClosed
    | PositionSettled
    | LimitsMeasured
    | IncidentOpened
    | IncidentResolved
)
