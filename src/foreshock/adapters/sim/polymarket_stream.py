"""What does Polymarket's market stream say, and to whom?

A client names assets and gets one array of books, then every change: `price_change` with both
tokens mirrored, `last_trade_price` and a fresh `book` after trades, `tick_size_change`; with the
custom flag also `best_bid_ask`, and `new_market` and `market_resolved` of every market.
Frames that are not understood are ignored: the venue sends no error frame.
"""

from collections import defaultdict
from collections.abc import Callable, Sequence

import msgspec

from foreshock.adapters.sim import polymarket_frames as frames
from foreshock.adapters.sim.exchange import Exchange
from foreshock.adapters.sim.exchange_types import (
    BookSide,
    ExchangeEvent,
    GridChanged,
    LevelChanged,
    MarketCreated,
    Resolved,
    StatusChanged,
    Trade,
)
from foreshock.adapters.sim.polymarket_books import BOOKLESS, Depth, book_frame
from foreshock.adapters.sim.wire_text import frame
from foreshock.core.domain.books import Book
from foreshock.core.domain.markets import MarketStatus
from foreshock.core.domain.units import Instant, Price

ASSETS_PER_STREAM_MAX = 500
"""Assets beyond this many get no books and no changes, without a word."""


class Command(msgspec.Struct):
    """Any frame a client may send; what is absent keeps its default."""

    type: str = ""
    operation: str = ""
    assets_ids: list[str] = []
    custom_feature_enabled: bool | None = None
    initial_dump: bool = True


class MarketStreams:
    """Every open market stream, and the books as told so far: a fold of the exchange's events.

    listener: gets the same events afterwards, for whoever else folds them.
    """

    def __init__(self, exchange: Exchange) -> None:
        self._exchange = exchange
        self._books: dict[str, StreamBook] = {}
        self._readers: dict[int, Reader] = {}
        self._watchers: dict[str, dict[int, None]] = defaultdict(dict)
        self._queue: list[tuple[int, str]] = []
        self.listener: Callable[[Sequence[ExchangeEvent]], None] | None = None
        exchange.take_events()
        for native_id in exchange.native_ids():
            self._books[native_id] = StreamBook.of(exchange, native_id)

    def open(self, connection: int) -> None:
        """A stream without assets."""
        self._readers[connection] = Reader()

    def close(self, connection: int) -> None:
        """Forget a stream."""
        reader = self._readers.pop(connection, None)
        for native_id in reader.markets() if reader else ():
            self._watchers[native_id].pop(connection, None)

    def receive(self, connection: int, text: str) -> None:
        """One client frame: a keep-alive or a command."""
        if text == "PING":
            self._queue.append((connection, "PONG"))
            return
        try:
            command = msgspec.json.decode(text, type=Command)
        except msgspec.DecodeError:
            return
        self.publish_news()
        reader = self._readers[connection]
        if command.custom_feature_enabled is not None:
            reader.is_custom = command.custom_feature_enabled
        if command.operation == "unsubscribe":
            self._unsubscribe(connection, reader, command.assets_ids)
        elif command.operation == "subscribe" or command.type == "market":
            added = self._subscribe(connection, reader, command.assets_ids)
            if command.initial_dump:
                self._dump(connection, added)

    def take_frames(self) -> list[tuple[int, str]]:
        """Everything said since the last call."""
        self.publish_news()
        queue, self._queue = self._queue, []
        return queue

    def _subscribe(self, connection: int, reader: "Reader", assets: list[str]) -> list[str]:
        """Returns the assets that are new to the stream; unknown ones are passed over."""
        added: list[str] = []
        for asset in assets:
            if asset in reader.assets or len(reader.assets) >= ASSETS_PER_STREAM_MAX:
                continue
            try:
                place = self._exchange.native_of(asset)
            except KeyError:
                continue
            reader.assets[asset] = place
            self._watchers[place[0]][connection] = None
            added.append(asset)
        return added

    def _unsubscribe(self, connection: int, reader: "Reader", assets: list[str]) -> None:
        for asset in assets:
            place = reader.assets.pop(asset, None)
            if place and place[0] not in reader.markets():
                self._watchers[place[0]].pop(connection, None)

    def _dump(self, connection: int, assets: list[str]) -> None:
        books: list[dict[str, object]] = []
        for asset in assets:
            native_id, index = self._readers[connection].assets[asset]
            book = self._books[native_id]
            if book.status not in BOOKLESS:
                books.append(book_frame(book.depth(self._exchange), index))
        if books:
            self._queue.append((connection, frame(books) + "\n"))

    def publish_news(self) -> None:
        """Tell what happened; books touched by trades are told whole once all of it is told."""
        events = self._exchange.take_events()
        if not events:
            return
        traded: dict[str, None] = {}
        for event in events:
            if isinstance(event, Trade):
                traded[event.native_id] = None
            self._publish(event)
        for native_id in traded:
            self._tell_book(native_id)
        if self.listener is not None:
            self.listener(events)

    def _publish(self, event: ExchangeEvent) -> None:
        match event:
            case LevelChanged():
                self._level_changed(event)
            case Trade():
                book = self._books[event.native_id]
                book.last_price = event.price
                self._tell_watchers(event.native_id, frames.last_trade(book.listing, event))
            case GridChanged():
                self._grid_changed(event)
            case StatusChanged():
                self._books[event.native_id].status = event.status
            case MarketCreated():
                self._books[event.native_id] = StreamBook(self._exchange, event.native_id)
                self._tell_custom(frames.new_market(event.listing, event.event_us))
            case Resolved():
                listing = self._books[event.native_id].listing
                self._tell_custom(frames.market_resolved(listing, event))
            case _:
                pass

    def _level_changed(self, event: LevelChanged) -> None:
        book = self._books[event.native_id]
        before = book.touch()
        book.set(event.side, event.price, event.total)
        book.changed_us = event.event_us
        if not self._watchers[event.native_id]:
            return
        touch = book.touch()
        self._tell_watchers(event.native_id, frames.price_change(book.listing, event, touch))
        if touch != before:
            self._tell_touch(event, book, touch)

    def _tell_touch(
        self, event: LevelChanged, book: "StreamBook", touch: tuple[Price | None, Price | None]
    ) -> None:
        for index in (0, 1):
            text = frames.best_bid_ask(book.listing, index, touch, event.event_us)
            asset = book.listing.market.outcome_ids[index]
            for connection in self._watchers[event.native_id]:
                reader = self._readers[connection]
                if reader.is_custom and asset in reader.assets:
                    self._queue.append((connection, text))

    def _grid_changed(self, event: GridChanged) -> None:
        book = self._books[event.native_id]
        book.book = book.book.regrid(event.grid)
        for index in (0, 1):
            asset = book.listing.market.outcome_ids[index]
            text = frames.tick_size_change(book.listing, asset, event)
            self._tell_asset(event.native_id, asset, text)

    def _tell_book(self, native_id: str) -> None:
        book = self._books[native_id]
        if book.status in BOOKLESS or not self._watchers[native_id]:
            return
        depth = book.depth(self._exchange)
        for index in (0, 1):
            asset = book.listing.market.outcome_ids[index]
            self._tell_asset(native_id, asset, frame(book_frame(depth, index)))

    def _tell_watchers(self, native_id: str, text: str) -> None:
        self._queue += [(connection, text) for connection in self._watchers[native_id]]

    def _tell_asset(self, native_id: str, asset: str, text: str) -> None:
        self._queue += [
            (connection, text)
            for connection in self._watchers[native_id]
            if asset in self._readers[connection].assets
        ]

    def _tell_custom(self, text: str) -> None:
        self._queue += [(key, text) for key, reader in self._readers.items() if reader.is_custom]


class Reader:
    """What one stream asked for. assets: where each stands, as (market, outcome index)."""

    def __init__(self) -> None:
        self.assets: dict[str, tuple[str, int]] = {}
        self.is_custom = False

    def markets(self) -> set[str]:
        """Every market with an asset on this stream."""
        return {native_id for native_id, _ in self.assets.values()}


class StreamBook:
    """One market's book as far as it has been told, so every frame fits those before it."""

    def __init__(self, exchange: Exchange, native_id: str) -> None:
        view = exchange.market(native_id)
        self.listing = view.listing
        self.book = Book(view.listing.market.grid)
        self.status: MarketStatus = view.status
        self.changed_us: Instant = view.changed_us
        self.last_price = view.last_price

    @classmethod
    def of(cls, exchange: Exchange, native_id: str) -> "StreamBook":
        """The book as it stands now."""
        stream_book = cls(exchange, native_id)
        stream_book.book.replace(
            exchange.levels(native_id, "bid"), exchange.levels(native_id, "ask")
        )
        return stream_book

    def set(self, side: BookSide, price: Price, total: int) -> None:
        """A level's new total."""
        (self.book.bids if side == "bid" else self.book.asks).set(price, total)

    def touch(self) -> tuple[Price | None, Price | None]:
        """Best bid and ask of YES."""
        return self.book.bids.best_price(), self.book.asks.best_price()

    def depth(self, exchange: Exchange) -> Depth:
        """The whole book, under the listing's current terms."""
        self.listing = exchange.market(self.listing.market.native_id).listing
        return Depth(
            self.listing,
            self.book.bids.levels(),
            self.book.asks.levels(),
            self.changed_us,
            self.last_price,
        )
