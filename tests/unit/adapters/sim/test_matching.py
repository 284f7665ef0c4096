"""Does the book trade by price, then time? Compared with a matcher too simple to be wrong."""

import random
from collections import Counter

import pytest

from foreshock.adapters.sim.exchange_types import OrderRequest, SelfTrade, Trade
from foreshock.adapters.sim.matching import Order, Side, plan_matches, side_name
from foreshock.core.domain.markets import Action, Outcome
from foreshock.core.domain.units import MICRO, Instant, Money, Price, Quantity
from tests.unit.adapters.sim.exchange_cases import KALSHI_POLICY, MARKETS, T0, exchange

NOW = Instant(T0)


def order(
    number: int,
    what: tuple[Action, Outcome],
    cents: int,
    contracts: int,
    account: str = "ann",
    self_trade: SelfTrade = "taker_at_cross",
) -> Order:
    request = OrderRequest(
        account=account,
        native_id="M1",
        outcome=what[1],
        action=what[0],
        price=Price(cents * 10_000),
        quantity=Quantity(contracts * MICRO),
        self_trade=self_trade,
    )
    return Order(request, number, f"o{number}", NOW)


class PlainBook:
    """A list of resting orders, searched from the start for each match."""

    def __init__(self) -> None:
        self.resting: list[list[int]] = []  # is_bid, yes price, arrival, left
        self.trades: list[tuple[int, int, int]] = []  # maker's arrival, price, quantity

    def add(self, is_bid: bool, price: int, arrival: int, left: int) -> None:
        while left:
            makers = [
                maker
                for maker in self.resting
                if maker[0] != is_bid and (maker[1] <= price if is_bid else maker[1] >= price)
            ]
            if not makers:
                self.resting.append([is_bid, price, arrival, left])
                return
            maker = min(makers, key=lambda m: (m[1] if is_bid else -m[1], m[2]))
            quantity = min(left, maker[3])
            self.trades.append((maker[2], maker[1], quantity))
            maker[3] -= quantity
            left -= quantity
            self.resting = [m for m in self.resting if m[3]]

    def levels(self, is_bid: bool) -> list[tuple[int, int]]:
        totals: Counter[int] = Counter()
        for of_bid, price, _, left in self.resting:
            if of_bid == is_bid:
                totals[price] += left
        return sorted(totals.items(), reverse=is_bid)


@pytest.mark.parametrize("seed", range(25))
def test_trades_and_book_equal_the_plain_matchers(seed: int) -> None:
    rng = random.Random(seed)
    venue, plain = exchange(KALSHI_POLICY, "1000000"), PlainBook()
    for arrival in range(1, 200):
        is_buy, is_yes = rng.random() < 0.5, rng.random() < 0.5
        price, quantity = rng.randrange(40, 61) * 10_000, rng.randrange(1, 40) * 10_000
        # A new account each time: nobody meets itself.
        venue.open_account(f"a{arrival}", Money(1_000_000 * MICRO))
        venue.place(
            OrderRequest(
                account=f"a{arrival}",
                native_id=MARKETS[0],
                outcome="yes" if is_yes else "no",
                action="buy" if is_buy else "sell",
                price=Price(price),
                quantity=Quantity(quantity),
            ),
            NOW,
        )
        yes_price = price if is_yes else MICRO - price
        plain.add(is_buy == is_yes, yes_price, arrival, quantity)
    trades = [event for event in venue.take_events() if isinstance(event, Trade)]
    assert [(int(t.maker_order[7:]), t.price, t.quantity) for t in trades] == plain.trades
    assert len(trades) > 50
    assert list(venue.levels(MARKETS[0], "bid")) == plain.levels(is_bid=True)
    assert list(venue.levels(MARKETS[0], "ask")) == plain.levels(is_bid=False)


def test_a_buy_of_no_is_an_ask_for_yes_at_the_complement() -> None:
    ask = order(1, ("buy", "no"), 40, 1)
    assert not ask.is_bid
    assert ask.yes_price == 600_000
    assert order(2, ("sell", "no"), 40, 1).is_bid
    assert order(3, ("buy", "yes"), 60, 1).rank + ask.rank == MICRO


def test_orders_of_one_price_wait_in_line_even_after_a_shrink() -> None:
    side = Side(is_bid=True)
    first, second = (order(n, ("buy", "yes"), 50, 10) for n in (1, 2))
    better = order(3, ("buy", "yes"), 51, 10)
    for resting in (first, second, better):
        side.insert(resting)
    assert side.shrink(first, 4 * MICRO) == 16 * MICRO
    assert [o.number for o in side.orders()] == [3, 1, 2]
    plan = plan_matches(order(9, ("sell", "yes"), 50, 20, "bob"), side)
    assert [(o.number, q // MICRO) for o, q in plan.fills] == [(3, 10), (1, 6), (2, 4)]
    assert plan.quantity == 20 * MICRO


def test_an_empty_level_disappears() -> None:
    side = Side(is_bid=False)
    only = order(1, ("sell", "yes"), 55, 3)
    side.insert(only)
    assert side.best() == 550_000
    assert side.best_size() == 3 * MICRO
    assert side.shrink(only, 3 * MICRO) == 0
    assert side.best() is None
    assert side.best_size() == 0
    assert side.top(None) == ()


def test_top_gives_the_best_levels_first() -> None:
    asks = Side(is_bid=False)
    for number, cents in enumerate((57, 55, 56, 55), start=1):
        asks.insert(order(number, ("sell", "yes"), cents, 2))
    assert asks.top(2) == ((550_000, 4 * MICRO), (560_000, 2 * MICRO))
    assert len(asks.top(None)) == 3


def test_prices_that_do_not_cross_do_not_meet() -> None:
    bids = Side(is_bid=True)
    bids.insert(order(1, ("buy", "yes"), 49, 5, "bob"))
    plan = plan_matches(order(2, ("sell", "yes"), 50, 5), bids)
    assert not plan.fills
    assert plan.quantity == 0


def test_the_incoming_order_stops_at_its_own_account() -> None:
    bids = Side(is_bid=True)
    for number, account in ((1, "bob"), (2, "ann"), (3, "bob")):
        bids.insert(order(number, ("buy", "yes"), 50, 5, account))
    plan = plan_matches(order(4, ("sell", "yes"), 50, 15), bids)
    assert [o.number for o, _ in plan.fills] == [1]
    assert plan.is_blocked
    assert not plan.displaced


def test_the_resting_order_yields_when_the_maker_is_to_yield() -> None:
    bids = Side(is_bid=True)
    for number, account in ((1, "bob"), (2, "ann"), (3, "bob")):
        bids.insert(order(number, ("buy", "yes"), 50, 5, account))
    plan = plan_matches(order(4, ("sell", "yes"), 50, 10, "ann", "maker"), bids)
    assert [o.number for o, _ in plan.fills] == [1, 3]
    assert [o.number for o in plan.displaced] == [2]
    assert not plan.is_blocked


def test_status_follows_the_quantities() -> None:
    resting = order(1, ("buy", "yes"), 50, 5)
    assert resting.status() == "resting"
    resting.remaining = 0
    assert resting.status() == "executed"
    resting.cancel_reason = "user"
    assert resting.state().status == "canceled"


def test_sides_have_names() -> None:
    assert (side_name(is_bid=True), side_name(is_bid=False)) == ("bid", "ask")
