"""A book holds exactly what it was told, on the grid and off it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from foreshock.core.domain.books import BOOK_LEVELS_MAX, Book, Level, Side, mirrored
from foreshock.core.domain.errors import DataError
from foreshock.core.domain.markets import uniform_grid
from foreshock.core.domain.units import MICRO, Price, Quantity

CENT = uniform_grid(Price(10_000))
prices = st.one_of(
    st.integers(1, 99).map(lambda cents: Price(cents * 10_000)),
    st.integers(1, MICRO - 1).map(Price),
)
updates = st.lists(st.tuples(prices, st.integers(0, 5).map(Quantity)), max_size=60)


@given(updates, st.booleans())
def test_a_side_equals_a_plain_dictionary(
    changes: list[tuple[Price, Quantity]], is_ask: bool
) -> None:
    side, model = Side(10_000, is_ask=is_ask), dict[int, int]()
    for price, quantity in changes:
        side.set(price, quantity)
        model[price] = quantity
        resting = sorted(((p, q) for p, q in model.items() if q), reverse=not is_ask)
        assert list(side.levels()) == resting
        assert side.top(3) == tuple(resting[:3])
        assert side.seen() == tuple(resting[:BOOK_LEVELS_MAX])
        assert side.best_price() == (resting[0][0] if resting else None)
        assert side.size_at(price) == quantity


@given(st.lists(st.tuples(st.integers(0, 100), st.integers(0, 2)), max_size=200), st.booleans())
def test_what_decisions_see_follows_every_change_of_a_full_book(
    changes: list[tuple[int, int]], is_ask: bool
) -> None:
    side = Side(10_000, is_ask=is_ask)
    for cents in range(101):
        side.set(cents * 10_000, 1)
    for cents, quantity in changes:
        side.set(cents * 10_000, quantity)
        assert side.seen() == side.levels()[:BOOK_LEVELS_MAX]


def test_what_decisions_see_is_one_object_while_only_deeper_levels_change() -> None:
    side = Side(10_000, is_ask=False)
    for cents in range(1, 31):
        side.set(cents * 10_000, 1)
    seen = side.seen()
    side.set(200_000, 9)
    assert side.seen() is seen
    side.set(210_000, 9)
    assert side.seen() is not seen


@given(updates)
def test_adding_deltas_equals_setting_totals(changes: list[tuple[Price, Quantity]]) -> None:
    by_total, by_delta = Side(10_000, is_ask=False), Side(10_000, is_ask=False)
    for price, quantity in changes:
        by_delta.add(price, quantity - by_delta.size_at(price))
        by_total.set(price, quantity)
    assert by_total.levels() == by_delta.levels()


def test_a_level_cannot_become_negative() -> None:
    side = Side(10_000, is_ask=False)
    side.set(Price(500_000), Quantity(3))
    with pytest.raises(DataError, match="impossible"):
        side.add(Price(500_000), -4)
    assert side.size_at(Price(500_000)) == 3


@pytest.mark.parametrize("price", [-1, MICRO + 1])
def test_a_price_outside_a_dollar_is_refused(price: int) -> None:
    with pytest.raises(DataError, match="impossible"):
        Side(10_000, is_ask=True).set(price, 1)


def test_an_off_grid_level_is_kept_exactly_and_ranks_by_price() -> None:
    book = Book(CENT)
    book.bids.set(500_000, 1)
    book.bids.set(505_000, 2)
    book.bids.set(510_000, 3)
    assert book.bids.top(3) == ((510_000, 3), (505_000, 2), (500_000, 1))
    book.bids.set(510_000, 0)
    assert book.bids.best_price() == 505_000


def test_a_snapshot_replaces_everything() -> None:
    book = Book(CENT)
    book.bids.set(500_000, 1)
    book.asks.set(505_500, 1)
    book.replace([_level(400_000, 2)], [_level(600_000, 3)])
    assert book.bids.levels() == ((400_000, 2),)
    assert book.asks.levels() == ((600_000, 3),)


def test_touching_sides_are_crossed_and_one_side_never_is() -> None:
    book = Book(CENT)
    book.bids.set(500_000, 1)
    assert not book.is_crossed()
    book.asks.set(500_000, 1)
    assert book.is_crossed()


@given(updates, updates)
def test_another_grid_keeps_every_level(
    bids: list[tuple[Price, Quantity]], asks: list[tuple[Price, Quantity]]
) -> None:
    book = Book(CENT)
    book.replace(bids, asks)
    finer = book.regrid(uniform_grid(Price(1_000)))
    assert finer.bids.levels() == book.bids.levels()
    assert finer.asks.levels() == book.asks.levels()


@given(updates)
def test_no_is_the_exact_mirror_of_yes(changes: list[tuple[Price, Quantity]]) -> None:
    side = Side(10_000, is_ask=False)
    for price, quantity in changes:
        side.set(price, quantity)
    levels = side.levels()
    assert mirrored(mirrored(levels)) == levels
    assert [p for p, _ in mirrored(levels)] == sorted(p for p, _ in mirrored(levels))


def _level(price: int, quantity: int) -> Level:
    return Price(price), Quantity(quantity)
