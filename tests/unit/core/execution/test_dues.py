"""A change of cash is explained by the payouts whose sum comes nearest to it."""

from itertools import combinations

from hypothesis import given
from hypothesis import strategies as st

from foreshock.core.domain.markets import MarketId
from foreshock.core.execution.dues import TRIED_MAX, Dues

A, B, C = (MarketId(f"polymarket:{name}") for name in "abc")


def dues(*amounts: int) -> Dues:
    made = Dues()
    for number, amount in enumerate(amounts):
        made.add(MarketId(f"polymarket:{number}"), amount)
    return made


def test_both_outcomes_of_a_market_are_one_payout_and_nothing_is_none() -> None:
    made = Dues()
    made.add(A, 30)
    made.add(B, 0)
    made.add(A, 12)
    assert made.nearest(43) == (A,)
    assert made.sum_of((A,)) == 42
    made.settle((A,))
    assert made.nearest(43) == ()


def test_an_unexplained_fee_beside_payouts_leaves_its_amount() -> None:
    made = Dues()
    for market, amount in ((A, 161_895_000), (B, 227_810_000), (C, 9_000_000)):
        made.add(market, amount)
    came = 161_895_000 + 227_810_000 - 135_640
    paid = made.nearest(came)
    assert paid == (A, B)
    assert came - made.sum_of(paid) == -135_640


@given(st.lists(st.integers(1, 10**9), max_size=TRIED_MAX), st.integers(-(10**9), 10**10))
def test_nothing_comes_nearer_than_what_is_chosen(amounts: list[int], came: int) -> None:
    made = dues(*amounts)
    chosen = abs(came - made.sum_of(made.nearest(came)))
    sums = (sum(some) for n in range(len(amounts) + 1) for some in combinations(amounts, n))
    assert chosen == min(abs(came - total) for total in sums)


def test_of_many_all_each_and_the_oldest_are_found_without_trying_everything() -> None:
    amounts = [3**number for number in range(60)]
    made = dues(*amounts)
    assert len(made.nearest(sum(amounts))) == len(amounts)
    assert made.sum_of(made.nearest(3**41)) == 3**41
    assert made.sum_of(made.nearest(sum(amounts[:20]))) == sum(amounts[:20])
