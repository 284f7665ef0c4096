"""What changed since the last drain? The books of one connection, conflated; pure.

Both venue protocols keep their books here. Book changes of one market merge until the drain;
everything else (trades, losses, life-cycle) keeps its order and comes before the book changes, so
nothing overtakes a loss: what was pending for a lost book is dropped with it.
"""

import msgspec

from foreshock.core.domain.books import Book, Levels
from foreshock.core.domain.errors import DataError
from foreshock.core.domain.markets import MarketId, PriceGrid
from foreshock.core.domain.messages.market_data import BookChanged, BookLost
from foreshock.core.domain.messages.union import Message
from foreshock.core.domain.units import Duration, Instant

EPOCHS_PER_CONNECTION = 1_000_000
"""Epochs of connection n start at n times this, so they grow across reconnects."""
AGES_MAX = 10_000
"""Message ages kept between two measurements; later ones are not sampled."""


class FeedStats(msgspec.Struct):
    """Counters of one connection since it opened; `ages` since the last measurement."""

    frames_count: int = 0
    gaps_count: int = 0
    conflated_count: int = 0
    unknown_count: int = 0
    quarantined_count: int = 0
    data_at_us: Instant = Instant(0)
    checked_at_us: Instant | None = None
    ages: list[Duration] = msgspec.field(default_factory=list[Duration])

    def sample_age(self, event_us: Instant, recv_us: Instant) -> None:
        """Remember how old a message was when it arrived."""
        if len(self.ages) < AGES_MAX:
            self.ages.append(Duration(recv_us - event_us))


class TrackedBook:
    """A book and what the desk was last told about it. is_valid: a snapshot stands behind it."""

    __slots__ = (
        "book",
        "epoch",
        "event_us",
        "is_polled",
        "is_valid",
        "market",
        "pending_count",
        "recv_us",
        "told",
    )

    def __init__(self, market: MarketId, grid: PriceGrid, epoch: int) -> None:
        self.market = market
        self.book = Book(grid)
        self.epoch = epoch
        self.is_valid = False
        self.is_polled = False
        self.event_us = Instant(0)
        self.recv_us = Instant(0)
        self.pending_count = 0
        self.told: tuple[int, str, Levels, Levels] | None = None


class BookFold:
    """All books of one connection, and the messages waiting for its next drain."""

    def __init__(self, connection: int) -> None:
        self._epoch = connection * EPOCHS_PER_CONNECTION
        self._books: dict[MarketId, TrackedBook] = {}
        self._changed: dict[MarketId, TrackedBook] = {}
        self._messages: list[Message] = []
        self.stats = FeedStats()

    def track(self, market: MarketId, grid: PriceGrid) -> TrackedBook:
        """Start a book; it is not valid before its first snapshot."""
        tracked = TrackedBook(market, grid, self._next_epoch())
        self._books[market] = tracked
        return tracked

    def forget(self, market: MarketId) -> None:
        """Stop a book without a word: the market is no longer watched."""
        self._books.pop(market, None)
        self._changed.pop(market, None)

    def get(self, market: MarketId) -> TrackedBook | None:
        """The tracked book of a market, None when not watched."""
        return self._books.get(market)

    def tracked(self) -> list[TrackedBook]:
        """Every tracked book, in the order of tracking."""
        return list(self._books.values())

    def snapshot(
        self,
        tracked: TrackedBook,
        sides: tuple[Levels, Levels],
        event_us: Instant,
        recv_us: Instant,
    ) -> None:
        """Replace a book by (bids, asks). A first snapshot and one after a loss start an epoch.

        Raises DataError for an impossible level; a book that was valid is then lost.
        """
        try:
            tracked.book.replace(*sides)
        except DataError:
            self.lose(tracked, "impossible level in a snapshot")
            raise
        if not tracked.is_valid:
            tracked.epoch = self._next_epoch()
        tracked.is_valid = True
        self.touch(tracked, event_us, recv_us)

    def regrid(self, tracked: TrackedBook, grid: PriceGrid) -> None:
        """The market's grid changed: same levels, new epoch, told at the next drain if valid."""
        tracked.book = tracked.book.regrid(grid)
        tracked.epoch = self._next_epoch()
        if tracked.is_valid:
            self.touch(tracked, tracked.event_us, tracked.recv_us)

    def touch(self, tracked: TrackedBook, event_us: Instant, recv_us: Instant) -> None:
        """The book was changed by a message of this age; it is told at the next drain."""
        tracked.event_us = event_us
        tracked.recv_us = recv_us
        tracked.pending_count += 1
        self._changed[tracked.market] = tracked

    def lose(self, tracked: TrackedBook, reason: str) -> None:
        """The book may be wrong from here; says so once."""
        if tracked.is_valid:
            self._messages.append(BookLost(tracked.market, tracked.epoch, reason))
        tracked.is_valid = False
        tracked.pending_count = 0
        tracked.told = None
        self._changed.pop(tracked.market, None)

    def lose_all(self, reason: str) -> None:
        """Every book of the connection is lost."""
        for tracked in self._books.values():
            self.lose(tracked, reason)

    def say(self, message: Message) -> None:
        """Queue a message that is never conflated."""
        self._messages.append(message)

    def drain(self) -> list[Message]:
        """Everything since the last drain: messages in order, then one change a changed book."""
        messages, self._messages = self._messages, []
        changed, self._changed = self._changed, {}
        for tracked in changed.values():
            self.stats.conflated_count += tracked.pending_count - 1
            tracked.pending_count = 0
            change = _visible_change(tracked)
            if change is not None:
                messages.append(change)
        return messages

    def _next_epoch(self) -> int:
        self._epoch += 1
        return self._epoch


def _visible_change(tracked: TrackedBook) -> BookChanged | None:
    """The change a decision may see, None when nothing visible moved."""
    book = tracked.book
    bids, asks = book.bids.seen(), book.asks.seen()
    quality = "polled" if tracked.is_polled else "live"
    if bids and asks and bids[0][0] >= asks[0][0]:
        quality = "crossed"
    state = (tracked.epoch, quality, bids, asks)
    if state == tracked.told:
        return None
    tracked.told = state
    return BookChanged(
        tracked.market, tracked.epoch, quality, tracked.event_us, tracked.recv_us, bids, asks
    )
