"""Does cash follow contracts exactly, netted or not, and is every promise covered?"""

import pytest

from foreshock.adapters.sim.accounts import (
    Account,
    Holding,
    amount_of,
    apply_fill,
    can_afford,
    closing_discount,
    leg_of,
    leg_price,
    outcome_index,
    pay_out,
    takes_cash,
)
from foreshock.adapters.sim.matching import Order
from foreshock.core.domain.markets import Action, Outcome
from foreshock.core.domain.units import MICRO, Price
from tests.unit.adapters.sim.exchange_cases import T0
from tests.unit.adapters.sim.test_matching import order

YES, NO = 0, 1


def account(*, nets: bool, cash: int = 100) -> Account:
    made = Account("ann", nets=nets, is_reported=True, history_max=10)
    made.cash = cash * MICRO
    return made


def resting(owner: Account, what: tuple[Action, Outcome], cents: int, contracts: int) -> Order:
    made = order(len(owner.resting) + 1, what, cents, contracts)
    made.reserved = amount_of(made.rank, made.remaining)
    owner.resting[made.order_id] = made
    owner.reserved += made.reserved
    return made


def test_bought_contracts_cost_their_price_and_fee() -> None:
    for nets in (False, True):
        owner = account(nets=nets)
        cash, halves = apply_fill(owner, order(1, ("buy", "no"), 30, 10), 700_000, 10 * MICRO, 5)
        assert cash == -3_000_000 - 5
        assert halves == 10 * MICRO
        assert owner.cash == 97_000_000 - 5
        assert owner.holding("M1").quantity == [0, 10 * MICRO]


def test_opposite_contracts_net_to_a_dollar_a_set() -> None:
    owner = account(nets=True)
    apply_fill(owner, order(1, ("buy", "yes"), 40, 10), 400_000, 10 * MICRO, 0)
    cash, halves = apply_fill(owner, order(2, ("buy", "no"), 50, 15), 500_000, 15 * MICRO, 0)
    assert cash == 10_000_000 - 7_500_000
    assert halves == -5 * MICRO  # ten sets' halves went, five new ones came
    holding = owner.holding("M1")
    assert holding.quantity == [0, 5 * MICRO]
    assert holding.realized == 1_000_000
    assert owner.cash == 100_000_000 - 4_000_000 + 2_500_000


def test_both_tokens_are_kept_where_nothing_nets() -> None:
    owner = account(nets=False)
    apply_fill(owner, order(1, ("buy", "yes"), 40, 10), 400_000, 10 * MICRO, 0)
    apply_fill(owner, order(2, ("buy", "no"), 50, 15), 500_000, 15 * MICRO, 0)
    assert owner.holding("M1").quantity == [10 * MICRO, 15 * MICRO]
    cash, halves = apply_fill(owner, order(3, ("sell", "no"), 60, 5), 400_000, 5 * MICRO, 7)
    assert (cash, halves) == (3_000_000 - 7, -5 * MICRO)
    assert owner.holding("M1").quantity == [10 * MICRO, 10 * MICRO]


def test_a_sale_takes_its_share_of_the_cost() -> None:
    holding = Holding()
    holding.acquire(YES, 10 * MICRO, 4_000_000)
    holding.release(YES, 5 * MICRO, 3_000_000)
    assert holding.cost[YES] == 2_000_000
    assert holding.realized == 1_000_000
    holding.release(YES, 5 * MICRO, 1_000_000)
    assert holding.cost[YES] == 0
    assert holding.realized == 0
    assert holding.position("M1").net == 0


@pytest.mark.parametrize(
    ("nets", "what", "leg", "cash"),
    [
        (True, ("sell", "yes"), (NO, True), True),
        (True, ("sell", "no"), (YES, True), True),
        (False, ("sell", "yes"), (YES, False), False),
        (False, ("buy", "no"), (NO, True), True),
    ],
)
def test_what_an_order_moves_depends_on_netting(
    *, nets: bool, what: tuple[Action, Outcome], leg: tuple[int, bool], cash: bool
) -> None:
    owner, sent = account(nets=nets), order(1, what, 40, 1)
    assert leg_of(owner, sent) == leg
    assert takes_cash(owner, sent) is cash


def test_prices_of_no_are_the_rest_of_a_dollar() -> None:
    assert leg_price(YES, 300_000) == 300_000
    assert leg_price(NO, 300_000) == 700_000
    assert (outcome_index("yes"), outcome_index("no")) == (YES, NO)


def test_an_order_is_covered_to_the_last_micro_dollar() -> None:
    sent = order(1, ("buy", "yes"), 50, 10)
    fills = [(500_000, 10 * MICRO, 250)]
    owner = account(nets=False, cash=0)
    owner.cash = 5_000_250
    assert can_afford(owner, sent, fills, 0)
    owner.cash -= 1
    assert not can_afford(owner, sent, fills, 0)


def test_closing_a_position_pays_for_itself_where_contracts_net() -> None:
    owner = account(nets=True, cash=0)
    owner.holding("M1").acquire(YES, 10 * MICRO, 0)
    sent = order(1, ("buy", "no"), 90, 10)
    assert can_afford(owner, sent, [(100_000, 10 * MICRO, 0)], 0)
    assert can_afford(owner, sent, [], amount_of(900_000, 10 * MICRO))
    larger = order(2, ("buy", "no"), 90, 12)
    assert not can_afford(owner, larger, [(100_000, 12 * MICRO, 0)], 0)


def test_only_the_cheapest_contracts_count_as_closing() -> None:
    """Whichever order fills first, cash then covers what is left."""
    owner = account(nets=True, cash=0)
    owner.holding("M1").acquire(YES, 10 * MICRO, 0)
    resting(owner, ("buy", "no"), 60, 10)
    resting(owner, ("buy", "no"), 20, 10)
    assert closing_discount(owner) == 2_000_000
    assert owner.promised_cash() == 6_000_000
    resting(owner, ("buy", "yes"), 30, 10)
    assert closing_discount(owner) == 2_000_000


def test_promises_are_whole_where_nothing_nets() -> None:
    owner = account(nets=False)
    owner.holding("M1").acquire(YES, 10 * MICRO, 0)
    resting(owner, ("buy", "no"), 60, 10)
    assert owner.promised_cash() == 6_000_000
    owner.holding("M1").promised[YES] = 4 * MICRO
    assert owner.free("M1", YES) == 6 * MICRO
    assert owner.free("M9", YES) == 0


@pytest.mark.parametrize(
    ("payout", "paid"), [(MICRO, 7_000_000), (0, 2_000_000), (300_000, 3_500_000)]
)
def test_settlement_pays_each_outcome_its_part(payout: int, paid: int) -> None:
    owner = account(nets=False, cash=0)
    owner.holding("M1").acquire(YES, 7 * MICRO, 3_000_000)
    owner.holding("M1").acquire(NO, 2 * MICRO, 1_000_000)
    assert pay_out(owner, "M1", Price(payout), T0) == paid == owner.cash
    settlement = owner.settlements[0]
    assert (settlement.yes_cost, settlement.no_cost) == (3_000_000, 1_000_000)
    assert settlement.revenue == paid
    assert not owner.holdings
    assert pay_out(owner, "M1", Price(payout), T0) == 0
