"""Whom does an order meet, and in which order? Price first, then time.

A side keeps its levels by rank, which grows toward the better price: the price for bids, 1 - price
for asks. Two orders of opposite sides cross when their ranks add up to a dollar or more.
"""

from bisect import bisect_left
from collections.abc import Iterator

import msgspec

from foreshock.adapters.sim.exchange_types import (
    BookSide,
    CancelReason,
    OrderRequest,
    OrderState,
    OrderStatus,
)
from foreshock.core.domain.books import Levels
from foreshock.core.domain.units import PAYOUT, Instant, Money, Price, Quantity, complement


class Amendment(msgspec.Struct, frozen=True, kw_only=True):
    """What a resting order becomes: `quantity` counts what is filled already.

    price: of the outcome the order names. client_order_id: None keeps the name.
    """

    price: Price
    quantity: Quantity
    expires_us: Instant | None
    client_order_id: str | None = None


class Order:
    """One order, from acceptance to its end.

    price: of the outcome named in the request. reserved: cash promised for what remains.
    """

    __slots__ = (
        "cancel_reason",
        "carried",
        "created_us",
        "filled",
        "is_bid",
        "maker_cost",
        "maker_fees",
        "number",
        "order_id",
        "rank",
        "remaining",
        "request",
        "reserved",
        "taker_cost",
        "taker_fees",
        "taker_filled",
        "trades",
        "updated_us",
        "yes_price",
    )

    def __init__(self, request: OrderRequest, number: int, order_id: str, now_us: Instant) -> None:
        self.number = number
        self.order_id = order_id
        self.say(request)
        self.remaining: int = request.quantity
        self.filled = 0
        self.reserved = 0
        self.taker_filled = self.taker_cost = self.maker_cost = 0
        self.taker_fees = self.maker_fees = 0
        self.carried = Money(0)
        self.cancel_reason: CancelReason | None = None
        self.created_us = self.updated_us = now_us
        self.trades: list[int] = []

    def say(self, request: OrderRequest) -> None:
        """Take the terms of a request: where it stands in the book follows from them."""
        is_yes = request.outcome == "yes"
        self.request = request
        self.is_bid = is_yes == (request.action == "buy")
        self.yes_price: int = request.price if is_yes else complement(request.price)
        self.rank: int = self.yes_price if self.is_bid else PAYOUT - self.yes_price

    def status(self) -> OrderStatus:
        """Derived, so that it cannot disagree with the quantities."""
        if self.cancel_reason is not None:
            return "canceled"
        return "resting" if self.remaining else "executed"

    def state(self) -> OrderState:
        """An immutable picture of the order now."""
        request = self.request
        return OrderState(
            order_id=self.order_id,
            number=self.number,
            client_order_id=request.client_order_id,
            account=request.account,
            native_id=request.native_id,
            outcome=request.outcome,
            action=request.action,
            side="bid" if self.is_bid else "ask",
            price=request.price,
            yes_price=Price(self.yes_price),
            quantity=request.quantity,
            filled=Quantity(self.filled),
            remaining=Quantity(self.remaining),
            taker_filled=Quantity(self.taker_filled),
            taker_cost=Money(self.taker_cost),
            maker_cost=Money(self.maker_cost),
            taker_fees=Money(self.taker_fees),
            maker_fees=Money(self.maker_fees),
            status=self.status(),
            cancel_reason=self.cancel_reason,
            time_in_force=request.time_in_force,
            expires_us=request.expires_us,
            self_trade=request.self_trade,
            cancel_on_pause=request.cancel_on_pause,
            created_us=self.created_us,
            updated_us=self.updated_us,
            trades=tuple(self.trades),
            group=request.group,
        )


class Level:
    """Orders resting at one price, oldest first, and their total."""

    __slots__ = ("orders", "total")

    def __init__(self) -> None:
        self.orders: dict[int, Order] = {}
        self.total = 0


class Side:
    """One side of one book. `ranks` ascend, so the best is last."""

    __slots__ = ("is_bid", "levels", "ranks")

    def __init__(self, *, is_bid: bool) -> None:
        self.is_bid = is_bid
        self.ranks: list[int] = []
        self.levels: dict[int, Level] = {}

    def insert(self, order: Order) -> int:
        """Rest an order behind its level's others. Returns the level's total."""
        level = self.levels.get(order.rank)
        if level is None:
            level = self.levels[order.rank] = Level()
            self.ranks.insert(bisect_left(self.ranks, order.rank), order.rank)
        level.orders[order.number] = order
        level.total += order.remaining
        return level.total

    def shrink(self, order: Order, quantity: int) -> int:
        """Take `quantity` off a resting order, and the order out when nothing remains.

        Returns the level's total; the order's own figures are changed here and nowhere else.
        """
        level = self.levels[order.rank]
        order.remaining -= quantity
        level.total -= quantity
        if not order.remaining:
            del level.orders[order.number]
        if not level.orders:
            del self.levels[order.rank]
            del self.ranks[bisect_left(self.ranks, order.rank)]
        return level.total

    def best(self) -> Price | None:
        """Best YES price, None when empty."""
        return self.price(self.ranks[-1]) if self.ranks else None

    def best_size(self) -> Quantity:
        """Total at the best price, 0 when empty."""
        return Quantity(self.levels[self.ranks[-1]].total if self.ranks else 0)

    def price(self, rank: int) -> Price:
        """YES price of a rank."""
        return Price(rank if self.is_bid else PAYOUT - rank)

    def top(self, count: int | None) -> Levels:
        """The best levels, best first; all when count is None."""
        ranks = self.ranks[::-1] if count is None else self.ranks[: -count - 1 : -1]
        return tuple((self.price(rank), Quantity(self.levels[rank].total)) for rank in ranks)

    def orders(self) -> list[Order]:
        """Every resting order, best price first, oldest first."""
        return [o for rank in reversed(self.ranks) for o in self.levels[rank].orders.values()]

    def crossing(self, rank: int) -> Iterator[Order]:
        """Orders that an opposite order of this rank may meet, in the order in which it would."""
        for own in reversed(self.ranks):
            if own + rank < PAYOUT:
                return
            yield from self.levels[own].orders.values()


class Plan:
    """What would happen to an incoming order, before anything does.

    displaced: own resting orders that yield. is_blocked: it met itself and stops there.
    """

    __slots__ = ("displaced", "fills", "is_blocked", "quantity")

    def __init__(self) -> None:
        self.fills: list[tuple[Order, int]] = []
        self.displaced: list[Order] = []
        self.is_blocked = False
        self.quantity = 0


def plan_matches(order: Order, opposite: Side) -> Plan:
    """Price-time priority with self-trade prevention."""
    plan = Plan()
    left, account = order.remaining, order.request.account
    for resting in opposite.crossing(order.rank):
        if resting.request.account == account:
            if order.request.self_trade == "taker_at_cross":
                plan.is_blocked = True
                break
            plan.displaced.append(resting)
            continue
        quantity = min(left, resting.remaining)
        plan.fills.append((resting, quantity))
        left -= quantity
        if not left:
            break
    plan.quantity = order.remaining - left
    return plan


def side_name(*, is_bid: bool) -> BookSide:
    """The word for a side."""
    return "bid" if is_bid else "ask"
