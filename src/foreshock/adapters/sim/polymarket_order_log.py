"""How does each order of a known wallet stand, in the venue's words?"""

from typing import Literal, TypeAlias

import msgspec

from foreshock.adapters.sim.exchange_types import CancelReason, OrderState
from foreshock.adapters.sim.polymarket_order_wire import OrderType, Side
from foreshock.adapters.sim.polymarket_trades import trade_id
from foreshock.adapters.sim.wire_text import seconds
from foreshock.core.domain.units import Instant, Price, format_micros

OrderStatus: TypeAlias = Literal[
    "LIVE",
    "MATCHED",
    "DELAYED",
    "UNMATCHED",
    "CANCELED",
    "CANCELED_MARKET_RESOLVED",
    "CANCELED_EXPIRED_ORDER",
    "INVALID",
]
CANCEL_STATUSES: dict[CancelReason, OrderStatus] = {
    "closed": "CANCELED_MARKET_RESOLVED",
    "expired": "CANCELED_EXPIRED_ORDER",
}


class OrderIntent(msgspec.Struct, frozen=True, kw_only=True):
    """What stays the same over an order's life. owner: API key; expiration: seconds, 0 = none.

    original: contracts as signed; a buyer by budget may get more.
    """

    id: str
    owner: str
    account: str
    maker_address: str
    native_id: str
    token: str
    outcome_label: str
    side: Side
    order_type: OrderType
    price: Price
    original: int
    expiration: int
    created_us: Instant


class OrderRecord(msgspec.Struct, frozen=True):
    """An order at one moment."""

    intent: OrderIntent
    status: OrderStatus
    matched: int
    trades: tuple[str, ...]
    updated_us: Instant

    @property
    def is_active(self) -> bool:
        """Whether it rests, or will be looked at again."""
        return self.status in {"LIVE", "DELAYED"}


def record_of(intent: OrderIntent, state: OrderState) -> OrderRecord:
    """The record of an order as the exchange has it."""
    status: OrderStatus = "LIVE" if state.status == "resting" else "MATCHED"
    if state.status == "canceled" and not (state.cancel_reason == "remainder" and state.filled):
        status = CANCEL_STATUSES.get(state.cancel_reason or "user", "CANCELED")
    trades = tuple(trade_id(state.native_id, number) for number in state.trades)
    return OrderRecord(intent, status, state.filled, trades, state.updated_us)


def order_row(record: OrderRecord) -> dict[str, object]:
    """As the reads tell it."""
    intent = record.intent
    return {
        "id": intent.id,
        "status": record.status,
        "owner": intent.owner,
        "maker_address": intent.maker_address,
        "market": intent.native_id,
        "asset_id": intent.token,
        "side": intent.side,
        "original_size": format_micros(intent.original),
        "size_matched": format_micros(record.matched),
        "price": format_micros(intent.price),
        "outcome": intent.outcome_label,
        "expiration": str(intent.expiration),
        "order_type": intent.order_type,
        "associate_trades": list(record.trades),
        "created_at": seconds(intent.created_us),
    }
