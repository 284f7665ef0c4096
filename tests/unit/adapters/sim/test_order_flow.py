"""Are an order's own figures right after every fill?"""

from foreshock.adapters.sim import order_flow
from foreshock.adapters.sim.accounts import Account
from foreshock.adapters.sim.exchange_state import ExchangeState
from foreshock.adapters.sim.exchange_types import KALSHI_POLICY, OrderUpdated
from foreshock.adapters.sim.market_state import MarketState
from foreshock.adapters.sim.matching import Order
from tests.unit.adapters.sim.exchange_scene import (
    FEES,
    MARKET,
    at,
    contracts,
    dollars,
    real_fees,
    request,
)
from tests.unit.adapters.sim.face_scenario import T0, event_info, listing


def venue_state() -> ExchangeState:
    state = ExchangeState(KALSHI_POLICY, real_fees())
    listed = listing("kalshi", MARKET, 1, event_info(1, "E", exclusive=False), FEES["kalshi"])
    state.markets[MARKET] = MarketState(listed, T0)
    state.markets[MARKET].move_to("open", T0)
    for name in ("ann", "bob"):
        state.accounts[name] = Account(name, nets=True, is_reported=True, history_max=10)
        state.accounts[name].cash = dollars(1_000)
    return state


def test_an_order_that_takes_then_makes_keeps_both_sums_apart() -> None:
    state = venue_state()
    order_flow.place(state, request("buy no 4 at 0.60", "bob"), T0)
    order = order_flow.place(state, request("buy yes 10 at 0.42"), at(1))
    assert isinstance(order, Order)
    order_flow.place(state, request("buy no 3 at 0.58", "bob", time_in_force="ioc"), at(2))
    shown = order.state()
    assert (shown.taker_filled, shown.filled, shown.remaining) == (
        contracts(4),
        contracts(7),
        contracts(3),
    )
    assert (shown.taker_cost, shown.maker_cost) == (dollars(1.60), dollars(1.26))
    assert shown.taker_fees == dollars(0.0672)
    assert 0 < shown.maker_fees < shown.taker_fees
    assert shown.trades == (1, 2)
    account = state.accounts["ann"]
    fees = shown.taker_fees + shown.maker_fees
    assert account.cash == dollars(1_000 - 1.60 - 1.26) - fees


def test_each_change_of_an_order_is_told_once() -> None:
    state = venue_state()
    order = order_flow.place(state, request("buy yes 10 at 0.42"), T0)
    assert isinstance(order, Order)
    order_flow.shrink_resting(state, order, contracts(4), at(1))
    order_flow.end_resting(state, order, "user", at(2))
    told = [event.order for event in state.events if isinstance(event, OrderUpdated)]
    assert [(o.status, o.remaining) for o in told] == [
        ("resting", contracts(10)),
        ("resting", contracts(6)),
        ("canceled", 0),
    ]
    assert state.accounts["ann"].reserved == 0
