"""Do texts of the wire become exactly the integers they mean, or nothing?"""

from datetime import UTC, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from foreshock.adapters.venues.kalshi.numbers import (
    amount,
    bound_price,
    complement_price,
    count,
    instant,
    level_price,
    multiplier_ppm,
    signed_count,
)
from foreshock.core.domain.errors import DataError
from foreshock.core.domain.units import format_micros


@given(st.integers(min_value=1, max_value=999_999), st.integers(min_value=0, max_value=6))
def test_every_price_inside_a_dollar_is_read_exactly(price: int, decimals_min: int) -> None:
    assert level_price(format_micros(price, decimals_min)) == price


@given(st.integers(min_value=-(10**15), max_value=10**15))
def test_every_change_of_size_is_read_exactly(change: int) -> None:
    assert signed_count(format_micros(change, 2)) == change


@pytest.mark.parametrize(
    "text",
    [
        "0.0000",
        "1.0000",
        "-0.5",
        "1.01",
        "NaN",
        "inf",
        "1e-1",
        "",
        " 0.5",
        "0_0.5",
        "0.1234567",
        "\u0660.\u0665",
    ],
)
def test_what_no_order_can_have_is_no_level_price(text: str) -> None:
    with pytest.raises(DataError):
        level_price(text)


def test_a_no_price_is_the_complement_of_its_yes_price() -> None:
    assert complement_price("0.4800") == 520_000
    with pytest.raises(DataError):
        complement_price("0.0000")


def test_amounts_may_exceed_a_dollar() -> None:
    assert amount("10.0000") == 10_000_000


def test_a_touch_may_be_empty_but_not_outside() -> None:
    assert (bound_price("0.0000"), bound_price("1.0000")) == (0, 1_000_000)
    with pytest.raises(DataError, match="outside"):
        bound_price("1.0001")


@pytest.mark.parametrize("text", ["-0.01", "1e309", "9" * 30])
def test_impossible_counts_are_refused(text: str) -> None:
    with pytest.raises(DataError):
        count(text)


def test_fee_multipliers_are_exact() -> None:
    assert multiplier_ppm(Decimal("0.5")) == 500_000
    assert multiplier_ppm(Decimal("1E+0")) == 1_000_000
    assert multiplier_ppm(Decimal(0)) == 0


@pytest.mark.parametrize("text", ["-1", "0.0000001", "1E+309", "1001"])
def test_absurd_fee_multipliers_are_refused(text: str) -> None:
    with pytest.raises(DataError, match="fee multiplier"):
        multiplier_ppm(Decimal(text))


def test_times_keep_their_microseconds() -> None:
    assert instant(datetime(2026, 8, 7, 6, 46, 28, 978_710, tzinfo=UTC)) == 1_786_085_188_978_710
