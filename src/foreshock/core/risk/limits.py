"""How much may be at risk, and how fresh must be what we trade on?

Plain numbers, already resolved: where a profile gives a share of the bankroll and an amount, the
tighter one stands here. `app/limits_file.py` reads them from `config/limits.toml`.
"""

import msgspec

from foreshock.core.domain.units import Duration, Money, Price
from foreshock.core.domain.unwinding import UnwindLimits


class Freshness(msgspec.Struct, frozen=True, kw_only=True):
    """Ceilings of the three clocks of a feed, of a quiet market and of the loop itself.

    message_age_max: 95th percentile of receive minus event time. data_age_max: since any byte of
    the connection. check_age_max: since a REST book agreed. quiet_max: since the market's own last
    message, allowed while the clocks are green. lag_max: entries stop for lag_pause after the loop
    was later than this.
    """

    message_age_max: Duration
    data_age_max: Duration
    check_age_max: Duration
    quiet_max: Duration
    lag_max: Duration
    lag_pause: Duration


class HealthLimits(msgspec.Struct, frozen=True, kw_only=True):
    """When a venue is relied on less.

    silence_max: no byte of any of its streams for longer halts it. latency_max: of the 95th
    percentile of receive minus event time; above it, or with more gaps or errors a minute, the
    venue is reducing. mends_after: all is well for so long before it is relied on again.
    """

    silence_max: Duration
    latency_max: Duration
    gaps_per_minute_max: int
    errors_per_minute_max: int
    mends_after: Duration


class Limits(msgspec.Struct, frozen=True, kw_only=True):
    """Ceilings of one profile for one bankroll (dollars by venue).

    slippage_max: how far the limit of a leg may lie above its best offer. A loss ceiling that is
    None is not watched; each has the zone whose midnight begins its window. correlated_max: on
    markets that move together, as told by venue and event or by correlation_min_ppm. floor of the
    ratcheting stop: drawdown_max_ppm below the highest value ever.
    """

    profile: str
    bankroll: dict[str, Money]
    portfolio_max: Money
    platform_max: Money
    market_max: Money
    category_max: Money
    correlated_max: Money
    correlation_min_ppm: int
    packages_open_max: int
    unknown_orders_max: int
    identical_rejects_max: int
    slippage_max: Price
    daily_loss_max: Money
    weekly_loss_max: Money | None
    monthly_loss_max: Money | None
    daily_zone: str
    weekly_zone: str
    monthly_zone: str
    drawdown_max_ppm: int
    freshness: Freshness
    health: HealthLimits
    unwind: UnwindLimits
