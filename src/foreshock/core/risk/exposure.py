"""How much is at risk where, at worst?

    committed = cost of what is held + what open packages may still spend + what others hold

An open package may spend its budget; what its orders have spent moves from the second term into
the first, so filling never raises the sum and closing a package frees only what was not spent.
"""

import msgspec

from foreshock.core.domain.budgets import leg_budgets
from foreshock.core.domain.markets import MarketId, Outcome
from foreshock.core.domain.memory import DeskMemory
from foreshock.core.domain.messages.account import DustBooked, ExternalHeld
from foreshock.core.domain.messages.conversions import ConversionClosed
from foreshock.core.domain.messages.decisions import PositionSettled, TradeRequest
from foreshock.core.domain.messages.trading import PlaceOrder
from foreshock.core.domain.orders import FillChange, Order, OrderFact
from foreshock.core.domain.positions import Ledger, Token, cash_of, venue_of
from foreshock.core.domain.recollection import recall
from foreshock.core.domain.units import NOTHING, Money


class Reservation(msgspec.Struct):
    """Dollars an open package may spend, and has spent, by market; what its legs buy."""

    budget: dict[MarketId, Money]
    spent: dict[MarketId, Money]
    tokens: tuple[Token, ...] = ()

    def left(self, market: MarketId) -> Money:
        """What may still be spent in a market."""
        return Money(max(0, self.budget[market] - self.spent.get(market, NOTHING)))


class Exposure:
    """The fold of reservations and positions; the guardian is its single writer."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger
        self._open: dict[str, Reservation] = {}
        self._external: dict[tuple[MarketId, Outcome], Money] = {}

    def reserve(self, request: TradeRequest) -> Money:
        """Set the worst cost of a request aside; returns all of it."""
        budget = budget_of(request)
        tokens: tuple[Token, ...] = tuple((leg.market, leg.outcome) for leg in request.edge.legs)
        self._open[request.id] = Reservation(budget, {}, tokens)
        return Money(sum(budget.values()))

    def release(self, package_id: str) -> Reservation | None:
        """A package is over: what it did not spend is free again. None when it was not open."""
        return self._open.pop(package_id, None)

    def recall(self, memory: DeskMemory) -> None:
        """Carry on with the books of an earlier desk, and with what its packages may spend."""
        recall(self._ledger, memory.ledger)
        for request in memory.packages:
            self.reserve(request)
        for order in self._ledger.orders():
            reservation = self._open.get(order.placed.package_id)
            if reservation is not None and order.placed.action == "buy":
                market = order.placed.market
                spent = reservation.spent.get(market, NOTHING) + order.cash() + order.fees()
                reservation.spent[market] = Money(spent)

    def place(self, placed: PlaceOrder) -> None:
        """An order was decided on."""
        self._ledger.place(placed)

    def apply(self, fact: OrderFact) -> tuple[Order, FillChange | None] | None:
        """Take in a fact about an order: it, and the fill that changed. None: it is not ours."""
        change = self._ledger.apply(fact)
        order = self._ledger.order(fact.order_id)
        if order is None:
            return None
        if change is not None:
            self._spend(order.placed, change)
        return order, change

    def settle(self, settled: PositionSettled) -> None:
        """A resolved market paid out."""
        self._ledger.settle(settled)

    def convert(self, closed: ConversionClosed) -> None:
        """A split or merge is over; what it made counts as held at its dollars."""
        self._ledger.convert(closed)

    def count_external(self, held: ExternalHeld) -> None:
        """Somebody else trades on the account, too: what that is worth counts as committed."""
        self._external[held.market, held.outcome] = held.worth

    def book_dust(self, dust: DustBooked) -> None:
        """A difference too small to trade."""
        self._ledger.book_dust(dust)

    def orders(self) -> list[Order]:
        """Every order of ours that is remembered."""
        return self._ledger.orders()

    def order(self, order_id: str) -> Order | None:
        """An order as folded so far, None when it is not ours."""
        return self._ledger.order(order_id)

    def is_open(self, package_id: str) -> bool:
        """Whether a package with this id holds a reservation."""
        return package_id in self._open

    def is_in_package(self, market: MarketId) -> bool:
        """Whether an open package trades a market."""
        return any(market in reserved.budget for reserved in self._open.values())

    def groups(self) -> list[tuple[MarketId, ...]]:
        """The markets of each open package."""
        return [tuple(reserved.budget) for reserved in self._open.values()]

    def packages_count(self) -> int:
        """Packages that hold a reservation."""
        return len(self._open)

    def by_market(self) -> dict[MarketId, Money]:
        """Dollars committed in each market with any."""
        committed: dict[MarketId, Money] = {}
        for market, amount in (*self._held(), *self._spendable(), *self._foreign()):
            if amount:
                committed[market] = Money(committed.get(market, NOTHING) + amount)
        return committed

    def reserved_at(self, venue: str) -> Money:
        """What open packages may still spend at a venue."""
        return Money(sum(left for market, left in self._spendable() if venue_of(market) == venue))

    def cash_total(self) -> Money:
        """Dollars everywhere, what a revert may still change included."""
        return self._ledger.cash_everywhere()

    def capital(self) -> dict[str, Money]:
        """What was ever put in, by venue."""
        return self._ledger.capital()

    def deposit(self, venue: str, amount: Money) -> None:
        """Capital arrives at a venue, or leaves it."""
        self._ledger.deposit(venue, amount)

    def cash_at(self, venue: str) -> Money:
        """Dollars at a venue that can be spent: provisional proceeds are not counted yet."""
        cash = self._ledger.cash(venue)
        return Money(cash.settled + min(0, cash.provisional))

    def _held(self) -> list[tuple[MarketId, Money]]:
        return [(token[0], self._ledger.basis(token)) for token in self._ledger.held()]

    def _foreign(self) -> list[tuple[MarketId, Money]]:
        return [(market, worth) for (market, _), worth in self._external.items()]

    def _spendable(self) -> list[tuple[MarketId, Money]]:
        return [(m, r.left(m)) for r in self._open.values() for m in r.budget]

    def _spend(self, placed: PlaceOrder, change: FillChange) -> None:
        reservation = self._open.get(placed.package_id)
        if reservation is None or placed.action == "sell":
            return
        was_spent = change.before is not None
        is_spent = change.after != "reverted"
        amount = (is_spent - was_spent) * (cash_of(placed, change) + change.fill.fee)
        spent = reservation.spent.get(placed.market, NOTHING)
        reservation.spent[placed.market] = Money(spent + amount)


def budget_of(request: TradeRequest) -> dict[MarketId, Money]:
    """Worst cost of a request by market; two legs in one market add up."""
    budget: dict[MarketId, Money] = {}
    for leg, amount in zip(request.edge.legs, leg_budgets(request.edge), strict=True):
        budget[leg.market] = Money(budget.get(leg.market, NOTHING) + amount)
    return budget
