"""What do we hold, in cash and contracts, and where did every micro-dollar go?

A double-entry ledger folded from orders' facts. Everything moves by transfers between two
accounts of one asset, so each asset sums to zero over all accounts at every moment.

    accounts of a venue   settled, provisional (ours) · venue (the other side) · fees · capital
                          dust (differences too small to trade) · variance (fees never quoted)
    assets                usd, and each outcome of each market

What a reverted fill did is undone by the opposite transfers. Cash, contracts, fees and realised
profit are functions of the set of facts, not of their order.
"""

from collections.abc import Iterable
from typing import Literal, NewType, TypeAlias

import msgspec

from foreshock.core.domain.errors import InvariantError
from foreshock.core.domain.markets import MarketId, Outcome
from foreshock.core.domain.messages.account import DustBooked, FeesVaried
from foreshock.core.domain.messages.conversions import ConversionClosed
from foreshock.core.domain.messages.decisions import PositionSettled
from foreshock.core.domain.messages.trading import PlaceOrder
from foreshock.core.domain.orders import FillChange, FillStatus, Order, OrderFact
from foreshock.core.domain.units import (
    NOTHING,
    PAYOUT,
    Money,
    Price,
    Quantity,
    Rounding,
    complement,
    divide,
    notional,
)

AccountKind: TypeAlias = Literal[
    "settled", "provisional", "venue", "fees", "capital", "dust", "variance"
]
Account: TypeAlias = tuple[AccountKind, str]
Asset = NewType("Asset", str)
Token: TypeAlias = tuple[MarketId, Outcome]

USD = Asset("usd")


class Transfer(msgspec.Struct, frozen=True):
    """`amount` of an asset leaves `source` and arrives at `target`."""

    asset: Asset
    source: Account
    target: Account
    amount: int


class Standing(msgspec.Struct, frozen=True):
    """An amount we have for good, and one that a revert may still take back or return."""

    settled: int
    provisional: int

    @property
    def total(self) -> int:
        """Both together."""
        return self.settled + self.provisional


class Turnover(msgspec.Struct):
    """All that was ever bought and given away of one token, fees aside."""

    bought: int = 0
    cost: int = 0
    given: int = 0
    received: int = 0

    def basis(self) -> Money:
        """What the contracts still held cost, at the average price, rounded up."""
        held = self.bought - self.given
        if held <= 0:
            return NOTHING
        return Money(divide(self.cost * held, self.bought, Rounding.UP))

    def realised(self) -> Money:
        """Received less average cost of what was given away, rounded down."""
        closed = min(self.given, self.bought)
        if not closed:
            return NOTHING
        received = divide(self.received * closed, self.given, Rounding.DOWN)
        return Money(received - divide(self.cost * closed, self.bought, Rounding.UP))


class Ledger:
    """The fold. Facts about orders it has not seen placed are somebody else's and are ignored."""

    def __init__(self) -> None:
        self.balances: dict[tuple[Account, Asset], int] = {}
        self._orders: dict[str, Order] = {}
        self._turnovers: dict[Token, Turnover] = {}

    def deposit(self, venue: str, amount: Money) -> None:
        """Capital arrives at a venue."""
        self._post([Transfer(USD, ("capital", venue), ("settled", venue), amount)])

    def place(self, order: PlaceOrder) -> None:
        """Remember what an order id stands for; a repeat changes nothing."""
        self._orders.setdefault(order.order_id, Order(order))

    def apply(self, fact: OrderFact) -> FillChange | None:
        """Book what a fact did; returns the fill it changed. Raises InvariantError: see Order."""
        order = self._orders.get(fact.order_id)
        if order is None:
            return None
        change = order.apply(fact)
        if change is not None:
            self._book(order.placed, change)
        return change

    def settle(self, settled: PositionSettled) -> None:
        """Contracts of a resolved market were handed in. Raises InvariantError beyond holdings."""
        token: Token = (settled.market, settled.outcome)
        if settled.quantity > self.tokens(*token).settled:
            raise InvariantError(f"{settled.market}: more {settled.outcome} paid out than held")
        venue = venue_of(settled.market)
        ours: Account = ("settled", venue)
        theirs: Account = ("venue", venue)
        self._post([
            Transfer(asset_of(*token), ours, theirs, settled.quantity),
            Transfer(USD, theirs, ours, settled.received),
        ])
        turnover = self._turnover(token)
        turnover.given += settled.quantity
        turnover.received += settled.received

    def convert(self, closed: ConversionClosed) -> None:
        """Dollars became contracts of both outcomes, or the way back; half a dollar each.

        What a redemption pays was booked when the market resolved.
        """
        if closed.outcome != "confirmed" or closed.kind == "redeem":
            return
        is_split = closed.kind == "split"
        venue = venue_of(closed.market)
        ours: Account = ("settled", venue)
        theirs: Account = ("venue", venue)
        payer, taker = (ours, theirs) if is_split else (theirs, ours)
        self._post([Transfer(USD, payer, taker, closed.ours)])
        outcomes: tuple[Outcome, ...] = ("yes", "no")
        for outcome, half in zip(outcomes, halves(closed.ours), strict=True):
            token: Token = (closed.market, outcome)
            self._post([Transfer(asset_of(*token), taker, payer, closed.ours)])
            turnover = self._turnover(token)
            if is_split:
                turnover.bought += closed.ours
                turnover.cost += half
            else:
                turnover.given += closed.ours
                turnover.received += half

    def book_dust(self, dust: DustBooked) -> None:
        """Contracts that the venue counts otherwise than we do leave for the dust account."""
        venue = venue_of(dust.market)
        token = asset_of(dust.market, dust.outcome)
        self._post([Transfer(token, ("settled", venue), ("dust", venue), dust.quantity)])

    def book_variance(self, varied: FeesVaried) -> None:
        """Fees that nobody had quoted are kept apart."""
        venue = venue_of(varied.market)
        amount = varied.charged - varied.quoted
        self._post([Transfer(USD, ("fees", venue), ("variance", venue), amount)])

    def turnovers(self) -> dict[Token, Turnover]:
        """All that was ever bought and given away, by token."""
        return self._turnovers

    def recall(
        self,
        balances: dict[tuple[Account, Asset], int],
        turnovers: dict[Token, Turnover],
        orders: Iterable[Order],
    ) -> None:
        """Carry on with the books of another ledger; what its orders did is booked there."""
        self.balances.clear()
        self.balances.update(balances)
        self._turnovers.clear()
        self._turnovers.update(turnovers)
        self._orders.clear()
        self._orders.update({order.placed.order_id: order for order in orders})

    def order(self, order_id: str) -> Order | None:
        """The order as folded so far, None when it was never placed."""
        return self._orders.get(order_id)

    def orders(self) -> list[Order]:
        """Every order that is remembered."""
        return list(self._orders.values())

    def forget(self, order_id: str) -> None:
        """Drop an order that is final, so that a long run stays small; its bookings remain.

        Raises InvariantError while something may still be said about it.
        """
        order = self._orders.get(order_id)
        if order is None:
            return
        if not order.is_final:
            raise InvariantError(f"{order_id} is {order.state}, not final")
        del self._orders[order_id]

    def cash(self, venue: str) -> Standing:
        """Dollars at a venue."""
        return self._standing(venue, USD)

    def cash_everywhere(self) -> Money:
        """Dollars at all venues, provisional ones included."""
        ours = ("settled", "provisional")
        held = (n for ((k, _), asset), n in self.balances.items() if asset == USD and k in ours)
        return Money(sum(held))

    def capital(self) -> dict[str, Money]:
        """What was ever put in less what was taken out, by venue."""
        return {
            venue: Money(-amount)
            for ((kind, venue), asset), amount in self.balances.items()
            if kind == "capital" and asset == USD
        }

    def tokens(self, market: MarketId, outcome: Outcome) -> Standing:
        """Contracts held of one outcome."""
        return self._standing(venue_of(market), asset_of(market, outcome))

    def fees(self, venue: str) -> Money:
        """Fees paid at a venue, quoted or not, those of reverted fills excluded."""
        kinds: tuple[AccountKind, ...] = ("fees", "variance")
        return Money(sum(self.balances.get(((kind, venue), USD), 0) for kind in kinds))

    def basis(self, token: Token) -> Money:
        """Average cost of what is held of a token."""
        turnover = self._turnovers.get(token)
        return NOTHING if turnover is None else turnover.basis()

    def realised(self) -> Money:
        """Profit of everything sold or paid out so far, fees aside (see `fees`)."""
        return Money(sum(t.realised() for t in self._turnovers.values()))

    def held(self) -> list[Token]:
        """Tokens that are not flat, in the order of first trade."""
        return [token for token in self._turnovers if self.tokens(*token).total]

    def _standing(self, venue: str, asset: Asset) -> Standing:
        return Standing(
            self.balances.get((("settled", venue), asset), 0),
            self.balances.get((("provisional", venue), asset), 0),
        )

    def _book(self, placed: PlaceOrder, change: FillChange) -> None:
        venue = venue_of(placed.market)
        if change.before is not None:
            undone = fill_transfers(placed, change, account_of(change.before, venue))
            self._post([Transfer(t.asset, t.target, t.source, t.amount) for t in undone])
            self._turn(placed, change, -1)
        if change.after != "reverted":
            self._post(fill_transfers(placed, change, account_of(change.after, venue)))
            self._turn(placed, change, 1)

    def _turn(self, placed: PlaceOrder, change: FillChange, sign: int) -> None:
        turnover = self._turnover((placed.market, placed.outcome))
        quantity, cash = sign * change.fill.quantity, sign * cash_of(placed, change)
        if placed.action == "buy":
            turnover.bought += quantity
            turnover.cost += cash
        else:
            turnover.given += quantity
            turnover.received += cash

    def _turnover(self, token: Token) -> Turnover:
        return self._turnovers.setdefault(token, Turnover())

    def _post(self, transfers: list[Transfer]) -> None:
        for transfer in transfers:
            source, target = (transfer.source, transfer.asset), (transfer.target, transfer.asset)
            self.balances[source] = self.balances.get(source, 0) - transfer.amount
            self.balances[target] = self.balances.get(target, 0) + transfer.amount


def fill_transfers(placed: PlaceOrder, change: FillChange, ours: Account) -> list[Transfer]:
    """What a fill moves: contracts one way, dollars the other, the fee aside."""
    theirs: Account = ("venue", ours[1])
    token = asset_of(placed.market, placed.outcome)
    cash = cash_of(placed, change)
    payer, taker = (ours, theirs) if placed.action == "buy" else (theirs, ours)
    return [
        Transfer(USD, payer, taker, cash),
        Transfer(token, taker, payer, change.fill.quantity),
        Transfer(USD, ours, ("fees", ours[1]), change.fill.fee),
    ]


def cash_of(placed: PlaceOrder, change: FillChange) -> Money:
    """Dollars of a fill: rounded up when we pay, down when we receive."""
    rounding = Rounding.UP if placed.action == "buy" else Rounding.DOWN
    return notional(change.fill.price, change.fill.quantity, rounding)


def settlements(ledger: Ledger, market: MarketId, payout_yes: Price) -> list[PositionSettled]:
    """What a resolved market pays on what is held for good of it; provisional fills wait."""
    if not 0 <= payout_yes <= PAYOUT:
        raise InvariantError(f"{market}: pays {payout_yes}")
    payouts: tuple[tuple[Outcome, Price], ...] = (
        ("yes", payout_yes),
        ("no", complement(payout_yes)),
    )
    settled: list[PositionSettled] = []
    for outcome, payout in payouts:
        quantity = Quantity(ledger.tokens(market, outcome).settled)
        if quantity > 0:
            received = notional(payout, quantity, Rounding.DOWN)
            settled.append(PositionSettled(market, outcome, quantity, received))
    return settled


def halves(amount: int) -> tuple[int, int]:
    """An amount in two parts that differ by one at most."""
    return amount - amount // 2, amount // 2


def account_of(status: FillStatus, venue: str) -> Account:
    """Which of our accounts a fill of this status stands in."""
    return ("provisional" if status == "provisional" else "settled", venue)


def asset_of(market: MarketId, outcome: Outcome) -> Asset:
    """The asset that one outcome of a market is."""
    return Asset(f"{market}/{outcome}")


def venue_of(market: MarketId) -> str:
    """The venue named by a market id."""
    return market.partition(":")[0]
