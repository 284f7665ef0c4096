"""How does Kalshi describe what a member has: orders, fills, positions, settlements?

Key sets follow OpenAPI 3.34.0 and AsyncAPI 2.0.0 (October 2026) and bodies recorded on the demo in
June 2026. An ask is told as buying NO: so production tells its fills.
"""

from foreshock.adapters.sim.exchange_types import (
    BookSide,
    CancelReason,
    Filled,
    OrderState,
    Position,
    Settlement,
)
from foreshock.adapters.sim.kalshi_objects import Body, count, dollars, result_word
from foreshock.adapters.sim.order_groups import GroupChanged
from foreshock.adapters.sim.wire_text import iso, milliseconds, seconds, uuid_of
from foreshock.core.domain.units import MICRO, complement, format_micros

CENT = MICRO // 100
REASONS: dict[CancelReason, str] = {
    "self_trade": "SelfTradeCancel",
    "reduce_only": "ReduceOnlyCancel",
    "expired": "ExpiryCancel",
    "closed": "CloseCancel",
    "paused": "HaltCancel",
    "resumed": "HaltCancel",
    "fee": "MarginCancel",
    "post_only_cross": "PostOnlyCrossCancel",
}
"""Endings the venue gives a reason for; a member's own cancels have none."""


def money(amount: int) -> str:
    """Costs and fees: six decimals."""
    return format_micros(amount, 6)


def update_reason(order: OrderState, before: OrderState | None) -> str | None:
    """Why an order was last updated, None when the venue has no word for it."""
    if order.cancel_reason is not None:
        return REASONS.get(order.cancel_reason)
    if order.filled > (before.filled if before else 0):
        return "Trade"
    if before is None:
        return None
    is_amended = (order.yes_price, order.quantity, order.expires_us) != (
        before.yes_price,
        before.quantity,
        before.expires_us,
    )
    return "Amend" if is_amended else "Decrease"


def order_object(order: OrderState, user: str, shard: int) -> Body:
    """An order as the list tells it. It keeps its limit price, however well it filled."""
    body: Body = {
        "order_id": order.order_id,
        "user_id": user,
        "client_order_id": order.client_order_id or "",
        "ticker": order.native_id,
        "type": "limit",
        "status": order.status,
        "no_price_dollars": dollars(complement(order.yes_price)),
        "created_time": iso(order.created_us),
        "last_update_time": iso(order.updated_us),
        "self_trade_prevention_type": order.self_trade,
        "cancel_order_on_pause": order.cancel_on_pause,
        "subaccount_number": 0,
        "exchange_index": shard,
        "action": "buy",
    }
    if order.expires_us is not None:
        body["expiration_time"] = iso(order.expires_us)
    if order.group is not None:
        body["order_group_id"] = order.group
    return body | _direction(order.side) | _progress(order)


def user_order(order: OrderState, before: OrderState | None, user: str, shard: int) -> Body:
    """An order as the stream tells it; older moments go to the millisecond."""
    body: Body = {
        "order_id": order.order_id,
        "user_id": user,
        "ticker": order.native_id,
        "exchange_index": shard,
        "status": order.status,
        "is_yes": order.side == "bid",
        "client_order_id": order.client_order_id or "",
        "self_trade_prevention_type": order.self_trade,
        "created_time": _iso_ms(order.created_us),
        "created_ts_ms": milliseconds(order.created_us),
        "last_update_time": _iso_ms(order.updated_us),
        "last_updated_ts_ms": milliseconds(order.updated_us),
        "subaccount_number": 0,
    }
    if order.expires_us is not None:
        body["expiration_time"] = _iso_ms(order.expires_us)
        body["expiration_ts_ms"] = milliseconds(order.expires_us)
    if order.group is not None:
        body["order_group_id"] = order.group
    if reason := update_reason(order, before):
        body["last_update_reason"] = reason
    return body | _direction(order.side) | _progress(order)


def fill_object(fill: Filled, shard: int) -> Body:
    """A fill as the list tells it; it does not name the client's order id."""
    trade_id = _trade_id(fill)
    body: Body = {
        "fill_id": trade_id,
        "trade_id": trade_id,
        "order_id": fill.order_id,
        "ticker": fill.native_id,
        "market_ticker": fill.native_id,
        "exchange_index": shard,
        "action": "buy",
        "count_fp": count(fill.quantity),
        "yes_price_dollars": dollars(fill.yes_price),
        "no_price_dollars": dollars(complement(fill.yes_price)),
        "is_taker": fill.is_taker,
        "created_time": iso(fill.event_us),
        "fee_cost": money(fill.fee),
        "subaccount_number": 0,
        "ts": seconds(fill.event_us),
    }
    return body | _direction(fill.side)


def fill_message(fill: Filled, shard: int) -> Body:
    """A fill as the stream tells it, under the id of the public trade."""
    body: Body = {
        "trade_id": _trade_id(fill),
        "order_id": fill.order_id,
        "market_ticker": fill.native_id,
        "exchange_index": shard,
        "is_taker": fill.is_taker,
        "yes_price_dollars": dollars(fill.yes_price),
        "count_fp": count(fill.quantity),
        "fee_cost": money(fill.fee),
        "action": "buy",
        "post_position_fp": count(fill.position),
        "ts": seconds(fill.event_us),
        "ts_ms": milliseconds(fill.event_us),
        "subaccount": 0,
    }
    if fill.client_order_id is not None:
        body["client_order_id"] = fill.client_order_id
    direction = _direction(fill.side)
    return body | direction | {"purchased_side": direction["outcome_side"]}


def position_object(position: Position, shard: int) -> Body:
    """A market's position; what was paid for it, fees apart, is its exposure."""
    return {
        "ticker": position.native_id,
        "exchange_index": shard,
        "total_traded_dollars": money(position.traded),
        "position_fp": count(position.net),
        "market_exposure_dollars": money(position.yes_cost + position.no_cost),
        "realized_pnl_dollars": money(position.realized),
        "fees_paid_dollars": money(position.fees),
        "last_updated_ts": iso(position.updated_us),
    }


def event_position_object(event: str, positions: list[Position], shares: int) -> Body:
    """The positions of one event together; shares: contracts traded in it, both legs."""
    return {
        "event_ticker": event,
        "total_cost_dollars": money(sum(p.traded for p in positions)),
        "total_cost_shares_fp": count(shares),
        "event_exposure_dollars": money(sum(p.yes_cost + p.no_cost for p in positions)),
        "realized_pnl_dollars": money(sum(p.realized for p in positions)),
        "fees_paid_dollars": money(sum(p.fees for p in positions)),
    }


def market_position(position: Position, user: str, volume: int) -> Body:
    """A position as the stream tells it. volume: contracts the member traded in the market."""
    return {
        "user_id": user,
        "market_ticker": position.native_id,
        "position_fp": count(position.net),
        "position_cost_dollars": dollars(position.yes_cost + position.no_cost),
        "realized_pnl_dollars": dollars(position.realized),
        "fees_paid_dollars": dollars(position.fees),
        "position_fee_cost_dollars": dollars(position.fees if position.net else 0),
        "volume_fp": count(volume),
        "subaccount": 0,
    }


def settlement_object(paid: Settlement, event: str, shard: int) -> Body:
    """What was paid, in whole cents; the fees are those of the trades, not a charge."""
    return {
        "ticker": paid.native_id,
        "exchange_index": shard,
        "event_ticker": event,
        "market_result": result_word(paid.yes_payout),
        "yes_count_fp": count(paid.yes),
        "yes_total_cost_dollars": money(paid.yes_cost),
        "no_count_fp": count(paid.no),
        "no_total_cost_dollars": money(paid.no_cost),
        "revenue": paid.revenue // CENT,
        "settled_time": iso(paid.settled_us),
        "fee_cost": money(paid.fees),
        "value": paid.yes_payout // CENT,
    }


def group_message(event: GroupChanged) -> Body:
    """A change of an order group; its limit is told when it is new."""
    body: Body = {
        "event_type": event.change,
        "order_group_id": event.group,
        "ts_ms": milliseconds(event.event_us),
    }
    if event.change in {"created", "limit_updated"}:
        body["contracts_limit_fp"] = count(event.limit)
    return body


def _direction(side: BookSide) -> Body:
    outcome = "yes" if side == "bid" else "no"
    return {"side": outcome, "outcome_side": outcome, "book_side": side}


def _progress(order: OrderState) -> Body:
    return {
        "yes_price_dollars": dollars(order.yes_price),
        "fill_count_fp": count(order.filled),
        "remaining_count_fp": count(order.remaining),
        "initial_count_fp": count(order.quantity),
        "taker_fill_cost_dollars": money(order.taker_cost),
        "maker_fill_cost_dollars": money(order.maker_cost),
        "taker_fees_dollars": money(order.taker_fees),
        "maker_fees_dollars": money(order.maker_fees),
    }


def _trade_id(fill: Filled) -> str:
    """As `trade_uuid` names the public trade."""
    return uuid_of(f"trade/{fill.native_id}/{fill.trade}")


def _iso_ms(at_us: int) -> str:
    return iso(milliseconds(at_us) * 1_000)
