"""How well do we hear each venue? Connections, their three clocks, and what went wrong on them."""

from collections.abc import Iterable

import msgspec

from foreshock.core.domain.markets import MarketId
from foreshock.core.domain.messages.market_data import (
    ConnectionClosed,
    ConnectionFailed,
    ConnectionOpened,
    FeedGapped,
    FeedMeasured,
    MarketsWatched,
    PayloadQuarantined,
    ShapeUnknown,
)
from foreshock.core.domain.oracles import SOURCE_PREFIX
from foreshock.core.domain.units import Instant
from foreshock.dashboard.badges import Clocks, connection_badge, off, worst
from foreshock.dashboard.bounded import evict
from foreshock.dashboard.markets import Markets
from foreshock.dashboard.views import BadgeView, VenueView

CONNECTIONS_MAX = 512
VENUES_MAX = 32
SHAPES_MAX = 100
REASON_CHARS_MAX = 120
OTHER_SHAPES = "others"
POLLED = "-polled"
"""How the names of protocols that ask by REST instead of listening end."""
PRIVATE = "-user"
"""How the names of account channels end: silent while we do nothing, and never about books."""


class Connection(msgspec.Struct):
    """One connection; closed ones stay while a market has no other carrier."""

    venue: str
    opened_us: Instant
    markets: set[MarketId]
    is_polled: bool
    is_private: bool
    measured: FeedMeasured | None = None
    closed_us: Instant | None = None
    gap_us: Instant | None = None


class Venue(msgspec.Struct):
    """Counts of one venue over the run; those of open connections are added when shown."""

    reconnects_count: int = 0
    frames_count: int = 0
    gaps_count: int = 0
    conflated_count: int = 0
    quarantined_count: int = 0
    shapes: dict[str, int] = msgspec.field(default_factory=dict[str, int])
    failure: str | None = None


class Health:
    """The fold of everything connections say of themselves."""

    def __init__(self, markets: Markets) -> None:
        self._markets = markets
        self._venues: dict[str, Venue] = {}
        self._connections: dict[int, Connection] = {}
        self._carriers: dict[MarketId, int] = {}

    def open(self, message: ConnectionOpened, now_us: Instant) -> None:
        """A connection is up; it replaces an earlier one of the same number."""
        venue = self._venue(message.venue)
        venue.reconnects_count += any(self._is_orphan(market) for market in message.markets)
        venue.failure = None
        self._forget(message.connection)
        is_polled = message.feed.endswith(POLLED)
        is_private = message.feed.endswith(PRIVATE)
        connection = Connection(message.venue, now_us, set(), is_polled, is_private)
        self._connections[message.connection] = connection
        self._carry(message.connection, message.markets)
        evict(self._connections, CONNECTIONS_MAX, lambda c: c.closed_us is not None)

    def watch(self, message: MarketsWatched) -> None:
        """A connection carries other markets than before."""
        connection = self._connections.get(message.connection)
        if connection is None:
            return
        for market in message.removed:
            connection.markets.discard(market)
            if self._carriers.get(market) == message.connection:
                del self._carriers[market]
        self._carry(message.connection, message.added)

    def close(self, message: ConnectionClosed, now_us: Instant) -> None:
        """A connection ended: its counts go to the venue, its markets are in doubt."""
        connection = self._connections.get(message.connection)
        if connection is None or connection.closed_us is not None:
            return
        connection.closed_us = now_us
        if connection.measured is not None:
            venue = self._venue(message.venue)
            venue.frames_count += connection.measured.frames_count
            venue.gaps_count += connection.measured.gaps_count
            venue.conflated_count += connection.measured.conflated_count
        if not connection.markets:
            del self._connections[message.connection]

    def fail(self, message: ConnectionFailed) -> None:
        """A connection could not be opened."""
        self._venue(message.venue).failure = message.reason[:REASON_CHARS_MAX]

    def gap(self, message: FeedGapped, now_us: Instant) -> None:
        """Messages of a connection are missing."""
        connection = self._connections.get(message.connection)
        if connection is not None:
            connection.gap_us = now_us

    def measure(self, message: FeedMeasured) -> None:
        """The clocks of a connection were read."""
        connection = self._connections.get(message.connection)
        if connection is not None:
            connection.measured = message

    def quarantine(self, message: PayloadQuarantined) -> None:
        """A payload was set aside."""
        self._venue(message.venue).quarantined_count += 1

    def count_shape(self, message: ShapeUnknown) -> None:
        """The venue said something we do not know."""
        shapes = self._venue(message.venue).shapes
        name = f"{message.where}: {message.value}"[:REASON_CHARS_MAX]
        if name not in shapes and len(shapes) >= SHAPES_MAX:
            name = OTHER_SHAPES
        shapes[name] = shapes.get(name, 0) + 1

    def clocks(self, market: MarketId) -> Clocks | None:
        """The clocks of the connection that carries a market."""
        connection = self._connections.get(self._carriers.get(market, -1))
        return None if connection is None else self._clocks(connection)

    def venues(self) -> list[str]:
        """Every venue that was heard of, in that order; sources have a page of their own."""
        return [name for name in self._venues if not name.startswith(SOURCE_PREFIX)]

    def view(self, name: str, now_us: Instant) -> VenueView:
        """One venue, its badge the worst of the connections that carry its books."""
        venue = self._venues[name]
        of_venue = [c for c in self._connections.values() if c.venue == name]
        mine = [c for c in of_venue if not c.is_private]
        is_open = [c for c in mine if c.closed_us is None]
        measured = [c.measured for c in is_open if c.measured is not None]
        watched = {
            market for c in mine for market in c.markets if not self._markets.is_over(market)
        }
        return VenueView(
            venue=name,
            badge=self._badge(venue, mine, now_us),
            connections_open_count=len(is_open),
            markets_watched_count=len(watched),
            books_valid_count=self._valid_count(is_open),
            message_age_p50_us=_largest(m.message_age_p50 for m in measured),
            message_age_p95_us=_largest(m.message_age_p95 for m in measured),
            data_at_us=_smallest(m.data_at_us for m in measured),
            checked_at_us=_smallest(m.checked_at_us for m in measured),
            frames_count=venue.frames_count + sum(m.frames_count for m in measured),
            gaps_count=venue.gaps_count + sum(m.gaps_count for m in measured),
            reconnects_count=venue.reconnects_count,
            conflated_count=venue.conflated_count + sum(m.conflated_count for m in measured),
            quarantined_count=venue.quarantined_count,
            unknown_shapes=dict(venue.shapes),
        )

    def _badge(self, venue: Venue, mine: list[Connection], now_us: Instant) -> BadgeView:
        if not mine:
            return off("not connected" if venue.failure is None else venue.failure)
        return worst(connection_badge(self._clocks(c), now_us) for c in mine)

    def _valid_count(self, connections: list[Connection]) -> int:
        known = self._markets
        return sum(
            known.is_valid(m) and not known.is_over(m) for c in connections for m in c.markets
        )

    def _clocks(self, connection: Connection) -> Clocks:
        measured = connection.measured
        return Clocks(
            is_open=connection.closed_us is None,
            opened_us=connection.opened_us,
            closed_us=connection.closed_us,
            message_age_p95_us=None if measured is None else measured.message_age_p95,
            data_at_us=connection.opened_us if measured is None else measured.data_at_us,
            checked_at_us=None if measured is None else measured.checked_at_us,
            gap_us=self._open_gap(connection),
            is_polled=connection.is_polled,
        )

    def _open_gap(self, connection: Connection) -> Instant | None:
        """When messages went missing, None as soon as every book was read again."""
        if connection.gap_us is None:
            return None
        if all(self._markets.age(market).lost_us is None for market in connection.markets):
            connection.gap_us = None
        return connection.gap_us

    def _is_orphan(self, market: MarketId) -> bool:
        """Whether the connection that carried this market has closed."""
        connection = self._connections.get(self._carriers.get(market, -1))
        return connection is not None and connection.closed_us is not None

    def _venue(self, name: str) -> Venue:
        venue = self._venues.setdefault(name, Venue())
        evict(self._venues, VENUES_MAX)
        return venue

    def _carry(self, number: int, markets: Iterable[MarketId]) -> None:
        for market in markets:
            before = self._carriers.get(market)
            if before is not None and before != number:
                self._take_from(before, market)
            self._carriers[market] = number
            self._connections[number].markets.add(market)

    def _take_from(self, number: int, market: MarketId) -> None:
        """Another connection carries the market now; a closed one without any is forgotten."""
        connection = self._connections.get(number)
        if connection is None:
            return
        connection.markets.discard(market)
        if not connection.markets and connection.closed_us is not None:
            del self._connections[number]

    def _forget(self, number: int) -> None:
        connection = self._connections.pop(number, None)
        if connection is not None:
            for market in connection.markets:
                self._carriers.pop(market, None)


def _largest(values: Iterable[int | None]) -> int | None:
    return max((v for v in values if v is not None), default=None)


def _smallest(values: Iterable[int | None]) -> int | None:
    """The oldest instant: a venue is as fresh as its stalest connection. None: one was never."""
    known = list(values)
    found = [v for v in known if v is not None]
    return min(found) if found and len(found) == len(known) else None
