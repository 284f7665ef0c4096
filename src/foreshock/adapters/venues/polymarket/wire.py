"""Which bytes does Polymarket send? The fields we read of each body and frame, typed, and no more.

Numbers are strings on the CLOB and JSON numbers on Gamma; the latter are read as Decimal, never
through a float. Optional here means that real bodies lack the field, not that it may be guessed.
"""

from decimal import Decimal
from typing import Literal

import msgspec

# ---- market WebSocket ----------------------------------------------------------------------


class WireLevel(msgspec.Struct, frozen=True, gc=False):
    """One price level; both values as the venue wrote them."""

    price: str
    size: str


class Envelope(msgspec.Struct, frozen=True, gc=False):
    """What every frame says of itself."""

    event_type: str


class LevelChange(msgspec.Struct, frozen=True, gc=False):
    """The new total at one level of one token's book."""

    asset_id: str
    price: str
    size: str
    side: Literal["BUY", "SELL"]


class PriceChangeEvent(msgspec.Struct, frozen=True, gc=False):
    """Orders were placed, cancelled or partly filled. The entries' hash is an order's: not read."""

    event_type: Literal["price_change"]
    timestamp: str
    price_changes: list[LevelChange]


class WireBook(msgspec.Struct, frozen=True, gc=False):
    """A whole book of one token, from the socket or from REST.

    min_order_size and neg_risk are in REST bodies only; version is in books of v2 markets only.
    """

    market: str
    asset_id: str
    timestamp: str
    bids: list[WireLevel]
    asks: list[WireLevel]
    hash: str | None = None
    min_order_size: str | None = None
    tick_size: str | None = None
    neg_risk: bool | None = None
    last_trade_price: str | None = None
    version: str | None = None


class LastTradeEvent(msgspec.Struct, frozen=True, gc=False):
    """A match. side is the taker's; transaction_hash may be absent or empty."""

    asset_id: str
    price: str
    size: str
    side: Literal["BUY", "SELL"]
    timestamp: str
    transaction_hash: str | None = None


class TickSizeEvent(msgspec.Struct, frozen=True, gc=False):
    """The tick was switched."""

    asset_id: str
    new_tick_size: str
    timestamp: str


class BestBidAskEvent(msgspec.Struct, frozen=True, gc=False):
    """The touch of one token's book; "0" and "1" stand for empty sides."""

    asset_id: str
    best_bid: str
    best_ask: str
    timestamp: str


class NewMarketEvent(msgspec.Struct, frozen=True, gc=False):
    """Some market anywhere was created. Its minimum size and neg-risk terms are not said."""

    condition_id: str
    timestamp: str


class MarketResolvedEvent(msgspec.Struct, frozen=True, gc=False):
    """The venue named the winning token."""

    market: str
    winning_asset_id: str
    timestamp: str


# ---- Gamma ---------------------------------------------------------------------------------


class GammaSeriesRef(msgspec.Struct, frozen=True):
    """A recurring line of events, as named by `/series`."""

    id: str
    slug: str


class GammaFeeSchedule(msgspec.Struct, frozen=True, rename="camel"):
    """Fee terms of one market; rebates do not concern us."""

    exponent: Decimal
    rate: Decimal
    taker_only: bool


class GammaEventRef(msgspec.Struct, frozen=True, rename="camel"):
    """The event a market names as its own."""

    id: str
    slug: str = ""
    category: str | None = None
    neg_risk_augmented: bool | None = None


class GammaMarket(msgspec.Struct, frozen=True, rename="camel", kw_only=True):
    """One market as Gamma lists it.

    outcomes, outcome_prices and clob_token_ids are strings that hold JSON arrays.
    """

    condition_id: str
    slug: str
    question: str
    outcomes: str
    active: bool
    closed: bool
    version: str | None = None
    description: str | None = None
    resolution_source: str | None = None
    category: str | None = None
    clob_token_ids: str | None = None
    outcome_prices: str | None = None
    position_ids: list[str] | None = None
    accepting_orders: bool | None = None
    enable_order_book: bool | None = None
    uma_resolution_status: str | None = None
    resolution_status: str | None = None
    neg_risk: bool | None = None
    neg_risk_other: bool | None = None
    neg_risk_market_id: str | None = msgspec.field(name="negRiskMarketID", default=None)
    order_price_min_tick_size: Decimal | None = None
    order_min_size: Decimal | None = None
    fees_enabled: bool | None = None
    fee_schedule: GammaFeeSchedule | None = None
    start_date: str | None = None
    end_date: str | None = None
    accepting_orders_timestamp: str | None = None
    volume24hr: Decimal | None = None
    events: list[GammaEventRef] = msgspec.field(default_factory=list[GammaEventRef])


class GammaEvent(msgspec.Struct, frozen=True, rename="camel", kw_only=True):
    """One event with all its markets, closed and placeholder ones too; each is parsed alone."""

    id: str
    slug: str
    category: str | None = None
    neg_risk_augmented: bool | None = None
    markets: list[msgspec.Raw] = msgspec.field(default_factory=list[msgspec.Raw])


class MarketsPage(msgspec.Struct, frozen=True):
    """A keyset page; next_cursor is absent on the last one."""

    markets: list[msgspec.Raw]
    next_cursor: str | None = None


class EventsPage(msgspec.Struct, frozen=True):
    """A keyset page; next_cursor is absent on the last one."""

    events: list[msgspec.Raw]
    next_cursor: str | None = None


# ---- CLOB ----------------------------------------------------------------------------------


class ClobToken(msgspec.Struct, frozen=True):
    """A token and its outcome label."""

    id: str = msgspec.field(name="t")
    outcome: str = msgspec.field(name="o")


class ClobFee(msgspec.Struct, frozen=True):
    """Fee terms as the matching engine holds them."""

    rate: Decimal = msgspec.field(name="r")
    exponent: Decimal = msgspec.field(name="e")
    taker_only: bool = msgspec.field(name="to")


class ClobMarket(msgspec.Struct, frozen=True, kw_only=True):
    """Trading terms of one market: `/clob-markets/{condition}`.

    The venue leaves out neg_risk when false and the fee when there is none.
    """

    condition_id: str = msgspec.field(name="c")
    tokens: list[ClobToken] = msgspec.field(name="t")
    tick: Decimal = msgspec.field(name="mts")
    quantity_min: Decimal = msgspec.field(name="mos")
    accepting_orders: bool = msgspec.field(name="ao")
    neg_risk: bool = msgspec.field(name="nr", default=False)
    fee: ClobFee | None = msgspec.field(name="fd", default=None)
