"""How does liquidity come to a simulated market? One maker each, around a fair price; a crowd."""

import math
import random
from collections.abc import Iterator
from typing import TypeAlias

import msgspec

from foreshock.adapters.sim.exchange import Exchange
from foreshock.adapters.sim.exchange_types import BookSide, OrderRequest, OrderState
from foreshock.adapters.sim.questions import Liquidity
from foreshock.core.domain.markets import PriceGrid
from foreshock.core.domain.units import (
    MICRO,
    PAYOUT,
    Instant,
    Money,
    Price,
    Quantity,
    complement,
)

CROWD = "crowd"
CENT = 10_000
WHOLE_SHARE = 0.8
"""Of orders that are for whole contracts; the rest are for hundredths."""
HUNDREDTH = 10_000
TAKEN_MIN = Quantity(5 * MICRO)
MAKER_CASH = Money(5_000_000 * MICRO)

Spot: TypeAlias = tuple[BookSide, Price]


class Habit(msgspec.Struct, frozen=True):
    """How a kind of market is quoted.

    half_spread: from the fair price, in cents, lowest and highest drawn. contracts: at the best
    price; each level further holds `growth` more of that. sides: which are quoted.
    """

    half_spread: tuple[float, float]
    contracts: tuple[float, float]
    levels: int
    growth: float = 0.3
    sides: tuple[BookSide, ...] = ("bid", "ask")


HABITS: dict[Liquidity, Habit] = {
    "deep": Habit((0.3, 0.7), (250.0, 900.0), levels=9),
    "normal": Habit((0.4, 1.3), (60.0, 350.0), levels=6),
    "thin": Habit((1.5, 3.5), (8.0, 30.0), levels=2, growth=1.0),
    "one_sided": Habit((1.0, 2.5), (10.0, 60.0), levels=3, sides=("bid",)),
    "stale": Habit((1.5, 3.0), (20.0, 80.0), levels=4),
}


class Quote(msgspec.Struct, frozen=True):
    """One resting order of the maker, and what it was for."""

    order_id: str
    quantity: Quantity


class MarketMaker:
    """Keeps a ladder of quotes in one market; `half_spread` in cents.

    The best price of a side follows the fair one on the market's grid; the others are whole cents.
    """

    def __init__(
        self, exchange: Exchange, native_id: str, liquidity: Liquidity, rng: random.Random
    ) -> None:
        habit = HABITS[liquidity]
        self.half_spread = rng.uniform(*habit.half_spread)
        self.account = f"maker of {native_id}"
        self._exchange = exchange
        self._native_id = native_id
        self._habit = habit
        self._rng = rng
        self._quotes: dict[Spot, Quote] = {}
        self._contracts = rng.uniform(*habit.contracts)

    def quote(self, fair: float, now_us: Instant) -> None:
        """Move the ladder to a fair YES price of 0..1; what is no longer wanted goes first."""
        grid = self._exchange.market(self._native_id).listing.market.grid
        wanted = dict(self._wanted(fair, grid))
        for spot in [spot for spot in self._quotes if spot not in wanted]:
            self._withdraw(spot, now_us)
        for spot, depth in wanted.items():
            resting = self._quotes.get(spot)
            if resting is not None and not self._is_used_up(resting):
                continue
            if resting is not None:
                self._withdraw(spot, now_us)
            self._place(spot, self._size(depth), now_us)

    def breathe(self, now_us: Instant) -> None:
        """Change the size of one level, as others come and go."""
        if not self._quotes:
            return
        spots = list(self._quotes)
        index = self._rng.randrange(len(spots))
        self._withdraw(spots[index], now_us)
        self._place(spots[index], self._size(index % self._habit.levels), now_us)

    def _wanted(self, fair: float, grid: PriceGrid) -> Iterator[tuple[Spot, int]]:
        """Places of the ladder with their depth: 0 for the best price of a side."""
        best_bid = snapped(grid, (fair - self.half_spread / 100) * MICRO)
        # An ask is a bid for NO, so it is found the same way from the other end.
        best_ask = PAYOUT - snapped(grid, (1 - fair - self.half_spread / 100) * MICRO)
        for side in self._habit.sides:
            best = best_bid if side == "bid" else best_ask
            for depth, price in enumerate(_outward(side, best, self._habit.levels)):
                if grid.accepts(price):
                    yield (side, price), depth

    def _size(self, depth: int) -> Quantity:
        contracts = self._contracts * (1 + self._habit.growth * depth)
        contracts *= self._rng.uniform(0.6, 1.4)
        unit = MICRO if self._rng.random() < WHOLE_SHARE else HUNDREDTH
        return Quantity(max(TAKEN_MIN, int(contracts * MICRO) // unit * unit))

    def _is_used_up(self, quote: Quote) -> bool:
        """Whether trades left less than half of an order, or nothing."""
        remaining = self._exchange.remaining(quote.order_id)
        return remaining is None or 2 * remaining < quote.quantity

    def _withdraw(self, spot: Spot, now_us: Instant) -> None:
        self._exchange.cancel(self.account, self._quotes.pop(spot).order_id, now_us)

    def _place(self, spot: Spot, quantity: Quantity, now_us: Instant) -> None:
        side, price = spot
        placed = self._exchange.place(
            OrderRequest(
                account=self.account,
                native_id=self._native_id,
                outcome="yes" if side == "bid" else "no",
                action="buy",
                price=price if side == "bid" else complement(price),
                quantity=quantity,
                self_trade="maker",
            ),
            now_us,
        )
        if isinstance(placed, OrderState) and placed.remaining:
            self._quotes[spot] = Quote(placed.order_id, quantity)


def snapped(grid: PriceGrid, price: float) -> Price:
    """The highest price of a grid at or below `price`, at least 0."""
    whole = max(0, min(PAYOUT, math.floor(price)))
    step = grid.step_at(Price(whole)) or grid.finest()
    return Price(whole - whole % step)


def take(
    exchange: Exchange,
    native_id: str,
    side: BookSide,
    contracts: float,
    now_us: Instant,
    *,
    sells: bool = False,
) -> None:
    """The crowd hits the best price of the other side, if there is one.

    side: bid to end with more YES, bought or, when it `sells`, got by giving up NO. contracts: at
    least TAKEN_MIN are asked for.
    """
    view = exchange.market(native_id)
    price = view.best_ask if side == "bid" else view.best_bid
    if view.status != "open" or price is None:
        return
    is_yes = (side == "bid") != sells
    exchange.place(
        OrderRequest(
            account=CROWD,
            native_id=native_id,
            outcome="yes" if is_yes else "no",
            action="sell" if sells else "buy",
            price=price if is_yes else complement(price),
            quantity=Quantity(max(TAKEN_MIN, int(contracts * MICRO) // HUNDREDTH * HUNDREDTH)),
            time_in_force="ioc",
        ),
        now_us,
    )


def _outward(side: BookSide, best: int, count: int) -> Iterator[Price]:
    """The best price, then whole cents away from the middle."""
    yield Price(best)
    step = -CENT if side == "bid" else CENT
    first = best // CENT * CENT if side == "bid" else -(-best // CENT) * CENT
    start = first + step if first == best else first
    for number in range(count - 1):
        yield Price(start + number * step)
