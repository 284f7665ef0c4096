"""Does the book match as the plainest possible matcher would, order by order?"""

from dataclasses import dataclass, field

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from foreshock.adapters.sim.exchange import Exchange
from foreshock.adapters.sim.exchange_types import (
    KALSHI_POLICY,
    OrderRequest,
    OrderState,
    SelfTrade,
    TimeInForce,
    Trade,
)
from foreshock.core.domain.units import MICRO, PAYOUT, Instant, Money, Price, Quantity
from tests.unit.adapters.sim.exchange_scene import (
    ACTIONS,
    MARKET,
    OUTCOMES,
    Watcher,
    check_book,
    exchange,
)
from tests.unit.adapters.sim.face_scenario import T0

ACCOUNTS = ("ann", "bob", "cy")
MANY = Money(10**15)


@dataclass
class PlainOrder:
    """An order of the reference: a line in one list."""

    number: int
    account: str
    is_bid: bool
    yes_price: int
    left: int


@dataclass
class PlainMarket:
    """The reference: sorts everything anew for every order. Slow, and obviously right."""

    lines: list[PlainOrder] = field(default_factory=list[PlainOrder])
    trades: list[tuple[int, int, int, int]] = field(default_factory=list[tuple[int, int, int, int]])

    def facing(self, order: PlainOrder) -> list[PlainOrder]:
        sign = 1 if order.is_bid else -1
        return sorted(
            (
                line
                for line in self.lines
                if line.is_bid != order.is_bid and sign * (order.yes_price - line.yes_price) >= 0
            ),
            key=lambda line: (sign * line.yes_price, line.number),
        )

    def place(self, order: PlainOrder, sent: OrderRequest) -> bool:
        """Whether the order is taken."""
        facing = self.facing(order)
        is_taker_yielding = sent.self_trade == "taker_at_cross"
        own = [line for line in facing if line.account == order.account]
        reachable = facing[: facing.index(own[0])] if own and is_taker_yielding else facing
        others = [line for line in reachable if line.account != order.account]
        meets_itself = self._reached(order.left, facing, own)
        if sent.post_only and (others or meets_itself):
            return False
        if sent.time_in_force == "fok" and sum(line.left for line in others) < order.left:
            return False
        is_stopped = self._match(order, facing, is_taker_yielding=is_taker_yielding)
        if order.left and sent.time_in_force == "gtc" and not is_stopped:
            self.lines.append(order)
        self.lines = [line for line in self.lines if line.left]
        return True

    def _match(
        self, order: PlainOrder, facing: list[PlainOrder], *, is_taker_yielding: bool
    ) -> bool:
        for line in facing:
            if not order.left:
                return False
            if line.account == order.account:
                if is_taker_yielding:
                    return True
                line.left = 0
                continue
            quantity = min(order.left, line.left)
            order.left -= quantity
            line.left -= quantity
            self.trades.append((order.number, line.number, quantity, line.yes_price))
        return False

    @staticmethod
    def _reached(left: int, facing: list[PlainOrder], own: list[PlainOrder]) -> bool:
        for line in facing:
            if line in own:
                return True
            left -= line.left
            if left <= 0:
                return False
        return False

    def levels(self, *, is_bid: bool) -> list[tuple[int, int]]:
        sums: dict[int, int] = {}
        for line in self.lines:
            if line.is_bid == is_bid:
                sums[line.yes_price] = sums.get(line.yes_price, 0) + line.left
        return sorted(sums.items(), reverse=is_bid)


def replace_post_only(sent: OrderRequest) -> OrderRequest:
    return msgspec.structs.replace(sent, post_only=True, time_in_force="gtc")


TERMS: tuple[TimeInForce, ...] = ("gtc", "gtc", "gtc", "ioc", "fok")
YIELDING: tuple[SelfTrade, ...] = ("taker_at_cross", "maker")
requests = st.builds(
    OrderRequest,
    account=st.sampled_from(ACCOUNTS),
    native_id=st.just(MARKET),
    outcome=st.sampled_from(OUTCOMES),
    action=st.sampled_from(ACTIONS),
    price=st.integers(46, 54).map(lambda cents: Price(cents * 10_000)),
    quantity=st.integers(1, 900).map(lambda lots: Quantity(lots * 10_000)),
    time_in_force=st.sampled_from(TERMS),
    self_trade=st.sampled_from(YIELDING),
)
steps = st.lists(
    st.one_of(
        requests,
        st.builds(replace_post_only, requests),
        st.tuples(st.integers(0, 30), st.integers(0, 400)),
    ),
    max_size=40,
)


def plain_of(number: int, sent: OrderRequest) -> PlainOrder:
    yes_price = sent.price if sent.outcome == "yes" else PAYOUT - sent.price
    is_bid = (sent.outcome == "yes") == (sent.action == "buy")
    return PlainOrder(number, sent.account, is_bid, yes_price, sent.quantity)


def shrink(venue: Exchange, plain: PlainMarket, nth: int, left: int, now_us: Instant) -> None:
    """Cancel (left 0) or decrease the nth resting order in both."""
    if nth >= len(plain.lines):
        return
    line = plain.lines[nth]
    order_id = f"{KALSHI_POLICY.venue}-{line.number}"
    venue.decrease(line.account, order_id, Quantity(left * 10_000), now_us)
    line.left = min(line.left, left * 10_000)
    plain.lines = [kept for kept in plain.lines if kept.left]


@given(steps)
def test_matches_like_the_plain_reference(
    sequence: list[OrderRequest | tuple[int, int]],
) -> None:
    venue, plain, watcher = exchange(KALSHI_POLICY, cash=MANY), PlainMarket(), Watcher()
    number, seen = 0, list[tuple[int, int, int, int]]()
    for moment, step in enumerate(sequence):
        now_us = Instant(T0 + moment * MICRO)
        if isinstance(step, tuple):
            shrink(venue, plain, *step, now_us)
        else:
            number += 1
            taken = plain.place(plain_of(number, step), step)
            assert isinstance(venue.place(step, now_us), OrderState) == taken
        for trade in reversed(venue.trades(MARKET, 1_000)[: len(plain.trades) - len(seen)]):
            seen.append(described(trade))
        assert seen == plain.trades
        assert list(venue.levels(MARKET, "bid")) == plain.levels(is_bid=True)
        assert list(venue.levels(MARKET, "ask")) == plain.levels(is_bid=False)
        watcher.look(venue)
        check_book(venue)


def described(trade: Trade) -> tuple[int, int, int, int]:
    taker, maker = (int(name.rpartition("-")[2]) for name in (trade.taker_order, trade.maker_order))
    return taker, maker, trade.quantity, trade.price
