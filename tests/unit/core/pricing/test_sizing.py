"""Are the sizes worth pricing found, within every limit?"""

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from foreshock.core.domain.books import Levels
from foreshock.core.domain.units import MICRO, Money, Price, Quantity, Rounding
from foreshock.core.pricing.depth import total, walk, worth
from foreshock.core.pricing.sizing import SIZES_MAX, clip_sizes, common_step, order_minimum
from tests.unit.core.pricing.prices import LIMITS, ladder

STEP = Quantity(10_000)
FIVE = Quantity(5 * MICRO)


def whole(sizes: list[Quantity]) -> list[int]:
    return [size // MICRO for size in sizes]


def test_the_common_step_suits_every_venue() -> None:
    assert common_step([Quantity(10_000), Quantity(MICRO)]) == MICRO
    assert common_step([Quantity(20_000), Quantity(30_000)]) == 60_000
    assert common_step([Quantity(0), Quantity(10_000)]) == 10_000


@pytest.mark.parametrize(
    ("minimum", "cost_min", "price", "needed"),
    [
        (5 * MICRO, 0, 500_000, 5 * MICRO),
        (5 * MICRO, MICRO, 100_000, 10 * MICRO),
        (5 * MICRO, MICRO, 30_000, 33_340_000),
        (0, 0, 500_000, 10_000),
    ],
)
def test_an_order_reaches_the_venue_minimum_in_contracts_and_dollars(
    minimum: int, cost_min: int, price: int, needed: int
) -> None:
    found = order_minimum(Quantity(minimum), Money(cost_min), Price(price), STEP)
    assert found == needed


def test_sizes_lie_where_a_level_ends_or_a_later_leg_keeps_a_surplus() -> None:
    first, second = ladder((40, 60), (41, 500)), ladder((50, 100), (58, 500))
    sizes = clip_sizes([first, second], FIVE, STEP, LIMITS, 1)
    # 100 at 50 c keep 25 % beyond 80 and 50 % beyond 66.66; 600 up to 58 c keep 50 % beyond 400;
    # 444.82 is what 250 dollars buy of the dearer leg
    assert whole(sizes) == [5, 60, 66, 80, 100, 400, 444]


def test_no_size_beyond_the_depth_that_pays() -> None:
    first, second = ladder((40, 60), (41, 500)), ladder((50, 100), (60, 500))
    assert whole(clip_sizes([first, second], FIVE, STEP, LIMITS, 1))[-1] == 100


def test_only_the_smallest_when_the_best_prices_cost_a_dollar() -> None:
    sizes = clip_sizes([ladder((45, 100)), ladder((55, 100))], FIVE, STEP, LIMITS, 1)
    assert sizes == [FIVE]


def test_caps_bind() -> None:
    ladders = [ladder((40, 1_000)), ladder((50, 1_000))]
    assert clip_sizes(ladders, FIVE, STEP, LIMITS, 1)[-1] == 500 * MICRO
    poorer = msgspec.structs.replace(LIMITS, leg_cost_max=Money(50 * MICRO))
    assert clip_sizes(ladders, FIVE, STEP, poorer, 1)[-1] == 100 * MICRO


def test_what_does_not_reach_the_minimum_is_all_there_is() -> None:
    assert clip_sizes([ladder((40, 3)), ladder((50, 9))], FIVE, STEP, LIMITS, 1) == [3 * MICRO]
    crumbs = (((Price(400_000), Quantity(9_999)),), ladder((50, 9)))
    assert clip_sizes(crumbs, FIVE, STEP, LIMITS, 1) == []


sides = st.lists(
    st.tuples(st.integers(1, 99), st.integers(1, 400)),
    min_size=1,
    max_size=10,
    unique_by=lambda t: t[0],
).map(lambda found: ladder(*sorted(found)))


@given(sides, sides)
def test_every_size_respects_depth_caps_step_and_minimum(first: Levels, second: Levels) -> None:
    sizes = clip_sizes([first, second], FIVE, STEP, LIMITS, 1)
    assert sizes == sorted(set(sizes))
    assert 0 < len(sizes) <= SIZES_MAX
    for size in sizes:
        assert size % STEP == 0
        assert size <= min(total(first), total(second), LIMITS.quantity_max)
        assert all(
            worth(walk(s, size), Rounding.UP) <= LIMITS.leg_cost_max for s in (first, second)
        )
        assert size >= FIVE or sizes == [size]
