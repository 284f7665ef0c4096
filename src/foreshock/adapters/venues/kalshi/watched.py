"""What does one stream know of each market it watches, beside the book itself?"""

from collections.abc import Iterator, Sequence

from foreshock.adapters.venues.fold import BookFold, TrackedBook
from foreshock.core.domain.markets import Market, MarketId
from foreshock.core.domain.units import PAYOUT, SECOND, Duration, Instant, Price

COVERED_WINDOW = Duration(30 * SECOND)
"""How long after a snapshot deltas may still come that it already contains."""
STALE_SNAPSHOTS_MAX = 2
TOUCH_STRIKES_MAX = 3
TOUCH_DISPUTE = Duration(5 * SECOND)
ASK_SPACING = Duration(1 * SECOND)
SNAPSHOT_WAIT = Duration(10 * SECOND)
SNAPSHOT_WAIT_DOUBLINGS_MAX = 4

Touch = tuple[Price, Price]
"""Best YES bid and ask; 0 and 1 dollar stand for an empty side, as the ticker has it."""
EMPTY_TOUCH: Touch = (Price(0), PAYOUT)


def touch_of(bid: Price | None, ask: Price | None) -> Touch:
    """The touch with the ticker's words for empty sides."""
    return (Price(0) if bid is None else bid, PAYOUT if ask is None else ask)


class Watched:
    """A market, its book, and the clocks that tell whether the book can be believed.

    sid: the subscription that carries the book, 0 before it is known. snapshot_clock, delta_clock:
    exchange clocks of the last snapshot and the last delta, 0 without. dispute: a touch the ticker
    told that the book has not shown so far. asks_count: requests for the snapshot now waited for.
    """

    __slots__ = (
        "asked_us",
        "asks_count",
        "book",
        "check_failures_count",
        "delta_clock",
        "dispute",
        "disputed_us",
        "market",
        "payout",
        "sid",
        "snapshot_clock",
        "snapshot_us",
        "stale_count",
        "strikes_count",
        "ticker",
    )

    def __init__(self, market: Market, book: TrackedBook, now_us: Instant) -> None:
        self.market = market
        self.ticker = market.native_id
        self.book = book
        self.sid = 0
        self.snapshot_clock = 0
        self.delta_clock = 0
        self.snapshot_us = Instant(0)
        self.stale_count = 0
        self.asked_us = now_us
        self.asks_count = 1  # subscribing asks for the first snapshot
        self.dispute: Touch | None = None
        self.disputed_us = Instant(0)
        self.strikes_count = 0
        self.payout: Price | None = None
        self.check_failures_count = 0

    def touch(self) -> Touch:
        """Best bid and ask of the folded book."""
        return touch_of(self.book.book.bids.best_price(), self.book.book.asks.best_price())

    def is_stale(self, clock: int) -> bool:
        """Whether a snapshot is older than what was seen; a clock that stays back has restarted."""
        if clock >= max(self.snapshot_clock, self.delta_clock):
            return False
        self.stale_count += 1
        return self.book.is_valid or self.stale_count <= STALE_SNAPSHOTS_MAX

    def restarted(self, clock: int, recv_us: Instant) -> bool:
        """Whether a delta shows that the exchange's clock began anew.

        Right after a snapshot come deltas that it contains. Later ones, or a clock that steps
        back from one delta to the next, mean that comparing clocks would drop real changes.
        """
        if clock < self.delta_clock:
            return True
        return clock <= self.snapshot_clock and recv_us - self.snapshot_us > COVERED_WINDOW

    def renewed(self, clock: int | None, recv_us: Instant) -> None:
        """A snapshot was taken."""
        self.snapshot_clock = clock or 0
        self.delta_clock = 0
        self.snapshot_us = recv_us
        self.stale_count = 0
        self.asks_count = 0
        self.agreed()

    def doubted(self) -> None:
        """The book was lost: what was compared and asked for before counts no longer."""
        self.asks_count = 0
        self.check_failures_count = 0
        self.agreed()

    def forget_clocks(self) -> None:
        """Compare nothing with clocks seen so far."""
        self.snapshot_clock = self.delta_clock = 0

    def agreed(self) -> None:
        """The book and the ticker say the same."""
        self.dispute = None
        self.strikes_count = 0

    def reconsider(self) -> None:
        """The book changed while the ticker said otherwise: perhaps it has caught up."""
        if self.dispute == self.touch():
            self.agreed()

    def is_refuted(self, told: Touch, event_us: Instant, recv_us: Instant) -> bool:
        """Whether the ticker has contradicted the book for too long.

        A ticker may run ahead of the book, which then shows the same touch a moment later, or
        behind it, which proves nothing. Combos tell an empty touch although orders rest.
        """
        if not self.book.is_valid or event_us < self.book.event_us or told == EMPTY_TOUCH:
            return False
        if told == self.touch():
            self.agreed()
            return False
        if self.dispute is None:
            self.disputed_us = recv_us
        self.dispute = told
        self.strikes_count += 1
        long_ago = recv_us - self.disputed_us >= TOUCH_DISPUTE
        return self.strikes_count >= TOUCH_STRIKES_MAX and long_ago

    def wait(self) -> Duration:
        """How long to wait for a snapshot before asking again."""
        if self.asks_count == 0:
            return ASK_SPACING
        return Duration(SNAPSHOT_WAIT << min(self.asks_count - 1, SNAPSHOT_WAIT_DOUBLINGS_MAX))


class WatchTable:
    """The watched markets by ticker and by event."""

    def __init__(self, fold: BookFold) -> None:
        self._fold = fold
        self.by_ticker: dict[str, Watched] = {}
        self._by_event: dict[str, dict[str, Watched]] = {}

    def add(self, market: Market, now_us: Instant) -> None:
        """Start to watch a market; one that is watched already keeps its book."""
        if market.native_id in self.by_ticker:
            return
        watched = Watched(market, self._fold.track(market.id, market.grid), now_us)
        self.by_ticker[watched.ticker] = watched
        self._by_event.setdefault(market.event_id, {})[watched.ticker] = watched

    def remove(self, market: MarketId) -> Watched | None:
        """Stop to watch a market; None when it was not watched."""
        ticker = market.partition(":")[2]
        watched = self.by_ticker.pop(ticker, None)
        if watched is None:
            return None
        self._fold.forget(market)
        siblings = self._by_event[watched.market.event_id]
        del siblings[ticker]
        if not siblings:
            del self._by_event[watched.market.event_id]
        return watched

    def of_event(self, event_ticker: str) -> Sequence[Watched]:
        """Watched markets of an event."""
        return tuple(self._by_event.get(event_ticker, {}).values())

    def on(self, sid: int) -> list[Watched]:
        """Watched markets whose book comes by this subscription."""
        return [watched for watched in self.by_ticker.values() if watched.sid == sid]

    def overdue(self, now_us: Instant) -> Iterator[Watched]:
        """Markets whose snapshot has not come in time."""
        for watched in self.by_ticker.values():
            if not watched.book.is_valid and now_us - watched.asked_us >= watched.wait():
                yield watched
