"""Does the page of limits show what is in force, what is wanted and what each rule did?"""

import msgspec

from foreshock.core.domain.edges import Refusal
from foreshock.core.domain.messages.decisions import TradeRefused
from foreshock.core.domain.messages.operations import DeskStarted
from foreshock.core.domain.messages.risk import (
    LimitChanged,
    LimitKept,
    RiskReviewed,
    UnwindAdvised,
    VenueHealthChanged,
)
from foreshock.core.domain.messages.trading import SendRefused
from foreshock.core.domain.messages.union import Message
from foreshock.core.domain.units import SECOND, Instant
from foreshock.dashboard.limits import LimitSettingView, LimitsPage
from tests.trading import START, B, cents, dollars, order, request
from tests.unit.core.execution.test_gate import SETTINGS
from tests.unit.core.risk.desk import LIMITS

CONFIG = msgspec.json.encode({"limits": LIMITS, "gate": SETTINGS, "other": 7}).decode()
STARTED = DeskStarted("1", "b", "paper", CONFIG)


def page(*messages: Message, at_us: int = START) -> LimitsPage:
    fold = LimitsPage()
    for message in (STARTED, *messages):
        fold.hear(message, Instant(at_us))
    return fold


def setting(fold: LimitsPage, key: str, at_us: int = START) -> LimitSettingView:
    return next(s for s in fold.view(Instant(at_us)).settings if s.key == key)


def test_every_limit_is_shown_with_its_unit_and_rule() -> None:
    view = setting(page(), "market_max")
    assert (view.in_force, view.unit, view.code) == (dollars(100), "dollars", "MARKET_LIMIT")
    assert setting(page(), "weekly_loss_max").in_force is None
    assert len(page().view(START).settings) > 30


def test_a_wish_that_waits_is_shown_until_it_is_granted() -> None:
    kept = LimitKept("market_max", dollars(100), dollars(200), "limits.toml", "looser")
    fold = page(kept)
    assert setting(fold, "market_max").wanted == dollars(200)
    fold.hear(LimitChanged("market_max", dollars(100), dollars(200), "a person"), START)
    assert setting(fold, "market_max").wanted is None
    assert setting(fold, "market_max").in_force == dollars(200)
    assert [change.by for change in fold.view(START).changes] == ["a person", "limits.toml"]


def test_refusals_and_advice_are_counted_by_their_rule() -> None:
    refusal = Refusal("MARKET_LIMIT", "x")
    fold = page(TradeRefused(request(), refusal), UnwindAdvised("r1", "ADVERSE_MOVE", "x"))
    assert setting(fold, "market_max").refused_count == 1
    assert setting(fold, "unwind.adverse_max").refused_count == 1
    assert fold.view(START).refused == {"ADVERSE_MOVE": 1, "MARKET_LIMIT": 1}


def test_orders_and_dollars_of_the_last_minute_are_used_up() -> None:
    fold = page(order("o1"), order("o2"), order("o3", market=B, limit=cents(50)))
    assert setting(fold, "gate.orders_per_minute_max").used == 2
    assert setting(fold, "gate.notional_per_minute_max.polymarket").used == dollars(9)
    fold.hear(SendRefused("o2", Refusal("ORDER_RATE", "x")), START)
    assert setting(fold, "gate.orders_per_minute_max").used == 1
    later = START + 60 * SECOND
    assert setting(fold, "gate.orders_per_minute_max", later).used == 0
    assert setting(fold, "market_max").used is None


def test_health_and_reviews_are_on_the_page() -> None:
    fold = page(
        VenueHealthChanged("kalshi", "halted", "no byte"),
        VenueHealthChanged("kalshi", "active", "all is well"),
        RiskReviewed("a person", "both venues were checked"),
    )
    view = fold.view(START)
    assert [(h.venue, h.health) for h in view.health] == [("kalshi", "active")]
    assert view.reviews[0].words == "both venues were checked"
