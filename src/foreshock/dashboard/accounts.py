"""Where is the money? Cash, reservations and positions by venue, and what all of it is worth.

On paper the capital is the bankroll of the settings. With real money it is what lies on the
account: the venue's last word on its cash and what was booked since, and whatever it holds, also
what an earlier run or a hand bought.
"""

from collections.abc import Iterable

from foreshock.core.domain.budgets import leg_budgets
from foreshock.core.domain.markets import MarketId
from foreshock.core.domain.memory import LedgerMemory
from foreshock.core.domain.messages.account import BalanceRead, ExternalHeld
from foreshock.core.domain.messages.decisions import PositionSettled, TradeApproved
from foreshock.core.domain.messages.trading import PlaceOrder
from foreshock.core.domain.orders import FillChange, OrderFact
from foreshock.core.domain.positions import Ledger, Token, cash_of, venue_of
from foreshock.core.domain.recollection import recall
from foreshock.core.domain.units import (
    SECOND,
    Duration,
    Instant,
    Money,
    Quantity,
    Rounding,
    divide,
    notional,
)
from foreshock.dashboard.bounded import evict
from foreshock.dashboard.markets import Markets
from foreshock.dashboard.orders import Orders
from foreshock.dashboard.views import AccountView, PositionView

RESERVATIONS_MAX = 10_000
POINTS_MAX = 400
"""Points of the value's history: when they are too many, every second one goes."""
POINT_EVERY = Duration(2 * SECOND)


class History:
    """The value of everything over the whole run, ever coarser."""

    def __init__(self) -> None:
        self.points: list[tuple[int, int]] = []
        self.high: int | None = None
        self._every = POINT_EVERY
        self.due_us = Instant(0)

    def add(self, now_us: Instant, value: int | None) -> None:
        """Note a value; an unknown one leaves a hole, not a zero."""
        self.due_us = Instant(now_us + self._every)
        if value is None:
            return
        self.high = value if self.high is None else max(self.high, value)
        self.points.append((now_us, value))
        if len(self.points) > POINTS_MAX:
            del self.points[1::2]
            self._every = Duration(2 * self._every)


class Accounts:
    """The ledger of the run seen through the eyes of its owner."""

    def __init__(self, ledger: Ledger, orders: Orders, markets: Markets) -> None:
        self._ledger = ledger
        self._orders = orders
        self._markets = markets
        self._start: dict[str, int] = {}
        self._told: dict[str, int | None] = {}
        self._external: dict[Token, ExternalHeld] = {}
        self._first_value: int | None = None
        self._reserved: dict[str, dict[MarketId, int]] = {}
        self.history = History()

    def deposit(self, venue: str, amount: Money) -> None:
        """Capital at the start of the run."""
        self._ledger.deposit(venue, amount)
        self._start[venue] = self._start.get(venue, 0) + amount

    def go_live(self, venue: str) -> None:
        """The money of a venue is real: what its account holds counts, once it was read."""
        self._told[venue] = None

    def read_balance(self, read: BalanceRead) -> None:
        """The venue told the cash of the account."""
        if read.venue in self._told:
            self._told[read.venue] = read.cash - self._ledger.cash(read.venue).total

    def hold_external(self, held: ExternalHeld) -> None:
        """The account holds contracts that this run did not buy."""
        self._external[held.market, held.outcome] = held

    def restore(self, memory: LedgerMemory) -> None:
        """Carry on with the books of an earlier run; another bankroll came, or went."""
        recall(self._ledger, memory)
        there = self._ledger.capital()
        for venue, capital in self._start.items():
            self._ledger.deposit(venue, Money(capital - there.get(venue, 0)))

    def reserve(self, approved: TradeApproved) -> None:
        """A package may spend its budget."""
        edge, budget = approved.request.edge, dict[MarketId, int]()
        for leg, amount in zip(edge.legs, leg_budgets(edge), strict=True):
            budget[leg.market] = budget.get(leg.market, 0) + amount
        self._reserved[approved.request.id] = budget
        evict(self._reserved, RESERVATIONS_MAX)

    def release(self, package_id: str) -> None:
        """A package is over: what it did not spend is free again."""
        self._reserved.pop(package_id, None)

    def apply(self, fact: OrderFact) -> None:
        """Book what a fact about an order did."""
        change = self._ledger.apply(fact)
        order = self._ledger.order(fact.order_id)
        if change is not None and order is not None:
            self._spend(order.placed, change)

    def settle(self, settled: PositionSettled) -> None:
        """A resolved market paid out."""
        self._ledger.settle(settled)

    def note_value(self, now_us: Instant) -> None:
        """Add a point to the history when one is due."""
        if now_us < self.history.due_us:
            return
        value = self.value()
        self.history.add(now_us, value)
        if self._first_value is None:
            self._first_value = value

    def value(self) -> int | None:
        """Cash and positions at the best bid; None while a bid is not known."""
        if not self._start:
            return None
        total = 0
        for venue in self._start:
            cash = self._cash(venue)
            if cash is None:
                return None
            total += cash
        for token in dict.fromkeys((*self._ledger.held(), *self._external)):
            worth = self._worth(token)
            if worth is None:
                return None
            total += worth
        return total

    def start(self) -> int | None:
        """Capital at the start, with real money the first value known; None before."""
        if self._told:
            return self._first_value
        return sum(self._start.values()) if self._start else None

    def fees(self) -> int:
        """Fees paid everywhere."""
        return sum(self._ledger.fees(venue) for venue in self._start)

    def views(self) -> list[AccountView]:
        """Every venue with capital."""
        return [self._view(venue) for venue in self._start]

    def positions(self) -> list[PositionView]:
        """Everything held, in the order of first trade."""
        return [self._position(token) for token in self._ledger.held()]

    def _view(self, venue: str) -> AccountView:
        held = [token for token in self._ledger.held() if venue_of(token[0]) == venue]
        costs = [self._cost(token) for token in held]
        return AccountView(
            venue=venue,
            cash_micros=self._cash(venue),
            reserved_micros=self._reserved_at(venue),
            held_cost_micros=sum(settled for settled, _ in costs),
            provisional_cost_micros=sum(provisional for _, provisional in costs),
            unknown_micros=self._orders.unknown_at(venue),
            external_micros=self._external_at(venue),
        )

    def _cash(self, venue: str) -> int | None:
        """None where the money is real and the venue did not tell yet."""
        told = self._told.get(venue, 0)
        return None if told is None else self._ledger.cash(venue).total + told

    def _worth(self, token: Token) -> int | None:
        """What is held of an outcome at the best bid; None while that is not known."""
        external = self._external.get(token)
        quantity = self._ledger.tokens(*token).total
        quantity += 0 if external is None else external.quantity
        if quantity <= 0:
            return 0
        bid = self._markets.best_bid(*token)
        return None if bid is None else notional(bid, Quantity(quantity), Rounding.DOWN)

    def _external_at(self, venue: str) -> int:
        held = (one for one in self._external.values() if venue_of(one.market) == venue)
        return sum(one.worth for one in held)

    def _position(self, token: Token) -> PositionView:
        market, outcome = token
        standing = self._ledger.tokens(market, outcome)
        return PositionView(
            market=market,
            venue=venue_of(market),
            title=self._markets.title(market),
            outcome=outcome,
            quantity_micros=standing.total,
            provisional_micros=standing.provisional,
            cost_micros=self._ledger.basis(token),
        )

    def _cost(self, token: Token) -> tuple[int, int]:
        """(settled, provisional) part of what is held of a token, at cost."""
        standing, basis = self._ledger.tokens(*token), self._ledger.basis(token)
        part = max(0, min(standing.provisional, standing.total))
        provisional = divide(basis * part, standing.total, Rounding.UP) if standing.total else 0
        return basis - provisional, provisional

    def _reserved_at(self, venue: str) -> int:
        return sum(self._left(budget, venue) for budget in self._reserved.values())

    @staticmethod
    def _left(budget: dict[MarketId, int], venue: str) -> int:
        lefts: Iterable[int] = (n for market, n in budget.items() if venue_of(market) == venue)
        return sum(max(0, left) for left in lefts)

    def _spend(self, placed: PlaceOrder, change: FillChange) -> None:
        budget = self._reserved.get(placed.package_id)
        if budget is None or placed.action == "sell":
            return
        was_spent, is_spent = change.before is not None, change.after != "reverted"
        amount = (is_spent - was_spent) * (cash_of(placed, change) + change.fill.fee)
        budget[placed.market] = budget.get(placed.market, 0) - amount
