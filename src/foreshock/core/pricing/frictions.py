"""What does a leg cost besides its price and its fee, and what does cash earn meanwhile?"""

import msgspec

from foreshock.core.domain.units import NOTHING, Duration, Money, Rounding, share


class VenueFriction(msgspec.Struct, frozen=True, kw_only=True):
    """Costs of using one venue. Rates are millionths of the leg's cost.

    order_cost_min: an order that takes must cost at least this.
    """

    gas_per_leg: Money
    bridge_ppm: int
    fx_ppm: int
    onramp_ppm: int
    settlement_delay: Duration
    order_cost_min: Money


class FrictionPack(msgspec.Struct, frozen=True, kw_only=True):
    """Frictions by venue name. version: a hash of the values. cash_ppm: yearly yield of cash.

    lockup_unknown: how long capital is taken to be locked when the settlement day is unknown.
    """

    version: str
    cash_ppm: int
    lockup_unknown: Duration
    venues: dict[str, VenueFriction]


def leg_friction(friction: VenueFriction, cost: Money) -> Money:
    """Gas, bridge, currency exchange and on-ramp of buying for `cost`; nothing for nothing."""
    if cost <= 0:
        return NOTHING
    rate_ppm = friction.bridge_ppm + friction.fx_ppm + friction.onramp_ppm
    return Money(friction.gas_per_leg + share(cost, rate_ppm, Rounding.UP))
