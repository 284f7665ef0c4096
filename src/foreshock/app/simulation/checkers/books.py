"""What was a process told of its money? Sums over the facts themselves, which I3 and I4 use."""

from typing import TypeAlias

import msgspec

from foreshock.core.domain.markets import MarketId, Outcome
from foreshock.core.domain.memory import Balance, LedgerMemory
from foreshock.core.domain.messages.account import DustBooked, ExternalHeld
from foreshock.core.domain.messages.conversions import ConversionClosed
from foreshock.core.domain.messages.decisions import PositionSettled
from foreshock.core.domain.messages.trading import FillReverted, OrderFilled, PlaceOrder
from foreshock.core.domain.positions import USD
from foreshock.core.domain.units import MICRO

Token: TypeAlias = tuple[MarketId, Outcome]
OURS = ("settled", "provisional")
FEES = ("fees", "variance")
OUTCOMES: tuple[Outcome, ...] = ("yes", "no")


class Booked(msgspec.Struct, frozen=True):
    """One fill as the desk took it in: signed cash without its fee, signed contracts."""

    venue: str
    token: Token
    order_id: str
    contracts: int
    cash: int
    fee: int


class Books:
    """What one process was told, added up: sums over the set of facts, no running balances."""

    def __init__(self) -> None:
        self.placed: dict[str, PlaceOrder] = {}
        self.fills: dict[tuple[str, str], Booked] = {}
        self.reverted: set[tuple[str, str]] = set()
        self.settled: list[PositionSettled] = []
        self.dust: list[DustBooked] = []
        self.converted: list[ConversionClosed] = []
        self.external: dict[Token, int] = {}
        self._opening: dict[Token, int] = {}
        self._opening_cash: dict[str, int] = {}
        self._opening_fees: dict[str, int] = {}

    def recall(self, memory: LedgerMemory) -> None:
        """Begin with what an earlier process left; the words on its orders are in its sums."""
        for words in memory.orders:
            for word in words:
                self.hear(word)
        told, cash, fees = self.contracts(), self.cash(), self.fees()
        for balance in memory.balances:
            self._open(balance)
        for token, count in told.items():
            self._opening[token] = self._opening.get(token, 0) - count
        for sums, flows in ((self._opening_cash, cash), (self._opening_fees, fees)):
            for venue, amount in flows.items():
                sums[venue] = sums.get(venue, 0) - amount

    def _open(self, balance: Balance) -> None:
        venue, amount = balance.venue, balance.amount
        if balance.kind in FEES:
            self._opening_fees[venue] = self._opening_fees.get(venue, 0) + amount
        elif balance.asset == USD and balance.kind in {*OURS, "capital"}:
            self._opening_cash[venue] = self._opening_cash.get(venue, 0) + amount
        elif balance.asset != USD and balance.kind in OURS:
            token = _token_of(balance.asset)
            self._opening[token] = self._opening.get(token, 0) + amount

    def hear(self, message: object) -> None:
        """Take in what is a fact about contracts or cash."""
        match message:
            case PlaceOrder():
                self.placed.setdefault(message.order_id, message)
            case OrderFilled() if message.order_id in self.placed:
                key = (message.order_id, message.fill_id)
                self.fills.setdefault(key, _booked(self.placed[message.order_id], message))
            case FillReverted():
                self.reverted.add((message.order_id, message.fill_id))
            case PositionSettled():
                self.settled.append(message)
            case DustBooked():
                self.dust.append(message)
            case ConversionClosed(outcome="confirmed", kind="split" | "merge"):
                self.converted.append(message)
            case ExternalHeld():
                self.external[message.market, message.outcome] = message.quantity
            case _:
                pass

    def lasting(self) -> list[Booked]:
        """The fills that were not reverted."""
        return [fill for key, fill in self.fills.items() if key not in self.reverted]

    def cash(self) -> dict[str, int]:
        """Change of cash by venue since the books began, fees included."""
        sums = dict(self._opening_cash)
        for fill in self.lasting():
            sums[fill.venue] = sums.get(fill.venue, 0) + fill.cash - fill.fee
        for settled in self.settled:
            venue = venue_of(settled.market)
            sums[venue] = sums.get(venue, 0) + settled.received
        for closed in self.converted:
            venue = venue_of(closed.market)
            sums[venue] = sums.get(venue, 0) - signed_sets(closed)
        return sums

    def foreign_cash(self) -> dict[str, int]:
        """What merged contracts brought that we had not booked, by venue."""
        sums: dict[str, int] = {}
        for closed in self.converted:
            venue = venue_of(closed.market)
            sums[venue] = sums.get(venue, 0) + closed.quantity - closed.ours
        return sums

    def fees(self) -> dict[str, int]:
        """Fees by venue."""
        sums = dict(self._opening_fees)
        for fill in self.lasting():
            sums[fill.venue] = sums.get(fill.venue, 0) + fill.fee
        return sums

    def contracts(self) -> dict[Token, int]:
        """Contracts by outcome, what others brought left out."""
        sums = dict(self._opening)
        for fill in self.lasting():
            sums[fill.token] = sums.get(fill.token, 0) + fill.contracts
        for settled in self.settled:
            token = (settled.market, settled.outcome)
            sums[token] = sums.get(token, 0) - settled.quantity
        for closed in self.converted:
            for outcome in OUTCOMES:
                token = (closed.market, outcome)
                sums[token] = sums.get(token, 0) + signed_sets(closed)
        for dust in self.dust:
            token = (dust.market, dust.outcome)
            sums[token] = sums.get(token, 0) - dust.quantity
        return sums


def signed_sets(closed: ConversionClosed) -> int:
    """Contracts of each outcome that our books gained; as many dollars are gone."""
    return closed.ours if closed.kind == "split" else -closed.ours


def venue_of(market: MarketId) -> str:
    """The venue that a market id names."""
    return market.partition(":")[0]


def _booked(placed: PlaceOrder, fill: OrderFilled) -> Booked:
    """Paid rounded up, received rounded down, to the micro-dollar."""
    exact = fill.price * fill.quantity
    is_buy = placed.action == "buy"
    return Booked(
        venue=venue_of(placed.market),
        token=(placed.market, placed.outcome),
        order_id=fill.order_id,
        contracts=fill.quantity if is_buy else -fill.quantity,
        cash=(-exact if is_buy else exact) // MICRO,
        fee=fill.fee,
    )


def _token_of(asset: str) -> Token:
    market, _, outcome = asset.rpartition("/")
    return MarketId(market), "yes" if outcome == "yes" else "no"
