"""Conflation, losses and epochs of the books of one connection."""

from typing import NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from foreshock.adapters.venues.fold import (
    AGES_MAX,
    EPOCHS_PER_CONNECTION,
    BookFold,
    FeedStats,
    TrackedBook,
)
from foreshock.core.domain.books import BOOK_LEVELS_MAX, Levels
from foreshock.core.domain.errors import DataError
from foreshock.core.domain.markets import MarketId, uniform_grid
from foreshock.core.domain.messages.market_data import BookChanged, BookLost, Traded
from foreshock.core.domain.units import PAYOUT, Instant, Price, Quantity

CENT = uniform_grid(Price(10_000))
A, B = MarketId("venue:a"), MarketId("venue:b")
SIDES = (
    ((Price(400_000), Quantity(5)),),
    ((Price(600_000), Quantity(7)),),
)


def at(us: int) -> Instant:
    return Instant(us)


def folded(
    fold: BookFold, market: MarketId = A, sides: tuple[Levels, Levels] = SIDES
) -> TrackedBook:
    tracked = fold.track(market, CENT)
    fold.snapshot(tracked, sides, at(10), at(20))
    return tracked


def trade(market: MarketId) -> Traded:
    return Traded(market, "t", Price(500_000), Quantity(1), "yes", at(1), at(2))


def test_a_book_is_told_once_with_its_best_levels_first() -> None:
    fold = BookFold(connection=3)
    tracked = folded(fold)
    (change,) = fold.drain()
    assert change == BookChanged(A, tracked.epoch, "live", at(10), at(20), *SIDES)
    assert tracked.epoch > 3 * EPOCHS_PER_CONNECTION
    assert fold.drain() == []


def test_changes_of_one_market_merge_until_the_drain() -> None:
    fold = BookFold(connection=0)
    tracked = folded(fold)
    for n in range(5):
        tracked.book.bids.set(Price(410_000), n)
        fold.touch(tracked, at(30 + n), at(40 + n))
    (change,) = fold.drain()
    assert isinstance(change, BookChanged)
    assert change.bids[0] == (410_000, 4)
    assert (change.event_us, change.recv_us) == (34, 44)
    assert fold.stats.conflated_count == 5


def test_a_change_below_the_visible_levels_says_nothing() -> None:
    fold = BookFold(connection=0)
    deep = tuple((Price(10_000 * n), Quantity(1)) for n in range(BOOK_LEVELS_MAX + 1, 0, -1))
    tracked = folded(fold, sides=(deep, ()))
    fold.drain()
    tracked.book.bids.set(Price(10_000), 9)
    fold.touch(tracked, at(30), at(40))
    assert fold.drain() == []


def test_a_loss_is_said_once_and_drops_what_was_pending() -> None:
    fold = BookFold(connection=0)
    tracked = folded(fold)
    epoch = tracked.epoch
    fold.lose(tracked, "gap")
    fold.lose(tracked, "gap again")
    assert fold.drain() == [BookLost(A, epoch, "gap")]


def test_a_book_read_again_after_a_loss_starts_a_later_epoch() -> None:
    fold = BookFold(connection=0)
    tracked = folded(fold)
    fold.drain()
    before = tracked.epoch
    fold.lose(tracked, "gap")
    fold.snapshot(tracked, SIDES, at(50), at(60))
    lost, change = fold.drain()
    assert lost == BookLost(A, before, "gap")
    assert isinstance(change, BookChanged)
    assert change.epoch > before


def test_a_snapshot_of_a_valid_book_keeps_its_epoch() -> None:
    fold = BookFold(connection=0)
    tracked = folded(fold)
    before = tracked.epoch
    fold.snapshot(tracked, (SIDES[0], ()), at(50), at(60))
    assert tracked.epoch == before


def test_an_impossible_snapshot_loses_a_book_the_desk_believed_in() -> None:
    fold = BookFold(connection=0)
    tracked = folded(fold)
    epoch = tracked.epoch
    fold.drain()
    with pytest.raises(DataError):
        fold.snapshot(tracked, (((Price(500_000), Quantity(-1)),), ()), at(1), at(2))
    assert not tracked.is_valid
    assert fold.drain() == [BookLost(A, epoch, "impossible level in a snapshot")]


def test_a_new_grid_keeps_the_levels_and_is_told_under_a_new_epoch() -> None:
    fold = BookFold(connection=0)
    tracked = folded(fold)
    (before,) = fold.drain()
    fold.regrid(tracked, uniform_grid(Price(1_000)))
    (after,) = fold.drain()
    assert isinstance(before, BookChanged)
    assert isinstance(after, BookChanged)
    assert after.epoch > before.epoch
    assert (after.bids, after.asks) == (before.bids, before.asks)


def test_levels_off_the_new_grid_are_kept_exactly() -> None:
    fold = BookFold(connection=0)
    tracked = fold.track(A, uniform_grid(Price(1_000)))
    fold.snapshot(tracked, (((Price(401_000), Quantity(5)),), ()), at(1), at(2))
    fold.regrid(tracked, CENT)
    assert tracked.book.bids.levels() == ((401_000, 5),)


def test_a_lost_book_stays_silent_when_its_grid_changes() -> None:
    fold = BookFold(connection=0)
    tracked = fold.track(A, CENT)
    fold.regrid(tracked, uniform_grid(Price(1_000)))
    assert fold.drain() == []


def test_a_crossed_book_is_kept_and_flagged() -> None:
    fold = BookFold(connection=0)
    folded(fold, sides=(((Price(600_000), Quantity(1)),), ((Price(600_000), Quantity(1)),)))
    (change,) = fold.drain()
    assert isinstance(change, BookChanged)
    assert change.quality == "crossed"


def test_a_polled_book_says_so() -> None:
    fold = BookFold(connection=0)
    tracked = fold.track(A, CENT)
    tracked.is_polled = True
    fold.snapshot(tracked, SIDES, at(1), at(2))
    (change,) = fold.drain()
    assert isinstance(change, BookChanged)
    assert change.quality == "polled"


def test_messages_keep_their_order_and_come_before_the_book_changes() -> None:
    fold = BookFold(connection=0)
    a = folded(fold, A)
    folded(fold, B)
    first, second = trade(A), trade(B)
    fold.say(first)
    fold.lose(a, "gap")
    fold.say(second)
    kinds = fold.drain()
    assert kinds[:3] == [first, BookLost(A, a.epoch, "gap"), second]
    assert isinstance(kinds[3], BookChanged)
    assert kinds[3].market == B


def test_a_forgotten_book_is_silent_and_gone() -> None:
    fold = BookFold(connection=0)
    folded(fold)
    fold.forget(A)
    assert fold.get(A) is None
    assert fold.tracked() == []
    assert fold.drain() == []


def test_losing_all_loses_only_the_valid_books() -> None:
    fold = BookFold(connection=0)
    a = folded(fold, A)
    fold.track(B, CENT)
    fold.lose_all("closed")
    assert fold.drain() == [BookLost(A, a.epoch, "closed")]


def test_epochs_of_a_later_connection_are_later() -> None:
    assert folded(BookFold(connection=2)).epoch > folded(BookFold(connection=1)).epoch


def test_ages_stop_at_their_ceiling() -> None:
    stats = FeedStats()
    for n in range(AGES_MAX + 5):
        stats.sample_age(at(0), at(n))
    assert len(stats.ages) == AGES_MAX


class SetLevel(NamedTuple):
    side: str
    price: int
    size: int


class Snapshot(NamedTuple):
    bids: dict[int, int]
    asks: dict[int, int]


class Lose(NamedTuple):
    reason: str


class Drain(NamedTuple):
    pass


Step = SetLevel | Snapshot | Lose | Drain
SIDE = st.sampled_from(["bids", "asks"])
PRICE = st.integers(1, 99).map(lambda cents: cents * 10_000)
LEVELS = st.dictionaries(PRICE, st.integers(1, 50), max_size=15)
STEP = st.one_of(
    st.builds(SetLevel, SIDE, PRICE, st.integers(0, 50)),
    st.builds(Snapshot, LEVELS, LEVELS),
    st.builds(Lose, st.just("test")),
    st.builds(Drain),
)


@given(st.lists(STEP, max_size=40))
def test_what_the_desk_was_told_last_is_the_book(steps: list[Step]) -> None:
    """Whatever the order of changes, losses and drains, the last word equals a plain dict's."""
    fold = BookFold(connection=1)
    tracked = fold.track(A, CENT)
    plain: dict[str, dict[int, int]] | None = None
    told: BookChanged | None = None
    for step in [*steps, Drain()]:
        match step:
            case SetLevel(side, price, size):
                if plain is not None:
                    getattr(tracked.book, side).set(price, size)
                    plain[side][price] = size
                    fold.touch(tracked, at(1), at(2))
            case Snapshot(bids, asks):
                plain = {"bids": dict(bids), "asks": dict(asks)}
                fold.snapshot(tracked, (pairs(bids), pairs(asks)), at(1), at(2))
            case Lose(reason):
                plain = None
                fold.lose(tracked, reason)
            case Drain():
                told = last_word(fold, told)
    if plain is None:
        assert told is None
    else:
        assert told is not None
        assert told.bids == pairs(plain["bids"], reverse=True)[:BOOK_LEVELS_MAX]
        assert told.asks == pairs(plain["asks"])[:BOOK_LEVELS_MAX]


def pairs(levels: dict[int, int], *, reverse: bool = False) -> Levels:
    return tuple(
        (Price(price), Quantity(size))
        for price, size in sorted(levels.items(), reverse=reverse)
        if size
    )


def last_word(fold: BookFold, told: BookChanged | None) -> BookChanged | None:
    epoch = told.epoch if told else 0
    for message in fold.drain():
        match message:
            case BookLost():
                told = None
            case BookChanged():
                assert message.epoch >= epoch
                assert all(0 < price < PAYOUT for price, _ in (*message.bids, *message.asks))
                told = message
            case _:
                raise AssertionError(message)
    return told
