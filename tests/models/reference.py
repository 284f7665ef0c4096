"""What an order and a ledger do, as plainly as can be said: sets and sums, no state machine.

Written against the words of the venues, not against the product. It remembers everything that was
ever told and answers by looking at all of it again.
"""

from typing import NamedTuple

MICRO = 1_000_000


class Fill(NamedTuple):
    """Part of an order that traded."""

    name: str
    quantity: int
    price: int
    fee: int


class PlainOrder:
    """One order: all that was told of it."""

    def __init__(self, quantity: int, *, is_buy: bool) -> None:
        self.quantity = quantity
        self.is_buy = is_buy
        self.fills: dict[str, Fill] = {}
        self.final: set[str] = set()
        self.failed: set[str] = set()
        self.count: int | None = None
        self.refused = False

    def lasting(self) -> list[Fill]:
        """What traded and was not taken back."""
        return [fill for name, fill in self.fills.items() if name not in self.failed]

    def matched(self) -> int:
        """Contracts that traded, those taken back included."""
        return sum(fill.quantity for fill in self.fills.values())

    def total(self) -> int | None:
        """How many traded in all, when that is known."""
        return self.quantity if self.matched() == self.quantity else self.count

    def held(self) -> int:
        """Contracts that stay."""
        return sum(fill.quantity for fill in self.lasting())

    def open_fills(self) -> set[str]:
        """Fills that may still be taken back."""
        return set(self.fills) - self.final - self.failed

    def is_over(self) -> bool:
        """Nothing more will trade, and every fill is known."""
        return self.refused or self.total() == self.matched()

    def is_final(self) -> bool:
        """Over, and nothing can change any more."""
        return self.is_over() and not self.open_fills()

    def worst_case(self) -> int:
        """The most it may turn out to have traded."""
        if self.refused:
            return 0
        total = self.total()
        return self.quantity if total is None else total

    def cash(self) -> int:
        """Signed dollars in millionths, fees included, rounded against us fill by fill."""
        sign = -1 if self.is_buy else 1
        flows = (sign * fill.price * fill.quantity // MICRO for fill in self.lasting())
        return sum(flows) - sum(fill.fee for fill in self.lasting())


def cash_of(orders: list[PlainOrder]) -> int:
    """Change of cash by all orders."""
    return sum(order.cash() for order in orders)


def contracts_of(orders: list[PlainOrder]) -> int:
    """Contracts held of one outcome."""
    return sum(order.held() if order.is_buy else -order.held() for order in orders)
