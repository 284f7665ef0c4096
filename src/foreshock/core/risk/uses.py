"""How much of each limit is used? Every ceiling that counts something, in a fixed order."""

from collections.abc import Iterator
from typing import TypeAlias

from foreshock.core.domain.markets import MarketId
from foreshock.core.domain.messages.decisions import LimitUse
from foreshock.core.domain.units import NOTHING, Money
from foreshock.core.risk.calendar import WINDOWS
from foreshock.core.risk.facts import Facts, sum_by_venue
from foreshock.core.risk.halts import EVERYWHERE
from foreshock.core.risk.rules import UNCATEGORISED, by_category
from foreshock.core.risk.stops import CODES

Committed: TypeAlias = dict[MarketId, Money]
"""As `Exposure.by_market` counts it."""


def limit_uses(facts: Facts) -> Iterator[LimitUse]:
    """Of everything, of every venue, of every category and market with money in it."""
    by_market = facts.exposure.by_market()
    yield from whole_uses(facts, by_market)
    yield from venue_uses(facts, by_market)
    for category, used in sorted(by_category(facts.terms, by_market).items()):
        name = category or UNCATEGORISED
        yield LimitUse("CATEGORY_LIMIT", name, used, facts.limits.category_max, "money")
    for market, used in sorted(by_market.items()):
        yield LimitUse("MARKET_LIMIT", market, used, facts.limits.market_max, "money")


def whole_uses(facts: Facts, by_market: Committed) -> Iterator[LimitUse]:
    """Of what counts everything together."""
    limits, exposure, stops = facts.limits, facts.exposure, facts.stops
    total, count = sum(by_market.values()), exposure.packages_count()
    yield LimitUse("PORTFOLIO_LIMIT", EVERYWHERE, total, limits.portfolio_max, "money")
    yield LimitUse("PACKAGES_OPEN_MAX", EVERYWHERE, count, limits.packages_open_max, "count")
    yield LimitUse("DRAWDOWN", EVERYWHERE, stops.drawdown(), stops.drawdown_max(), "money")
    for window in WINDOWS:
        lost_max = stops.loss_max(window)
        if lost_max is not None:
            lost = stops.lost(window)
            yield LimitUse(CODES[window], EVERYWHERE, lost, lost_max, "money")


def venue_uses(facts: Facts, by_market: Committed) -> Iterator[LimitUse]:
    """Of what each venue counts for itself."""
    limits, exposure = facts.limits, facts.exposure
    by_venue = sum_by_venue(by_market)
    for venue in limits.bankroll:
        used = by_venue.get(venue, NOTHING)
        yield LimitUse("PLATFORM_LIMIT", venue, used, limits.platform_max, "money")
        reserved, cash = exposure.reserved_at(venue), exposure.cash_at(venue)
        yield LimitUse("CASH_SHORT", venue, reserved, cash, "money")
        unknown = sum(1 for at in facts.unknown.values() if at == venue)
        yield LimitUse("UNKNOWN_ORDERS", venue, unknown, limits.unknown_orders_max, "count")
