"""Does the watch table forget what is no longer watched, and space out its questions?"""

from foreshock.adapters.venues.fold import BookFold
from foreshock.adapters.venues.kalshi.watched import SNAPSHOT_WAIT, Watched, WatchTable
from foreshock.core.domain.units import SECOND, Instant
from tests.unit.adapters.venues.kalshi.builders import EVENT_TICKER, T0, TICKER_B, market_of


def table() -> WatchTable:
    made = WatchTable(BookFold(1))
    made.add(market_of(), T0)
    made.add(market_of(ticker=TICKER_B), T0)
    return made


def test_markets_of_an_event_are_found_until_they_leave() -> None:
    made = table()
    assert len(made.of_event(EVENT_TICKER)) == 2
    removed = made.remove(market_of().id)
    assert removed is not None
    assert [one.ticker for one in made.of_event(EVENT_TICKER)] == [TICKER_B]
    made.remove(market_of(ticker=TICKER_B).id)
    assert made.of_event(EVENT_TICKER) == ()
    assert made.remove(market_of().id) is None


def test_a_market_added_twice_keeps_its_book() -> None:
    made = table()
    book = made.by_ticker[TICKER_B].book
    made.add(market_of(ticker=TICKER_B), T0)
    assert made.by_ticker[TICKER_B].book is book


def test_waits_double_up_to_a_ceiling() -> None:
    watched = Watched(market_of(), BookFold(1).track(market_of().id, market_of().grid), T0)
    waits: list[int] = []
    for _ in range(8):
        waits.append(watched.wait() // SNAPSHOT_WAIT)
        watched.asks_count += 1
    assert waits == [1, 2, 4, 8, 16, 16, 16, 16]
    watched.doubted()
    assert watched.wait() == SECOND


def test_only_markets_without_a_book_are_overdue() -> None:
    made = table()
    made.by_ticker[TICKER_B].book.is_valid = True
    overdue = list(made.overdue(Instant(T0 + SNAPSHOT_WAIT)))
    assert [one.market.id for one in overdue] == [market_of().id]
