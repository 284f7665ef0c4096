"""What did the venues show? Facts folded from their public feeds."""

from typing import Literal, TypeAlias

import msgspec

from foreshock.core.domain.books import Levels
from foreshock.core.domain.markets import (
    FeeTerms,
    Market,
    MarketId,
    MarketStatus,
    Outcome,
    PriceGrid,
)
from foreshock.core.domain.units import Duration, Instant, Price, Quantity

BookQuality: TypeAlias = Literal["live", "polled", "crossed"]
"""polled: read by REST, shown but never traded on. crossed: bid at or above ask, not traded on."""


class MarketListed(msgspec.Struct, frozen=True, tag=True):
    """A market was discovered, or its terms were read again: the newest one replaces older ones."""

    market: Market


class MarketStatusChanged(msgspec.Struct, frozen=True, tag=True):
    """A market opened, paused, closed or moved toward settlement."""

    market: MarketId
    status: MarketStatus
    event_us: Instant


class GridChanged(msgspec.Struct, frozen=True, tag=True):
    """The market's price grid changed: its book starts a new epoch."""

    market: MarketId
    grid: PriceGrid
    event_us: Instant


class FeeChanged(msgspec.Struct, frozen=True, tag=True):
    """The market's fee terms changed; None = no longer understood."""

    market: MarketId
    fee: FeeTerms | None


class MarketResolved(msgspec.Struct, frozen=True, tag=True):
    """The venue named the payout of YES (NO pays 1 dollar less that)."""

    market: MarketId
    payout_yes: Price
    event_us: Instant


class BookChanged(msgspec.Struct, frozen=True, tag=True, gc=False):
    """The visible part of a book changed: the best levels of each side, YES prices, best first.

    epoch grows whenever the book was rebuilt (snapshot after a gap, grid change).
    """

    market: MarketId
    epoch: int
    quality: BookQuality
    event_us: Instant
    recv_us: Instant
    bids: Levels
    asks: Levels


class BookLost(msgspec.Struct, frozen=True, tag=True):
    """The book may be wrong from here on, until a BookChanged of a later epoch."""

    market: MarketId
    epoch: int
    reason: str


class Traded(msgspec.Struct, frozen=True, tag=True, gc=False):
    """A public trade, YES price. taker: the outcome whose exposure the taker gained."""

    market: MarketId
    trade_id: str
    price: Price
    quantity: Quantity
    taker: Outcome
    event_us: Instant
    recv_us: Instant


class ConnectionOpened(msgspec.Struct, frozen=True, tag=True):
    """A feed connection is up for these markets; `feed` names the protocol reading it."""

    connection: int
    venue: str
    feed: str
    markets: tuple[MarketId, ...]


class ConnectionClosed(msgspec.Struct, frozen=True, tag=True):
    """A feed connection ended; every book it carried is lost."""

    connection: int
    venue: str
    reason: str


class ConnectionFailed(msgspec.Struct, frozen=True, tag=True):
    """A feed connection could not be opened; it is tried again with back-off."""

    venue: str
    reason: str
    attempt: int


class MarketsWatched(msgspec.Struct, frozen=True, tag=True):
    """The watch list of an open connection changed."""

    connection: int
    added: tuple[MarketId, ...]
    removed: tuple[MarketId, ...]


class FeedGapped(msgspec.Struct, frozen=True, tag=True):
    """Messages of a connection are missing. A book lost in a gap says so by its own `BookLost`."""

    venue: str
    connection: int
    reason: str


class ShapeUnknown(msgspec.Struct, frozen=True, tag=True):
    """The venue sent a message type or a value we do not know: counted and shown, never fatal."""

    venue: str
    where: str
    value: str


class PayloadQuarantined(msgspec.Struct, frozen=True, tag=True):
    """A payload lacked a required field or held an impossible value.

    The raw bytes are frame `frame_seq` of the tape, 0 when the payload never reached it.
    """

    venue: str
    connection: int
    frame_seq: int
    reason: str


class FeedMeasured(msgspec.Struct, frozen=True, tag=True):
    """The three freshness clocks of one connection.

    message_age_p95: receive minus event time over the last window, None without messages.
    data_at_us: when any data byte last arrived. checked_at_us: when a REST book last agreed.
    """

    venue: str
    connection: int
    message_age_p50: Duration | None
    message_age_p95: Duration | None
    data_at_us: Instant
    checked_at_us: Instant | None
    frames_count: int
    gaps_count: int
    conflated_count: int


class BookChecked(msgspec.Struct, frozen=True, tag=True):
    """A REST book was compared with the folded one."""

    market: MarketId
    agrees: bool
    detail: str


MarketDataFact: TypeAlias = (
    MarketListed
    | MarketStatusChanged
    | GridChanged
    | FeeChanged
    | MarketResolved
    | BookChanged
    | BookLost
    | Traded
    | ConnectionOpened
    | ConnectionClosed
    | ConnectionFailed
    | MarketsWatched
    | FeedGapped
    | ShapeUnknown
    | PayloadQuarantined
    | FeedMeasured
    | BookChecked
)
