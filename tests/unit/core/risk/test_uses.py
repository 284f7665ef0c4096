"""Is every ceiling that counts something told with its use, once?"""

from foreshock.core.domain.messages.decisions import LimitsMeasured
from foreshock.core.domain.messages.trading import OrderUnknown
from foreshock.core.risk.exposure import budget_of
from foreshock.core.risk.facts import opening_facts
from foreshock.core.risk.rules import RULES
from foreshock.core.risk.uses import limit_uses
from tests.trading import A, B, dollars, order, request
from tests.unit.core.risk.desk import LIMITS, RiskDesk, limits

EMPTY = [
    ("PORTFOLIO_LIMIT", "all"),
    ("PACKAGES_OPEN_MAX", "all"),
    ("DRAWDOWN", "all"),
    ("DAILY_LOSS", "all"),
    ("PLATFORM_LIMIT", "polymarket"),
    ("CASH_SHORT", "polymarket"),
    ("UNKNOWN_ORDERS", "polymarket"),
    ("PLATFORM_LIMIT", "kalshi"),
    ("CASH_SHORT", "kalshi"),
    ("UNKNOWN_ORDERS", "kalshi"),
]


def test_ceilings_are_told_before_anything_is_used() -> None:
    uses = list(limit_uses(opening_facts(LIMITS)))
    assert [(use.code, use.scope) for use in uses] == EMPTY
    assert {use.used for use in uses} == {0}


def test_every_code_is_that_of_a_rule() -> None:
    watched = limits(weekly_loss_max=dollars(9), monthly_loss_max=dollars(9))
    codes = {use.code for use in limit_uses(opening_facts(watched))}
    assert codes < {code for code, _ in RULES}
    assert {"WEEKLY_LOSS", "MONTHLY_LOSS"} < codes


def test_what_is_committed_stands_by_venue_category_and_market() -> None:
    wanted = request()
    said = RiskDesk().say(wanted, order("o9", package_id="p9"), OrderUnknown("o9", "silence"))
    (measured,) = [m for m in said if isinstance(m, LimitsMeasured)]
    used = {(use.code, use.scope): use.used for use in measured.uses}
    budget = budget_of(wanted)
    assert used["MARKET_LIMIT", A] == budget[A] == used["PLATFORM_LIMIT", "polymarket"]
    assert used["MARKET_LIMIT", B] == budget[B]
    assert used["CATEGORY_LIMIT", "test"] == sum(budget.values())
