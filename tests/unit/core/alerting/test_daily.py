"""The day ends with its numbers, and the next one starts at nothing."""

from foreshock.core.alerting.daily import DayBook, until_midnight
from foreshock.core.domain.units import DAY, SECOND, Instant
from tests.trading import START
from tests.unit.core.alerting.test_router import CLOSED
from tests.unit.dashboard.alerting_told import notice


def test_a_day_is_counted_and_begins_anew() -> None:
    book = DayBook()
    book.count(notice())
    book.close(CLOSED)
    happening = book.end(START)
    assert (
        "1 hedged; realised $0.90 after $0.10 fees; 1 notices, 0 of them urgent" in happening.words
    )
    assert "none ended; realised $0.00" in book.end(START).words


def test_midnight_is_surely_over_when_it_is_told() -> None:
    for at_us in (0, 1, START, DAY - 1):
        end_us = at_us + until_midnight(Instant(at_us))
        assert end_us % DAY == SECOND
