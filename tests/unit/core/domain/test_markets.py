"""Grids accept exactly the prices of the venue's ranges."""

import pytest

from foreshock.core.domain.markets import PriceGrid, PriceRange, opposite, uniform_grid
from foreshock.core.domain.units import MICRO, Price

TAPERED = PriceGrid((
    PriceRange(Price(0), Price(100_000), Price(1_000)),
    PriceRange(Price(100_000), Price(900_000), Price(10_000)),
    PriceRange(Price(900_000), Price(MICRO), Price(1_000)),
))
"""Kalshi's tapered_deci_cent: a tenth of a cent below 0.10 and above 0.90."""


@pytest.mark.parametrize(
    ("price", "accepted"),
    [
        (0, False),
        (1_000, True),
        (99_000, True),
        (101_000, False),
        (110_000, True),
        (899_000, False),
        (901_000, True),
        (MICRO, False),
        (500, False),
    ],
)
def test_a_tapered_grid_accepts_fine_prices_only_at_the_edges(price: int, accepted: bool) -> None:
    assert TAPERED.accepts(Price(price)) is accepted


def test_a_border_belongs_to_the_finer_range() -> None:
    assert TAPERED.step_at(Price(100_000)) == 1_000
    assert TAPERED.step_at(Price(500_000)) == 10_000
    assert TAPERED.finest() == 1_000


@pytest.mark.parametrize("step", [0, -1, 30_000, MICRO + 1])
def test_a_step_must_divide_a_dollar(step: int) -> None:
    with pytest.raises(ValueError, match="divide"):
        uniform_grid(Price(step))


def test_each_outcome_has_one_opposite() -> None:
    assert opposite("yes") == "no"
    assert opposite("no") == "yes"
