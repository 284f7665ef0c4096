"""Amounts of orders: the venue's precision, its clients' numbers, and that limits still match."""

from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from foreshock.adapters.venues.polymarket.amounts import (
    Amounts,
    amount_decimals,
    bought_for,
    floored,
    resting,
    sold_for,
    taking,
)
from foreshock.core.domain.units import MICRO, Money, Price, Quantity, parse_micros
from tests.unit.adapters.venues.polymarket.vectors import golden

TICKS = {"0.1": 3, "0.01": 4, "0.005": 5, "0.0025": 6, "0.001": 5, "0.0001": 6}
"""Decimals of an amount by tick: the venue's table."""
LOT = 10_000

ticks = st.sampled_from([parse_micros(tick) for tick in TICKS])
quantities = st.integers(1, 10**9).map(lambda n: Quantity(n * LOT))


@st.composite
def prices(draw: st.DrawFn) -> tuple[Price, Price]:
    """A tick and a price on it, strictly inside 0..1."""
    tick = draw(ticks)
    return Price(tick), Price(tick * draw(st.integers(1, MICRO // tick - 1)))


@pytest.mark.parametrize(("tick", "decimals"), TICKS.items())
def test_decimals_of_an_amount_are_the_venues_table(tick: str, decimals: int) -> None:
    assert amount_decimals(Price(parse_micros(tick))) == decimals


@pytest.mark.parametrize(
    ("action", "price", "size", "expected"),
    [
        ("sell", "0.52", "10.129", (10_120_000, 5_262_400)),
        ("buy", "0.5", "5.009", (2_500_000, 5_000_000)),
        ("buy", "0.37", "12.34", (4_565_800, 12_340_000)),
        ("buy", "0.123", "7.77", (955_710, 7_770_000)),
    ],
)
def test_resting_amounts_are_the_clients(
    action: str, price: str, size: str, expected: tuple[int, int]
) -> None:
    """Computed 2026-11-20 with the official SDKs."""
    side = "buy" if action == "buy" else "sell"
    amounts = resting(side, Price(parse_micros(price)), Quantity(parse_micros(size)))
    assert amounts == Amounts(*expected)


def test_every_recorded_amount_is_met(shared_wire: Path) -> None:
    vectors = golden(shared_wire)
    for vector in vectors["limitAmounts"]:
        price, size = Price(parse_micros(vector["price"])), Quantity(parse_micros(vector["size"]))
        side = "buy" if vector["side"] == "BUY" else "sell"
        assert resting(side, price, size) == (vector["maker"], vector["taker"])
    for vector in vectors["marketAmounts"]:
        price, amount = Price(parse_micros(vector["price"])), parse_micros(vector["amount"])
        decimals = amount_decimals(Price(parse_micros(vector["tick"])))
        if vector["side"] == "BUY":
            found = bought_for(Money(amount), price, decimals)
        else:
            found = sold_for(Quantity(amount), price, decimals)
        assert found == (vector["maker"], vector["taker"])


def test_a_market_purchase_is_rounded_down_where_rounding_up_was_never_matched() -> None:
    """1 dollar at 0.07: 14.29 contracts made the implied price 0.06999 (py-sdk issue 291)."""
    maker, taker = bought_for(Money(1_000_000), Price(70_000), 4)
    assert (maker, taker) == (1_000_000, 14_285_700)
    assert maker * MICRO >= 70_000 * taker
    assert 1_000_000 * MICRO < 70_000 * 14_290_000


@given(prices(), quantities)
def test_resting_amounts_are_exact(grid: tuple[Price, Price], quantity: Quantity) -> None:
    tick, price = grid
    exact = Decimal(price) * quantity / MICRO
    bought, sold = resting("buy", price, quantity), resting("sell", price, quantity)
    assert bought == (exact, quantity)
    assert sold == (quantity, exact)
    assert floored(bought.maker, amount_decimals(tick)) == bought.maker


@given(prices(), quantities)
def test_what_takes_or_dies_keeps_the_venues_accuracy(
    grid: tuple[Price, Price], quantity: Quantity
) -> None:
    for action in ("buy", "sell"):
        amounts = taking("buy" if action == "buy" else "sell", grid[1], quantity, grid[0])
        assert amounts.maker % LOT == 0
        assert amounts.taker % 100 == 0


@given(prices(), quantities)
def test_a_purchase_still_matches_at_its_limit_and_never_a_tick_above(
    grid: tuple[Price, Price], quantity: Quantity
) -> None:
    tick, price = grid
    maker, taker = taking("buy", price, quantity, tick)
    assert maker * MICRO >= price * taker
    assert maker * MICRO <= price * quantity
    if maker >= MICRO:  # smaller purchases are refused before
        assert maker * MICRO < (price + tick) * taker


@given(prices(), quantities)
def test_a_sale_still_matches_at_its_limit_and_never_a_tick_below(
    grid: tuple[Price, Price], quantity: Quantity
) -> None:
    tick, price = grid
    maker, taker = taking("sell", price, quantity, tick)
    assert maker == quantity
    assert taker * MICRO <= price * maker
    assert taker * MICRO > (price - tick) * maker - 100 * MICRO


@given(st.integers(0, 10**15), st.integers(0, 6))
def test_flooring_takes_away_less_than_a_unit(micros: int, decimals: int) -> None:
    unit = 10 ** (6 - decimals)
    assert 0 <= micros - floored(micros, decimals) < unit
    assert floored(micros, decimals) % unit == 0
