"""How much may be at risk, and how fresh must be what we trade on?

Plain numbers, already resolved: where a profile gives a share of the bankroll and an amount, the
tighter one stands here. `app/limits_file.py` reads them from `config/limits.toml`.
"""

import msgspec

from foreshock.core.domain.units import Duration, Money, Price


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


class Limits(msgspec.Struct, frozen=True, kw_only=True):
    """Ceilings of one profile for one bankroll (dollars by venue).

    slippage_max: how far the limit of a leg may lie above its best offer. A loss ceiling that is
    None is not watched.
    """

    profile: str
    bankroll: dict[str, Money]
    portfolio_max: Money
    platform_max: Money
    market_max: Money
    packages_open_max: int
    unknown_orders_max: int
    identical_rejects_max: int
    slippage_max: Price
    daily_loss_max: Money
    weekly_loss_max: Money | None
    monthly_loss_max: Money | None
    freshness: Freshness
