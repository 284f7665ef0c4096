"""What do Kalshi's books look like without a key? Folded from REST batches, shown, never traded.

The WebSocket always needs a key, the order books do not. Books read this way carry the quality
"polled" and no event time: they are as old as the answer that brought them.
"""

from collections.abc import Sequence

from foreshock.adapters.seams import FRAME_BYTES_MAX
from foreshock.adapters.venues.budget import Bucket, BucketTerms
from foreshock.adapters.venues.fold import BookFold, FeedStats, TrackedBook
from foreshock.adapters.venues.kalshi.books import parse_books
from foreshock.adapters.venues.kalshi.markets import VENUE, market_id
from foreshock.core.domain.errors import DataError
from foreshock.core.domain.markets import Market, MarketId
from foreshock.core.domain.messages.market_data import PayloadQuarantined
from foreshock.core.domain.messages.union import Message
from foreshock.core.domain.units import MICRO, SECOND, Duration, Instant

READ_TOKENS_PER_SECOND = 200
"""Basic tier; `GET /account/limits` may tell more."""
REQUEST_TOKENS = 10
BUDGET_PPM = 500_000
"""Half of the budget: discovery and checks live from the rest."""
CAPACITY = Duration(1 * SECOND)
AGE_MAX = Duration(60 * SECOND)
REASON_CHARS_MAX = 300


class PollBudget:
    """The half of the read tokens that public books live from: a `Bucket` with one lane."""

    def __init__(self, tokens_per_second: int = READ_TOKENS_PER_SECOND) -> None:
        tokens = tokens_per_second * BUDGET_PPM // MICRO
        self._bucket = Bucket(
            BucketTerms(capacity=tokens, per_second=tokens, left_by_entries=0, left_by_scans=0)
        )

    def take(self, now_us: Instant) -> bool:
        """Whether a request may leave now; if so it is paid for."""
        return self._bucket.take(REQUEST_TOKENS, "scan", now_us)

    def refused(self, now_us: Instant) -> None:
        """The venue said 429: nothing leaves for a while, whatever we counted."""
        self._bucket.pause(Instant(now_us + CAPACITY))


class KalshiPolled:
    """Polled books of one connection; a `FeedProtocol` without a stream."""

    def __init__(self, connection: int) -> None:
        self._connection = connection
        self._fold = BookFold(connection)

    @property
    def stats(self) -> FeedStats:
        """Counters since polling began."""
        return self._fold.stats

    def opened(self, markets: Sequence[Market], now_us: Instant) -> None:
        """Start with these markets."""
        self._fold.stats.data_at_us = now_us
        self.watch(markets, ())

    def watch(self, added: Sequence[Market], removed: Sequence[MarketId]) -> None:
        """Change the watch list."""
        for market in removed:
            self._fold.forget(market)
        for market in added:
            if self._fold.get(market.id) is None:
                self._fold.track(market.id, market.grid).is_polled = True

    def relist(self, market: Market) -> None:
        """Another grid starts an epoch."""
        tracked = self._fold.get(market.id)
        if tracked is not None and market.grid != tracked.book.grid:
            self._fold.regrid(tracked, market.grid)

    def receive(self, frame: bytes, frame_seq: int, recv_us: Instant) -> None:
        """A polled feed has no stream, so a frame is a mistake."""
        self._fold.stats.data_at_us = recv_us
        self._quarantine(frame_seq, f"a frame of {len(frame)} bytes on a polled feed")

    def receive_books(self, body: bytes, frame_seq: int, recv_us: Instant) -> None:
        """Fold a batch; books that were not read for long are lost."""
        stats = self._fold.stats
        stats.frames_count += 1
        stats.data_at_us = recv_us
        self._fold_books(body, frame_seq, recv_us)
        for tracked in self._fold.tracked():
            if tracked.is_valid and recv_us - tracked.recv_us > AGE_MAX:
                self._fold.lose(tracked, f"not read for {AGE_MAX // SECOND} s")

    def tick(self, now_us: Instant) -> None:
        """Nothing to keep alive."""

    def take_outgoing(self) -> list[str]:
        """Nothing is sent on a stream."""
        return []

    def dead_reason(self, now_us: Instant) -> str | None:
        """No answer for long."""
        if now_us - self._fold.stats.data_at_us > AGE_MAX:
            return f"no order books for {AGE_MAX // SECOND} s"
        return None

    def closed(self, reason: str) -> None:
        """Every book is lost."""
        self._fold.lose_all(reason)

    def drain(self) -> list[Message]:
        """What was learnt since the last drain."""
        return self._fold.drain()

    def book(self, market: MarketId) -> TrackedBook | None:
        """The whole book with what is known of it, None when the market is not watched."""
        return self._fold.get(market)

    def _fold_books(self, body: bytes, frame_seq: int, recv_us: Instant) -> None:
        if len(body) > FRAME_BYTES_MAX:
            self._quarantine(frame_seq, f"body of {len(body)} bytes")
            return
        try:
            read = parse_books(body)
        except DataError as error:
            self._quarantine(frame_seq, str(error))
            return
        for ticker, levels in read.books:
            tracked = self._fold.get(market_id(ticker))
            if tracked is not None:
                self._fold.snapshot(tracked, levels, recv_us, recv_us)
        for ticker, reason in read.doubtful:
            self._quarantine(frame_seq, f"{ticker}: {reason}")
            tracked = self._fold.get(market_id(ticker))
            if tracked is not None:
                self._fold.lose(tracked, "its order book was unusable")

    def _quarantine(self, frame_seq: int, reason: str) -> None:
        self._fold.stats.quarantined_count += 1
        told = reason[:REASON_CHARS_MAX]
        self._fold.say(PayloadQuarantined(VENUE, self._connection, frame_seq, told))
