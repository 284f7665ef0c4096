"""The fair probability has the values and the order that the formula promises."""

import math
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from foreshock.core.signals.fair_value import (
    NARROWING,
    above_probability,
    between_probability,
    normal,
    realised_volatility,
    student,
)

prices = st.floats(1.0, 1e6)
volatilities = st.floats(1e-6, 1e-2)
seconds = st.floats(0.0, 1e5)


def test_one_deviation_above_the_strike_is_84_percent() -> None:
    volatility, left_s = 0.0001, 100.0
    spread = volatility * 10.0
    spot = 50_000 * math.exp(spread + spread**2 / 2)
    found = above_probability(spot, 50_000, volatility, left_s, normal)
    assert found == pytest.approx(0.841345, abs=1e-6)


@pytest.mark.parametrize(
    ("t", "share"), [(0.0, 0.5), (1.533206, 0.9), (2.131847, 0.95), (3.746947, 0.99)]
)
def test_our_shape_is_students_t_of_four_degrees_scaled(t: float, share: float) -> None:
    """Quantiles as tables of the distribution print them."""
    deviations = t * NARROWING / math.sqrt(2.0)
    assert student(deviations) == pytest.approx(share, abs=1e-6)
    assert student(-deviations) == pytest.approx(1 - share, abs=1e-6)


@given(st.floats(-1e6, 1e6))
def test_a_shape_is_a_share_and_rises(deviations: float) -> None:
    for shape in (student, normal):
        assert 0.0 <= shape(deviations) <= shape(deviations + 0.1) <= 1.0


def test_our_shape_is_surer_near_the_middle_and_less_sure_far_out() -> None:
    assert student(0.5) > normal(0.5)
    assert student(3.0) < normal(3.0)


def test_agrees_with_walks_drawn_at_random() -> None:
    rng, volatility, left_s = random.Random(7), 0.0002, 900.0
    spread = volatility * math.sqrt(left_s)
    ends = [100.2 * math.exp(rng.gauss(-(spread**2) / 2, spread)) for _ in range(20_000)]
    share = sum(end >= 100.0 for end in ends) / len(ends)
    found = above_probability(100.2, 100.0, volatility, left_s, normal)
    assert found == pytest.approx(share, abs=0.015)


@given(prices, prices, volatilities, seconds)
def test_is_a_probability_and_falls_with_the_strike(
    spot: float, strike: float, volatility: float, left_s: float
) -> None:
    found = above_probability(spot, strike, volatility, left_s)
    assert 0.0 <= found <= 1.0
    assert above_probability(spot, strike * 1.01, volatility, left_s) <= found + 1e-12


@given(prices, volatilities, seconds)
def test_three_ranges_cover_everything(spot: float, volatility: float, left_s: float) -> None:
    low, high = spot * 0.99, spot * 1.02
    below = 1.0 - above_probability(spot, low, volatility, left_s)
    between = between_probability(spot, (low, high), volatility, left_s)
    above = above_probability(spot, high, volatility, left_s)
    assert below + between + above == pytest.approx(1.0)


@pytest.mark.parametrize(("spot", "expected"), [(100.0, 1.0), (99.99, 0.0), (101.0, 1.0)])
def test_at_the_end_the_price_decides(spot: float, expected: float) -> None:
    assert above_probability(spot, 100.0, 0.001, 0.0) == expected
    assert above_probability(spot, 100.0, 0.001, -5.0) == expected


def test_unknown_volatility_gives_no_answer() -> None:
    assert math.isnan(above_probability(100.0, 100.0, math.nan, 60.0))


@pytest.mark.parametrize(("spot", "strike"), [(0.0, 1.0), (1.0, -1.0), (math.nan, 1.0)])
def test_what_is_no_price_is_refused(spot: float, strike: float) -> None:
    with pytest.raises(ValueError, match="no price"):
        above_probability(spot, strike, 0.001, 60.0)


def test_strikes_in_the_wrong_order_are_refused() -> None:
    with pytest.raises(ValueError, match="not in order"):
        between_probability(1.0, (2.0, 1.0), 0.001, 60.0)


def test_volatility_is_per_square_root_of_a_second() -> None:
    swing = [100.0 * math.exp(0.01 * (minute % 2)) for minute in range(61)]
    assert realised_volatility(swing, 60.0) == pytest.approx(0.01 / math.sqrt(60.0))


def test_returns_across_gaps_are_not_taken_and_too_few_are_unknown() -> None:
    prices: list[float | None] = [100.0] * 40
    jumped = [*prices, None, *[200.0] * 20]
    assert realised_volatility(jumped, 60.0) == 0.0
    assert math.isnan(realised_volatility(prices[:30], 60.0))
    assert not math.isnan(realised_volatility(prices[:31], 60.0))
