"""Is this book what the venue says it is, and which levels does it hold?

hash = sha1 of the compact JSON of the book with an empty hash, in the venue's key order, values as
the venue wrote them. Source: bodies of 2026-10-05, all of whose hashes it reproduces.
"""

import re
from hashlib import sha1
from typing import Literal, TypeAlias

import msgspec

from foreshock.adapters.venues.polymarket.values import PriceTexts, QuantityTexts
from foreshock.adapters.venues.polymarket.wire import WireBook, WireLevel
from foreshock.core.domain.books import Level, Levels, mirrored

HashVerdict: TypeAlias = Literal["verified", "differs", "unknown"]
"""unknown: the body or our terms of the market lack an ingredient."""

NAMES = re.compile(rb"0x[0-9a-fA-F]{64}(?![0-9a-fA-F])|(?<![0-9a-fA-Fx])[0-9]{30,78}(?![0-9])")
"""Condition and token ids, wherever they stand."""


class _Hashed(msgspec.Struct, frozen=True, omit_defaults=True):
    """The hashed document; field order is the venue's."""

    market: str
    asset_id: str
    timestamp: str
    hash: str
    bids: list[WireLevel]
    asks: list[WireLevel]
    min_order_size: str
    tick_size: str
    neg_risk: bool
    last_trade_price: str
    version: str | None = None


_ENCODER = msgspec.json.Encoder()


def check_hash(
    book: WireBook, *, min_order_size: str | None = None, neg_risk: bool | None = None
) -> HashVerdict:
    """Whether the book's hash is that of its content.

    min_order_size, neg_risk: the market's own terms, for frames that do not carry them.
    """
    size = book.min_order_size if book.min_order_size is not None else min_order_size
    risk = book.neg_risk if book.neg_risk is not None else neg_risk
    if book.tick_size is None or book.last_trade_price is None or size is None or risk is None:
        return "unknown"
    if not book.hash:
        return "unknown"
    hashed = _Hashed(
        market=book.market,
        asset_id=book.asset_id,
        timestamp=book.timestamp,
        hash="",
        bids=book.bids,
        asks=book.asks,
        min_order_size=size,
        tick_size=book.tick_size,
        neg_risk=risk,
        last_trade_price=book.last_trade_price,
        version=book.version,
    )
    digest = sha1(_ENCODER.encode(hashed), usedforsecurity=False).hexdigest()
    return "verified" if digest == book.hash else "differs"


def yes_sides(
    book: WireBook, prices: PriceTexts, quantities: QuantityTexts, *, is_yes: bool
) -> tuple[Levels, Levels]:
    """Bids and asks as seen from YES, best first, whichever token's book it is.

    Raises ValueError for a level that cannot be.
    """
    bids = _levels(book.bids, prices, quantities)
    asks = _levels(book.asks, prices, quantities)
    bids.sort(reverse=True)
    asks.sort()
    if is_yes:
        return tuple(bids), tuple(asks)
    return mirrored(asks), mirrored(bids)


def named_in(body: bytes) -> list[str]:
    """Ids of markets and tokens in a body that cannot be used, each once, in order."""
    return [name.decode() for name in dict.fromkeys(NAMES.findall(body))]


def _levels(wire: list[WireLevel], prices: PriceTexts, quantities: QuantityTexts) -> list[Level]:
    levels = [(prices[level.price], quantities[level.size]) for level in wire]
    return [level for level in levels if level[1]]
