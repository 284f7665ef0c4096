"""Verdicts on a second reading of a book."""

import pytest

from foreshock.adapters.venues.polymarket.checks import Reading, compare, told_touch, touch
from foreshock.core.domain.books import Book, Levels
from foreshock.core.domain.markets import uniform_grid
from foreshock.core.domain.units import PAYOUT, Instant, Price, Quantity

T, LATER = Instant(1_000_000), Instant(2_000_000)


def side(*pairs: tuple[int, int]) -> Levels:
    return tuple((Price(cents * 10_000), Quantity(size)) for cents, size in pairs)


def book(bids: Levels, asks: Levels) -> Book:
    made = Book(uniform_grid(Price(10_000)))
    made.replace(bids, asks)
    return made


BIDS, ASKS = side((49, 5), (40, 9)), side((51, 5), (60, 9))
OURS = book(BIDS, ASKS)


@pytest.mark.parametrize(
    ("reading", "verdict"),
    [
        (Reading(BIDS, ASKS, T), "agrees"),
        (Reading(BIDS, ASKS, LATER), "agrees"),
        (Reading(side((49, 6), (40, 9)), ASKS, T), "differs"),
        (Reading(side((49, 6), (40, 9)), ASKS, LATER), "inconclusive"),
        (Reading(side((47, 5)), ASKS, LATER), "inconclusive"),
        (Reading(side((46, 5)), ASKS, LATER), "differs"),
        (Reading((), ASKS, LATER), "differs"),
        (Reading(side((1, 500)), side((99, 500)), T), "inconclusive"),
        (Reading((), (), LATER), "inconclusive"),
    ],
)
def test_verdicts(reading: Reading, verdict: str) -> None:
    assert compare(OURS, T, reading).verdict == verdict


def test_the_wide_book_is_no_ghost_when_ours_is_as_wide() -> None:
    wide = book(side((1, 5)), side((99, 5)))
    assert compare(wide, T, Reading(side((1, 6)), side((99, 5)), T)).verdict == "differs"


def test_empty_sides_have_their_own_touch() -> None:
    assert touch(book((), ())) == (0, PAYOUT) == told_touch("0", "1") == told_touch("", "")
    assert touch(OURS) == told_touch("0.49", "0.51")


def test_a_touch_that_is_no_number_is_refused() -> None:
    with pytest.raises(ValueError, match="NaN"):
        told_touch("NaN", "1")
