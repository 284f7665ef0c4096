"""What does a resting order promise, and what could an order reduce?"""

from foreshock.adapters.sim.accounts import Account
from foreshock.adapters.sim.exchange_state import ExchangeState
from foreshock.adapters.sim.exchange_types import KALSHI_POLICY, POLYMARKET_POLICY, VenuePolicy
from foreshock.adapters.sim.market_state import MarketState
from foreshock.adapters.sim.matching import Order, Plan
from foreshock.adapters.sim.order_checks import ROUNDING_MAX, closable, fill_of, reserve, rests
from tests.unit.adapters.sim.exchange_scene import (
    FEES,
    MARKET,
    contracts,
    dollars,
    price,
    real_fees,
    request,
)
from tests.unit.adapters.sim.face_scenario import T0, event_info, listing

FEE_OF = real_fees()


def promised(policy: VenuePolicy, words: str) -> int:
    listed = listing(
        policy.venue, MARKET, 1, event_info(1, "E", exclusive=False), FEES[policy.venue]
    )
    account = Account("ann", nets=policy.nets, is_reported=False, history_max=0)
    order = Order(request(words), 1, "o1", T0)
    state = ExchangeState(policy, FEE_OF)
    return reserve(state, MarketState(listed, T0), account, order, order.remaining)


def test_a_maker_promises_its_price_and_the_fees_of_every_lot() -> None:
    """100 at 0.50 on a maker-fee series: 50 dollars, 0.4375 fee, a micro-dollar for each lot."""
    expected = dollars(50.4375) + 10_000 + ROUNDING_MAX
    assert promised(KALSHI_POLICY, "buy yes 100 at 0.50") == expected
    assert promised(KALSHI_POLICY, "sell no 100 at 0.50") == expected


def test_polymarket_makers_pay_no_fee_and_sellers_promise_tokens() -> None:
    assert promised(POLYMARKET_POLICY, "buy no 100 at 0.30") == dollars(30)
    assert promised(POLYMARKET_POLICY, "sell no 100 at 0.30") == 0


def test_only_what_is_held_can_be_reduced() -> None:
    for policy, sold in ((KALSHI_POLICY, 10), (POLYMARKET_POLICY, 10)):
        account = Account("ann", nets=policy.nets, is_reported=False, history_max=0)
        selling = Order(request("sell yes 50 at 0.30"), 1, "o1", T0)
        assert closable(account, selling) == 0
        account.holding(MARKET).acquire(0, contracts(10), 0)
        assert closable(account, selling) == contracts(sold)
        assert closable(account, Order(request("buy yes 5 at 0.30"), 2, "o2", T0)) == 0


def test_a_fill_is_priced_in_the_outcome_that_the_order_names() -> None:
    order = Order(request("buy no 10 at 0.60"), 1, "o1", T0)
    fill = fill_of(order, price(0.45), contracts(10), is_taker=True)
    assert (fill.price, fill.action, fill.is_taker) == (price(0.55), "buy", True)


def test_only_patient_orders_rest() -> None:
    plan, blocked = Plan(), Plan()
    blocked.is_blocked = True
    patient = Order(request("buy yes 10 at 0.60"), 1, "o1", T0)
    hasty = Order(request("buy yes 10 at 0.60", time_in_force="ioc"), 2, "o2", T0)
    assert rests(patient, plan, 1)
    assert not rests(patient, plan, 0)
    assert not rests(patient, blocked, 1)
    assert not rests(hasty, plan, 1)
