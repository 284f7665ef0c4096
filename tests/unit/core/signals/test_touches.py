"""A change that is passed over can never change the sum of a sure loss."""

from hypothesis import given
from hypothesis import strategies as st

from foreshock.core.domain.books import Level, Levels
from foreshock.core.domain.markets import MarketId
from foreshock.core.domain.messages.market_data import BookChanged, BookQuality
from foreshock.core.domain.units import Instant, Price, Quantity
from foreshock.core.pricing.packages import Legs
from foreshock.core.signals.touches import (
    ENDLESS,
    EVERYTHING,
    MOVED,
    depth_counted,
    is_sure_loss,
    steady_depth,
    touch_of,
)

A, B = MarketId("polymarket:a"), MarketId("kalshi:b")
LEGS: Legs = ((A, "yes"), (B, "no"))
SMALLEST = Quantity(5)

quantities = st.integers(0, 30).map(Quantity)


def side(prices: st.SearchStrategy[int], *, best_first: bool) -> st.SearchStrategy[Levels]:
    levels = st.dictionaries(prices.map(Price), quantities, max_size=3)
    return levels.map(lambda found: tuple(sorted(found.items(), reverse=best_first)))


bids = side(st.sampled_from([0, 400_000, 410_000]), best_first=True)
asks = side(st.sampled_from([600_000, 610_000, 1_000_000]), best_first=False)
qualities = st.sampled_from(["live", "crossed"])


def book(market: MarketId, quality: BookQuality, sides: tuple[Levels, Levels]) -> BookChanged:
    return BookChanged(market, 1, quality, Instant(0), Instant(0), *sides)


books = st.builds(book, st.just(A), qualities, st.tuples(bids, asks))
others = st.builds(book, st.just(B), qualities, st.tuples(bids, asks))


@given(books, books, others, st.sampled_from([Quantity(0), SMALLEST]))
def test_what_is_passed_over_leaves_touch_and_loss_as_they_were(
    before: BookChanged, after: BookChanged, other: BookChanged, smallest: Quantity
) -> None:
    if depth_counted((before, other), smallest) > steady_depth(before, after):
        return
    assert touch_of((before, other), smallest) == touch_of((after, other), smallest)
    assert is_sure_loss(LEGS, 1, (before, other)) == is_sure_loss(LEGS, 1, (after, other))


def test_a_deeper_level_leaves_everything_alone() -> None:
    before = book(A, "live", ((_level(40, 20), _level(39, 5)), (_level(60, 20),)))
    after = book(A, "live", ((_level(40, 20), _level(39, 9)), (_level(60, 20),)))
    assert steady_depth(before, after) == ENDLESS > depth_counted((before,), SMALLEST)


def test_surplus_at_the_best_price_counts_only_up_to_three_clips() -> None:
    before = book(A, "live", ((_level(40, 20),), (_level(60, 20),)))
    plenty = book(A, "live", ((_level(40, 15),), (_level(60, 20),)))
    scarce = book(A, "live", ((_level(40, 14),), (_level(60, 20),)))
    assert steady_depth(before, plenty) >= depth_counted((before,), SMALLEST)
    assert steady_depth(before, scarce) < depth_counted((before,), SMALLEST)


def test_another_best_price_or_quality_always_counts() -> None:
    before = book(A, "live", ((_level(40, 20),), (_level(60, 20),)))
    better = book(A, "live", ((_level(41, 20),), (_level(60, 20),)))
    crossed = book(A, "crossed", ((_level(40, 20),), (_level(60, 20),)))
    emptied = book(A, "live", ((), (_level(60, 20),)))
    for after in (better, crossed, emptied):
        assert steady_depth(before, after) == MOVED < depth_counted((before,), Quantity(0))
    assert steady_depth(None, before) == MOVED


def test_a_ladder_that_starts_too_thin_counts_as_a_whole() -> None:
    thin = book(A, "live", ((_level(40, 4),), (_level(60, 20),)))
    assert depth_counted((thin,), SMALLEST) == EVERYTHING > ENDLESS


def _level(cents: int, quantity: int) -> Level:
    return Price(cents * 10_000), Quantity(quantity)
