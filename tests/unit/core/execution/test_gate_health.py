"""Does what a venue's health allows leave, and nothing else? Do changed limits hold at once?"""

import pytest

from foreshock.core.domain.messages.decisions import PackageOpened
from foreshock.core.domain.messages.risk import Health, LimitChanged, VenueHealthChanged
from foreshock.core.domain.messages.trading import CancelOrder, Purpose
from tests.trading import START, A, cents, dollars, order, request
from tests.unit.core.execution.test_gate import SETTINGS, code, gate

OPENED = PackageOpened(order().package_id, request())


def health(state: Health, venue: str = "polymarket") -> VenueHealthChanged:
    return VenueHealthChanged(venue, state, "a test")


@pytest.mark.parametrize(
    ("state", "purpose", "expected"),
    [
        ("active", "enter", None),
        ("active", "unwind", None),
        ("reducing", "enter", "VENUE_HEALTH"),
        ("reducing", "hedge", None),
        ("reducing", "unwind", None),
        ("halted", "enter", "VENUE_HEALTH"),
        ("halted", "hedge", "VENUE_HEALTH"),
        ("halted", "unwind", "VENUE_HEALTH"),
    ],
)
def test_each_state_lets_its_orders_leave(
    state: Health, purpose: Purpose, expected: str | None
) -> None:
    assert code(gate(health(state)), purpose=purpose) == expected


@pytest.mark.parametrize("state", ["active", "reducing", "halted"])
def test_cancels_always_leave(state: Health) -> None:
    assert gate(health(state)).judge(CancelOrder("o1", A), START) is None


def test_an_entry_needs_the_other_venue_of_its_package_too() -> None:
    unwell = health("reducing", "kalshi")
    assert code(gate(OPENED, unwell)) == "VENUE_HEALTH"
    assert code(gate(OPENED, unwell), purpose="hedge") is None
    assert code(gate(OPENED, health("halted", "kalshi")), purpose="unwind") is None
    assert code(gate(OPENED, unwell, health("active", "kalshi"))) is None


def test_a_changed_limit_holds_for_the_next_order() -> None:
    assert code(gate(LimitChanged("gate.collar", 30_000, 10_000, "a person")), limit=cents(46)) == (
        "PRICE_COLLAR"
    )
    tightened = LimitChanged(
        "gate.notional_per_minute_max.polymarket", dollars(20), dollars(4), "x"
    )
    assert code(gate(tightened)) == "NOTIONAL_RATE"
    assert gate(LimitChanged("market_max", 1, 2, "x")).limits == SETTINGS
