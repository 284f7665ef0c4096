"""What happens to one order: whom does it meet, what is left of it, how does it end?

Functions over the exchange's state; `exchange.py` is their public face.
"""

import heapq

import msgspec

from foreshock.adapters.sim.accounts import Account, amount_of, apply_fill, leg_of, takes_cash
from foreshock.adapters.sim.exchange_state import ExchangeState
from foreshock.adapters.sim.exchange_types import (
    CancelReason,
    Filled,
    LevelChanged,
    OrderRefused,
    OrderRequest,
    OrderUpdated,
    Trade,
)
from foreshock.adapters.sim.market_state import MarketState
from foreshock.adapters.sim.matching import Amendment, Order, Plan, plan_matches, side_name
from foreshock.adapters.sim.order_checks import (
    closable,
    fill_of,
    refused_change,
    refused_plan,
    refused_request,
    reserve,
    rests,
)
from foreshock.adapters.sim.order_groups import GroupChanged, OrderGroup
from foreshock.core.domain.units import Instant, Money, Price, Quantity

# ---- placing -------------------------------------------------------------------------------


def place(state: ExchangeState, request: OrderRequest, now_us: Instant) -> Order | OrderRefused:
    """Check, match, rest. The order after all of it, or why it was not taken."""
    refusal = refused_request(state, request, now_us)
    if refusal is not None:
        return refusal
    account, market = state.accounts[request.account], state.markets[request.native_id]
    state.order_count += 1
    number = state.order_count
    order = Order(request, number, request.order_id or f"{state.policy.venue}-{number}", now_us)
    if request.reduce_only:
        order.remaining = min(order.remaining, closable(account, order))
    plan = plan_matches(order, market.side(is_bid=not order.is_bid))
    refusal = refused_plan(state, account, order, plan, now_us)
    if refusal is not None:
        if refusal.code == "fok_shortfall" and request.client_order_id is not None:
            account.client_ids[request.client_order_id] = ""  # a killed order uses up its name
        return refusal
    _accept(state, account, order)
    _execute(state, market, order, plan, now_us)
    _finish(state, market, account, order, plan)
    blow_fuses(state, now_us)
    return order


def amend(
    state: ExchangeState, order: Order, change: Amendment, now_us: Instant
) -> Order | OrderRefused:
    """Give a resting order other terms; only a smaller size or another expiry keeps its place.

    A post-only order that would cross at its new price is cancelled. Only for venues where
    contracts net: elsewhere a resting order may promise contracts instead of cash.
    """
    market, account = state.markets[order.request.native_id], state.accounts[order.request.account]
    request = _amended(order, change)
    probe = Order(request, order.number, order.order_id, order.created_us)
    probe.remaining, probe.carried = request.quantity - order.filled, order.carried
    refusal = refused_change(state, order, request, now_us)
    if refusal is not None:
        return refusal
    if probe.rank == order.rank and probe.remaining <= order.remaining:
        _keep_place(state, account, order, request, now_us)
        return order
    plan = plan_matches(probe, market.side(is_bid=not order.is_bid))
    account.reserved -= order.reserved
    del account.resting[order.order_id]
    refusal = refused_plan(state, account, probe, plan, now_us)
    account.reserved += order.reserved
    account.resting[order.order_id] = order
    if refusal is not None and refusal.code != "post_only_cross":
        return refusal
    if refusal is not None:
        end_resting(state, order, "post_only_cross", now_us)
        return order
    _leave_book(state, market, account, order, now_us)
    order.say(request)
    order.remaining = probe.remaining
    _execute(state, market, order, plan, now_us)
    _finish(state, market, account, order, plan)
    blow_fuses(state, now_us)
    return order


def _amended(order: Order, change: Amendment) -> OrderRequest:
    old = order.request
    return msgspec.structs.replace(
        old,
        price=change.price,
        quantity=change.quantity,
        expires_us=change.expires_us,
        time_in_force="gtc" if change.expires_us is None else "gtd",
        client_order_id=change.client_order_id or old.client_order_id,
    )


def _keep_place(
    state: ExchangeState, account: Account, order: Order, request: OrderRequest, now_us: Instant
) -> None:
    less = order.filled + order.remaining - request.quantity
    order.say(request)
    _accept(state, account, order)
    if request.expires_us is not None:
        heapq.heappush(state.expiries, (request.expires_us, order.number, order))
    if less:
        shrink_resting(state, order, less, now_us)
        return
    order.updated_us = now_us
    report(state, state.markets[request.native_id], order)


def _leave_book(
    state: ExchangeState, market: MarketState, account: Account, order: Order, now_us: Instant
) -> None:
    """Take a resting order out of the book without ending it."""
    quantity = order.remaining
    total = market.side(is_bid=order.is_bid).shrink(order, quantity)
    order.updated_us = now_us
    _promise(state, market, account, order)
    _level(state, market, order, total, -quantity)
    del account.resting[order.order_id]


# ---- executing -----------------------------------------------------------------------------


def _accept(state: ExchangeState, account: Account, order: Order) -> None:
    state.orders[order.order_id] = order
    if order.request.client_order_id is not None:
        account.client_ids[order.request.client_order_id] = order.order_id


def _execute(
    state: ExchangeState, market: MarketState, order: Order, plan: Plan, now_us: Instant
) -> None:
    for own in plan.displaced:
        end_resting(state, own, "self_trade", now_us)
    opposite = market.side(is_bid=not order.is_bid)
    for maker, quantity in plan.fills:
        trade = _trade(state, market, order, maker, quantity, now_us)
        total = opposite.shrink(maker, quantity)
        order.remaining -= quantity
        _settle_side(state, market, maker, trade, is_taker=False)
        _settle_side(state, market, order, trade, is_taker=True)
        level = LevelChanged(
            trade.native_id,
            now_us,
            market.tick(),
            side_name(is_bid=maker.is_bid),
            trade.price,
            Quantity(total),
            -quantity,
            maker.order_id,
        )
        state.emit(level)
        market.changed_us = now_us
        _after_maker_fill(state, market, maker)


def _trade(
    state: ExchangeState,
    market: MarketState,
    taker: Order,
    maker: Order,
    quantity: int,
    now_us: Instant,
) -> Trade:
    state.trade_count += 1
    trade = Trade(
        native_id=taker.request.native_id,
        event_us=now_us,
        clock=market.tick(),
        number=state.trade_count,
        price=Price(maker.yes_price),
        quantity=Quantity(quantity),
        taker_side=side_name(is_bid=taker.is_bid),
        taker_outcome=taker.request.outcome,
        taker_action=taker.request.action,
        maker_outcome=maker.request.outcome,
        maker_action=maker.request.action,
        taker_order=taker.order_id,
        maker_order=maker.order_id,
        taker_account=taker.request.account,
        maker_account=maker.request.account,
    )
    market.record(trade)
    state.emit(trade)
    return trade


def _settle_side(
    state: ExchangeState, market: MarketState, order: Order, trade: Trade, *, is_taker: bool
) -> None:
    account = state.accounts[order.request.account]
    fill = fill_of(order, trade.price, trade.quantity, is_taker=is_taker)
    fee, order.carried = state.fee_of(market.listing.market, fill, trade.event_us, order.carried)
    cash, halves = apply_fill(account, order, trade.price, trade.quantity, fee)
    market.half_sets += halves
    state.fees += fee
    cost = amount_of(fill.price, trade.quantity)
    order.filled += trade.quantity
    order.updated_us = trade.event_us
    order.trades.append(trade.number)
    if is_taker:
        order.taker_filled += trade.quantity
        order.taker_cost += cost
        order.taker_fees += fee
    else:
        order.maker_cost += cost
        order.maker_fees += fee
    group = state.groups.get(order.request.group or "")
    if group is not None:
        group.record(trade.event_us, trade.quantity)
    holding = account.holding(trade.native_id)
    holding.updated_us = trade.event_us
    if not account.is_reported:
        return
    record = Filled(
        native_id=trade.native_id,
        event_us=trade.event_us,
        clock=market.tick(),
        trade=trade.number,
        account=account.name,
        order_id=order.order_id,
        client_order_id=order.request.client_order_id,
        outcome=order.request.outcome,
        action=order.request.action,
        side=side_name(is_bid=order.is_bid),
        price=fill.price,
        yes_price=trade.price,
        quantity=trade.quantity,
        is_taker=is_taker,
        fee=fee,
        cash=Money(cash),
        position=holding.net(),
    )
    account.fills.appendleft(record)
    state.emit(record)


def _after_maker_fill(state: ExchangeState, market: MarketState, maker: Order) -> None:
    account = state.accounts[maker.request.account]
    _promise(state, market, account, maker)
    if not maker.remaining:
        _forget_resting(state, account, maker)
    report(state, market, maker)


def _finish(
    state: ExchangeState, market: MarketState, account: Account, order: Order, plan: Plan
) -> None:
    """Rest what is left, or cancel it and say why."""
    request = order.request
    capped = request.quantity - order.filled - order.remaining
    if rests(order, plan, order.remaining):
        total = market.side(is_bid=order.is_bid).insert(order)
        account.resting[order.order_id] = order
        _promise(state, market, account, order)
        if request.expires_us is not None:
            heapq.heappush(state.expiries, (request.expires_us, order.number, order))
        _level(state, market, order, total, order.remaining)
    elif order.remaining or capped:
        order.remaining = 0
        order.cancel_reason = _why_stopped(plan, capped)
    if not order.remaining:
        _forget_resting(state, account, order)
    report(state, market, order)


def _why_stopped(plan: Plan, capped: int) -> CancelReason:
    if plan.is_blocked:
        return "self_trade"
    return "reduce_only" if capped else "remainder"


# ---- ending --------------------------------------------------------------------------------


def end_resting(state: ExchangeState, order: Order, reason: CancelReason, now_us: Instant) -> None:
    """Cancel what remains of a resting order."""
    order.cancel_reason = reason
    shrink_resting(state, order, order.remaining, now_us)


def shrink_resting(state: ExchangeState, order: Order, quantity: int, now_us: Instant) -> None:
    """Take `quantity` off a resting order; its place in the queue stays."""
    market = state.markets[order.request.native_id]
    account = state.accounts[order.request.account]
    total = market.side(is_bid=order.is_bid).shrink(order, quantity)
    order.updated_us = now_us
    _promise(state, market, account, order)
    _level(state, market, order, total, -quantity)
    if not order.remaining:
        _forget_resting(state, account, order)
    report(state, market, order)


def blow_fuses(state: ExchangeState, now_us: Instant) -> None:
    """Cancel every order of a group that has just reached its limit."""
    for group in list(state.groups.values()):
        if group.is_due(now_us):
            blow(state, group, now_us)


def blow(state: ExchangeState, group: OrderGroup, now_us: Instant) -> None:
    """Trigger a group: its orders are cancelled, and none is taken until it is reset."""
    group.is_triggered = True
    state.emit(GroupChanged("", now_us, 0, group.account, group.name, "triggered", group.limit))
    for order in list(state.accounts[group.account].resting.values()):
        if order.request.group == group.name:
            end_resting(state, order, "group", now_us)


def renew_promises(state: ExchangeState, market: MarketState, now_us: Instant) -> None:
    """After a change of fees: promise anew, and cancel what its account cannot promise."""
    for order in market.orders():
        account = state.accounts[order.request.account]
        _promise(state, market, account, order)
        if account.cash < account.promised_cash():
            end_resting(state, order, "fee", now_us)


def report(state: ExchangeState, market: MarketState, order: Order) -> None:
    """Tell a reported account how its order stands."""
    if state.accounts[order.request.account].is_reported:
        native_id = order.request.native_id
        state.emit(OrderUpdated(native_id, order.updated_us, market.tick(), order.state()))


def _level(state: ExchangeState, market: MarketState, order: Order, total: int, delta: int) -> None:
    market.changed_us = order.updated_us
    state.emit(
        LevelChanged(
            order.request.native_id,
            order.updated_us,
            market.tick(),
            side_name(is_bid=order.is_bid),
            Price(order.yes_price),
            Quantity(total),
            delta,
            order.order_id,
        )
    )


def _promise(state: ExchangeState, market: MarketState, account: Account, order: Order) -> None:
    """Bring the promises of a resting order in line with what remains of it."""
    if takes_cash(account, order):
        before = order.reserved
        order.reserved = reserve(state, market, account, order, order.remaining)
        account.reserved += order.reserved - before
        return
    index, _ = leg_of(account, order)
    account.holding(order.request.native_id).promised[index] += order.remaining - order.reserved
    order.reserved = order.remaining


def _forget_resting(state: ExchangeState, account: Account, order: Order) -> None:
    """Move an ended order to the account's history, which forgets the oldest when full."""
    account.resting.pop(order.order_id, None)
    limit = account.ended.maxlen or 0
    if not limit:
        state.orders.pop(order.order_id, None)
        return
    if len(account.ended) == limit:
        state.orders.pop(account.ended[0].order_id, None)
    account.ended.append(order)
