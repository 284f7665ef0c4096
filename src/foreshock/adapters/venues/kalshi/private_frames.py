"""What do the frames about our own account look like on Kalshi's WebSocket?

As in `frames.py`: needed fields only, a required field has no default. Types are singular where
channels are plural. Source: AsyncAPI 2.0.0 of October 2026; no recording of them is public.
"""

from typing import TypeAlias

import msgspec

from foreshock.adapters.venues.kalshi.frames import (
    ErrorFrame,
    OkFrame,
    SubscribedFrame,
    UnsubscribedFrame,
)
from foreshock.adapters.venues.kalshi.order_wire import Name
from foreshock.adapters.venues.kalshi.wire import Milliseconds, Number


class FillMsg(msgspec.Struct, frozen=True):
    """A fill."""

    trade_id: Name
    order_id: Name
    market_ticker: Name
    yes_price_dollars: str
    count_fp: str
    fee_cost: str
    outcome_side: str
    book_side: str
    ts_ms: Milliseconds


class FillFrame(msgspec.Struct, tag_field="type", tag="fill"):
    """A part of an order of ours traded. Without sequence numbers."""

    sid: Number
    msg: FillMsg


class UserOrderMsg(msgspec.Struct, frozen=True):
    """How an order of ours stands now. ticker, where other frames say market_ticker."""

    order_id: Name
    ticker: Name
    status: str
    outcome_side: str
    book_side: str
    yes_price_dollars: str
    fill_count_fp: str
    remaining_count_fp: str
    initial_count_fp: str
    client_order_id: str
    last_updated_ts_ms: Milliseconds | None = None
    last_update_reason: str | None = None


class UserOrderFrame(msgspec.Struct, tag_field="type", tag="user_order"):
    """An order was placed or changed. Without sequence numbers."""

    sid: Number
    msg: UserOrderMsg


class MarketPositionMsg(msgspec.Struct, frozen=True):
    """What is held of a market."""

    market_ticker: Name
    position_fp: str


class MarketPositionFrame(msgspec.Struct, tag_field="type", tag="market_position"):
    """A holding changed. Without sequence numbers."""

    sid: Number
    msg: MarketPositionMsg


class GroupUpdateMsg(msgspec.Struct, frozen=True):
    """What happened to an order group. contracts_limit_fp: with created and limit_updated."""

    event_type: str
    order_group_id: Name
    ts_ms: Milliseconds
    contracts_limit_fp: str | None = None


class GroupUpdateFrame(msgspec.Struct, tag_field="type", tag="order_group_updates"):
    """An order group changed; the one private channel with sequence numbers."""

    sid: Number
    seq: Number
    msg: GroupUpdateMsg


PrivateFrame: TypeAlias = (
    FillFrame
    | UserOrderFrame
    | MarketPositionFrame
    | GroupUpdateFrame
    | SubscribedFrame
    | OkFrame
    | UnsubscribedFrame
    | ErrorFrame
)
PRIVATE_TYPES = frozenset({
    "fill",
    "user_order",
    "market_position",
    "order_group_updates",
    "subscribed",
    "ok",
    "unsubscribed",
    "error",
})

decode_private = msgspec.json.Decoder(PrivateFrame).decode
