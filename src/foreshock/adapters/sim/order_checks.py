"""May this order be taken? What it says, whom it would meet, and whether its account can pay."""

from foreshock.adapters.sim.accounts import (
    Account,
    amount_of,
    can_afford,
    leg_of,
    leg_price,
    outcome_index,
    takes_cash,
)
from foreshock.adapters.sim.exchange_state import ExchangeState
from foreshock.adapters.sim.exchange_types import OrderRefused, OrderRequest, RefusalCode
from foreshock.adapters.sim.market_state import MarketState
from foreshock.adapters.sim.matching import Order, Plan
from foreshock.core.domain.units import Instant, Money, Price, Quantity, format_micros
from foreshock.core.pricing.fees import Fill

ROUNDING_MAX = 100
"""Micro-dollars that one alignment of cash may take: the precision of direct members."""


def refused_request(
    state: ExchangeState, request: OrderRequest, now_us: Instant
) -> OrderRefused | None:
    """Why an order cannot be taken whatever the book holds; None when it can."""
    account = state.accounts.get(request.account)
    market = state.markets.get(request.native_id)
    if account is None:
        return OrderRefused("account_unknown", f"no account {request.account}")
    if market is None:
        return OrderRefused("market_unknown", f"no market {request.native_id}")
    if market.status != "open" or state.is_halted:
        words = "the venue is paused" if state.is_halted else f"the market is {market.status}"
        return OrderRefused("market_not_open", words)
    return (
        _refused_identity(state, account, request)
        or _refused_group(state, request)
        or _refused_terms(market, request, now_us)
    )


def _refused_group(state: ExchangeState, request: OrderRequest) -> OrderRefused | None:
    if request.group is None:
        return None
    group = state.groups.get(request.group)
    if group is None or group.account != request.account:
        return OrderRefused("group_unknown", f"no group {request.group}")
    if group.is_triggered:
        return OrderRefused("group_triggered", f"group {request.group} is at its limit")
    return None


def refused_change(
    state: ExchangeState, order: Order, request: OrderRequest, now_us: Instant
) -> OrderRefused | None:
    """Why a resting order cannot take these terms; None when it can, funds apart."""
    account, market = state.accounts[request.account], state.markets[request.native_id]
    if market.status != "open":
        return OrderRefused("market_not_open", f"the market is {market.status}")
    name = request.client_order_id
    if name != order.request.client_order_id and name in account.client_ids:
        return OrderRefused("duplicate_client_order_id", f"{name} was used")
    if request.quantity <= order.filled:
        return OrderRefused("quantity_below_min", "all of it is filled already")
    return _refused_terms(market, request, now_us)


def _refused_identity(
    state: ExchangeState, account: Account, request: OrderRequest
) -> OrderRefused | None:
    if request.order_id is not None and request.order_id in state.orders:
        return OrderRefused("duplicate_order_id", f"order {request.order_id} exists")
    if request.client_order_id is None:
        return None
    if request.client_order_id in account.client_ids:
        return OrderRefused("duplicate_client_order_id", f"{request.client_order_id} was used")
    return None


def _refused_terms(
    market: MarketState, request: OrderRequest, now_us: Instant
) -> OrderRefused | None:
    code: RefusalCode | None = None
    yes_price = leg_price(outcome_index(request.outcome), request.price)
    if not market.listing.market.grid.accepts(Price(yes_price)):
        code = "price_off_grid"
    elif request.quantity < market.quantity_min and not request.ignores_min:
        code = "quantity_below_min"
    elif request.quantity % market.lot:
        code = "quantity_off_lot"
    elif request.expires_us is not None and request.expires_us <= now_us:
        code = "expiry_in_past"
    elif (request.expires_us is None) == (request.time_in_force == "gtd"):
        code = "expiry_mismatch"
    if code is None:
        return None
    price, quantity = format_micros(request.price), format_micros(request.quantity)
    return OrderRefused(code, f"{quantity} at {price}, {request.time_in_force}")


def refused_plan(
    state: ExchangeState, account: Account, order: Order, plan: Plan, now_us: Instant
) -> OrderRefused | None:
    """Why an order cannot be taken given whom it would meet; None when it can."""
    request = order.request
    code: RefusalCode | None = None
    if request.reduce_only and not order.remaining:
        code = "reduce_only"
    elif request.post_only and (plan.fills or plan.displaced or plan.is_blocked):
        code = "post_only_cross"
    elif request.time_in_force == "fok" and plan.quantity < request.quantity:
        code = "fok_shortfall"
    elif not _is_covered(state, account, order, plan, now_us):
        code = "insufficient_balance"
    if code is None:
        return None
    reached = format_micros(plan.quantity)
    return OrderRefused(code, f"{reached} of {format_micros(request.quantity)} could trade")


def closable(account: Account, order: Order) -> int:
    """Contracts by which an order may reduce its account's position."""
    holding = account.holdings.get(order.request.native_id)
    if holding is None:
        return 0
    if account.nets:
        return max(0, -holding.net() if order.is_bid else holding.net())
    index, acquires = leg_of(account, order)
    return 0 if acquires else account.free(order.request.native_id, index)


def _is_covered(
    state: ExchangeState, account: Account, order: Order, plan: Plan, now_us: Instant
) -> bool:
    index, acquires = leg_of(account, order)
    if not acquires and account.free(order.request.native_id, index) < order.remaining:
        return False
    fills: list[tuple[int, int, int]] = []
    carried = order.carried
    market = state.markets[order.request.native_id]
    for maker, quantity in plan.fills:
        fill = fill_of(order, maker.yes_price, quantity, is_taker=True)
        fee, carried = state.fee_of(market.listing.market, fill, now_us, carried)
        fills.append((maker.yes_price, quantity, fee))
    left = order.remaining - plan.quantity
    rest = reserve(state, market, account, order, left) if rests(order, plan, left) else 0
    return can_afford(account, order, fills, rest)


def rests(order: Order, plan: Plan, left: int) -> bool:
    """Whether what is left after the matches stays in the book."""
    is_patient = order.request.time_in_force in {"gtc", "gtd"}
    return left > 0 and is_patient and not plan.is_blocked


def reserve(
    state: ExchangeState, market: MarketState, account: Account, order: Order, quantity: int
) -> int:
    """Cash that `quantity` of a resting order may cost: notional and the fees of all its fills."""
    if not quantity or not takes_cash(account, order):
        return 0
    price = order.rank if account.nets else order.request.price
    fill = fill_of(order, order.yes_price, quantity, is_taker=False)
    fee, rounding = state.fee_of(market.listing.market, fill, order.created_us, Money(0))
    is_charged = account.nets or fee
    slack = _rounding_max(order, market.lot, quantity // market.lot) if is_charged else 0
    return amount_of(price, quantity) + fee - rounding + slack


def _rounding_max(order: Order, lot: int, lots: int) -> int:
    """What fees may exceed the trade fee of the whole by, when every lot fills alone.

    A fill's trade fee rounds up by less than a micro-dollar and its cash is aligned down. At whole
    alignments what an order overpaid comes back as soon as it is a unit; between them a fill may
    be too small for a rebate, so every lot may lose a unit for good.
    """
    if amount_of(order.yes_price, lot) % ROUNDING_MAX:
        return lots * ROUNDING_MAX
    return lots + ROUNDING_MAX - order.carried


def fill_of(order: Order, yes_price: int, quantity: int, *, is_taker: bool) -> Fill:
    """The fill as the fee function wants it: in the outcome that the order names."""
    request = order.request
    price = leg_price(outcome_index(request.outcome), yes_price)
    return Fill(Price(price), Quantity(quantity), is_taker, request.action)
