"""How does a Polymarket book look on the wire, and which hash does the venue print on it?

Every market has one book; the NO token shows it mirrored. Bids ascend, asks descend, best last;
numbers are texts without trailing zeros, except the last trade price with three decimals.
Source: recorded production books of 2026-10-05; all their hashes recompute.
"""

import hashlib
from collections.abc import Mapping, Sequence

import msgspec

from foreshock.adapters.sim.exchange_types import Listing, MarketView
from foreshock.adapters.sim.polymarket_terms import protocol
from foreshock.adapters.sim.wire_text import milliseconds
from foreshock.core.domain.books import Levels, mirrored
from foreshock.core.domain.markets import MarketStatus
from foreshock.core.domain.units import Instant, Price, complement, format_micros

BOOKLESS: frozenset[MarketStatus] = frozenset({"proposed", "disputed", "settled"})
"""The book disappears once an outcome is named."""
LAST_PRICE_DECIMALS = 3
NO_BID = "0"
NO_ASK = "1"
HASHED_KEYS = (
    "market",
    "asset_id",
    "timestamp",
    "hash",
    "bids",
    "asks",
    "min_order_size",
    "tick_size",
    "neg_risk",
    "last_trade_price",
    "version",
)


class Depth(msgspec.Struct, frozen=True):
    """What stands behind one book: both sides as YES sees them, best first."""

    listing: Listing
    bids: Levels
    asks: Levels
    changed_us: Instant
    last_price: Price | None


def depth_of(view: MarketView, bids: Levels, asks: Levels) -> Depth:
    """The depth of a market as the exchange shows it."""
    return Depth(view.listing, bids, asks, view.changed_us, view.last_price)


def book_hash(book: Mapping[str, object]) -> str:
    """SHA-1 over the compact JSON of the book with an empty hash, keys in the venue's order."""
    hashed = {key: book[key] for key in HASHED_KEYS if key in book}
    hashed["hash"] = ""
    return hashlib.sha1(msgspec.json.encode(hashed), usedforsecurity=False).hexdigest()


def book_object(depth: Depth, index: int) -> dict[str, object]:
    """The REST book of one token; index 0 is YES, 1 is NO."""
    market = depth.listing.market
    bids, asks = outcome_sides(depth, index)
    book: dict[str, object] = {
        "market": market.native_id,
        "asset_id": market.outcome_ids[index],
        "timestamp": str(milliseconds(depth.changed_us)),
        "hash": "",
        "bids": _levels(bids),
        "asks": _levels(asks),
        "min_order_size": format_micros(market.quantity_min),
        "tick_size": format_micros(market.grid.finest()),
        "neg_risk": depth.listing.event.exclusive,
        "last_trade_price": last_price_text(depth.last_price),
    }
    if protocol(market) != "v1":
        book["version"] = protocol(market)
    book["hash"] = book_hash(book)
    return book


def book_frame(depth: Depth, index: int) -> dict[str, object]:
    """The stream's book: without what only REST tells, yet hashed over the whole."""
    book = book_object(depth, index)
    told = ("market", "asset_id", "timestamp", "hash", "bids", "asks", "tick_size")
    frame: dict[str, object] = {key: book[key] for key in told}
    frame["event_type"] = "book"
    frame["last_trade_price"] = book["last_trade_price"]
    if "version" in book:
        frame["version"] = book["version"]
    return frame


def outcome_sides(depth: Depth, index: int) -> tuple[Levels, Levels]:
    """Bids and asks as the holder of one outcome sees them, best first."""
    if index == 0:
        return depth.bids, depth.asks
    return mirrored(depth.asks), mirrored(depth.bids)


def outcome_price(price: Price, index: int) -> Price:
    """A YES price in the words of one outcome."""
    return price if index == 0 else complement(price)


def touch_texts(bid: Price | None, ask: Price | None, index: int) -> tuple[str, str]:
    """Best bid and ask of one outcome from those of YES; an empty side shows 0 or 1."""
    if index:
        bid, ask = (
            None if ask is None else complement(ask),
            None if bid is None else complement(bid),
        )
    return (
        NO_BID if bid is None else format_micros(bid),
        NO_ASK if ask is None else format_micros(ask),
    )


def last_price_text(price: Price | None) -> str:
    """Three decimals at least; empty when the market never traded."""
    return "" if price is None else format_micros(price, LAST_PRICE_DECIMALS)


def _levels(best_first: Sequence[tuple[Price, int]]) -> list[dict[str, str]]:
    return [
        {"price": format_micros(price), "size": format_micros(size)}
        for price, size in reversed(best_first)
    ]
