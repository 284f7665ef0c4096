"""Which protocol reads which connection? All feeds of the desk as one pure fold.

Live and replay share it: it is driven by taped frames and by journalled messages alone.
"""

from collections.abc import Callable, Iterable, Mapping

import msgspec

from foreshock.adapters.seams import FeedProtocol
from foreshock.adapters.storage.tape import TapeFrame
from foreshock.adapters.venues.fold import FeedStats
from foreshock.core.domain.errors import InvariantError
from foreshock.core.domain.markets import Market, MarketId
from foreshock.core.domain.messages.market_data import (
    ConnectionClosed,
    ConnectionOpened,
    FeeChanged,
    FeedMeasured,
    GridChanged,
    MarketListed,
    MarketResolved,
    MarketStatusChanged,
    MarketsWatched,
)
from foreshock.core.domain.messages.union import Message
from foreshock.core.domain.units import SECOND, Duration, Instant

SILENCE_MAX = Duration(120 * SECOND)
"""A stream that brings nothing for so long is opened anew: nothing was traded on it meanwhile."""
ProtocolFactory = Callable[[int], FeedProtocol]
"""Builds the protocol of a feed for a connection number."""


class Feeds:
    """Open connections by number, each with its protocol, and the markets listed so far."""

    def __init__(self, factories: Mapping[str, ProtocolFactory]) -> None:
        self._factories = factories
        self._markets: dict[MarketId, Market] = {}
        self._paid: dict[MarketId, None] = {}
        self._open: dict[int, FeedProtocol] = {}
        self._venues: dict[int, str] = {}
        self._watched: dict[int, tuple[MarketId, ...]] = {}
        self._opened_us: dict[int, Instant] = {}

    def hear(self, message: Message, now_us: Instant) -> list[Message]:
        """Apply a message from outside the feeds; returns what the feeds say because of it.

        Raises InvariantError for a connection or market that was never announced.
        """
        match message:
            case MarketListed(market=market):
                self._relist(market)
            case ConnectionOpened(connection=connection):
                protocol = self._factories[message.feed](connection)
                protocol.opened(self._listed(message.markets), now_us)
                self._open[connection] = protocol
                self._venues[connection] = message.venue
                self._watched[connection] = message.markets
                self._opened_us[connection] = now_us
            case MarketResolved(market=market):
                self._paid[market] = None
            case MarketsWatched(connection=connection, added=added, removed=removed):
                self._protocol(connection).watch(self._listed(added), removed)
                kept = [m for m in self._watched[connection] if m not in removed]
                self._watched[connection] = (*kept, *added)
            case ConnectionClosed(connection=connection, reason=reason):
                protocol = self._protocol(connection)
                protocol.closed(reason)
                for table in (self._open, self._venues, self._watched, self._opened_us):
                    del table[connection]
                return protocol.drain()
            case _:
                pass
        return []

    def fold(self, frame: TapeFrame) -> None:
        """Fold one frame; a frame of a connection that has closed meanwhile says nothing."""
        protocol = self._open.get(frame.connection)
        if protocol is None:
            return
        if frame.kind == "ws":
            protocol.receive(frame.payload, frame.frame_seq, frame.recv_us)
        else:
            protocol.receive_books(frame.payload, frame.frame_seq, frame.recv_us)

    def drain(self) -> list[Message]:
        """What all connections learnt since the last drain, in order of connection."""
        messages: list[Message] = []
        for protocol in self._open.values():
            messages += protocol.drain()
        for message in messages:
            self._learn(message)
        return messages

    def tick(self, now_us: Instant) -> None:
        """Let every connection queue the keep-alives that are due."""
        for protocol in self._open.values():
            protocol.tick(now_us)

    def take_outgoing(self) -> list[tuple[int, str]]:
        """(connection, text) to send, in order."""
        return [
            (n, text) for n, protocol in self._open.items() for text in protocol.take_outgoing()
        ]

    def dead(self, now_us: Instant) -> list[tuple[int, str]]:
        """(connection, reason) of streams that must be reopened."""
        reasons = [
            (n, protocol.dead_reason(now_us) or self._silent_reason(n, now_us))
            for n, protocol in self._open.items()
        ]
        return [(n, reason) for n, reason in reasons if reason is not None]

    def measure(self) -> list[FeedMeasured]:
        """The freshness clocks of every open connection; starts a new window of ages."""
        return [_measured(n, self._venues[n], feed.stats) for n, feed in self._open.items()]

    def unpaid(self, markets: Iterable[MarketId]) -> list[MarketId]:
        """Those of which nobody has said yet what they paid."""
        return [market for market in markets if market not in self._paid]

    def watched(self) -> list[tuple[int, str, tuple[MarketId, ...]]]:
        """(connection, venue, markets) of every open connection, for spot checks."""
        return [(n, self._venues[n], self._watched[n]) for n in self._open]

    def _relist(self, market: Market) -> None:
        self._markets[market.id] = market
        for connection, protocol in self._open.items():
            if market.id in self._watched[connection]:
                protocol.relist(market)

    def _learn(self, message: Message) -> None:
        """Keep the terms as last told: the next stream of a market starts from them."""
        match message:
            case MarketListed(market=market):
                self._markets[market.id] = market
            case MarketStatusChanged(market=market, status=status):
                self._change(market, status=status)
            case MarketResolved(market=market):
                self._paid[market] = None
                self._change(market, status="settled")
            case GridChanged(market=market, grid=grid):
                self._change(market, grid=grid)
            case FeeChanged(market=market, fee=fee):
                self._change(market, fee=fee)
            case _:
                pass

    def _change(self, market: MarketId, **terms: object) -> None:
        if market in self._markets:
            self._markets[market] = msgspec.structs.replace(self._markets[market], **terms)

    def _silent_reason(self, connection: int, now_us: Instant) -> str | None:
        """A socket can answer keep-alives for hours and be dead all the same."""
        heard_us = max(self._open[connection].stats.data_at_us, self._opened_us[connection])
        if not self._watched[connection] or now_us - heard_us <= SILENCE_MAX:
            return None
        return f"no data for {(now_us - heard_us) // SECOND} s"

    def _protocol(self, connection: int) -> FeedProtocol:
        try:
            return self._open[connection]
        except KeyError:
            raise InvariantError(f"connection {connection} was never opened") from None

    def _listed(self, markets: Iterable[MarketId]) -> list[Market]:
        try:
            return [self._markets[market] for market in markets]
        except KeyError as error:
            raise InvariantError(f"market {error.args[0]} was never listed") from None


def _measured(connection: int, venue: str, stats: FeedStats) -> FeedMeasured:
    ages, stats.ages = sorted(stats.ages), []
    p50 = ages[len(ages) // 2] if ages else None
    p95 = ages[len(ages) * 95 // 100] if ages else None
    return FeedMeasured(
        venue,
        connection,
        p50,
        p95,
        stats.data_at_us,
        stats.checked_at_us,
        stats.frames_count,
        stats.gaps_count,
        stats.conflated_count,
    )
