"""Does every micro-dollar and contract add up, in whatever order the facts arrive?"""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from foreshock.core.domain.errors import InvariantError
from foreshock.core.domain.markets import MarketId
from foreshock.core.domain.messages.decisions import PositionSettled
from foreshock.core.domain.messages.trading import (
    FillReverted,
    FillSettled,
    OrderFilled,
    PlaceOrder,
)
from foreshock.core.domain.orders import OrderFact
from foreshock.core.domain.positions import Ledger, Standing, settlements
from foreshock.core.domain.units import PAYOUT, Money, Price, Quantity
from tests.trading import A, B, cents, contracts, dollars, filled, order

Script = tuple[list[PlaceOrder], list[OrderFact]]


def ledger(*orders: PlaceOrder) -> Ledger:
    fresh = Ledger()
    fresh.deposit("polymarket", dollars(100))
    fresh.deposit("kalshi", dollars(100))
    for placed in orders:
        fresh.place(placed)
    return fresh


def sums(books: Ledger) -> dict[str, int]:
    totals: dict[str, int] = {}
    for (_, asset), amount in books.balances.items():
        totals[asset] = totals.get(asset, 0) + amount
    return totals


def test_a_purchase_moves_cash_contracts_and_the_fee() -> None:
    books = ledger(order())
    books.apply(filled("o1", 1, 10, 45, fee=200_000))
    assert books.cash("polymarket") == Standing(dollars(100) - 4_700_000, 0)
    assert books.tokens(A, "yes") == Standing(contracts(10), 0)
    assert books.fees("polymarket") == 200_000
    assert books.basis((A, "yes")) == 4_500_000


def test_a_sale_realises_the_difference_to_the_average_cost() -> None:
    books = ledger(order("o1"), order("o2"), order("o3", action="sell"))
    books.apply(filled("o1", 1, 10, 40))
    books.apply(filled("o2", 1, 10, 50))
    books.apply(filled("o3", 1, 10, 47))
    assert books.realised() == 200_000
    assert books.basis((A, "yes")) == 4_500_000


def test_provisional_and_settled_stand_apart() -> None:
    books = ledger(order())
    books.apply(filled("o1", 1, 4, final=False))
    assert books.tokens(A, "yes") == Standing(0, contracts(4))
    assert books.cash("polymarket") == Standing(dollars(100), -1_800_000)
    books.apply(FillSettled("o1", "o1#1"))
    assert books.tokens(A, "yes") == Standing(contracts(4), 0)
    assert books.cash("polymarket") == Standing(98_200_000, 0)


def test_a_revert_undoes_everything() -> None:
    books = ledger(order())
    books.apply(filled("o1", 1, 4, fee=9, final=False))
    books.apply(FillReverted("o1", "o1#1", "failed"))
    assert books.tokens(A, "yes").total == 0
    assert books.cash("polymarket").total == dollars(100)
    assert books.fees("polymarket") == 0
    assert not books.held()


@pytest.mark.parametrize(("payout", "received"), [(PAYOUT, 10), (Price(0), 0), (cents(50), 5)])
def test_a_resolution_pays_what_is_held_for_good(payout: Price, received: int) -> None:
    books = ledger(order("o1"), order("o2"))
    books.apply(filled("o1", 1, 10))
    books.apply(filled("o2", 1, 3, final=False))
    (settled,) = settlements(books, A, payout)
    assert settled == PositionSettled(A, "yes", contracts(10), dollars(received))
    before = books.cash("polymarket").settled
    books.settle(settled)
    assert books.cash("polymarket").settled == before + dollars(received)
    assert books.tokens(A, "yes") == Standing(0, contracts(3))
    assert not settlements(books, A, payout)


def test_no_pays_what_yes_does_not() -> None:
    books = ledger(order(outcome="no"))
    books.apply(filled("o1", 1, 10))
    assert settlements(books, A, cents(30))[0].received == dollars(7)


def test_paying_out_more_than_held_is_a_bug() -> None:
    with pytest.raises(InvariantError, match="more yes"):
        ledger().settle(PositionSettled(A, "yes", contracts(1), dollars(1)))


def test_a_payout_outside_a_dollar_is_a_bug() -> None:
    with pytest.raises(InvariantError, match="pays"):
        settlements(ledger(), A, Price(PAYOUT + 1))


def test_facts_about_foreign_orders_are_ignored() -> None:
    books = ledger()
    assert books.apply(filled("somebody else's", 1, 1)) is None
    assert not books.held()


def scripts() -> st.SearchStrategy[Script]:
    """Orders with fills, some of which settle or revert."""
    piece = st.tuples(
        st.sampled_from([A, B]),
        st.sampled_from(["yes", "no"]),
        st.sampled_from(["buy", "buy", "sell"]),
        st.integers(1, 999_999),
        st.integers(1, 50_000_000),
        st.integers(0, 1_000_000),
        st.sampled_from(["final", "provisional", "settled", "reverted"]),
    )
    return st.lists(piece, max_size=12).map(script_of)


def script_of(
    pieces: list[tuple[MarketId, str, str, int, int, int, str]],
) -> Script:
    orders: list[PlaceOrder] = []
    facts: list[OrderFact] = []
    for number, (market, outcome, action, price, quantity, fee, fate) in enumerate(pieces):
        order_id, fill_id = f"o{number}", f"f{number}"
        orders.append(
            order(
                order_id,
                market=market,
                outcome=outcome,
                action=action,
                quantity=Quantity(quantity),
            )
        )
        facts.append(
            OrderFilled(
                order_id,
                fill_id,
                Quantity(quantity),
                Price(price),
                Money(fee),
                fate != "final",
            )
        )
        if fate == "settled":
            facts.append(FillSettled(order_id, fill_id))
        if fate == "reverted":
            facts.append(FillReverted(order_id, fill_id, "failed"))
    return orders, facts


@given(scripts(), st.randoms(use_true_random=False))
def test_sums_to_zero_and_does_not_depend_on_the_order(
    script: Script, shuffler: random.Random
) -> None:
    orders, facts = script
    told, shuffled = ledger(*orders), ledger(*orders)
    mixed = [*facts, *facts]
    shuffler.shuffle(mixed)
    for fact in facts:
        told.apply(fact)
        assert not any(sums(told).values())
    for fact in mixed:
        shuffled.apply(fact)
        assert not any(sums(shuffled).values())
    assert {k: v for k, v in told.balances.items() if v} == {
        k: v for k, v in shuffled.balances.items() if v
    }
    assert told.realised() == shuffled.realised()


@given(scripts())
def test_cash_is_what_came_less_what_was_spent(script: Script) -> None:
    """Recomputed from the lasting fills alone, without the ledger."""
    orders, facts = script
    books = ledger(*orders)
    for fact in facts:
        books.apply(fact)
    placed = {one.order_id: one for one in orders}
    reverted = {f.fill_id for f in facts if isinstance(f, FillReverted)}
    expected = 2 * dollars(100)
    for fill in facts:
        if isinstance(fill, OrderFilled) and fill.fill_id not in reverted:
            exact = fill.price * fill.quantity
            buys = placed[fill.order_id].action == "buy"
            expected -= (-(-exact // 1_000_000) if buys else -(exact // 1_000_000)) + fill.fee
    assert books.cash("polymarket").total + books.cash("kalshi").total == expected
