"""Is everything held counted once, at a price that means something?"""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from foreshock.core.domain.markets import Outcome
from foreshock.core.domain.messages.decisions import PositionSettled
from foreshock.core.domain.messages.market_data import BookChanged
from foreshock.core.domain.positions import Ledger
from foreshock.core.domain.units import PAYOUT, Money, Price
from foreshock.core.risk.valuation import Valuation, marked
from tests.trading import A, B, book, cents, closed, contracts, dollars, filled, order


def bought(*buys: tuple[str, int, int]) -> Ledger:
    """10 contracts of YES of A and NO of B at prices in cents: (name, contracts, cents)."""
    ledger = Ledger()
    for name, count, price in buys:
        side: dict[str, object] = (
            {} if name == "A" else {"market": B, "outcome": "no", "limit": cents(99)}
        )
        ledger.place(order(name, quantity=contracts(count), **side))
        ledger.apply(filled(name, 1, count, price))
        ledger.apply(closed(name, count))
    return ledger


def worth(valuation: Valuation, *books: BookChanged) -> Money:
    return valuation.worth({one.market: one for one in books}, lambda _: False)


def with_sides(bid: int | None, ask: int | None) -> BookChanged:
    plain = book(A, bid or 1, ask or 99)
    bids = plain.bids if bid is not None else ()
    return BookChanged(
        A, 1, "live", plain.event_us, plain.recv_us, bids, plain.asks if ask is not None else ()
    )


@pytest.mark.parametrize(
    ("bid", "ask", "outcome", "price"),
    [
        (43, 45, "yes", 44),
        (43, 45, "no", 56),
        (40, 50, "yes", 45),
        (39, 50, "yes", 47),
        (50, 99, "yes", 50),
        (1, 40, "yes", 40),
        (None, 2, "yes", 1),
        (98, None, "yes", 99),
        (98, None, "no", 1),
        (None, None, "yes", 47),
        (60, 40, "yes", 47),
    ],
    ids=[
        "the middle",
        "of the other outcome",
        "the widest that means something",
        "wider: the last price stands",
        "raised to the bid",
        "lowered to the ask",
        "nobody bids",
        "nobody offers",
        "nobody offers, the other outcome",
        "an empty book",
        "a crossed book",
    ],
)
def test_a_mark_is_the_middle_or_the_last_price_within_the_book(
    bid: int | None, ask: int | None, outcome: Outcome, price: int
) -> None:
    assert marked(with_sides(bid, ask), outcome, cents(47)) == cents(price)


@given(st.integers(0, 100), st.integers(1, 100), st.integers(0, 100))
def test_a_mark_never_leaves_a_book_that_is_not_crossed(bid: int, ask: int, last: int) -> None:
    low, high = min(bid, ask), max(bid, ask)
    price = marked(with_sides(low or None, high if high < 100 else None), "yes", cents(last))
    assert cents(low) <= price <= (cents(high) if high < 100 else PAYOUT)


def test_what_was_never_quoted_is_worth_what_it_cost() -> None:
    assert worth(Valuation(bought(("A", 10, 45)))) == dollars(45) // 10


def test_a_lost_book_leaves_the_last_mark() -> None:
    valuation = Valuation(bought(("A", 10, 45)))
    assert worth(valuation, book(A, 30, 32)) == dollars(31) // 10
    assert worth(valuation) == dollars(31) // 10


def test_what_an_open_package_holds_stands_at_cost() -> None:
    valuation = Valuation(bought(("A", 10, 45)))
    assert valuation.worth({A: book(A, 1, 3)}, lambda market: market == A) == dollars(45) // 10


def test_packages_of_one_bet_are_one_in_whatever_order_their_legs_were_bought() -> None:
    valuation = Valuation(bought(("A", 20, 44), ("B", 20, 50)))
    valuation.hedge([(A, "yes"), (B, "no")], contracts(10), dollars(10))
    valuation.hedge([(B, "no"), (A, "yes")], contracts(10), dollars(10))
    assert valuation.held() == ((((A, "yes"), (B, "no")), contracts(20)),)


def test_only_what_is_not_hedged_has_a_price() -> None:
    valuation = Valuation(bought(("A", 12, 45), ("B", 10, 48)))
    valuation.hedge([(A, "yes"), (B, "no")], contracts(10), dollars(10))
    assert worth(valuation, book(A, 20, 22), book(B, 70, 72)) == dollars(10) + 2 * cents(21)


def test_hedged_contracts_that_came_to_be_missing_are_owed() -> None:
    valuation = Valuation(bought(("A", 8, 45), ("B", 10, 48)))
    valuation.hedge([(A, "yes"), (B, "no")], contracts(10), dollars(10))
    assert worth(valuation, book(A, 40, 42)) == dollars(10) - 2 * cents(41)


@pytest.mark.parametrize(
    ("first", "second", "left"), [(10, 0, 0), (0, 10, 10), (0, 0, 10), (10, 10, 0), (5, 5, 5)]
)
def test_each_payout_of_a_pair_leaves_what_is_still_to_come(
    first: int, second: int, left: int
) -> None:
    """Every joint outcome: one pays, the other, neither, both, or each a half."""
    ledger = bought(("A", 10, 45), ("B", 10, 48))
    valuation = Valuation(ledger)
    valuation.hedge([(A, "yes"), (B, "no")], contracts(10), dollars(10))
    for settled, after in (
        (PositionSettled(A, "yes", contracts(10), dollars(first)), left),
        (PositionSettled(B, "no", contracts(10), dollars(second)), 0),
    ):
        valuation.settle(settled)
        ledger.settle(settled)
        assert worth(valuation) == dollars(after)
    assert valuation.hedged == []


def test_packages_of_one_pair_add_up() -> None:
    valuation = Valuation(bought(("A", 20, 45), ("B", 20, 48)))
    for _ in range(2):
        valuation.hedge([(A, "yes"), (B, "no")], contracts(10), dollars(10))
    (together,) = valuation.hedged
    assert (together.quantity, together.worth) == (contracts(20), dollars(20))
    assert worth(valuation) == dollars(20)


PRICES = st.integers(1, 99)


@given(PRICES, PRICES, st.integers(1, 50), PRICES)
def test_a_hedged_pair_is_worth_its_payout_whatever_the_books_say(
    paid_a: int, paid_b: int, count: int, quoted: int
) -> None:
    valuation = Valuation(bought(("A", count, min(paid_a, 45)), ("B", count, paid_b)))
    valuation.hedge([(A, "yes"), (B, "no")], contracts(count), dollars(count))
    books = (book(A, quoted, min(100, quoted + 2)), book(B, quoted, min(100, quoted + 2)))
    assert worth(valuation, *books) == dollars(count)


def test_an_unhedged_no_is_marked_by_the_other_side_of_the_book() -> None:
    assert worth(Valuation(bought(("B", 10, 48))), book(B, 60, 62)) == 10 * Price(390_000)


def test_a_merge_takes_from_sets_of_both_outcomes_alone() -> None:
    valuation = Valuation(bought(("A", 10, 45)))
    both = [(A, "yes"), (A, "no")]
    valuation.hedge([(A, "yes"), (A, "no")], contracts(10), dollars(10))
    valuation.hedge([(A, "yes"), (B, "no")], contracts(10), dollars(10))
    valuation.merge(A, contracts(4))
    assert [(list(s.tokens) == both, s.quantity, s.worth) for s in valuation.hedged] == [
        (True, contracts(6), dollars(6)),
        (False, contracts(10), dollars(10)),
    ]
    valuation.merge(A, contracts(9))
    assert [list(s.tokens) == both for s in valuation.hedged] == [False]
