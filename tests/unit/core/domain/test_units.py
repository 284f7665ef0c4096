"""Amounts are exact or they are errors."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from foreshock.core.domain.units import (
    MICRO,
    Money,
    Price,
    Quantity,
    Rounding,
    complement,
    divide,
    dollar_text,
    format_micros,
    notional,
    parse_micros,
    parse_price,
    parse_quantity,
    per_contract,
    share,
    span_text,
)

prices = st.integers(0, MICRO).map(Price)
quantities = st.integers(1, 10**12).map(Quantity)
roundings = st.sampled_from(Rounding)


@given(st.integers(-(10**15), 10**15))
def test_parse_is_the_inverse_of_format(micros: int) -> None:
    assert parse_micros(format_micros(micros)) == micros
    assert parse_micros(format_micros(micros, decimals_min=6)) == micros


@given(st.decimals(min_value=-(10**9), max_value=10**9, places=6))
def test_parse_agrees_with_decimal(number: Decimal) -> None:
    assert parse_micros(f"{number:f}") == int(number * MICRO)


@given(st.integers(-(10**18), 10**18), st.integers(1, 10**9))
def test_division_rounds_to_the_named_side_by_less_than_one(top: int, bottom: int) -> None:
    up, down = divide(top, bottom, Rounding.UP), divide(top, bottom, Rounding.DOWN)
    assert down * bottom <= top <= up * bottom
    assert 0 <= up - down <= 1
    assert (up == down) == (top % bottom == 0)


@given(prices)
def test_complement_is_its_own_inverse(price: Price) -> None:
    assert complement(complement(price)) == price
    assert price + complement(price) == MICRO


@given(prices, quantities)
def test_what_we_pay_is_never_rounded_below_what_we_receive(
    price: Price, quantity: Quantity
) -> None:
    pay, receive = notional(price, quantity, Rounding.UP), notional(price, quantity, Rounding.DOWN)
    assert 0 <= pay - receive <= 1


@given(st.integers(-(10**12), 10**12).map(Money), quantities, roundings)
def test_per_contract_times_contracts_brackets_the_amount(
    amount: Money, quantity: Quantity, rounding: Rounding
) -> None:
    each = per_contract(amount, quantity, rounding)
    again = Decimal(each) * quantity / MICRO
    if rounding is Rounding.UP:
        assert again >= amount
    else:
        assert again <= amount


@given(st.integers(0, 10**12).map(Money), st.integers(0, MICRO), roundings)
def test_a_share_is_within_the_whole(amount: Money, ppm: int, rounding: Rounding) -> None:
    assert 0 <= share(amount, ppm, rounding) <= amount


@pytest.mark.parametrize(
    "text",
    ["", "abc", "NaN", "Infinity", "-inf", "1e309", "0.0000001", "1,5", "0x10", "9" * 41],
)
def test_what_is_not_an_exact_number_is_an_error(text: str) -> None:
    with pytest.raises(ValueError, match=r"number|finer|longer"):
        parse_micros(text)


@pytest.mark.parametrize("text", ["1.000001", "-0.01", "2"])
def test_a_price_outside_a_dollar_is_an_error(text: str) -> None:
    with pytest.raises(ValueError, match="outside"):
        parse_price(text)


def test_a_negative_quantity_is_an_error() -> None:
    with pytest.raises(ValueError, match="negative"):
        parse_quantity("-1")


@pytest.mark.parametrize(
    ("micros", "decimals_min", "text"),
    [(560_000, 4, "0.5600"), (560_000, 0, "0.56"), (-1, 0, "-0.000001"), (5 * MICRO, 0, "5")],
)
def test_format_pads_to_the_least_decimals(micros: int, decimals_min: int, text: str) -> None:
    assert format_micros(micros, decimals_min) == text


@pytest.mark.parametrize(
    ("micros", "text"), [(-11_410_000, "-$11.41"), (34_000, "$0.034"), (0, "$0.00")]
)
def test_money_has_its_sign_before_the_currency(micros: int, text: str) -> None:
    assert dollar_text(micros) == text


@pytest.mark.parametrize(
    ("micros", "text"),
    [
        (0, "0 ms"),
        (1, "1 ms"),
        (250_000, "250 ms"),
        (999_001, "1 s"),
        (1_000_000, "1 s"),
        (2_040_001, "2.041 s"),
        (300_000_000, "300 s"),
        (-1_500_000, "-1.5 s"),
    ],
)
def test_a_length_of_time_is_told_to_the_next_millisecond(micros: int, text: str) -> None:
    assert span_text(micros) == text
