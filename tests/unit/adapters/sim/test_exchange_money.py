"""Is every dollar accounted for, whatever poor accounts do to each other?"""

import random
from typing import TypeAlias

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from foreshock.adapters.sim.exchange import Exchange
from foreshock.adapters.sim.exchange_types import OrderRequest, SelfTrade, TimeInForce, VenuePolicy
from foreshock.core.domain.markets import CurveFee, SeriesFee
from foreshock.core.domain.units import MICRO, Instant, Money, Price, Quantity
from tests.unit.adapters.sim.exchange_scene import (
    ACTIONS,
    FEES,
    MARKET,
    OUTCOMES,
    POLICIES,
    Watcher,
    at,
    check_book,
    check_money,
    dollars,
    exchange,
    placed,
    real_fees,
    refused,
    request,
)
from tests.unit.adapters.sim.face_scenario import T0, TENTH, event_info, listing

SECOND_MARKET = "N"
ACCOUNTS = ("ann", "bob", "cy")
POOR = dollars(40)
FEE_OF = real_fees()
Command: TypeAlias = tuple[str, int, int]

TERMS: tuple[TimeInForce, ...] = ("gtc", "gtc", "gtc", "ioc", "fok")
YIELDING: tuple[SelfTrade, ...] = ("taker_at_cross", "maker")
orders = st.builds(
    OrderRequest,
    account=st.sampled_from(ACCOUNTS),
    native_id=st.sampled_from((MARKET, MARKET, SECOND_MARKET)),
    outcome=st.sampled_from(OUTCOMES),
    action=st.sampled_from(ACTIONS),
    price=st.one_of(st.integers(440, 560), st.integers(1, 999)).map(lambda p: Price(p * 1_000)),
    quantity=st.one_of(st.integers(1, 50), st.integers(1, 6_000)).map(
        lambda lots: Quantity(lots * 10_000)
    ),
    time_in_force=st.sampled_from(TERMS),
    self_trade=st.sampled_from(YIELDING),
)
commands = st.tuples(
    st.sampled_from(("cancel", "cancel", "decrease", "split", "merge", "pause", "fee")),
    st.integers(0, 10),
    st.integers(1, 2_000),
)
histories = st.lists(st.one_of(orders, orders, orders, commands), max_size=60)


def poor_exchange(policy: VenuePolicy) -> Exchange:
    venue = exchange(policy, FEE_OF, cash=POOR)
    info = event_info(2, "OTHER", exclusive=False)
    second = listing(policy.venue, SECOND_MARKET, 2, info, FEES[policy.venue])
    venue.list_market(second, T0)
    venue.open_market(SECOND_MARKET, T0)
    for native_id in (MARKET, SECOND_MARKET):
        venue.change_grid(native_id, TENTH, "deci_cent", T0)
    return venue


def obey(venue: Exchange, command: Command, now_us: Instant) -> None:
    """Carry out a command on some account; what it cannot do it leaves."""
    word, nth, lots = command
    account = ACCOUNTS[nth % 3]
    if word in {"cancel", "decrease"}:
        resting = [order for order in venue.orders(account) if order.status == "resting"]
        if resting:
            left = 0 if word == "cancel" else resting[nth % len(resting)].remaining // 20_000
            order = resting[nth % len(resting)]
            venue.decrease(account, order.order_id, Quantity(left * 10_000), now_us)
    elif word in {"split", "merge"} and not venue.policy.nets:
        change = venue.split if word == "split" else venue.merge
        try:
            change(account, MARKET, Quantity(lots * 10_000), now_us)
        except ValueError:
            return
    elif word == "pause":
        venue.pause(MARKET, now_us)
        venue.open_market(MARKET, now_us)
    elif word == "fee":
        terms = {
            "kalshi": SeriesFee("quadratic_with_maker_fees", nth * MICRO // 2),
            "polymarket": CurveFee(nth * 10_000, 1),
        }
        venue.change_fee(MARKET, terms[venue.policy.venue], now_us)


@pytest.mark.parametrize("policy", POLICIES, ids=lambda policy: policy.venue)
@settings(max_examples=150)
@given(history=histories, is_yes=st.booleans())
def test_no_dollar_is_made_lost_or_owed(
    policy: VenuePolicy, history: list[OrderRequest | Command], is_yes: bool
) -> None:
    venue, watcher = poor_exchange(policy), Watcher()
    deposits = 3 * POOR
    watcher.look(venue)
    for moment, step in enumerate(history):
        if isinstance(step, tuple):
            obey(venue, step, at(moment))
        else:
            venue.place(step, at(moment))
        check_money(venue, deposits)
        check_book(venue)
        watcher.look(venue)
    for native_id in (MARKET, SECOND_MARKET):
        venue.close(native_id, at(1_000))
        venue.propose(native_id, Price(MICRO if is_yes else 0), at(1_001))
        venue.settle(native_id, at(1_002))
        check_money(venue, deposits)
    cash, vault, fees = venue.totals()
    assert (cash + fees, vault) == (deposits, 0)
    assert sum(venue.balances(account).reserved for account in ACCOUNTS) == 0


@pytest.mark.parametrize("policy", POLICIES, ids=lambda policy: policy.venue)
def test_busy_markets_keep_the_books_balanced(policy: VenuePolicy) -> None:
    """Long seeded histories that trade, sell, net and merge far more than the short ones."""
    kinds: set[str] = set()
    trade_count = 0
    for seed in range(6):
        rng, venue, watcher = random.Random(seed), poor_exchange(policy), Watcher()
        watcher.look(venue)
        for moment in range(300):
            venue.place(busy_order(rng), at(moment))
            if moment % 20 == 0:
                word = rng.choice(("cancel", "decrease", "fee"))
                obey(venue, (word, rng.randint(0, 10), 1), at(moment))
            check_money(venue, 3 * POOR)
            watcher.look(venue)
        trades = venue.trades(MARKET, 1_000)
        trade_count += len(trades)
        kinds |= {trade.taker_action + trade.maker_action for trade in trades}
    assert trade_count > 300
    assert {"buybuy", "buysell", "sellbuy", "sellsell"} <= kinds


def busy_order(rng: random.Random) -> OrderRequest:
    return OrderRequest(
        account=rng.choice(ACCOUNTS),
        native_id=MARKET,
        outcome=rng.choice(OUTCOMES),
        action=rng.choice(ACTIONS),
        price=Price(rng.randint(440, 560) * 1_000),
        quantity=Quantity(rng.randint(500, 2_000) * 10_000),
        time_in_force=rng.choice(TERMS),
        self_trade=rng.choice(YIELDING),
    )


@pytest.mark.parametrize("policy", POLICIES, ids=lambda policy: policy.venue)
def test_cash_promised_to_an_order_is_not_spent_twice(policy: VenuePolicy) -> None:
    venue = exchange(policy, cash=dollars(10))
    venue.place(request("buy yes 15 at 0.40"), T0)
    assert refused(venue.place(request("buy yes 15 at 0.40"), T0)) == "insufficient_balance"
    assert refused(venue.place(request("buy no 15 at 0.40"), T0)) == "insufficient_balance"
    check_money(venue, 3 * dollars(10))


def test_an_order_that_closes_at_kalshi_needs_no_cash() -> None:
    venue = exchange(POLICIES[0], FEE_OF, cash=dollars(10))
    venue.deposit("cy", dollars(90))
    placed(venue.place(request("buy no 20 at 0.50", "cy"), T0))
    placed(venue.place(request("buy yes 18 at 0.50"), T0))
    assert venue.balances("ann").available < dollars(1)
    placed(venue.place(request("sell yes 18 at 0.60"), T0))
    assert venue.balances("ann").available >= 0
    code = refused(venue.place(request("sell yes 18 at 0.60"), T0))
    assert code == "insufficient_balance"
    check_money(venue, dollars(120))


@pytest.mark.parametrize("level", [473, 470, 999, 1])
@pytest.mark.parametrize("fee_type", ["quadratic", "quadratic_with_maker_fees"])
def test_fees_of_many_small_fills_stay_within_the_promise(level: int, fee_type: str) -> None:
    """A resting order pays rounding on every fill; the smallest lots are the worst case."""
    venue = exchange(POLICIES[0], FEE_OF, cash=Money(0))
    venue.change_grid(MARKET, TENTH, "deci_cent", T0)
    venue.change_fee(MARKET, SeriesFee(fee_type, MICRO), T0)
    venue.deposit("bob", dollars(1_000))
    venue.deposit("ann", Money(level * 1_000))
    sent = request(f"buy yes 1 at {level / 1_000}")
    while refused_or_none(venue, sent):
        venue.deposit("ann", Money(10))
    deposits = sum(venue.totals())
    for _ in range(100):
        placed(venue.place(request(f"buy no 0.01 at {1 - level / 1_000:.3f}", "bob"), T0))
        check_money(venue, deposits)
    assert venue.market(MARKET).volume == MICRO


def refused_or_none(venue: Exchange, sent: OrderRequest) -> bool:
    before = venue.market(MARKET).bid_size
    venue.place(sent, T0)
    return venue.market(MARKET).bid_size == before
