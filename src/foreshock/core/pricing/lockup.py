"""How long is capital locked, what would cash earn meanwhile, and what does the package earn?"""

from collections.abc import Sequence

from foreshock.core.domain.markets import Market
from foreshock.core.domain.units import (
    MICRO,
    SECOND,
    YEAR,
    Duration,
    Instant,
    Money,
    Rounding,
    divide,
)
from foreshock.core.pricing.frictions import FrictionPack

LOCKED_MIN = Duration(3_600 * SECOND)
"""Nothing settles faster; also keeps a yearly rate from a few seconds from being absurd."""


def locked_for(
    markets: Sequence[Market], frictions: FrictionPack, now_us: Instant
) -> Duration | None:
    """Time until the last leg has paid; None when a leg names no settlement day or no delay.

    A day that has passed without a settlement counts as now.
    """
    longest = 0
    for market in markets:
        friction = frictions.venues.get(market.venue)
        if market.settles_us is None or friction is None:
            return None
        longest = max(longest, max(0, market.settles_us - now_us) + friction.settlement_delay)
    return Duration(max(longest, LOCKED_MIN))


def lockup_cost(capital: Money, locked: Duration | None, frictions: FrictionPack) -> Money:
    """What the capital would earn in cash, rounded up; the pack's long default for unknown."""
    duration = frictions.lockup_unknown if locked is None else locked
    return Money(divide(capital * frictions.cash_ppm * duration, MICRO * YEAR, Rounding.UP))


def annualised_ppm(gain: Money, capital: Money, locked: Duration | None) -> int | None:
    """Simple yearly return in millionths, rounded down; None when it cannot be told."""
    if locked is None or capital <= 0:
        return None
    return divide(gain * MICRO * YEAR, capital * locked, Rounding.DOWN)
