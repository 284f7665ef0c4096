"""Can this book be believed? Snapshots, deltas and comparisons of the books of one stream.

A book that fell into doubt is lost at once and asked for again; deltas are dropped until its
snapshot comes. Asking again is spaced out, so a venue that keeps sending nonsense is not flooded.
"""

from collections.abc import Iterable

from foreshock.adapters.venues.fold import BookFold
from foreshock.adapters.venues.kalshi.books import sides
from foreshock.adapters.venues.kalshi.channels import Channels
from foreshock.adapters.venues.kalshi.frames import DeltaMsg, SnapshotFrame, TickerFrame
from foreshock.adapters.venues.kalshi.markets import unknown
from foreshock.adapters.venues.kalshi.numbers import (
    MILLISECOND,
    bound_price,
    complement_price,
    level_price,
    signed_count,
)
from foreshock.adapters.venues.kalshi.watched import ASK_SPACING, Watched, WatchTable, touch_of
from foreshock.core.domain.books import Levels
from foreshock.core.domain.errors import DataError
from foreshock.core.domain.messages.market_data import BookChecked
from foreshock.core.domain.units import Instant

CHECK_TOLERANCE = 20_000
"""REST books carry no time: a touch within two cents of ours may be another moment's."""
CHECK_FAILURES_MAX = 3


class BookKeeper:
    """Folds what concerns books.

    no_in_yes_price: NO levels come in YES prices, as we ask for; captures of others may not.
    """

    def __init__(
        self, fold: BookFold, channels: Channels, table: WatchTable, *, no_in_yes_price: bool
    ) -> None:
        self._fold = fold
        self._stats = fold.stats
        self._channels = channels
        self._by_ticker = table.by_ticker
        self._table = table
        self._no_in_yes_price = no_in_yes_price
        self._no_price = level_price if no_in_yes_price else complement_price

    def delta(self, msg: DeltaMsg, recv_us: Instant) -> None:
        """Change one level. Raises DataError for an impossible change."""
        watched = self._by_ticker.get(msg.market_ticker)
        if watched is None:
            return  # no longer watched, and this was under way
        if msg.clock is not None and self._is_covered(watched, msg.clock, recv_us):
            return
        tracked = watched.book
        if not tracked.is_valid:
            return
        if msg.side == "yes":
            tracked.book.bids.add(level_price(msg.price_dollars), signed_count(msg.delta_fp))
        elif msg.side == "no":
            tracked.book.asks.add(self._no_price(msg.price_dollars), signed_count(msg.delta_fp))
        else:
            raise DataError(f"a delta of side {msg.side[:16]!r}")
        event_us = recv_us
        if msg.ts_ms is not None:
            event_us = Instant(msg.ts_ms * MILLISECOND)
            self._stats.sample_age(event_us, recv_us)
        self._fold.touch(tracked, event_us, recv_us)
        if watched.dispute is not None:
            watched.reconsider()

    def snapshot(self, frame: SnapshotFrame, recv_us: Instant) -> None:
        """Replace a book. Raises DataError for an impossible level."""
        self._channels.answered(frame.id)
        msg = frame.msg
        watched = self._by_ticker.get(msg.market_ticker)
        if watched is None:
            return
        if not msg.market_id:
            self._fold.say(unknown("orderbook_snapshot.market_ticker", msg.market_ticker))
            return
        watched.sid = frame.sid
        if msg.clock is not None and watched.is_stale(msg.clock):
            return
        levels = sides(msg.yes_dollars_fp, msg.no_dollars_fp, no_in_yes_price=self._no_in_yes_price)
        sent_ms = frame.sending_ts_ms  # the book itself is not dated
        event_us = recv_us if sent_ms is None else Instant(sent_ms * MILLISECOND)
        self._fold.snapshot(watched.book, levels, event_us, recv_us)
        watched.renewed(msg.clock, recv_us)

    def ticker(self, frame: TickerFrame, recv_us: Instant) -> None:
        """Compare the touch. Raises DataError for an impossible price."""
        msg = frame.msg
        watched = self._by_ticker.get(msg.market_ticker)
        if watched is None:
            return
        event_us = Instant(msg.ts_ms * MILLISECOND)
        told = bound_price(msg.yes_bid_dollars), bound_price(msg.yes_ask_dollars)
        if watched.is_refuted(told, event_us, recv_us):
            self.lose([watched], "the ticker keeps telling another touch", recv_us)

    def check(self, ticker: str, levels: tuple[Levels, Levels], recv_us: Instant) -> None:
        """Compare a REST book with the folded one; one that keeps differing is lost."""
        watched = self._by_ticker.get(ticker)
        if watched is None or not watched.book.is_valid:
            return
        bids = max((price for price, size in levels[0] if size), default=None)
        asks = min((price for price, size in levels[1] if size), default=None)
        ours, theirs = watched.touch(), touch_of(bids, asks)
        detail = f"ours {ours[0]} / {ours[1]}, REST {theirs[0]} / {theirs[1]}, millionths"
        if ours == theirs:
            watched.check_failures_count = 0
            self._stats.checked_at_us = recv_us
            self._fold.say(BookChecked(watched.market.id, agrees=True, detail=detail))
        elif max(abs(ours[0] - theirs[0]), abs(ours[1] - theirs[1])) > CHECK_TOLERANCE:
            self._fold.say(BookChecked(watched.market.id, agrees=False, detail=detail))
            watched.check_failures_count += 1
            if watched.check_failures_count >= CHECK_FAILURES_MAX:
                self.lose([watched], f"REST keeps disagreeing: {detail}", recv_us)

    def lose(self, doubtful: Iterable[Watched], reason: str, now_us: Instant) -> None:
        """Lose books at once and ask for them again, each at most once a second.

        A snapshot under way may be the very frame that is missing, so it does not count.
        """
        asked: list[Watched] = []
        for watched in doubtful:
            self._fold.lose(watched.book, reason)
            watched.doubted()
            if now_us - watched.asked_us >= ASK_SPACING:
                asked.append(watched)
        self._channels.ask_books(asked, now_us)

    def gap(self, sid: int, reason: str, now_us: Instant) -> None:
        """Lose every book of a subscription."""
        self.lose(self._table.on(sid), reason, now_us)

    def ask_again(self, now_us: Instant) -> None:
        """Ask once more for snapshots that did not come."""
        self._channels.ask_books(list(self._table.overdue(now_us)), now_us)

    def _is_covered(self, watched: Watched, clock: int, recv_us: Instant) -> bool:
        """Whether the snapshot contains this change. Loses a book whose clock began anew."""
        if watched.snapshot_clock < clock >= watched.delta_clock:
            watched.delta_clock = clock
            return False
        if watched.restarted(clock, recv_us):
            watched.forget_clocks()
            self.lose([watched], "the exchange clock began anew", recv_us)
        watched.delta_clock = clock
        return clock <= watched.snapshot_clock
