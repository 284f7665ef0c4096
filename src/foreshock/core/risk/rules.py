"""May this trade be made? One function a rule; the first that speaks vetoes.

A rule returns None, or the numbers of its veto in words. Codes are stable: people filter by them
and the journal keeps them. A new rule is one function and one row in RULES.
"""

from collections.abc import Callable, Mapping
from typing import TypeAlias

from foreshock.core.domain.edges import Refusal
from foreshock.core.domain.markets import MarketId
from foreshock.core.domain.messages.decisions import TradeRequest
from foreshock.core.domain.units import NOTHING, Instant, Money, dollar_text
from foreshock.core.pricing.depth import offers
from foreshock.core.risk.correlation import MarketTerms, are_kin
from foreshock.core.risk.exposure import budget_of
from foreshock.core.risk.facts import Case, Facts, sum_by_venue

UNCATEGORISED = "no category"


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


def venues_healthy(facts: Facts, case: Case) -> str | None:
    return next((facts.health[v] for v in case.by_venue() if v in facts.health), None)


def disk_roomy(facts: Facts, case: Case) -> str | None:
    return facts.disk


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


def drawdown_small(facts: Facts, case: Case) -> str | None:
    return facts.stops.words("DRAWDOWN")


def daily_loss_small(facts: Facts, case: Case) -> str | None:
    return facts.stops.words("DAILY_LOSS")


def weekly_loss_small(facts: Facts, case: Case) -> str | None:
    return facts.stops.words("WEEKLY_LOSS")


def monthly_loss_small(facts: Facts, case: Case) -> str | None:
    return facts.stops.words("MONTHLY_LOSS")


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


def within_category(facts: Facts, case: Case) -> str | None:
    """Legs of one package are one bet: what one venue files nowhere is filed as by the other."""
    categories = case_categories(facts, case)
    committed = by_category(facts.terms, facts.exposure.by_market())
    wanted: dict[str, int] = {}
    for market, amount in case.budget.items():
        category = categories[market]
        wanted[category] = wanted.get(category, 0) + amount
    for category, amount in wanted.items():
        used = committed.get(category, NOTHING)
        if used + amount > facts.limits.category_max:
            name = category or UNCATEGORISED
            return limit_words(name, used, Money(amount), facts.limits.category_max)
    return None


def within_correlated(facts: Facts, case: Case) -> str | None:
    committed = facts.exposure.by_market()
    together = moving_together(facts, tuple(case.budget), committed)
    used = Money(sum(committed[market] for market in together))
    amount = Money(sum(case.budget.values()))
    if used + amount > facts.limits.correlated_max:
        scope = f"{len(together)} markets that move with these"
        return limit_words(scope, used, amount, facts.limits.correlated_max)
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
    ("VENUE_HEALTH", venues_healthy),
    ("DISK_LOW", disk_roomy),
    ("DUPLICATE", not_a_repeat),
    ("MARKET_NOT_OPEN", markets_open),
    ("BOOK_LOST", books_stand),
    ("STALE_PRICE", prices_fresh),
    ("SLIPPAGE", slippage_small),
    ("UNKNOWN_ORDERS", orders_known),
    ("DRAWDOWN", drawdown_small),
    ("DAILY_LOSS", daily_loss_small),
    ("WEEKLY_LOSS", weekly_loss_small),
    ("MONTHLY_LOSS", monthly_loss_small),
    ("PACKAGES_OPEN_MAX", few_packages),
    ("MARKET_LIMIT", within_market),
    ("PLATFORM_LIMIT", within_platform),
    ("PORTFOLIO_LIMIT", within_portfolio),
    ("CATEGORY_LIMIT", within_category),
    ("CORRELATED_LIMIT", within_correlated),
    ("CASH_SHORT", cash_there),
)


def by_category(
    terms: Mapping[MarketId, MarketTerms], committed: Mapping[MarketId, Money]
) -> dict[str, Money]:
    """Amounts of markets summed by category; what is filed nowhere stands under ""."""
    sums: dict[str, Money] = {}
    for market, amount in committed.items():
        category = terms[market].category if market in terms else ""
        sums[category] = Money(sums.get(category, NOTHING) + amount)
    return sums


def case_categories(facts: Facts, case: Case) -> dict[MarketId, str]:
    """The category of each market of a case: its own, or that of the first leg that has one."""
    own = {m: facts.terms[m].category if m in facts.terms else "" for m in case.budget}
    first = next((category for category in own.values() if category), "")
    return {market: category or first for market, category in own.items()}


def moving_together(
    facts: Facts, markets: tuple[MarketId, ...], committed: Mapping[MarketId, Money]
) -> set[MarketId]:
    """Those with money in them that move with any of these, and the other legs of their packages.

    Of the markets themselves, too.
    """
    found = {held for held in committed if any(_are_together(facts, held, m) for m in markets)}
    sets = [tuple(t[0] for t in hedged.tokens) for hedged in facts.valuation.hedged]
    for group in (*facts.exposure.groups(), *sets):
        if found.intersection(group):
            found.update(market for market in group if market in committed)
    return found


def _are_together(facts: Facts, held: MarketId, market: MarketId) -> bool:
    if held == market:
        return True
    known, wanted = facts.terms.get(held), facts.terms.get(market)
    if known is not None and wanted is not None and are_kin(known, wanted):
        return True
    return facts.moves.are_together(held, market, facts.limits.correlation_min_ppm)


def limit_words(scope: str, used: Money, amount: Money, limit: Money) -> str:
    """The numbers of an exposure veto."""
    return f"{scope}: {dollars(used)} committed, {dollars(amount)} more, limit {dollars(limit)}"


def dollars(amount: int) -> str:
    """An amount as people read it."""
    return dollar_text(amount)
