import msgspec

from foreshock.core.domain.units import Price, Quantity
from foreshock.core.signals.marks import SPREAD_MAX, mid_of
from tests.unit.core.signals.signal_feed import BEGIN, book

BOOK = book("kalshi:A", 0.42, BEGIN)


def test_the_middle_lies_between_the_best_prices() -> None:
    assert mid_of(BOOK) == 420_000


def test_an_empty_side_a_crossed_book_or_a_wide_one_has_no_middle() -> None:
    wide = ((Price(415_000 + SPREAD_MAX + 1), Quantity(1)),)
    assert mid_of(msgspec.structs.replace(BOOK, bids=())) is None
    assert mid_of(msgspec.structs.replace(BOOK, asks=())) is None
    assert mid_of(msgspec.structs.replace(BOOK, quality="crossed")) is None
    assert mid_of(msgspec.structs.replace(BOOK, asks=wide)) is None
