"""What does waiting for the settlement cost, and what does the package earn until then?"""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from foreshock.core.domain.units import DAY, MICRO, YEAR, Duration, Instant, Money
from foreshock.core.pricing.lockup import LOCKED_MIN, annualised_ppm, locked_for, lockup_cost
from tests.unit.core.pricing.prices import COSTS, NOW, kalshi, polymarket

PACK = COSTS.frictions
HUNDRED = Money(100 * MICRO)


def test_the_last_leg_to_pay_counts() -> None:
    early, late = kalshi(), polymarket(settles_us=Instant(NOW + 30 * DAY))
    assert locked_for([early, late], PACK, NOW) == 31 * DAY


def test_one_unknown_day_makes_the_whole_unknown() -> None:
    assert locked_for([kalshi(), polymarket(settles_us=None)], PACK, NOW) is None


def test_a_venue_without_frictions_is_unknown() -> None:
    assert locked_for([kalshi(venue="elsewhere")], PACK, NOW) is None


def test_a_day_that_has_passed_counts_as_now() -> None:
    passed = kalshi(settles_us=Instant(NOW - 5 * DAY))
    assert locked_for([passed], PACK, NOW) == PACK.venues["kalshi"].settlement_delay >= LOCKED_MIN


def test_a_year_of_cash_at_four_percent() -> None:
    assert PACK.cash_ppm == 40_000
    assert lockup_cost(HUNDRED, YEAR, PACK) == 4 * MICRO


def test_an_unknown_day_costs_the_long_default() -> None:
    assert lockup_cost(HUNDRED, None, PACK) == lockup_cost(HUNDRED, PACK.lockup_unknown, PACK)
    assert PACK.lockup_unknown == 180 * DAY


@pytest.mark.parametrize(
    ("gain", "days", "ppm"), [(4, 365, 40_000), (1, 73, 50_000), (-1, 365, -10_000)]
)
def test_a_gain_is_simple_interest_over_the_year(gain: int, days: int, ppm: int) -> None:
    assert annualised_ppm(Money(gain * MICRO), HUNDRED, Duration(days * DAY)) == ppm


def test_what_cannot_be_told_is_none() -> None:
    assert annualised_ppm(HUNDRED, HUNDRED, None) is None
    assert annualised_ppm(HUNDRED, Money(0), YEAR) is None


@given(st.integers(0, 10**12).map(Money), st.integers(LOCKED_MIN, 5 * YEAR).map(Duration))
def test_earning_exactly_the_lock_up_is_at_least_the_cash_rate(
    capital: Money, locked: Duration
) -> None:
    cost = lockup_cost(capital, locked, PACK)
    earned = annualised_ppm(cost, capital, locked)
    assert cost >= 0
    assert earned is None or earned >= PACK.cash_ppm
