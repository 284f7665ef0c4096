"""What does Polymarket's market stream say? One connection, pure: frames in, messages out.

    frame   PONG | one event | an array of events | a text we do not know
    event   see `events.py`

What cannot be used is quarantined under the frame's number, and the books it may concern are lost
and asked for again.
"""

from collections.abc import Sequence

import msgspec

from foreshock.adapters.seams import FRAME_BYTES_MAX
from foreshock.adapters.venues.fold import BookFold, FeedStats, TrackedBook
from foreshock.adapters.venues.polymarket.events import FeedDoubts, MarketEvents, Raw
from foreshock.adapters.venues.polymarket.listing import VENUE
from foreshock.adapters.venues.polymarket.watched import Outbox, both_tokens, refuse_too_many
from foreshock.adapters.venues.polymarket.wire import PriceChangeEvent, WireBook
from foreshock.core.domain.errors import DataError
from foreshock.core.domain.markets import Market, MarketId
from foreshock.core.domain.messages.market_data import PayloadQuarantined
from foreshock.core.domain.messages.union import Message
from foreshock.core.domain.units import Instant

PONG = b"PONG"
OBJECT = ord("{")
EVENTS_MAX = 10_000
"""Events one frame may hold: a connection's first frame holds a book a token."""
TEXT_CHARS_MAX = 80
REASON_CHARS_MAX = 300

_PRICE_CHANGE = msgspec.json.Decoder(PriceChangeEvent)
_EVENTS = msgspec.json.Decoder(list[msgspec.Raw])
_BOOK = msgspec.json.Decoder(WireBook)


class MarketFeed:
    """The market channel of one connection; a `FeedProtocol`."""

    def __init__(self, connection: int) -> None:
        self._connection = connection
        self._fold = BookFold(connection)
        self._outbox = Outbox()
        self._events = MarketEvents(connection, self._fold, self._outbox)

    @property
    def stats(self) -> FeedStats:
        """Counters since the stream opened."""
        return self._fold.stats

    @property
    def doubts(self) -> FeedDoubts:
        """How often two sources of one fact did not fit."""
        return self._events.doubts

    def opened(self, markets: Sequence[Market], now_us: Instant) -> None:
        """Queue the first frame. Raises InvariantError for more markets than `shards` allows."""
        refuse_too_many(len(markets))
        for market in markets:
            self._events.watch(market, now_us)
        self._outbox.opened(both_tokens(markets), now_us)

    def watch(self, added: Sequence[Market], removed: Sequence[MarketId]) -> None:
        """Change the watch list. Raises InvariantError when more are watched than fit."""
        forgotten = [self._events.forget(market) for market in removed]
        gone = [market for market in forgotten if market is not None]
        if gone:
            self._outbox.unsubscribe(both_tokens(gone))
        watched = set(self._events.watched())
        fresh = [market for market in added if market.id not in watched]
        refuse_too_many(len(watched) + len(fresh))
        for market in fresh:
            self._events.watch(market, None)
        if fresh:
            self._outbox.subscribe(both_tokens(fresh))

    def relist(self, market: Market) -> None:
        """Keep the terms that were read again; another grid starts an epoch."""
        self._events.relist(market)

    def receive(self, frame: bytes, frame_seq: int, recv_us: Instant) -> None:
        """Fold one frame."""
        stats = self._fold.stats
        stats.frames_count += 1
        if frame == PONG:
            self._outbox.pong(recv_us)
            return
        stats.data_at_us = recv_us
        if len(frame) > FRAME_BYTES_MAX:
            self._quarantine(frame_seq, [f"frame of {len(frame)} bytes"])
            self._events.lose_all("a frame too long to read", recv_us)
        elif not self._is_common(frame, recv_us):
            self._receive_any(frame.strip(), frame_seq, recv_us)

    def receive_books(self, body: bytes, frame_seq: int, recv_us: Instant) -> None:
        """Compare a REST answer, of one book or many, with the folded books."""
        if len(body) > FRAME_BYTES_MAX:
            self._quarantine(frame_seq, [f"body of {len(body)} bytes"])
            return
        reasons: list[str] = []
        try:
            for raw in _split(body.strip()):
                try:
                    self._events.check(_BOOK.decode(raw), recv_us)
                except (ValueError, RecursionError) as error:
                    reasons.append(str(error))
        except (ValueError, DataError, RecursionError) as error:
            reasons.append(str(error))
        self._quarantine(frame_seq, reasons)

    def tick(self, now_us: Instant) -> None:
        """Queue the keep-alive that is due, and ask again for books that did not come."""
        self._outbox.ping(now_us)
        self._events.ask_again(now_us)

    def take_outgoing(self) -> list[str]:
        """Text frames to send, in order; each is returned once."""
        return self._outbox.take()

    def dead_reason(self, now_us: Instant) -> str | None:
        """Why this stream must be reopened: keep-alives unanswered."""
        return self._outbox.dead_reason(now_us)

    def closed(self, reason: str) -> None:
        """Every book is lost."""
        self._fold.lose_all(reason)

    def drain(self) -> list[Message]:
        """What was learnt since the last drain."""
        return self._fold.drain()

    def missing(self) -> list[MarketId]:
        """Watched markets without a valid book: no snapshot yet, lost, or over."""
        return [tracked.market for tracked in self._fold.tracked() if not tracked.is_valid]

    def book(self, market: MarketId) -> TrackedBook | None:
        """The whole book with what is known of it, None when the market is not watched."""
        return self._fold.get(market)

    def _is_common(self, frame: bytes, recv_us: Instant) -> bool:
        """Fold a lone, sound price change; anything else is left for the long way."""
        if not frame or frame[0] != OBJECT:
            return False
        try:
            self._events.change_levels(_PRICE_CHANGE.decode(frame), recv_us)
        except (ValueError, DataError, RecursionError):
            return False  # totals are absolute: the long way may fold the same entries again
        return True

    def _receive_any(self, text: bytes, frame_seq: int, recv_us: Instant) -> None:
        if text[:1] not in {b"{", b"["}:
            self._events.say_unknown("text", text[:TEXT_CHARS_MAX].decode(errors="replace"))
            return
        try:
            events = _split(text)
        except (ValueError, DataError, RecursionError) as error:
            self._quarantine(frame_seq, [str(error)])
            self._events.lose_all("an unreadable frame", recv_us)
            return
        reasons: list[str] = []
        for raw in events:
            try:
                self._events.receive(raw, recv_us)
            except (ValueError, DataError, RecursionError) as error:
                reasons.append(str(error))
                self._events.doubt(raw, error, recv_us)
        self._quarantine(frame_seq, reasons)

    def _quarantine(self, frame_seq: int, reasons: list[str]) -> None:
        """One message a frame, however much of it was unusable."""
        if not reasons:
            return
        self._fold.stats.quarantined_count += 1
        more = f" (and {len(reasons) - 1} more)" if len(reasons) > 1 else ""
        reason = reasons[0][:REASON_CHARS_MAX] + more
        self._fold.say(PayloadQuarantined(VENUE, self._connection, frame_seq, reason))


def _split(text: bytes) -> Sequence[Raw]:
    """The events of a frame or the books of a body.

    Raises ValueError or RecursionError for unreadable JSON, DataError for too many.
    """
    if text[:1] != b"[":
        return [text]
    events = _EVENTS.decode(text)
    if len(events) > EVENTS_MAX:
        raise DataError(f"{len(events)} events in a frame")
    return events
