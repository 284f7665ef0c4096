"""What does NautilusTrader's Polymarket adapter do with a frame? Run by an interpreter that has it.

decode -> BookOrder and OrderBookDelta for each entry -> OrderBook -> QuoteTick, with the library's
own schemas and objects, in the order of its data client. Neither its message bus nor any edge is
counted. Prints the CPU seconds; argument: a file with one frame a line, the first one the books.
"""

# The package is not one of ours, so nothing is known of its types.
# pyright: reportMissingImports=false, reportUnknownMemberType=false
# pyright: reportUnknownVariableType=false, reportUnknownArgumentType=false
# pyright: reportUnknownParameterType=false, reportInvalidTypeForm=false

import sys
import time
from pathlib import Path

import msgspec
from nautilus_trader.adapters.polymarket.common.enums import PolymarketOrderSide
from nautilus_trader.adapters.polymarket.common.symbol import get_polymarket_instrument_id
from nautilus_trader.adapters.polymarket.schemas.book import (
    PolymarketBookSnapshot,
    PolymarketQuotes,
    PolymarketTrade,
)
from nautilus_trader.core.datetime import millis_to_nanos
from nautilus_trader.model.book import OrderBook
from nautilus_trader.model.currencies import USDC
from nautilus_trader.model.data import BookOrder, OrderBookDelta, OrderBookDeltas, QuoteTick
from nautilus_trader.model.enums import AssetClass, BookAction, BookType, OrderSide, RecordFlag
from nautilus_trader.model.identifiers import InstrumentId
from nautilus_trader.model.instruments import BinaryOption
from nautilus_trader.model.objects import Price, Quantity

Events = PolymarketBookSnapshot | PolymarketQuotes | PolymarketTrade


class Adapter:
    """Books and last quotes by instrument."""

    def __init__(self) -> None:
        self.books: dict[InstrumentId, OrderBook] = {}
        self.quotes: dict[InstrumentId, QuoteTick] = {}
        self._instruments: dict[InstrumentId, BinaryOption] = {}

    def add(self, market: str, token: str) -> None:
        """Know an instrument."""
        instrument_id = get_polymarket_instrument_id(market, token)
        self.books[instrument_id] = OrderBook(instrument_id, BookType.L2_MBP)
        self._instruments[instrument_id] = BinaryOption(
            instrument_id=instrument_id,
            raw_symbol=instrument_id.symbol,
            asset_class=AssetClass.ALTERNATIVE,
            currency=USDC,
            price_precision=2,
            price_increment=Price.from_str("0.01"),
            size_precision=6,
            size_increment=Quantity.from_str("0.000001"),
            activation_ns=0,
            expiration_ns=2_000_000_000_000_000_000,
            ts_event=0,
            ts_init=0,
        )

    def take(self, event: Events) -> None:
        """Follow one event."""
        if isinstance(event, PolymarketQuotes):
            self._change(event)
            return
        instrument = self._instruments[get_polymarket_instrument_id(event.market, event.asset_id)]
        if isinstance(event, PolymarketTrade):
            event.parse_to_trade_tick(instrument, time.time_ns())
            return
        deltas = event.parse_to_snapshot(instrument, time.time_ns())
        if deltas is not None:
            book = OrderBook(instrument.id, BookType.L2_MBP)
            book.apply_deltas(deltas)
            self.books[instrument.id] = book

    def _change(self, event: PolymarketQuotes) -> None:
        for change in event.price_changes:
            instrument_id = get_polymarket_instrument_id(event.market, change.asset_id)
            instrument = self._instruments[instrument_id]
            is_buy = change.side == PolymarketOrderSide.BUY
            order = BookOrder(
                side=OrderSide.BUY if is_buy else OrderSide.SELL,
                price=instrument.make_price(float(change.price)),
                size=instrument.make_qty(float(change.size)),
                order_id=0,
            )
            stamp_ns = millis_to_nanos(float(event.timestamp))
            delta = OrderBookDelta(
                instrument_id=instrument_id,
                action=BookAction.UPDATE if order.size > 0 else BookAction.DELETE,
                order=order,
                flags=RecordFlag.F_LAST,
                sequence=0,
                ts_event=stamp_ns,
                ts_init=time.time_ns(),
            )
            book = self.books[instrument_id]
            book.apply(OrderBookDeltas(instrument_id, [delta]))
            self._quote(instrument_id, book, stamp_ns)

    def _quote(self, instrument_id: InstrumentId, book: OrderBook, stamp_ns: int) -> None:
        bid, ask = book.best_bid_price(), book.best_ask_price()
        if bid is None or ask is None:
            return
        self.quotes[instrument_id] = QuoteTick(
            instrument_id=instrument_id,
            bid_price=bid,
            ask_price=ask,
            bid_size=book.best_bid_size(),
            ask_size=book.best_ask_size(),
            ts_event=stamp_ns,
            ts_init=time.time_ns(),
        )


def main() -> None:
    """Measure the frames behind the first line."""
    opening, *frames = Path(sys.argv[1]).read_bytes().splitlines()
    decoder = msgspec.json.Decoder(Events)
    adapter = Adapter()
    for book in msgspec.json.decode(opening, type=list[PolymarketBookSnapshot]):
        adapter.add(book.market, book.asset_id)
        adapter.take(book)
    began_s = time.process_time()
    for frame in frames:
        adapter.take(decoder.decode(frame))
    print(time.process_time() - began_s)


if __name__ == "__main__":
    main()
