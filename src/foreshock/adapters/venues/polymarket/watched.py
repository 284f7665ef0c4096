"""What do we know of each watched market, and which frames must go out to stay informed? Pure.

A book is asked for again by leaving and rejoining its tokens: a second subscription alone is
refused as a duplicate. Whoever keeps failing is asked ever more rarely.
"""

from collections.abc import Iterable, Sequence

import msgspec

from foreshock.adapters.venues.fold import TrackedBook
from foreshock.core.domain.errors import InvariantError
from foreshock.core.domain.markets import Market
from foreshock.core.domain.units import SECOND, Duration, Instant, format_micros

ASSETS_MAX = 250
"""Tokens on one connection; the venue stops sending snapshots somewhere beyond 500."""
MARKETS_MAX = ASSETS_MAX // 2
PING = "PING"
PING_EVERY = Duration(10 * SECOND)
PONG_WITHIN = Duration(30 * SECOND)
ASK_AFTER = Duration(5 * SECOND)
ASK_AFTER_MAX = Duration(60 * SECOND)


class Watched:
    """One market of the connection: its book, and how often something about it did not fit."""

    __slots__ = (
        "ask_after",
        "asked_us",
        "check_failures",
        "hash_failures",
        "is_over",
        "market",
        "min_order_size",
        "snapshot_us",
        "touch_failures",
        "tracked",
    )

    def __init__(self, market: Market, tracked: TrackedBook, asked_us: Instant | None) -> None:
        self.market = market
        self.tracked = tracked
        self.min_order_size = format_micros(market.quantity_min)
        self.snapshot_us = Instant(0)
        self.hash_failures = 0
        self.touch_failures = 0
        self.check_failures = 0
        self.is_over = False
        self.asked_us = asked_us
        self.ask_after = ASK_AFTER


class Outbox:
    """Frames to send, in order, and the keep-alive clock."""

    def __init__(self) -> None:
        self._frames: list[str] = []
        self._ping_us = Instant(0)
        self._pong_us = Instant(0)

    def opened(self, tokens: Sequence[str], now_us: Instant) -> None:
        """Queue the first frame. The custom feature brings touches, new and resolved markets."""
        self.begin({"assets_ids": tokens, "type": "market", "custom_feature_enabled": True}, now_us)

    def begin(self, frame: dict[str, object], now_us: Instant) -> None:
        """Queue any channel's first frame; the keep-alive clock starts."""
        self._ping_us = self._pong_us = now_us
        self._put(frame)

    def subscribe(self, tokens: Sequence[str]) -> None:
        """Join more tokens."""
        self._put({"operation": "subscribe", "assets_ids": tokens, "custom_feature_enabled": True})

    def unsubscribe(self, tokens: Sequence[str]) -> None:
        """Leave tokens."""
        self._put({"operation": "unsubscribe", "assets_ids": tokens})

    def ask_again(self, books: Iterable[Watched], now_us: Instant) -> int:
        """Rejoin those books that are lost and were not asked for just now; returns how many."""
        due = [watched for watched in books if _is_due(watched, now_us)]
        tokens = both_tokens(watched.market for watched in due)
        if tokens:
            self.unsubscribe(tokens)
            self.subscribe(tokens)
        return len(due)

    def ping(self, now_us: Instant) -> None:
        """Queue a keep-alive when one is due."""
        if now_us - self._ping_us >= PING_EVERY:
            self._ping_us = now_us
            self._frames.append(PING)

    def pong(self, now_us: Instant) -> None:
        """The venue answered a keep-alive."""
        self._pong_us = now_us

    def dead_reason(self, now_us: Instant) -> str | None:
        """Why the stream counts as dead, None while it lives."""
        silence = now_us - self._pong_us
        if silence <= PONG_WITHIN:
            return None
        return f"no PONG for {silence // SECOND} s"

    def take(self) -> list[str]:
        """Everything queued; each frame once."""
        frames, self._frames = self._frames, []
        return frames

    def _put(self, frame: dict[str, object]) -> None:
        self._frames.append(msgspec.json.encode(frame).decode())


def shards(markets: Sequence[Market]) -> list[tuple[Market, ...]]:
    """Markets by connection: both tokens of each, at most ASSETS_MAX together, dealt evenly.

    A connection of a few quiet markets would look dead by its data clock; an even share does not.
    """
    count = -(-len(markets) // MARKETS_MAX)
    return [tuple(markets[number::count]) for number in range(count)]


def both_tokens(markets: Iterable[Market]) -> list[str]:
    """YES and NO token of each market."""
    return [token for market in markets for token in market.outcome_ids]


def refuse_too_many(count: int) -> None:
    """Raises InvariantError for more markets than one connection carries: see `shards`."""
    if count > MARKETS_MAX:
        raise InvariantError(f"{count} markets on one Polymarket connection, {MARKETS_MAX} fit")


def _is_due(watched: Watched, now_us: Instant) -> bool:
    """Whether to ask now; remembers that it was asked, or when the first wait began."""
    if watched.tracked.is_valid or watched.is_over:
        return False
    if watched.asked_us is None:
        watched.asked_us = now_us
        return False
    waited = now_us - watched.asked_us
    if waited < watched.ask_after:
        return False
    is_calm = waited > 2 * ASK_AFTER_MAX
    watched.ask_after = (
        ASK_AFTER if is_calm else min(Duration(2 * watched.ask_after), ASK_AFTER_MAX)
    )
    watched.asked_us = now_us
    return True
