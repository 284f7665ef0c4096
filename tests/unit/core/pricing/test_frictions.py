"""What does a leg cost besides price and fee?"""

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from foreshock.core.domain.units import MICRO, Duration, Money
from foreshock.core.pricing.frictions import VenueFriction, leg_friction

CHAIN = VenueFriction(
    gas_per_leg=Money(5_000),
    bridge_ppm=500,
    fx_ppm=200,
    onramp_ppm=1_000,
    settlement_delay=Duration(0),
    order_cost_min=Money(MICRO),
)


def test_gas_is_per_leg_and_the_rates_are_of_the_cost() -> None:
    assert leg_friction(CHAIN, Money(100 * MICRO)) == 5_000 + 170_000


def test_nothing_costs_nothing() -> None:
    assert leg_friction(CHAIN, Money(0)) == 0


@pytest.mark.parametrize("field", ["gas_per_leg", "bridge_ppm", "fx_ppm", "onramp_ppm"])
def test_each_part_counts(field: str) -> None:
    dearer = msgspec.structs.replace(CHAIN, **{field: 10_000})
    cost = Money(100 * MICRO)
    assert leg_friction(dearer, cost) > leg_friction(CHAIN, cost)


@given(st.integers(1, 10**12))
def test_a_fraction_goes_against_us(cost: int) -> None:
    charged = leg_friction(CHAIN, Money(cost)) - 5_000
    assert (charged - 1) * MICRO < 1_700 * cost <= charged * MICRO
