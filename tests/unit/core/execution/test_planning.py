"""Are limits on the grid, within break-even and within the budget?"""

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from foreshock.core.domain.markets import Outcome, PriceGrid, PriceRange, uniform_grid
from foreshock.core.domain.units import PAYOUT, Money, Price, Quantity, Rounding, complement
from foreshock.core.execution.package import Package
from foreshock.core.execution.planning import (
    Plan,
    affordable_price,
    break_even,
    completion,
    evening,
    on_grid,
    signable,
)
from tests.samples import market
from tests.trading import A, B, book, cents, contracts, edge, filled, leg, order, request

TAPERED = PriceGrid((
    PriceRange(Price(0), Price(100_000), Price(1_000)),
    PriceRange(Price(100_000), Price(900_000), Price(10_000)),
    PriceRange(Price(900_000), PAYOUT, Price(1_000)),
))
GRIDS = (uniform_grid(Price(10_000)), uniform_grid(Price(1_000)), TAPERED)


def package(leg_a: int = 10, *, fee: int = 100_000) -> Package:
    """Leg A bought at 45 as far as said, leg B not yet."""
    wanted = edge(leg(A, "yes", 45, 10, fee), leg(B, "no", 48, 10, fee))
    opened = Package(request("r1", wanted), [market(A), market(B)])
    opened.add(0, order("o1"))
    if leg_a:
        opened.orders["o1"][1].apply(filled("o1", 1, leg_a, 45, fee=fee * leg_a // 10))
    opened.state = "second_leg"
    opened.target = contracts(leg_a)
    return opened


@given(
    st.sampled_from(GRIDS),
    st.sampled_from(["yes", "no"]),
    st.integers(-100_000, 1_100_000),
    st.sampled_from(list(Rounding)),
)
def test_a_limit_is_on_the_grid_and_on_the_right_side(
    grid: PriceGrid, outcome: Outcome, price: int, rounding: Rounding
) -> None:
    found = on_grid(grid, outcome, price, rounding)
    if found is None:
        lowest, highest = grid.finest(), PAYOUT - grid.finest()
        assert price < lowest if rounding is Rounding.DOWN else price > highest
        return
    assert grid.accepts(found if outcome == "yes" else complement(found))
    inside = max(0, min(PAYOUT, price))
    assert found >= inside if rounding is Rounding.UP else found <= inside
    assert abs(found - inside) <= 10_000


@pytest.mark.parametrize(("asked", "price"), [("yes", 450_000), ("no", 450_000)])
def test_a_price_on_the_grid_stays(asked: Outcome, price: int) -> None:
    for rounding in Rounding:
        assert on_grid(GRIDS[0], asked, price, rounding) == price


def test_break_even_counts_what_was_paid_with_every_fee() -> None:
    # 1.00 - 0.45 - 0.01 (fee of leg A) - 0.01 (quoted fee of leg B)
    assert break_even(package(), 1) == cents(53)
    assert break_even(package(fee=0), 1) == cents(55)


def test_the_budget_caps_the_price() -> None:
    opened = package(fee=0)
    assert affordable_price(opened, 1, contracts(10)) == opened.budgets[1] // 10
    opened.add(1, order("o2", market=B, outcome="no"))
    opened.orders["o2"][1].apply(filled("o2", 1, 5, 48))
    left = opened.budgets[1] - cents(48) * 5
    assert affordable_price(opened, 1, contracts(5)) == left // 5


def test_a_completion_reaches_two_cents_beyond_the_best_offer_at_most() -> None:
    plan = completion(package(), 1, {B: book(B, 54, 56)})  # NO at 46
    assert plan is not None
    assert (plan.limit, plan.quantity) == (cents(48), contracts(10))


def test_a_completion_stops_at_break_even() -> None:
    plan = completion(package(), 1, {B: book(B, 48, 50)})  # NO at 52
    assert plan is not None
    assert plan.limit == cents(53)
    assert completion(package(), 1, {B: book(B, 46, 48)}) is None  # NO at 54


def test_without_a_book_nothing_is_planned() -> None:
    assert completion(package(), 1, {}) is None
    assert evening(package(), {}) is None


def test_evening_sells_when_that_leaves_more() -> None:
    plan = evening(package(), {A: book(A, 44, 46), B: book(B, 40, 42)})
    assert plan is not None
    assert (plan.action, plan.leg, plan.limit) == ("sell", 0, cents(42))


def test_evening_buys_when_that_leaves_more() -> None:
    plan = evening(package(), {A: book(A, 2, 60), B: book(B, 47, 49)})
    assert plan is not None
    assert (plan.action, plan.leg) == ("buy", 1)


def test_evening_sells_what_it_can_where_depth_is_thin() -> None:
    plan = evening(package(), {A: book(A, 44, 46, size=3), B: book(B, 10, 12)})
    assert plan is not None
    assert (plan.action, plan.quantity) == ("sell", contracts(10))


def test_a_sale_below_a_cent_is_not_planned_off_the_grid() -> None:
    plan = evening(package(), {A: book(A, 1, 60), B: book(B, 10, 12)})
    assert plan is not None
    assert plan.limit == cents(1)


@given(st.integers(1, 10), st.integers(1, 97), st.integers(1, 97))
def test_buying_never_goes_beyond_the_budget(count: int, a_bid: int, b_bid: int) -> None:
    opened = package(count)
    books = {A: book(A, a_bid, a_bid + 2), B: book(B, b_bid, b_bid + 2)}
    for plan in (completion(opened, 1, books), evening(opened, books)):
        if plan is not None and plan.action == "buy":
            worst = plan.limit * plan.quantity // 1_000_000
            assert opened.spent(plan.leg) + worst <= opened.budgets[plan.leg]
            assert plan.quantity <= Quantity(opened.edge.quantity - opened.held(plan.leg))


@pytest.mark.parametrize(
    ("clip", "expected"),
    [
        (0, 10_000_000),
        (4_600_000, 10_000_000),
        (4_510_000, 10_000_000),
        (4_509_999, 9_000_000),
        (2_260_000, 5_000_000),
        (400_000, 10_000_000),
    ],
)
def test_a_purchase_fits_what_may_be_signed_and_leaves_no_remainder_too_small(
    clip: int, expected: int
) -> None:
    """At 45 cents, with a least order of one; a clip below one contract changes nothing."""
    plan = Plan(0, "buy", cents(45), contracts(10), "hedge")
    assert signable(plan, market(A), Money(clip)).quantity == expected
    sale = msgspec.structs.replace(plan, action="sell")
    assert signable(sale, market(A), Money(clip)) == sale
