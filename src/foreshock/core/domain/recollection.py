"""How do books become plain values that outlive a process, and books again? Both ways lossless."""

from collections.abc import Iterable, Mapping
from typing import cast

import msgspec

from foreshock.core.domain.memory import Balance, LedgerMemory, OrderWord, TokenTurnover
from foreshock.core.domain.messages.account import OrderPrepared
from foreshock.core.domain.messages.trading import PlaceOrder
from foreshock.core.domain.orders import Order
from foreshock.core.domain.positions import (
    Account,
    AccountKind,
    Asset,
    Ledger,
    Token,
    Turnover,
    venue_of,
)

ORDERS_KEPT_MAX = 2_000
"""Of those that are final; one that is not is always kept."""


class Words:
    """Everything that was said about each order, in order of decision."""

    def __init__(self) -> None:
        self.of: dict[str, list[OrderWord]] = {}

    def hear(self, word: OrderWord) -> None:
        """One more word; a repeated decision, or a word on an order of others, is none."""
        if isinstance(word, PlaceOrder):
            self.of.setdefault(word.order_id, [word])
        elif word.order_id in self.of:
            self.of[word.order_id].append(word)

    def recall(self, orders: Iterable[tuple[OrderWord, ...]]) -> None:
        """Begin with these."""
        self.of = {words[0].order_id: list(words) for words in orders if words}

    def forget(self, ledger: Ledger) -> None:
        """Drop the oldest orders that are final when there are too many."""
        surplus = len(self.of) - ORDERS_KEPT_MAX
        for order_id in list(self.of) if surplus > 0 else []:
            order = ledger.order(order_id)
            if surplus > 0 and order is not None and order.is_final:
                del self.of[order_id]
                surplus -= 1


def remembered(ledger: Ledger, words: Mapping[str, list[OrderWord]]) -> LedgerMemory:
    """The books as plain values; what is zero is left out."""
    balances = (
        Balance(kind, venue, asset, amount)
        for ((kind, venue), asset), amount in ledger.balances.items()
        if amount
    )
    turnovers = (
        TokenTurnover(market, outcome, t.bought, t.cost, t.given, t.received)
        for (market, outcome), t in ledger.turnovers().items()
    )
    orders = (tuple(said) for said in words.values())
    return LedgerMemory(tuple(balances), tuple(turnovers), tuple(orders))


def recall(ledger: Ledger, memory: LedgerMemory, venue: str | None = None) -> None:
    """Make a ledger what the memory says, or the part of one venue."""
    balances: dict[tuple[Account, Asset], int] = {
        ((cast("AccountKind", b.kind), b.venue), Asset(b.asset)): b.amount
        for b in memory.balances
        if venue in {None, b.venue}
    }
    turnovers: dict[Token, Turnover] = {
        (t.market, t.outcome): Turnover(t.bought, t.cost, t.given, t.received)
        for t in memory.turnovers
        if venue in {None, venue_of(t.market)}
    }
    orders = [order for words in memory.orders if (order := order_of(words)) is not None]
    ours = [order for order in orders if venue in {None, venue_of(order.placed.market)}]
    ledger.recall(balances, turnovers, ours)


def order_of(words: Iterable[OrderWord]) -> Order | None:
    """An order from all that was said about it, its placing first."""
    order: Order | None = None
    for word in words:
        if isinstance(word, PlaceOrder):
            order = order or Order(word)
        elif order is not None and not isinstance(word, OrderPrepared):
            order.apply(word)
    return order


def digest_text(memory: LedgerMemory) -> bytes:
    """The same bytes for the same books, however they came to be."""
    books = LedgerMemory(
        tuple(sorted(memory.balances, key=lambda b: (b.kind, b.venue, b.asset))),
        tuple(sorted(memory.turnovers, key=lambda t: (t.market, t.outcome))),
        memory.orders,
    )
    return msgspec.msgpack.encode(books)
