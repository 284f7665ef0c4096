"""What is a package of contracts worth after every cost? The whole sum as one value."""

import msgspec

from foreshock.core.domain.books import Levels
from foreshock.core.domain.markets import MarketId, Outcome
from foreshock.core.domain.units import Duration, Instant, Money, Price, Quantity


class LegCost(msgspec.Struct, frozen=True, kw_only=True):
    """Buying one outcome of one market by taking what rests in its book.

    limit: worst price touched, in prices of this outcome. levels: what the walk takes, best first,
    in prices of this outcome. cost: price times quantity summed over the levels, rounded up.
    """

    market: MarketId
    venue: str
    outcome: Outcome
    quantity: Quantity
    limit: Price
    levels: Levels
    cost: Money
    fee: Money
    friction: Money
    book_epoch: int
    book_recv_us: Instant
    fee_version: str


class Edge(msgspec.Struct, frozen=True, kw_only=True):
    """The whole sum of one package: net = payout - cost - fees - frictions - lockup - hedge_risk.

    payout: what the package pays in every outcome. lockup: what the capital would earn in cash
    until settlement. hedge_risk: expected cost of a second leg that does not complete. net_low: the
    net when every leg slips one tick. completion_ppm: estimated chance that all legs complete, in
    millionths. annualised_ppm: net before lockup over capital per year, to set beside cash; None
    when the settlement day is unknown. Legs stand in the order in which they would be taken;
    order_words: why in this one, empty when it is the venues' fixed order.
    """

    id: str
    pair_id: str
    label: str
    legs: tuple[LegCost, ...]
    quantity: Quantity
    payout: Money
    cost: Money
    fees: Money
    frictions: Money
    lockup: Money
    hedge_risk: Money
    net: Money
    net_low: Money
    net_per_contract: Money
    completion_ppm: int
    locked_for: Duration | None
    annualised_ppm: int | None
    friction_version: str
    order_words: str = ""


class Refusal(msgspec.Struct, frozen=True):
    """Why something was not done: a stable upper-case code and the numbers in words."""

    code: str
    words: str
