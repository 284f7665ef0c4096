"""How many contracts does an order ask for, whom may it meet, and what does acceptance say?"""

from collections.abc import Sequence

import msgspec

from foreshock.adapters.sim.exchange import Exchange
from foreshock.adapters.sim.exchange_types import OrderRequest, OrderState, TimeInForce
from foreshock.adapters.sim.polymarket_condition import Refusal
from foreshock.adapters.sim.polymarket_order_checks import FAK_UNMATCHED, FOK_UNFILLED
from foreshock.adapters.sim.polymarket_order_log import OrderIntent
from foreshock.adapters.sim.polymarket_order_wire import (
    SIZE_UNIT,
    Limit,
    OrderType,
    Placement,
    Side,
    shares_for,
)
from foreshock.adapters.sim.polymarket_trades import trade_id
from foreshock.adapters.sim.polymarket_wallets import Wallet
from foreshock.core.domain.books import Levels, mirrored
from foreshock.core.domain.markets import Outcome
from foreshock.core.domain.units import MICRO, Instant, Price, Quantity, format_micros

OUTCOMES: tuple[Outcome, Outcome] = ("yes", "no")
TIMES_IN_FORCE: dict[OrderType, TimeInForce] = {
    "GTC": "gtc",
    "GTD": "gtd",
    "FOK": "fok",
    "FAK": "ioc",
}


class Ready(msgspec.Struct, frozen=True):
    """An order that passed every check that needs no book. index: of the outcome it names."""

    placement: Placement
    intent: OrderIntent
    wallet: Wallet
    limit: Limit
    index: int
    expires_us: Instant | None


def reachable(exchange: Exchange, ready: Ready) -> Levels:
    """Levels an order may trade with, in its own outcome's prices, best first."""
    side, limit = ready.placement.side, ready.limit.price
    return reachable_levels(exchange, ready.intent.native_id, ready.index, side, limit)


def reachable_levels(
    exchange: Exchange, native_id: str, index: int, side: Side, limit: Price
) -> Levels:
    """The same for an order that was not judged yet."""
    bids, asks = (exchange.levels(native_id, of) for of in ("bid", "ask"))
    if index:
        bids, asks = mirrored(asks), mirrored(bids)
    if side == "BUY":
        return tuple(level for level in asks if level[0] <= limit)
    return tuple(level for level in bids if level[0] >= limit)


def quantity_of(ready: Ready, levels: Levels, shares_ppm: list[int]) -> Quantity | Refusal:
    """Contracts to ask the exchange for; a market order that finds nobody is refused.

    shares_ppm: shares of the next FAK orders that may trade, to make partial fills; used up.
    """
    placement = ready.placement
    if not placement.is_market:
        return ready.limit.size
    if placement.side == "BUY":
        quantity, left = shares_for(placement.quote, levels)
    else:
        quantity = ready.limit.size
        left = quantity - sum(size for _, size in levels)
    if placement.order_type == "FOK" and (left > 0 or not quantity):
        return Refusal(400, FOK_UNFILLED)
    if not levels or not quantity:
        return Refusal(400, FAK_UNMATCHED)
    if shares_ppm and placement.order_type == "FAK":
        lots = quantity * shares_ppm.pop(0) // MICRO // SIZE_UNIT
        quantity = Quantity(max(1, lots) * SIZE_UNIT)
    return quantity


def request_of(ready: Ready, quantity: Quantity) -> OrderRequest:
    """The order in the exchange's words."""
    placement = ready.placement
    return OrderRequest(
        account=ready.intent.account,
        native_id=ready.intent.native_id,
        outcome=OUTCOMES[ready.index],
        action="buy" if placement.side == "BUY" else "sell",
        price=ready.limit.price,
        quantity=quantity,
        time_in_force=TIMES_IN_FORCE[placement.order_type],
        expires_us=ready.expires_us,
        post_only=placement.is_post_only,
        order_id=ready.intent.id,
        ignores_min=placement.is_market,
    )


def accepted(ready: Ready, state: OrderState) -> dict[str, object] | Refusal:
    """The accepting answer. A market order that met only its own account found nobody."""
    if not state.filled:
        is_dead = ready.placement.is_market
        return Refusal(400, FAK_UNMATCHED) if is_dead else answer_of(state.order_id, "live")
    given, got = format_micros(state.taker_cost), format_micros(state.filled)
    if ready.placement.side == "SELL":
        given, got = got, given
    trades = [trade_id(state.native_id, number) for number in state.trades]
    return answer_of(state.order_id, "matched", (given, got), trades)


def answer_of(
    order_id: str,
    status: str,
    amounts: tuple[str, str] = ("", ""),
    trades: Sequence[str] = (),
) -> dict[str, object]:
    """amounts: given and got. Settlement comes later, so no transaction is named yet."""
    return {
        "errorMsg": "",
        "orderID": order_id,
        "takingAmount": amounts[1],
        "makingAmount": amounts[0],
        "status": status,
        "transactionsHashes": [],
        "tradeIDs": list(trades),
        "success": True,
    }
