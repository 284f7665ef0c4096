"""Which market has which column, what hangs together with it, and was all of it observed?

A market gets a column when a feed that tells trades carries it first, and keeps it for the run.
"""

from collections import deque
from collections.abc import Iterable

import numpy as np

from foreshock.core.domain.markets import Market, MarketId, MarketStatus
from foreshock.core.domain.messages.market_data import (
    ConnectionClosed,
    ConnectionOpened,
    MarketsWatched,
)
from foreshock.core.domain.units import Instant
from foreshock.core.signals.volume_buckets import Flags, Longs

EVENT_PEERS_MAX = 40
"""Contracts of one event that a contract is paired with, the ones seen last."""
CATEGORY_PEERS_MAX = 5
"""Contracts of one category whose correlation with it is learned."""
RELATED_MAX = 40
LISTED_MAX = 200_000
TRADING: frozenset[MarketStatus] = frozenset({"open"})
NEVER = np.iinfo(np.int64).max


class VolumeMarkets:
    """Columns by market, in the order in which they were first carried."""

    def __init__(self, markets_max: int) -> None:
        self._markets_max = markets_max
        self.ids: list[MarketId] = []
        self.listed: dict[MarketId, Market] = {}
        self.refused_count = 0
        """Markets that found no column: there are markets_max already."""
        self._columns: dict[MarketId, int] = {}
        self._over: set[MarketId] = set()
        self._events: dict[tuple[str, str], deque[int]] = {}
        self._categories: dict[str, deque[int]] = {}
        self._related: dict[MarketId, deque[MarketId]] = {}
        self._stated: list[tuple[int, int]] = []
        self._candidates: list[tuple[int, int]] = []

    def list_market(self, market: Market) -> None:
        """Terms of a market, new or again."""
        is_new = market.id not in self.listed
        if is_new and len(self.listed) >= LISTED_MAX:
            return
        self.listed[market.id] = market
        self.change(market.id, market.status)
        column = self._columns.get(market.id)
        if is_new and column is not None:  # an earlier run carried it: its terms come only now
            self._join(market, column)

    def change(self, market: MarketId, status: MarketStatus) -> None:
        """A market that does not trade any more brings no signal."""
        if status in TRADING:
            self._over.discard(market)
        else:
            self._over.add(market)

    def is_over(self, market: MarketId) -> bool:
        """Whether it is paused, closed or about to be settled."""
        return market in self._over

    def column(self, market: MarketId) -> int | None:
        """The column of a market that was carried."""
        return self._columns.get(market)

    def cover(self, market: MarketId) -> int | None:
        """The column of a market, a new one when it has none. None when there is no room."""
        column = self._columns.get(market)
        if column is not None:
            return column
        if len(self.ids) >= self._markets_max:
            self.refused_count += 1
            return None
        column = self._columns[market] = len(self.ids)
        self.ids.append(market)
        self._link(market, column)
        return column

    def relate(self, a: MarketId, b: MarketId) -> None:
        """Two contracts hang together, as the matcher found or a person said."""
        for one, other in ((a, b), (b, a)):
            self._related.setdefault(one, deque(maxlen=RELATED_MAX)).append(other)
        first, second = self._columns.get(a), self._columns.get(b)
        if first is not None and second is not None:
            self._stated.append((first, second))

    def take_links(self) -> tuple[list[tuple[int, int]], list[tuple[int, int]]]:
        """Pairs of columns since the last call: stated ones, and those to be learned."""
        taken = self._stated, self._candidates
        self._stated, self._candidates = [], []
        return taken

    def _link(self, market: MarketId, column: int) -> None:
        related = (self._columns.get(other) for other in self._related.get(market, ()))
        self._stated += [(column, other) for other in related if other is not None]
        terms = self.listed.get(market)
        if terms is not None:
            self._join(terms, column)

    def _join(self, terms: Market, column: int) -> None:
        """Hang a contract together with those of its event and of its category."""
        event = self._events.setdefault(
            (terms.venue, terms.event_id), deque(maxlen=EVENT_PEERS_MAX)
        )
        self._stated += [(column, other) for other in event]
        event.append(column)
        kind = self._categories.setdefault(terms.category, deque(maxlen=CATEGORY_PEERS_MAX))
        self._candidates += [(column, other) for other in kind]
        kind.append(column)


class Coverage:
    """Since when each column is carried by a feed that tells trades.

    feeds: names of those feeds; others show books without trades.
    """

    def __init__(self, columns_count: int, feeds: Iterable[str]) -> None:
        self.since_us: Longs = np.full(columns_count, NEVER)
        self._feeds = frozenset(feeds)
        self._carried: dict[int, dict[MarketId, None]] = {}

    def tells(self, connection: int) -> bool:
        """Whether trades come over a connection."""
        return connection in self._carried

    def open(self, message: ConnectionOpened) -> tuple[MarketId, ...]:
        """Markets whose trades come from now on."""
        if message.feed not in self._feeds:
            return ()
        self._carried[message.connection] = dict.fromkeys(message.markets)
        return message.markets

    def watch(self, message: MarketsWatched) -> tuple[MarketId, ...]:
        """The same for a connection whose markets changed; those removed come by `removed`."""
        carried = self._carried.get(message.connection)
        if carried is None:
            return ()
        for market in message.removed:
            carried.pop(market, None)
        carried.update(dict.fromkeys(message.added))
        return message.added

    def close(self, message: ConnectionClosed) -> tuple[MarketId, ...]:
        """Markets whose trades come no more."""
        return tuple(self._carried.pop(message.connection, ()))

    def carried(self, connection: int) -> tuple[MarketId, ...]:
        """Markets of a connection."""
        return tuple(self._carried.get(connection, ()))

    def begin(self, column: int, now_us: Instant) -> None:
        """Trades of a column come from now on."""
        self.since_us[column] = min(self.since_us[column], now_us)

    def end(self, column: int) -> None:
        """They come no more."""
        self.since_us[column] = NEVER

    def missed(self, bucket_start_us: int) -> Flags:
        """Columns that were not carried from the beginning of a bucket on."""
        return self.since_us > bucket_start_us
