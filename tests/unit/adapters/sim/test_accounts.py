"""What do accounts own and owe, contract by contract?"""

import random

from hypothesis import given
from hypothesis import strategies as st

from foreshock.adapters.sim.accounts import (
    Account,
    Holding,
    apply_fill,
    can_afford,
    closing_discount,
    pay_out,
)
from foreshock.adapters.sim.matching import Order
from foreshock.core.domain.units import MICRO, Price
from tests.unit.adapters.sim.exchange_scene import MARKET, contracts, dollars, price, request
from tests.unit.adapters.sim.face_scenario import T0


def account(*, nets: bool, cash: int = 0) -> Account:
    made = Account("ann", nets=nets, is_reported=True, history_max=10)
    made.cash = cash
    return made


def order(words: str, number: int = 1) -> Order:
    return Order(request(words), number, f"o{number}", T0)


def rest(owner: Account, *orders: Order) -> None:
    for resting in orders:
        owner.resting[resting.order_id] = resting
        owner.reserved += resting.rank * resting.remaining // MICRO


def test_giving_contracts_away_takes_their_share_of_the_cost() -> None:
    holding = Holding()
    holding.acquire(0, contracts(10), dollars(4))
    holding.acquire(0, contracts(10), dollars(6))
    holding.release(0, contracts(5), dollars(3))
    assert holding.cost[0] == dollars(7.5)
    assert holding.realized == dollars(0.5)
    holding.release(0, contracts(15), dollars(0))
    assert (holding.cost[0], holding.net()) == (0, 0)


def test_the_cheapest_orders_count_as_closing() -> None:
    """Long 10: of NO bids for 8 at 0.30 and 8 at 0.70, the first and a quarter of the second."""
    owner = account(nets=True)
    owner.holding(MARKET).acquire(0, contracts(10), dollars(5))
    rest(owner, order("buy no 8 at 0.70"), order("buy no 8 at 0.30", 2))
    assert closing_discount(owner) == dollars(8 * 0.30 + 2 * 0.70)
    assert owner.promised_cash() == dollars(6 * 0.70)


def test_bids_do_not_close_a_long_position() -> None:
    owner = account(nets=True)
    owner.holding(MARKET).acquire(0, contracts(10), dollars(5))
    rest(owner, order("buy yes 8 at 0.30"))
    assert closing_discount(owner) == 0


@given(
    st.integers(-20, 20),
    st.lists(st.tuples(st.integers(1, 99), st.integers(1, 10)), max_size=5),
    st.randoms(use_true_random=False),
)
def test_promises_cover_resting_orders_in_whatever_order_they_fill(
    net: int, quotes: list[tuple[int, int]], rng: random.Random
) -> None:
    """Cash just covering the promises never goes below zero, fill by fill."""
    owner = account(nets=True)
    owner.holding(MARKET).acquire(0 if net > 0 else 1, abs(net) * MICRO, 0)
    orders = [
        order(f"buy {'no' if net > 0 else 'yes'} {size} at {cents / 100}", number)
        for number, (cents, size) in enumerate(quotes)
    ]
    rest(owner, *orders)
    owner.cash = owner.promised_cash()
    rng.shuffle(orders)
    for filled in orders:
        quantity = filled.remaining
        filled.remaining = 0
        owner.reserved -= filled.rank * quantity // MICRO
        apply_fill(owner, filled, filled.yes_price, quantity, 0)
        assert owner.cash >= 0
        assert owner.cash >= owner.promised_cash()


def test_an_order_is_judged_by_what_would_be_left() -> None:
    owner = account(nets=False, cash=dollars(4))
    buying = order("buy yes 10 at 0.40")
    assert can_afford(owner, buying, [(price(0.40), contracts(10), 0)], 0)
    assert not can_afford(owner, buying, [(price(0.40), contracts(10), 1)], 0)
    assert not can_afford(owner, buying, [(price(0.40), contracts(5), 0)], dollars(2) + 1)


def test_a_fill_tells_its_cash_and_its_half_of_the_sets() -> None:
    owner = account(nets=True, cash=dollars(100))
    opening, closing = order("buy yes 10 at 0.40"), order("buy no 15 at 0.55", 2)
    assert apply_fill(owner, opening, price(0.40), contracts(10), 7) == (
        -dollars(4) - 7,
        10 * MICRO,
    )
    cash, halves = apply_fill(owner, closing, price(0.45), contracts(15), 0)
    assert cash == dollars(10 - 15 * 0.55)
    assert halves == contracts(15) - 2 * contracts(10)
    assert owner.holding(MARKET).net() == -contracts(5)


def test_settlement_pays_once_and_forgets_the_holding() -> None:
    owner = account(nets=False)
    owner.holding(MARKET).acquire(0, contracts(10), dollars(4))
    owner.holding(MARKET).acquire(1, contracts(3), dollars(1))
    assert pay_out(owner, MARKET, Price(MICRO), T0) == dollars(10)
    assert pay_out(owner, MARKET, Price(MICRO), T0) == 0
    assert (owner.cash, owner.holdings) == (dollars(10), {})
