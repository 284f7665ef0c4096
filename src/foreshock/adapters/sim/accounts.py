"""Who owns what, and can they pay? Cash, contracts and promises of every account.

Every dollar stands in one of three places: some account's cash, the vault that backs outstanding
sets (one YES and one NO, worth a dollar together), or the fees collected.

Promises are judged on what would be left: an order is taken when, after its fills at once and with
its rest in the book, cash still covers every resting order. Where contracts net, an order against
a position needs no cash for the part that closes it: the cheapest contracts count as the closing
ones, so no later fill, in whatever order, can overdraw the account.
"""

from collections import deque
from collections.abc import Iterable
from typing import TypeAlias

from foreshock.adapters.sim.exchange_types import Filled, Position, Settlement
from foreshock.adapters.sim.matching import Order
from foreshock.core.domain.markets import Outcome
from foreshock.core.domain.units import MICRO, PAYOUT, Instant, Money, Price, Quantity

Interest: TypeAlias = tuple[str, bool, int, int]
"""Market, whether it bids for YES, price of the contract it acquires, quantity."""
HISTORY_DEFAULT_MAX = 10_000
"""Ended orders, and fills, remembered for one account."""


class Holding:
    """Contracts of one account in one market; index 0 is YES, 1 is NO."""

    __slots__ = ("cost", "fees", "promised", "quantity", "realized", "traded", "updated_us")

    def __init__(self) -> None:
        self.quantity = [0, 0]
        self.cost = [0, 0]
        self.promised = [0, 0]
        self.traded = self.realized = self.fees = 0
        self.updated_us = Instant(0)

    def net(self) -> int:
        """Signed YES contracts."""
        return self.quantity[0] - self.quantity[1]

    def acquire(self, index: int, quantity: int, amount: int) -> None:
        """Add contracts bought for `amount`."""
        self.quantity[index] += quantity
        self.cost[index] += amount

    def release(self, index: int, quantity: int, proceeds: int) -> None:
        """Give contracts away for `proceeds`; their share of the cost leaves with them."""
        held = self.quantity[index]
        share = self.cost[index] * quantity // held if held else 0
        self.quantity[index] -= quantity
        self.cost[index] -= share
        self.realized += proceeds - share

    def position(self, native_id: str) -> Position:
        """An immutable picture."""
        return Position(
            native_id=native_id,
            yes=Quantity(self.quantity[0]),
            no=Quantity(self.quantity[1]),
            yes_cost=Money(self.cost[0]),
            no_cost=Money(self.cost[1]),
            traded=Money(self.traded),
            realized=Money(self.realized),
            fees=Money(self.fees),
            updated_us=self.updated_us,
        )


class Account:
    """One account. `reserved` is what its resting orders may cost, closing parts not deducted.

    is_paid_by_hand: it is paid for a settled market only when it asks.
    """

    __slots__ = (
        "cash",
        "client_ids",
        "ended",
        "fills",
        "holdings",
        "is_paid_by_hand",
        "is_reported",
        "name",
        "nets",
        "reserved",
        "resting",
        "settlements",
    )

    def __init__(self, name: str, *, nets: bool, is_reported: bool, history_max: int) -> None:
        self.name = name
        self.nets = nets
        self.is_reported = is_reported
        self.is_paid_by_hand = False
        self.cash = 0
        self.reserved = 0
        self.holdings: dict[str, Holding] = {}
        self.resting: dict[str, Order] = {}
        self.ended: deque[Order] = deque(maxlen=history_max)
        self.fills: deque[Filled] = deque(maxlen=history_max)
        self.settlements: deque[Settlement] = deque(maxlen=history_max)
        self.client_ids: dict[str, str] = {}

    def holding(self, native_id: str) -> Holding:
        """The holding, made when it does not exist yet."""
        found = self.holdings.get(native_id)
        if found is None:
            found = self.holdings[native_id] = Holding()
        return found

    def free(self, native_id: str, index: int) -> int:
        """Contracts held and not promised to a resting sell order."""
        found = self.holdings.get(native_id)
        return found.quantity[index] - found.promised[index] if found else 0

    def promised_cash(self) -> int:
        """Cash that resting orders may still need, closing parts deducted."""
        if not self.nets:
            return self.reserved
        return self.reserved - closing_discount(self)


def takes_cash(account: Account, order: Order) -> bool:
    """Whether a resting order promises cash (else it promises contracts)."""
    return account.nets or order.request.action == "buy"


def leg_of(account: Account, order: Order) -> tuple[int, bool]:
    """Index of the outcome an order moves, and whether it acquires it.

    Where contracts net, selling one outcome is buying the other.
    """
    if account.nets:
        return (0 if order.is_bid else 1), True
    return outcome_index(order.request.outcome), order.request.action == "buy"


def leg_price(index: int, yes_price: int) -> int:
    """Price of an outcome given the book's."""
    return PAYOUT - yes_price if index else yes_price


def outcome_index(outcome: Outcome) -> int:
    """0 for YES, 1 for NO."""
    return 0 if outcome == "yes" else 1


def amount_of(price: int, quantity: int) -> int:
    """Dollars for contracts; exact, because listing demands a lot that makes it so."""
    return price * quantity // MICRO


def can_afford(
    account: Account, order: Order, fills: Iterable[tuple[int, int, int]], rest_reserve: int
) -> bool:
    """Whether cash covers all promises after these fills and with the rest in the book.

    fills: (yes_price, quantity, fee) each. rest_reserve: what the remainder promises, 0 if none.
    The order itself is not yet among the account's resting ones.
    """
    native_id = order.request.native_id
    index, acquires = leg_of(account, order)
    cash, filled = account.cash, 0
    for yes_price, quantity, fee in fills:
        amount = amount_of(leg_price(index, yes_price), quantity)
        cash += -amount - fee if acquires else amount - fee
        filled += quantity
    net = _net(account, native_id)
    if account.nets:
        cash += min(filled, max(0, net if index else -net))
    left = cash - account.reserved - rest_reserve
    if left >= 0 or not account.nets:
        return left >= 0
    assumed = (native_id, net - filled if index else net + filled)
    rest = (native_id, order.is_bid, order.rank, order.remaining - filled)
    return left + closing_discount(account, assumed, rest) >= 0


def closing_discount(
    account: Account, assumed: tuple[str, int] | None = None, rest: Interest | None = None
) -> int:
    """Cash that orders against positions do not need: the cheapest contracts close.

    assumed: a market and the net position to take for the one held. rest: an order not yet resting.
    """
    interests: list[Interest] = [
        (order.request.native_id, order.is_bid, order.rank, order.remaining)
        for order in account.resting.values()
    ]
    if rest is not None:
        interests.append(rest)
    closing: dict[str, list[tuple[int, int]]] = {}
    left: dict[str, int] = {}
    for native_id, is_bid, price, quantity in interests:
        is_assumed = assumed is not None and assumed[0] == native_id
        net = assumed[1] if assumed is not None and is_assumed else _net(account, native_id)
        if net and (net < 0) == is_bid:
            closing.setdefault(native_id, []).append((price, quantity))
            left[native_id] = abs(net)
    return sum(_cheapest(offers, left[native_id]) for native_id, offers in closing.items())


def apply_fill(
    account: Account, order: Order, yes_price: int, quantity: int, fee: int
) -> tuple[int, int]:
    """Move cash and contracts for one side of a trade.

    Returns the signed change of cash and of the sets that this side adds to the vault, counted
    twice (each side of a trade brings half of a set).
    """
    holding = account.holding(order.request.native_id)
    index, acquires = leg_of(account, order)
    amount = amount_of(leg_price(index, yes_price), quantity)
    holding.fees += fee
    holding.traded += amount
    if not acquires:
        holding.release(index, quantity, amount)
        account.cash += amount - fee
        return amount - fee, -quantity
    closed = min(quantity, holding.quantity[1 - index]) if account.nets else 0
    if closed:
        holding.release(1 - index, closed, closed - amount_of(leg_price(index, yes_price), closed))
    opened = quantity - closed
    if opened:
        holding.acquire(index, opened, amount_of(leg_price(index, yes_price), opened))
    cash = closed - amount - fee
    account.cash += cash
    return cash, quantity - 2 * closed


def pay_out(account: Account, native_id: str, yes_payout: Price, now_us: Instant) -> int:
    """Turn the contracts of one settled market into cash. Returns what was paid."""
    holding = account.holdings.get(native_id)
    if holding is None:
        return 0
    yes, no = holding.quantity
    revenue = amount_of(yes_payout, yes) + amount_of(PAYOUT - yes_payout, no)
    account.settlements.appendleft(
        Settlement(
            native_id=native_id,
            yes=Quantity(yes),
            no=Quantity(no),
            yes_cost=Money(holding.cost[0]),
            no_cost=Money(holding.cost[1]),
            yes_payout=yes_payout,
            revenue=Money(revenue),
            fees=Money(holding.fees),
            settled_us=now_us,
        )
    )
    account.cash += revenue
    del account.holdings[native_id]
    return revenue


def _net(account: Account, native_id: str) -> int:
    held = account.holdings.get(native_id)
    return held.net() if held else 0


def _cheapest(offers: list[tuple[int, int]], quantity: int) -> int:
    total = 0
    for price, offered in sorted(offers):
        taken = min(quantity, offered)
        total += amount_of(price, taken)
        quantity -= taken
    return total
