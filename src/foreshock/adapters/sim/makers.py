"""How does liquidity come to a simulated market? One maker each, around a fair price."""

import math
import random

import msgspec

from foreshock.adapters.sim.exchange import Exchange
from foreshock.adapters.sim.exchange_types import BookSide, OrderRequest, OrderState
from foreshock.adapters.sim.questions import Liquidity
from foreshock.core.domain.units import (
    MICRO,
    Instant,
    Price,
    Quantity,
    complement,
)

MAKER = "maker"
CROWD = "crowd"
TICK = Price(10_000)
LEVELS = 6
PRICE_MIN, PRICE_MAX = Price(10_000), Price(990_000)
LOT = 10_000


class Quote(msgspec.Struct):
    """One resting order of the maker."""

    order_id: str
    quantity: Quantity


class MarketMaker:
    """Keeps a ladder of quotes in one market; `half_spread` in ticks, at least half a tick."""

    def __init__(
        self, exchange: Exchange, native_id: str, style: Liquidity, rng: random.Random
    ) -> None:
        self._exchange = exchange
        self._native_id = native_id
        self._style = style
        self._rng = rng
        self._quotes: dict[tuple[BookSide, Price], Quote] = {}
        self._depth = rng.choice((80, 150, 250, 400))
        self.half_spread = rng.choice((0.5, 0.6, 1.0, 1.5)) if style == "normal" else 2.5

    def quote(self, fair: float, now_us: Instant) -> None:
        """Move the ladder to a fair YES price of 0..1; orders that would cross go first."""
        wanted = self._wanted(fair)
        for key in [key for key in self._quotes if key not in wanted]:
            self._exchange.cancel(MAKER, self._quotes.pop(key).order_id, now_us)
        for key, quantity in wanted.items():
            resting = self._quotes.get(key)
            if resting is not None and not self._is_used_up(resting):
                continue
            if resting is not None:
                self._exchange.cancel(MAKER, resting.order_id, now_us)
            self._place(key, quantity, now_us)

    def breathe(self, now_us: Instant) -> None:
        """Change the size of one level, as others come and go."""
        if not self._quotes:
            return
        key = self._rng.choice(list(self._quotes))
        self._exchange.cancel(MAKER, self._quotes.pop(key).order_id, now_us)
        self._place(key, self._size(), now_us)

    def _wanted(self, fair: float) -> dict[tuple[BookSide, Price], Quantity]:
        """Price levels of the ladder; sizes are drawn for levels that do not rest yet."""
        bid = math.floor((fair * MICRO - self.half_spread * TICK) / TICK) * TICK
        ask = math.ceil((fair * MICRO + self.half_spread * TICK) / TICK) * TICK
        ask = max(ask, bid + TICK)
        sides: list[tuple[BookSide, int, int]] = [("bid", bid, -TICK), ("ask", ask, TICK)]
        if self._style == "one_sided":
            sides = sides[:1]
        levels = 1 if self._style == "thin" else LEVELS
        return {
            (side, Price(price)): self._size()
            for side, best, step in sides
            for price in range(best, best + step * levels, step)
            if PRICE_MIN <= price <= PRICE_MAX
        }

    def _size(self) -> Quantity:
        scale = 12 if self._style in ("thin", "one_sided") else self._depth
        contracts = scale * (0.6 + 0.8 * self._rng.random())
        return Quantity(int(contracts * MICRO) // LOT * LOT)

    def _is_used_up(self, quote: Quote) -> bool:
        """Whether trades left less than half of an order, or nothing."""
        order = self._exchange.order(quote.order_id)
        return order is None or 2 * order.remaining < quote.quantity

    def _place(self, key: tuple[BookSide, Price], quantity: Quantity, now_us: Instant) -> None:
        side, price = key
        placed = self._exchange.place(
            OrderRequest(
                account=MAKER,
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
            self._quotes[key] = Quote(placed.order_id, placed.remaining)
        else:
            self._quotes.pop(key, None)


def take(
    exchange: Exchange, native_id: str, side: BookSide, contracts: float, now_us: Instant
) -> None:
    """The crowd hits the best price of a side, if there is one."""
    view = exchange.market(native_id)
    price = view.best_ask if side == "bid" else view.best_bid
    if view.status != "open" or price is None:
        return
    exchange.place(
        OrderRequest(
            account=CROWD,
            native_id=native_id,
            outcome="yes" if side == "bid" else "no",
            action="buy",
            price=price if side == "bid" else complement(price),
            quantity=Quantity(max(5 * MICRO, int(contracts * MICRO) // LOT * LOT)),
            time_in_force="ioc",
        ),
        now_us,
    )
