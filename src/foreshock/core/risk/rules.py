"""May this trade be made? One function a rule; the first that speaks vetoes.

A rule returns None, or the numbers of its veto in words. Codes are stable: people filter by them
and the journal keeps them. A new rule is one function and one row in RULES.
"""

from collections.abc import Callable
from typing import TypeAlias

import msgspec

from foreshock.core.domain.edges import LegCost, Refusal
from foreshock.core.domain.markets import MarketId, MarketStatus
from foreshock.core.domain.messages.decisions import TradeRequest
from foreshock.core.domain.messages.market_data import BookChanged
from foreshock.core.domain.positions import venue_of
from foreshock.core.domain.units import NOTHING, Instant, Money, format_micros
from foreshock.core.domain.venue_states import VenueStates
from foreshock.core.pricing.depth import offers
from foreshock.core.risk.exposure import Exposure, budget_of
from foreshock.core.risk.feeds import Feeds
from foreshock.core.risk.halts import Halts
from foreshock.core.risk.limits import Limits
from foreshock.core.risk.losses import Losses


class Facts(msgspec.Struct):
    """All that rules may look at; the guardian's fold. unknown: venue of each unknown order."""

    limits: Limits
    exposure: Exposure
    feeds: Feeds
    halts: Halts
    losses: Losses
    books: dict[MarketId, BookChanged]
    statuses: dict[MarketId, MarketStatus]
    unknown: dict[str, str]
    venues: VenueStates


class Case(msgspec.Struct, frozen=True):
    """One request under judgement. budget: its worst cost by market."""

    request: TradeRequest
    budget: dict[MarketId, Money]
    now_us: Instant

    @property
    def legs(self) -> tuple[LegCost, ...]:
        """The legs of its edge."""
        return self.request.edge.legs

    def by_venue(self) -> dict[str, Money]:
        """Its worst cost by venue."""
        return sum_by_venue(self.budget)


Rule: TypeAlias = Callable[[Facts, Case], str | None]


def judge(facts: Facts, request: TradeRequest, now_us: Instant) -> Refusal | None:
    """The first rule that vetoes a request, None when none does."""
    case = Case(request, budget_of(request), now_us)
    for code, rule in RULES:
        words = rule(facts, case)
        if words is not None:
            return Refusal(code, words)
    return None


def not_halted(facts: Facts, case: Case) -> str | None:
    return facts.halts.words(case.by_venue())


def venues_armed(facts: Facts, case: Case) -> str | None:
    """Every leg's venue: a hedge would pass at an unarmed one, so the package must not begin."""
    words = (facts.venues.armed_words(venue, case.now_us) for venue in case.by_venue())
    return next((said for said in words if said is not None), None)


def venues_reconciled(facts: Facts, case: Case) -> str | None:
    words = (facts.venues.state_words(venue) for venue in case.by_venue())
    return next((said for said in words if said is not None), None)


def venues_willing(facts: Facts, case: Case) -> str | None:
    words = (facts.venues.condition_words(venue) for venue in case.by_venue())
    return next((said for said in words if said is not None), None)


def clocks_agree(facts: Facts, case: Case) -> str | None:
    words = (facts.venues.clock_words(venue) for venue in case.by_venue())
    return next((said for said in words if said is not None), None)


def not_a_repeat(facts: Facts, case: Case) -> str | None:
    if facts.exposure.is_open(case.request.id):
        return f"package {case.request.id} is already open"
    return None


def markets_open(facts: Facts, case: Case) -> str | None:
    for leg in case.legs:
        status = facts.statuses.get(leg.market, "unknown")
        if status != "open":
            return f"{leg.market} is {status}"
    return None


def books_stand(facts: Facts, case: Case) -> str | None:
    """The books under the edge are the ones that stand now."""
    for leg in case.legs:
        book = facts.books.get(leg.market)
        if book is None:
            return f"{leg.market} has no book"
        if book.quality != "live":
            return f"the book of {leg.market} is {book.quality}"
        if book.epoch != leg.book_epoch:
            return f"the book of {leg.market} was rebuilt: epoch {book.epoch}, {leg.book_epoch}"
    return None


def prices_fresh(facts: Facts, case: Case) -> str | None:
    lag_words = facts.feeds.lag_words(case.now_us)
    if lag_words is not None:
        return lag_words
    for leg in case.legs:
        book = facts.books.get(leg.market)
        recv_us = leg.book_recv_us if book is None else max(book.recv_us, leg.book_recv_us)
        words = facts.feeds.stale_words(leg.market, recv_us, case.now_us)
        if words is not None:
            return words
    return None


def slippage_small(facts: Facts, case: Case) -> str | None:
    """No leg's limit lies far above the best offer that stands now."""
    slippage_max = facts.limits.slippage_max
    for leg in case.legs:
        book = facts.books.get(leg.market)
        levels = () if book is None else offers(book, leg.outcome)
        if not levels:
            return f"nothing is offered of {leg.market} {leg.outcome}"
        slippage = leg.limit - levels[0][0]
        if slippage > slippage_max:
            return (
                f"{leg.market}: limit {dollars(slippage)} above the best offer,"
                f" at most {dollars(slippage_max)}"
            )
    return None


def orders_known(facts: Facts, case: Case) -> str | None:
    for venue in case.by_venue():
        count = sum(1 for at in facts.unknown.values() if at == venue)
        if count > facts.limits.unknown_orders_max:
            return f"{count} orders at {venue} have an unknown fate"
    return None


def daily_loss_small(facts: Facts, case: Case) -> str | None:
    lost = facts.losses.lost("day", case.now_us)
    return loss_words("today", lost, facts.limits.daily_loss_max)


def weekly_loss_small(facts: Facts, case: Case) -> str | None:
    lost = facts.losses.lost("week", case.now_us)
    return loss_words("this week", lost, facts.limits.weekly_loss_max)


def monthly_loss_small(facts: Facts, case: Case) -> str | None:
    lost = facts.losses.lost("month", case.now_us)
    return loss_words("this month", lost, facts.limits.monthly_loss_max)


def few_packages(facts: Facts, case: Case) -> str | None:
    count = facts.exposure.packages_count()
    if count >= facts.limits.packages_open_max:
        return f"{count} packages are open, at most {facts.limits.packages_open_max}"
    return None


def within_market(facts: Facts, case: Case) -> str | None:
    committed = facts.exposure.by_market()
    for market, amount in case.budget.items():
        used = committed.get(market, NOTHING)
        if used + amount > facts.limits.market_max:
            return limit_words(market, used, amount, facts.limits.market_max)
    return None


def within_platform(facts: Facts, case: Case) -> str | None:
    committed = sum_by_venue(facts.exposure.by_market())
    for venue, amount in case.by_venue().items():
        used = committed.get(venue, NOTHING)
        if used + amount > facts.limits.platform_max:
            return limit_words(venue, used, amount, facts.limits.platform_max)
    return None


def within_portfolio(facts: Facts, case: Case) -> str | None:
    used = Money(sum(facts.exposure.by_market().values()))
    amount = Money(sum(case.budget.values()))
    if used + amount > facts.limits.portfolio_max:
        return limit_words("the portfolio", used, amount, facts.limits.portfolio_max)
    return None


def cash_there(facts: Facts, case: Case) -> str | None:
    for venue, amount in case.by_venue().items():
        free = facts.exposure.cash_at(venue) - facts.exposure.reserved_at(venue)
        if amount > free:
            return f"{venue}: needs {dollars(amount)}, free cash is {dollars(free)}"
    return None


RULES: tuple[tuple[str, Rule], ...] = (
    ("HALTED", not_halted),
    ("NOT_ARMED", venues_armed),
    ("NOT_RECONCILED", venues_reconciled),
    ("VENUE_CONDITION", venues_willing),
    ("CLOCK_SKEW", clocks_agree),
    ("DUPLICATE", not_a_repeat),
    ("MARKET_NOT_OPEN", markets_open),
    ("BOOK_LOST", books_stand),
    ("STALE_PRICE", prices_fresh),
    ("SLIPPAGE", slippage_small),
    ("UNKNOWN_ORDERS", orders_known),
    ("DAILY_LOSS", daily_loss_small),
    ("WEEKLY_LOSS", weekly_loss_small),
    ("MONTHLY_LOSS", monthly_loss_small),
    ("PACKAGES_OPEN_MAX", few_packages),
    ("MARKET_LIMIT", within_market),
    ("PLATFORM_LIMIT", within_platform),
    ("PORTFOLIO_LIMIT", within_portfolio),
    ("CASH_SHORT", cash_there),
)


def sum_by_venue(amounts: dict[MarketId, Money]) -> dict[str, Money]:
    """Amounts of markets summed by their venues."""
    sums: dict[str, Money] = {}
    for market, amount in amounts.items():
        venue = venue_of(market)
        sums[venue] = Money(sums.get(venue, NOTHING) + amount)
    return sums


def loss_words(window: str, lost: Money, lost_max: Money | None) -> str | None:
    """The veto of a loss ceiling, None below it or without one."""
    if lost_max is None or lost < lost_max:
        return None
    return f"{dollars(lost)} lost {window}, the limit is {dollars(lost_max)}"


def limit_words(scope: str, used: Money, amount: Money, limit: Money) -> str:
    """The numbers of an exposure veto."""
    return f"{scope}: {dollars(used)} committed, {dollars(amount)} more, limit {dollars(limit)}"


def dollars(amount: int) -> str:
    """An amount as people read it."""
    return f"${format_micros(amount, 2)}"
