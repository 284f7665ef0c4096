"""Is what a market's feed shows fresh enough to trade on? Three clocks a connection.

A socket that answers pings can be dead and a silent market can be alive, so the market's own
silence counts only when the age of messages, the age of data and the age of the last comparison
with a REST book are all green.
"""

import msgspec

from foreshock.core.domain.markets import MarketId
from foreshock.core.domain.messages.market_data import (
    ConnectionClosed,
    ConnectionOpened,
    FeedMeasured,
    MarketsWatched,
)
from foreshock.core.domain.messages.operations import LoopLagged
from foreshock.core.domain.messages.union import Message
from foreshock.core.domain.units import SECOND, Instant, span_text
from foreshock.core.risk.limits import Freshness


class Connection(msgspec.Struct):
    """What is known of one open connection; None before its first measurement."""

    venue: str
    measured: FeedMeasured | None = None


class Feeds:
    """The fold of the connections, of who carries which market, and of the loop's lag."""

    def __init__(self, freshness: Freshness) -> None:
        self.freshness = freshness
        self._connections: dict[int, Connection] = {}
        self._carriers: dict[MarketId, int] = {}
        self._lagged: tuple[LoopLagged, Instant] | None = None

    def observe(self, message: Message, now_us: Instant) -> None:
        """Take in what a message says about feeds."""
        match message:
            case ConnectionOpened(connection=connection):
                self._connections[connection] = Connection(message.venue)
                self._carry(connection, message.markets)
            case MarketsWatched(connection=connection):
                self._drop(connection, message.removed)
                self._carry(connection, message.added)
            case ConnectionClosed(connection=connection):
                self._connections.pop(connection, None)
            case FeedMeasured(connection=connection) if connection in self._connections:
                self._connections[connection].measured = message
            case LoopLagged() if message.lag > self.freshness.lag_max:
                self._lagged = (message, now_us)
            case _:
                pass

    def lag_words(self, now_us: Instant) -> str | None:
        """Why the loop itself is too late to trade, None when it is not."""
        if self._lagged is None or now_us - self._lagged[1] > self.freshness.lag_pause:
            return None
        lag_ms = -(-self._lagged[0].lag * 1_000 // SECOND)
        most_ms = self.freshness.lag_max * 1_000 // SECOND
        return f"the loop was {lag_ms} ms late, at most {most_ms} ms"

    def is_heard(self, market: MarketId, now_us: Instant) -> bool:
        """Whether the connection of a market brings data: a book on it that is still stands."""
        connection = self._connections.get(self._carriers.get(market, -1))
        measured = None if connection is None else connection.measured
        if measured is None:
            return False
        return now_us - measured.data_at_us <= self.freshness.data_age_max

    def stale_words(self, market: MarketId, recv_us: Instant, now_us: Instant) -> str | None:
        """Why the book of a market, last heard of at `recv_us`, is too old; None when it is not."""
        connection = self._connections.get(self._carriers.get(market, -1))
        if connection is None:
            return f"no open connection carries {market}"
        measured, freshness = connection.measured, self.freshness
        if measured is None:
            return f"the connection of {market} was not measured yet"
        heard_us = max(measured.data_at_us, recv_us)
        checked_us = measured.checked_at_us
        ages = (
            ("book", now_us - recv_us, freshness.quiet_max),
            ("data", now_us - heard_us, freshness.data_age_max),
            ("message", measured.message_age_p95 or 0, freshness.message_age_max),
            (
                "REST check",
                None if checked_us is None else now_us - checked_us,
                freshness.check_age_max,
            ),
        )
        for name, age, age_max in ages:
            if age is None:
                return f"{market}: no {name} yet"
            if age > age_max:
                return f"{market}: {name} age {span_text(age)}, at most {span_text(age_max)}"
        return None

    def _carry(self, connection: int, markets: tuple[MarketId, ...]) -> None:
        for market in markets:
            self._carriers[market] = connection

    def _drop(self, connection: int, markets: tuple[MarketId, ...]) -> None:
        for market in markets:
            if self._carriers.get(market) == connection:
                del self._carriers[market]
