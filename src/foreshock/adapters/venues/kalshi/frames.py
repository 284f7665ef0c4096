"""What do the frames of Kalshi's WebSocket look like, as far as we send and read them?

As in `wire.py`: needed fields only, a required field has no default. Source: AsyncAPI 2.0.0 of
October 2026, and captures of June to August 2026, which lack `clock` and `sending_ts_ms`.
"""

from decimal import Decimal
from typing import TypeAlias

import msgspec

from foreshock.adapters.venues.kalshi.wire import Milliseconds, Number, Pairs, Range, Seconds

# ---- sent ----------------------------------------------------------------------------------


class CommandParams(msgspec.Struct, frozen=True, omit_defaults=True):
    """What a command asks for; what is not said is left out."""

    channels: tuple[str, ...] = ()
    market_tickers: tuple[str, ...] = ()
    use_yes_price: bool | None = None
    sids: tuple[int, ...] = ()
    action: str = ""


class CommandFrame(msgspec.Struct, frozen=True):
    """One command; its answers carry the same id."""

    id: int
    cmd: str
    params: CommandParams


# ---- read ----------------------------------------------------------------------------------


class DeltaMsg(msgspec.Struct, gc=False):
    """A signed change of one level. side: the leg whose bid changed."""

    market_ticker: str
    price_dollars: str
    delta_fp: str
    side: str
    clock: Number | None = None
    ts_ms: Milliseconds | None = None


class DeltaFrame(msgspec.Struct, gc=False, tag_field="type", tag="orderbook_delta"):
    """A level of a book changed."""

    sid: Number
    seq: Number
    msg: DeltaMsg


class SnapshotMsg(msgspec.Struct):
    """A leg without orders is absent; so is `clock` before October 2026."""

    market_ticker: str
    market_id: str
    yes_dollars_fp: Pairs = []
    no_dollars_fp: Pairs = []
    clock: Number | None = None


class SnapshotFrame(msgspec.Struct, tag_field="type", tag="orderbook_snapshot"):
    """A whole book; carries the id of a get_snapshot it answers."""

    sid: Number
    seq: Number
    msg: SnapshotMsg
    id: Number = 0
    sending_ts_ms: Milliseconds | None = None


class TradeMsg(msgspec.Struct):
    """A public trade. Only the two taker fields say who took."""

    trade_id: str
    market_ticker: str
    yes_price_dollars: str
    no_price_dollars: str
    count_fp: str
    taker_outcome_side: str
    taker_book_side: str
    is_block_trade: bool
    ts_ms: Milliseconds


class TradeFrame(msgspec.Struct, tag_field="type", tag="trade"):
    """A public trade."""

    sid: Number
    seq: Number
    msg: TradeMsg


class TickerMsg(msgspec.Struct):
    """The touch; 0 and 1 dollar stand for empty sides."""

    market_ticker: str
    yes_bid_dollars: str
    yes_ask_dollars: str
    ts_ms: Milliseconds


class TickerFrame(msgspec.Struct, tag_field="type", tag="ticker"):
    """The one channel without sequence numbers."""

    sid: Number
    msg: TickerMsg


class CreatedMarket(msgspec.Struct):
    """What is told of a new market."""

    title: str
    yes_sub_title: str
    no_sub_title: str
    rules_primary: str
    rules_secondary: str
    event_ticker: str


class LifecycleMsg(msgspec.Struct):
    """Which optional fields are there depends on event_type."""

    market_ticker: str
    event_type: str
    open_ts: Seconds | None = None
    close_ts: Seconds | None = None
    determination_ts: Seconds | None = None
    settled_ts: Seconds | None = None
    settlement_value: str | None = None
    price_ranges: list[Range] | None = None
    additional_metadata: CreatedMarket | None = None
    yes_sub_title: str | None = None


class LifecycleFrame(msgspec.Struct, tag_field="type", tag="market_lifecycle_v2"):
    """A market changed state or terms."""

    sid: Number
    seq: Number
    msg: LifecycleMsg
    sending_ts_ms: Milliseconds | None = None


class EventLifecycleFrame(msgspec.Struct, tag_field="type", tag="event_lifecycle"):
    """An event was created."""

    sid: Number
    seq: Number


class EventFeeMsg(msgspec.Struct):
    """null in both = the override was cleared; the keys are always there."""

    event_ticker: str
    fee_type_override: str | None
    fee_multiplier_override: Decimal | None


class EventFeeFrame(msgspec.Struct, tag_field="type", tag="event_fee_update"):
    """An event's fee override was set or cleared."""

    sid: Number
    seq: Number
    msg: EventFeeMsg


class SubscribedMsg(msgspec.Struct):
    """Which channel got which subscription id."""

    channel: str
    sid: Number


class SubscribedFrame(msgspec.Struct, tag_field="type", tag="subscribed"):
    """A channel was opened."""

    msg: SubscribedMsg
    id: Number = 0


class OkFrame(msgspec.Struct, tag_field="type", tag="ok"):
    """Takes a sequence number on the channels that have them."""

    id: Number = 0
    sid: Number | None = None
    seq: Number | None = None


class UnsubscribedFrame(msgspec.Struct, tag_field="type", tag="unsubscribed"):
    """A channel was closed."""

    sid: Number
    id: Number = 0
    seq: Number | None = None


class ErrorMsg(msgspec.Struct):
    """Why a command failed or a subscription died."""

    code: int
    msg: str
    market_ticker: str | None = None
    market_tickers: list[str] = []


class ErrorFrame(msgspec.Struct, tag_field="type", tag="error"):
    """With a sid it concerns one subscription and may take a sequence number."""

    msg: ErrorMsg
    id: Number = 0
    sid: Number | None = None
    seq: Number | None = None


Frame: TypeAlias = (
    DeltaFrame
    | SnapshotFrame
    | TradeFrame
    | TickerFrame
    | LifecycleFrame
    | EventLifecycleFrame
    | EventFeeFrame
    | SubscribedFrame
    | OkFrame
    | UnsubscribedFrame
    | ErrorFrame
)
BOOK_TYPES = frozenset({"orderbook_delta", "orderbook_snapshot"})
FRAME_TYPES = BOOK_TYPES | {
    "trade",
    "ticker",
    "market_lifecycle_v2",
    "event_lifecycle",
    "event_fee_update",
    "subscribed",
    "ok",
    "unsubscribed",
    "error",
}


class Envelope(msgspec.Struct):
    """What can still be said of a frame that is none of `Frame`."""

    type: str
    sid: Number | None = None
    seq: Number | None = None
    msg: msgspec.Raw = msgspec.Raw(b"{}")


class MarketTickerOnly(msgspec.Struct):
    """The market of a frame that is otherwise unreadable."""

    market_ticker: str


decode_frame = msgspec.json.Decoder(Frame).decode
decode_envelope = msgspec.json.Decoder(Envelope).decode
decode_market_ticker = msgspec.json.Decoder(MarketTickerOnly).decode
encode_command = msgspec.json.Encoder().encode
