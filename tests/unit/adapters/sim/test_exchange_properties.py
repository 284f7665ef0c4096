"""Whatever people do: is every dollar accounted for, nobody overdrawn and no book crossed?"""

import random
from collections.abc import Callable
from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from foreshock.adapters.sim.exchange import Exchange
from foreshock.adapters.sim.exchange_types import (
    KALSHI_POLICY,
    POLYMARKET_POLICY,
    LevelChanged,
    OrderRequest,
    OrderState,
    VenuePolicy,
)
from foreshock.core.domain.markets import Action, CurveFee, FeeTerms, Outcome, SeriesFee
from foreshock.core.domain.units import MICRO, SECOND, Instant, Money, Price, Quantity
from tests.unit.adapters.sim.exchange_cases import (
    ACCOUNTS,
    FEES,
    MARKETS,
    POLICIES,
    T0,
    dollars,
    exchange,
)

CASH = "60"
OUTCOMES: tuple[Outcome, ...] = ("yes", "no")
ACTIONS: tuple[Action, ...] = ("buy", "buy", "sell")
OTHER_FEES: dict[str, tuple[FeeTerms | None, ...]] = {
    "kalshi": (None, SeriesFee("quadratic", MICRO), SeriesFee("quadratic", 2 * MICRO)),
    "polymarket": (None, CurveFee(0, 1), CurveFee(120_000, 1)),
}


class Crowd:
    """Does random things to an exchange; remembers deposits and folds what the events say."""

    def __init__(self, policy: VenuePolicy, seed: int) -> None:
        self.exchange = exchange(policy, CASH, fees=FEES)
        self.deposits: int = len(ACCOUNTS) * dollars(CASH)
        self.rng = random.Random(seed)
        self.now_us = T0
        self.totals: dict[tuple[str, str, Price], int] = {}
        self.orders: list[tuple[str, str]] = []

    def act(self) -> None:
        """One thing, most often an order."""
        self.now_us = Instant(self.now_us + self.rng.randrange(SECOND))
        rare: list[Callable[[], None]] = [
            self.cancel,
            self.cancel,
            self.decrease,
            self.split_or_merge,
            self.pause_or_resume,
            self.change_fee,
            self.deposit,
            self.cancel_all,
        ]
        (self.order if self.rng.random() < 0.75 else self.rng.choice(rare))()
        for event in self.exchange.take_events():
            if isinstance(event, LevelChanged):
                key = (event.native_id, event.side, event.price)
                self.totals[key] = self.totals.get(key, 0) + event.delta
                assert self.totals[key] == event.total

    def order(self) -> None:
        rng = self.rng
        expires_us = Instant(self.now_us + rng.randrange(1, 20 * SECOND))
        force = rng.choice(("gtc", "gtc", "gtd", "ioc", "fok"))
        request = OrderRequest(
            account=rng.choice(ACCOUNTS),
            native_id=rng.choice(MARKETS),
            outcome=rng.choice(OUTCOMES),
            action=rng.choice(ACTIONS),
            price=Price(rng.choice((1, 30, 45, 48, 50, 50, 52, 55, 70, 99)) * 10_000),
            quantity=Quantity(rng.choice((1, 100, 333, 500, 1_200)) * 10_000),
            time_in_force=force,
            expires_us=expires_us if force == "gtd" else None,
            post_only=rng.random() < 0.1,
            reduce_only=rng.random() < 0.1,
            cancel_on_pause=rng.random() < 0.5,
            self_trade=rng.choice(("taker_at_cross", "maker")),
        )
        placed = self.exchange.place(request, self.now_us)
        if isinstance(placed, OrderState):
            self.orders.append((placed.account, placed.order_id))

    def cancel(self) -> None:
        if self.orders:
            self.exchange.cancel(*self.rng.choice(self.orders), self.now_us)

    def decrease(self) -> None:
        if self.orders:
            account, order_id = self.rng.choice(self.orders)
            self.exchange.decrease(account, order_id, Quantity(500_000), self.now_us)

    def cancel_all(self) -> None:
        self.exchange.cancel_all(self.rng.choice(ACCOUNTS), self.now_us)

    def split_or_merge(self) -> None:
        account, market = self.rng.choice(ACCOUNTS), self.rng.choice(MARKETS)
        if self.exchange.policy.nets:
            return
        act = self.rng.choice((self.exchange.split, self.exchange.merge))
        with suppress(ValueError):  # cash or contracts did not suffice
            act(account, market, Quantity(3 * MICRO), self.now_us)

    def pause_or_resume(self) -> None:
        market = self.rng.choice(MARKETS)
        if self.exchange.market(market).status == "open":
            self.exchange.pause(market, self.now_us)
        for paused in MARKETS:
            if self.exchange.market(paused).status == "paused" and self.rng.random() < 0.8:
                self.exchange.open_market(paused, self.now_us)

    def change_fee(self) -> None:
        terms = self.rng.choice(OTHER_FEES[self.exchange.policy.venue])
        self.exchange.change_fee(self.rng.choice(MARKETS), terms, self.now_us)

    def deposit(self) -> None:
        self.exchange.deposit(self.rng.choice(ACCOUNTS), Money(1_234_567))
        self.deposits += 1_234_567


def check(crowd: Crowd) -> None:
    """What must hold at every moment."""
    venue = crowd.exchange
    assert sum(venue.totals()) == crowd.deposits
    for account in venue.accounts():
        balances = venue.balances(account)
        assert balances.cash >= 0
        assert balances.reserved >= 0
        assert balances.available >= 0
        for position in venue.positions(account):
            assert min(position.yes, position.no) >= 0
            assert not (venue.policy.nets and position.yes and position.no)
    for market in MARKETS:
        view = venue.market(market)
        assert (view.best_bid or 0) < (view.best_ask or MICRO)
        held = [p for a in ACCOUNTS for p in venue.positions(a) if p.native_id == market]
        assert sum(p.yes for p in held) == sum(p.no for p in held) == view.open_interest
        for side in ("bid", "ask"):
            levels = dict(venue.levels(market, side))
            told = {
                price: total
                for (native_id, of_side, price), total in crowd.totals.items()
                if (native_id, of_side) == (market, side) and total
            }
            assert levels == told


@pytest.mark.parametrize("policy", POLICIES, ids=lambda policy: policy.venue)
@settings(max_examples=40)
@given(seed=st.integers(0, 2**32))
def test_every_dollar_is_somewhere_and_nobody_is_overdrawn(policy: VenuePolicy, seed: int) -> None:
    crowd = Crowd(policy, seed)
    for _ in range(120):
        crowd.act()
        check(crowd)
    finish(crowd)
    assert sum(crowd.exchange.totals()) == crowd.deposits
    assert crowd.exchange.totals()[1] == 0


def finish(crowd: Crowd) -> None:
    """Settle every market: one on YES, one by a scalar."""
    venue = crowd.exchange
    for market, payout in zip(MARKETS, (Price(MICRO), Price(300_000)), strict=True):
        venue.close(market, crowd.now_us)
        assert not venue.levels(market, "bid")
        assert not venue.levels(market, "ask")
        venue.propose(market, payout, crowd.now_us)
        venue.settle(market, crowd.now_us)
    for account in ACCOUNTS:
        assert not venue.positions(account)
        balances = venue.balances(account)
        assert balances.reserved == 0
        assert balances.cash >= 0


def replay(policy: VenuePolicy, seed: int) -> tuple[Exchange, list[str]]:
    crowd = Crowd(policy, seed)
    for _ in range(150):
        crowd.act()
    states = [repr(order) for account in ACCOUNTS for order in crowd.exchange.orders(account)]
    return crowd.exchange, states


@pytest.mark.parametrize("policy", POLICIES, ids=lambda policy: policy.venue)
def test_the_same_requests_make_the_same_identifiers(policy: VenuePolicy) -> None:
    first, second = replay(policy, 5), replay(policy, 5)
    assert first[1] == second[1]
    assert len(first[1]) > 30
    assert first[0].totals() == second[0].totals()


@pytest.mark.parametrize("policy", [POLYMARKET_POLICY, KALSHI_POLICY], ids=lambda p: p.venue)
def test_the_random_crowd_reaches_what_it_should_test(policy: VenuePolicy) -> None:
    """Otherwise the properties above would hold for want of anything happening."""
    ends: set[str | None] = set()
    trades = 0
    for seed in range(6):
        venue, _ = replay(policy, seed)
        ends |= {o.cancel_reason for a in ACCOUNTS for o in venue.orders(a) if not o.remaining}
        trades += sum(len(venue.trades(market, 1_000)) for market in MARKETS)
    assert trades > 60
    assert {None, "user", "remainder", "self_trade", "expired", "paused"} <= ends
    assert ("resumed" in ends) == policy.cancels_on_resume
