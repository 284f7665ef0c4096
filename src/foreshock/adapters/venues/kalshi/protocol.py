"""What does Kalshi's stream say? One connection, pure: frames in, messages and commands out.

    command  -> subscribed | ok | unsubscribed | error      matched by id, in any order
    sid      -> seq 1, 2, 3 ... over all its markets; ok, unsubscribed and scoped errors count
    book     -> lost at a gap, an impossible change or an unreadable frame; valid again with the
                snapshot that is then asked for; deltas in between are dropped

Source: Kalshi AsyncAPI 2.0.0 (October 2026); `seq` over `ok` frames seen on the wire, August 2026.
"""

from collections.abc import Callable, Sequence

import msgspec

from foreshock.adapters.seams import FRAME_BYTES_MAX
from foreshock.adapters.venues.fold import BookFold, FeedStats, TrackedBook
from foreshock.adapters.venues.kalshi import frames, lifecycle, wire
from foreshock.adapters.venues.kalshi.books import parse_books
from foreshock.adapters.venues.kalshi.channels import ERRORS, TERMINAL_ERRORS, Channels
from foreshock.adapters.venues.kalshi.frames import DeltaFrame, decode_frame
from foreshock.adapters.venues.kalshi.keeper import BookKeeper
from foreshock.adapters.venues.kalshi.markets import VENUE, unknown
from foreshock.adapters.venues.kalshi.numbers import MILLISECOND, count, level_price
from foreshock.adapters.venues.kalshi.watched import Watched, WatchTable
from foreshock.core.domain.errors import DataError
from foreshock.core.domain.markets import Market, MarketId, Outcome
from foreshock.core.domain.messages.market_data import (
    FeeChanged,
    FeedGapped,
    GridChanged,
    MarketListed,
    MarketStatusChanged,
    PayloadQuarantined,
    ShapeUnknown,
    Traded,
)
from foreshock.core.domain.messages.union import Message
from foreshock.core.domain.units import PAYOUT, Instant

TAKERS: dict[tuple[str, str], Outcome] = {("yes", "bid"): "yes", ("no", "ask"): "no"}
"""The outcome whose exposure the taker gained, by (taker_outcome_side, taker_book_side)."""
UNKNOWNS_TOLD_MAX = 100
"""Different unknown shapes told one by one; all are counted."""
QUARANTINED_MAX = 1_000
"""Unusable frames after which the stream is reopened."""
REASON_CHARS_MAX = 300


class StreamCounts(msgspec.Struct):
    """What was dropped on purpose."""

    repeated_count: int = 0
    block_trades_count: int = 0
    foreign_count: int = 0
    """Life-cycle frames of markets that nobody watches: that channel has no filter."""


class KalshiStream:
    """The public channels of one connection; a `FeedProtocol`.

    no_in_yes_price: as `BookKeeper` has it; False reads captures made without `use_yes_price`.
    """

    def __init__(self, connection: int, *, no_in_yes_price: bool = True) -> None:
        self._connection = connection
        self._fold = BookFold(connection)
        self._table = WatchTable(self._fold)
        self._channels = Channels(self._table)
        self._keeper = BookKeeper(
            self._fold, self._channels, self._table, no_in_yes_price=no_in_yes_price
        )
        self._fold_delta = self._keeper.delta
        self._last_seq: dict[int, int] = {}
        self._now_us = Instant(0)
        self._unknowns: set[tuple[str, str]] = set()
        self.counts = StreamCounts()
        self._readers: dict[type, Callable[..., None]] = {
            frames.SnapshotFrame: self._snapshot,
            frames.TradeFrame: self._trade,
            frames.TickerFrame: self._ticker,
            frames.LifecycleFrame: self._lifecycle,
            frames.EventLifecycleFrame: self._event_lifecycle,
            frames.EventFeeFrame: self._event_fee,
            frames.SubscribedFrame: self._channels.subscribed,
            frames.OkFrame: self._ok,
            frames.UnsubscribedFrame: self._unsubscribed,
            frames.ErrorFrame: self._error,
        }

    @property
    def stats(self) -> FeedStats:
        """Counters since the stream opened."""
        return self._fold.stats

    def opened(self, markets: Sequence[Market], now_us: Instant) -> None:
        """Queue the subscribe commands."""
        self._now_us = now_us
        for market in markets:
            self._table.add(market, now_us)
        self._channels.open(list(self._table.by_ticker), now_us)

    def watch(self, added: Sequence[Market], removed: Sequence[MarketId]) -> None:
        """Change the watch list of the open stream."""
        gone = [self._table.remove(market) for market in removed]
        self._channels.leave([w.ticker for w in gone if w is not None], self._now_us)
        fresh = [market for market in added if market.native_id not in self._table.by_ticker]
        for market in fresh:
            self._table.add(market, self._now_us)
        self._channels.join([market.native_id for market in fresh], self._now_us)

    def relist(self, market: Market) -> None:
        """Keep the terms that were read again; another grid starts an epoch."""
        watched = self._table.by_ticker.get(market.native_id)
        if watched is None:
            return
        if market.grid != watched.market.grid:
            self._fold.regrid(watched.book, market.grid)
        watched.market = market

    def receive(self, frame: bytes, frame_seq: int, recv_us: Instant) -> None:
        """Fold one frame."""
        stats = self._fold.stats
        stats.frames_count += 1
        stats.data_at_us = self._now_us = recv_us
        if len(frame) > FRAME_BYTES_MAX:
            self._quarantine(frame_seq, f"frame of {len(frame)} bytes")
            self._lose_all("a frame too long to read")
            return
        try:
            message = decode_frame(frame)
        except wire.MALFORMED as error:
            self._unreadable(frame, frame_seq, str(error))
            return
        try:
            if type(message) is DeltaFrame:
                sid, seq = message.sid, message.seq
                if seq == self._last_seq.get(sid, 0) + 1:  # the common case without a call
                    self._last_seq[sid] = seq
                    self._fold_delta(message.msg, recv_us)
                elif self._is_next(sid, seq):
                    self._fold_delta(message.msg, recv_us)
            else:
                self._readers[type(message)](message, recv_us)
        except DataError as error:
            self._quarantine(frame_seq, str(error))
            self._blame(frames.decode_envelope(frame), str(error))

    def receive_books(self, body: bytes, frame_seq: int, recv_us: Instant) -> None:
        """Compare the books of a REST batch with the folded ones."""
        self._now_us = recv_us
        if len(body) > FRAME_BYTES_MAX:
            self._quarantine(frame_seq, f"body of {len(body)} bytes")
            return
        try:
            read = parse_books(body)
        except DataError as error:
            self._quarantine(frame_seq, str(error))
            return
        for ticker, levels in read.books:
            self._keeper.check(ticker, levels, recv_us)
        if read.doubtful:
            self._quarantine(frame_seq, "; ".join(f"{t}: {why}" for t, why in read.doubtful))

    def tick(self, now_us: Instant) -> None:
        """Ask again for snapshots that did not come. Pings belong to the socket library."""
        self._now_us = now_us
        self._keeper.ask_again(now_us)

    def take_outgoing(self) -> list[str]:
        """Commands to send, in order."""
        return self._channels.take_outgoing()

    def dead_reason(self, now_us: Instant) -> str | None:
        """Why this stream must be reopened: a terminal error, silence to a command, nonsense."""
        if self._fold.stats.quarantined_count >= QUARANTINED_MAX:
            return f"{QUARANTINED_MAX} unusable frames"
        return self._channels.dead_reason(now_us)

    def closed(self, reason: str) -> None:
        """Every book is lost."""
        self._fold.lose_all(reason)

    def drain(self) -> list[Message]:
        """What was learnt since the last drain."""
        return self._fold.drain()

    def book(self, market: MarketId) -> TrackedBook | None:
        """The whole book with what is known of it, None when the market is not watched."""
        return self._fold.get(market)

    def missing(self) -> list[MarketId]:
        """Watched markets without a valid book: no snapshot yet, lost, or unknown to the venue."""
        return [tracked.market for tracked in self._fold.tracked() if not tracked.is_valid]

    # ---- sequence

    def _is_next(self, sid: int, seq: int) -> bool:
        """Whether a frame is to be read: False for a repeated one. A gap is told first."""
        expected = self._last_seq.get(sid, 0) + 1
        if seq == expected:
            self._last_seq[sid] = seq
            return True
        if seq < expected:
            self.counts.repeated_count += 1
            return False
        self._last_seq[sid] = seq
        self._fold.stats.gaps_count += 1
        reason = f"{self._channels.name(sid)}: {seq - expected} frames missing before seq {seq}"
        self._fold.say(FeedGapped(VENUE, self._connection, reason))
        self._keeper.gap(sid, reason, self._now_us)
        return True

    # ---- frames

    def _snapshot(self, frame: frames.SnapshotFrame, recv_us: Instant) -> None:
        if self._is_next(frame.sid, frame.seq):
            self._keeper.snapshot(frame, recv_us)

    def _trade(self, frame: frames.TradeFrame, recv_us: Instant) -> None:
        msg = frame.msg
        watched = self._table.by_ticker.get(msg.market_ticker)
        if not self._is_next(frame.sid, frame.seq) or watched is None:
            return
        price, other = level_price(msg.yes_price_dollars), level_price(msg.no_price_dollars)
        if price + other != PAYOUT:
            raise DataError(f"a trade at {price} and {other} millionths")
        if msg.is_block_trade:  # agreed off the book, so neither its price nor its depth is ours
            self.counts.block_trades_count += 1
            return
        sides = (msg.taker_outcome_side, msg.taker_book_side)
        if sides not in TAKERS:
            self._say_unknown(unknown("trade.taker", "/".join(sides)))
            return
        event_us = Instant(msg.ts_ms * MILLISECOND)
        self._fold.stats.sample_age(event_us, recv_us)
        self._opens_by(watched, event_us)
        quantity = count(msg.count_fp)
        taker = TAKERS[sides]
        trade = Traded(watched.market.id, msg.trade_id, price, quantity, taker, event_us, recv_us)
        self._fold.say(trade)

    def _ticker(self, frame: frames.TickerFrame, recv_us: Instant) -> None:
        event_us = Instant(frame.msg.ts_ms * MILLISECOND)
        self._fold.stats.sample_age(event_us, recv_us)
        self._keeper.ticker(frame, recv_us)
        if watched := self._table.by_ticker.get(frame.msg.market_ticker):
            self._opens_by(watched, event_us)

    def _lifecycle(self, frame: frames.LifecycleFrame, recv_us: Instant) -> None:
        if not self._is_next(frame.sid, frame.seq):
            return
        msg = frame.msg
        seconds = msg.settled_ts or msg.determination_ts
        sent_ms = seconds * 1_000 if seconds else frame.sending_ts_ms
        event_us = recv_us if sent_ms is None else Instant(sent_ms * MILLISECOND)
        if watched := self._table.by_ticker.get(msg.market_ticker):
            for message in lifecycle.applied(watched, msg, event_us):
                self._apply(watched, message)
        elif siblings := self._table.of_event(lifecycle.event_of_created(msg)):
            self._fold.say(lifecycle.created(siblings[0].market, msg))
        else:
            self.counts.foreign_count += 1

    def _event_lifecycle(self, frame: frames.EventLifecycleFrame, _recv_us: Instant) -> None:
        self._is_next(frame.sid, frame.seq)
        self.counts.foreign_count += 1

    def _event_fee(self, frame: frames.EventFeeFrame, _recv_us: Instant) -> None:
        if self._is_next(frame.sid, frame.seq):
            for watched in self._table.of_event(frame.msg.event_ticker):
                self._apply(watched, lifecycle.fee_changed(watched.market, frame.msg))

    def _ok(self, frame: frames.OkFrame, _recv_us: Instant) -> None:
        if frame.sid is not None and frame.seq is not None:
            self._is_next(frame.sid, frame.seq)
        self._channels.ok(frame)

    def _unsubscribed(self, frame: frames.UnsubscribedFrame, _recv_us: Instant) -> None:
        if frame.seq is not None:
            self._is_next(frame.sid, frame.seq)
        self._channels.unsubscribed(frame.sid, frame.id)

    def _error(self, frame: frames.ErrorFrame, recv_us: Instant) -> None:
        if frame.sid is not None and frame.seq is not None:
            self._is_next(frame.sid, frame.seq)
        if frame.msg.code not in ERRORS:
            self._say_unknown(unknown("error.code", str(frame.msg.code)))
        words = self._channels.refused(frame, recv_us)
        if frame.msg.code in TERMINAL_ERRORS:  # nothing more comes on it: no book may be believed
            self._fold.lose_all(words or "")
        if words is None:
            self._say_unknown(unknown("error", f"{frame.msg.code} {frame.msg.msg}"))
        else:
            self._fold.say(FeedGapped(VENUE, self._connection, words))

    # ---- terms

    def _apply(self, watched: Watched, message: Message) -> None:
        """Tell a change of terms and keep it, so that the next one builds on it."""
        market, replaced = watched.market, msgspec.structs.replace
        match message:
            case MarketListed():
                watched.market = message.market
            case MarketStatusChanged():
                watched.market = replaced(market, status=message.status)
            case FeeChanged():
                watched.market = replaced(market, fee=message.fee)
            case GridChanged():
                watched.market = replaced(market, grid=message.grid)
                self._fold.regrid(watched.book, message.grid)
            case ShapeUnknown():
                self._say_unknown(message)
                return
            case _:
                pass
        self._fold.say(message)

    def _opens_by(self, watched: Watched, event_us: Instant) -> None:
        """No frame tells of the first opening: the announced time and a sign of life do."""
        market = watched.market
        if market.status == "listed" and (market.opens_us or event_us) <= event_us:
            self._apply(watched, MarketStatusChanged(market.id, "open", event_us))

    # ---- doubt

    def _unreadable(self, frame: bytes, frame_seq: int, reason: str) -> None:
        """A frame that is not what we know: an unknown type, or a known one that is broken."""
        try:
            envelope = frames.decode_envelope(frame)
        except wire.MALFORMED:
            self._quarantine(frame_seq, reason)
            self._lose_all("an unreadable frame")
            return
        if envelope.sid is not None and envelope.seq is not None:
            self._is_next(envelope.sid, envelope.seq)
        if envelope.type not in frames.FRAME_TYPES:
            self._say_unknown(unknown("frame.type", envelope.type))
            return
        self._quarantine(frame_seq, f"{envelope.type}: {reason}")
        self._blame(envelope, reason)

    def _blame(self, envelope: frames.Envelope, reason: str) -> None:
        """Lose the book that an unusable frame was about; all of them when it does not say."""
        if envelope.type not in frames.BOOK_TYPES:
            return
        try:
            named = frames.decode_market_ticker(envelope.msg)
        except wire.MALFORMED:
            self._lose_all("an unreadable book frame")
            return
        if watched := self._table.by_ticker.get(named.market_ticker):
            self._keeper.lose([watched], reason[:REASON_CHARS_MAX], self._now_us)

    def _lose_all(self, reason: str) -> None:
        self._keeper.lose(self._table.by_ticker.values(), reason, self._now_us)

    def _quarantine(self, frame_seq: int, reason: str) -> None:
        stats = self._fold.stats
        stats.quarantined_count += 1
        if stats.quarantined_count <= QUARANTINED_MAX:
            told = reason[:REASON_CHARS_MAX]
            self._fold.say(PayloadQuarantined(VENUE, self._connection, frame_seq, told))

    def _say_unknown(self, message: ShapeUnknown) -> None:
        """Count it; tell each shape once."""
        self._fold.stats.unknown_count += 1
        key = (message.where, message.value)
        if key not in self._unknowns and len(self._unknowns) < UNKNOWNS_TOLD_MAX:
            self._unknowns.add(key)
            self._fold.say(message)
