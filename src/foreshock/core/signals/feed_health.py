"""Which markets does a connection carry, and do its clocks vouch for a quiet book?"""

from collections.abc import Iterable
from typing import TypeAlias

from foreshock.core.domain.markets import MarketId
from foreshock.core.domain.messages.market_data import (
    ConnectionClosed,
    ConnectionOpened,
    FeedMeasured,
    MarketsWatched,
)
from foreshock.core.domain.units import SECOND, Duration, Instant, format_micros

WatchFact: TypeAlias = ConnectionOpened | MarketsWatched


class FeedHealth:
    """A fold of what connections say of themselves.

    message_age_max: 95th percentile of receipt less event time. data_age_max: time without a byte.
    again_after: how often the markets of an ill feed are named, because their books grow old.
    """

    def __init__(
        self, message_age_max: Duration, data_age_max: Duration, again_after: Duration
    ) -> None:
        self._message_age_max = message_age_max
        self._data_age_max = data_age_max
        self._again_after = again_after
        self._carried: dict[int, dict[MarketId, None]] = {}
        self._connections: dict[MarketId, int] = {}
        self._ailments: dict[int, str] = {}
        self._told_us: dict[int, Instant] = {}

    def watch(self, message: WatchFact) -> None:
        """A connection carries other markets than before."""
        carried = self._carried.setdefault(message.connection, {})
        if isinstance(message, ConnectionOpened):
            added = message.markets
        else:
            added = message.added
            for market in message.removed:
                carried.pop(market, None)
        carried.update(dict.fromkeys(added))
        self._connections.update(dict.fromkeys(added, message.connection))

    def lose(self, message: ConnectionClosed) -> Iterable[MarketId]:
        """The markets whose books are gone with a connection.

        A gap says nothing here: each book that is lost in it is told by a `BookLost` of its own.
        """
        self._ailments.pop(message.connection, None)
        self._told_us.pop(message.connection, None)
        return tuple(self._carried.pop(message.connection, ()))

    def measure(self, message: FeedMeasured, now_us: Instant) -> Iterable[MarketId]:
        """Markets whose feed has just fallen ill or recovered, and again while it stays ill."""
        before = self._ailments.get(message.connection, "")
        ailment = self._diagnose(message, now_us)
        self._ailments[message.connection] = ailment
        told_us = self._told_us.get(message.connection, now_us)
        is_due = bool(ailment) and now_us - told_us >= self._again_after
        if bool(ailment) == bool(before) and not is_due:
            return ()
        self._told_us[message.connection] = now_us
        return tuple(self._carried.get(message.connection, ()))

    def ailment(self, market: MarketId) -> str:
        """Why the feed of a market is not to be trusted, in words; empty when it is."""
        connection = self._connections.get(market)
        return "" if connection is None else self._ailments.get(connection, "")

    def _diagnose(self, message: FeedMeasured, now_us: Instant) -> str:
        age = message.message_age_p95
        if age is not None and age > self._message_age_max:
            return f"its messages come {format_micros(age)} s late"
        silence = now_us - message.data_at_us
        if silence > self._data_age_max:
            return f"its feed has been silent for {silence // SECOND} s"
        return ""
