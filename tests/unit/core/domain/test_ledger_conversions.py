"""Dollars into contracts and back in the ledger: every asset sums to zero, no profit is made up."""

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from foreshock.core.domain.messages.conversions import ConversionClosed
from foreshock.core.domain.positions import Ledger, halves
from foreshock.core.domain.units import Quantity
from tests.trading import A, contracts, dollars, filled, order

SPLIT = ConversionClosed(
    conversion_id="s1",
    kind="split",
    market=A,
    quantity=contracts(10),
    ours=contracts(10),
    outcome="confirmed",
    words="",
)


def closed(**changes: object) -> ConversionClosed:
    return msgspec.structs.replace(SPLIT, **changes)


def sums(ledger: Ledger) -> dict[str, int]:
    found: dict[str, int] = {}
    for (_, asset), amount in ledger.balances.items():
        found[asset] = found.get(asset, 0) + amount
    return found


def test_a_split_makes_both_outcomes_of_its_dollars() -> None:
    ledger = Ledger()
    ledger.deposit("polymarket", dollars(100))
    ledger.convert(SPLIT)
    assert ledger.cash("polymarket").settled == dollars(90)
    assert [ledger.tokens(A, side).settled for side in ("yes", "no")] == [contracts(10)] * 2
    assert [ledger.basis((A, side)) for side in ("yes", "no")] == [dollars(5)] * 2


@given(st.integers(1, 10**12), st.integers(0, 10**12))
def test_a_merge_undoes_a_split_to_the_last_millionth(size: int, merged: int) -> None:
    ledger, merged = Ledger(), min(size, merged)
    ledger.convert(closed(ours=Quantity(size), quantity=Quantity(size)))
    ledger.convert(closed(kind="merge", ours=Quantity(merged), quantity=Quantity(merged)))
    left = size - merged
    assert ledger.cash("polymarket").settled == -left
    assert [ledger.tokens(A, side).settled for side in ("yes", "no")] == [left, left]
    assert all(total == 0 for total in sums(ledger).values())
    assert -2 <= ledger.realised() <= 0, "rounded against us, never a profit"


def test_contracts_bought_below_a_dollar_earn_the_rest_when_merged() -> None:
    ledger = Ledger()
    for name, side, price in (("o1", "yes", 45), ("o2", "no", 48)):
        ledger.place(order(name, outcome=side))
        ledger.apply(filled(name, 1, 10, price))
    ledger.convert(closed(kind="merge"))
    assert ledger.realised() == dollars(10) - 10 * (450_000 + 480_000)
    assert ledger.held() == []


@pytest.mark.parametrize(
    "nothing",
    [closed(outcome="failed"), closed(outcome="taken_over"), closed(kind="redeem", ours=0)],
)
def test_what_was_not_done_or_is_paid_by_a_resolution_books_nothing(
    nothing: ConversionClosed,
) -> None:
    ledger = Ledger()
    ledger.convert(nothing)
    assert ledger.balances == {}


@given(st.integers(0, 10**15))
def test_halves_are_whole_and_add_up(amount: int) -> None:
    first, second = halves(amount)
    assert first + second == amount
    assert 0 <= first - second <= 1
