"""What is the account worth? Cash, contracts that pay together, and the rest at its price.

hedged contracts   what they pay together: prices of the two venues move one after the other,
                   and what they lose for a minute nobody loses
open packages      what they cost, until they close: their own triggers watch them
everything else    the middle of a book that stands close enough to mean something; otherwise
                   the last price, moved only as far as the book contradicts it
"""

from collections.abc import Callable, Iterable, Mapping

from foreshock.core.domain.markets import MarketId, Outcome
from foreshock.core.domain.memory import HedgedSet
from foreshock.core.domain.messages.decisions import PositionSettled
from foreshock.core.domain.messages.market_data import BookChanged
from foreshock.core.domain.positions import Ledger, Token
from foreshock.core.domain.units import (
    MICRO,
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

SPREAD_MAX = Price(100_000)
"""A wider book names no price."""

Books = Mapping[MarketId, BookChanged]


class Valuation:
    """The hedged sets and the last marks over a ledger that somebody else writes."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger
        self.hedged: list[HedgedSet] = []
        self._marks: dict[Token, Price] = {}

    def hedge(self, tokens: Iterable[Token], quantity: Quantity, worth: Money) -> None:
        """A package closed: so many contracts of each token pay `worth` together."""
        names = tuple(tokens)
        for place, known in enumerate(self.hedged):
            if sorted(known.tokens) == sorted(names):  # whichever leg was bought first
                total = Quantity(known.quantity + quantity)
                self.hedged[place] = HedgedSet(known.tokens, total, Money(known.worth + worth))
                return
        self.hedged.append(HedgedSet(names, quantity, worth))

    def settle(self, settled: PositionSettled) -> None:
        """One token of some sets was paid out: they pay that much less from now on.

        A payout that is not theirs alone is theirs by their part of the contracts.
        """
        token: Token = (settled.market, settled.outcome)
        kept: list[HedgedSet] = []
        for known in self.hedged:
            if token not in known.tokens:
                kept.append(known)
                continue
            left = tuple(other for other in known.tokens if other != token)
            part = min(known.quantity, settled.quantity)
            paid = divide(settled.received * part, settled.quantity, Rounding.DOWN)
            if left:
                kept.append(HedgedSet(left, known.quantity, Money(max(0, known.worth - paid))))
        self.hedged = kept

    def merge(self, market: MarketId, quantity: Quantity) -> None:
        """Contracts of both outcomes went back for a dollar each: sets of just them are fewer."""
        both: set[Token] = {(market, "yes"), (market, "no")}
        kept: list[HedgedSet] = []
        for known in self.hedged:
            gone = min(known.quantity, quantity) if set(known.tokens) == both else 0
            quantity = Quantity(quantity - gone)
            left = Quantity(known.quantity - gone)
            if left:
                worth = divide(known.worth * left, known.quantity, Rounding.DOWN)
                kept.append(HedgedSet(known.tokens, left, Money(worth)))
        self.hedged = kept

    def worth(self, books: Books, is_in_package: Callable[[MarketId], bool]) -> Money:
        """Everything held, cash aside."""
        total = sum(known.worth for known in self.hedged)
        for token in self._ledger.held():
            rest = self.alone(token)
            if rest == 0:
                continue
            price = None if is_in_package(token[0]) else self._mark(token, books)
            total += self._worth_of(token, rest, price)
        return Money(total)

    def alone(self, token: Token) -> Quantity:
        """Contracts held of a token beyond those of hedged packages; below nothing when fewer."""
        return Quantity(self._ledger.tokens(*token).total - self._hedged_of(token))

    def held(self) -> tuple[tuple[tuple[Token, ...], Quantity], ...]:
        """Packages, then contracts beyond them in the order of first trade; each with how many.

        Below nothing: fewer are held of a token than its packages need.
        """
        in_sets = (token for known in self.hedged for token in known.tokens)
        tokens = dict.fromkeys((*self._ledger.held(), *in_sets))
        rests = (((token,), self.alone(token)) for token in tokens)
        packages = ((known.tokens, known.quantity) for known in self.hedged)
        return (*packages, *((token, rest) for token, rest in rests if rest))

    def price(self, token: Token, books: Books) -> Price:
        """What a contract is worth now; asking changes nothing."""
        last = self._marks.get(token)
        last = self._average_cost(token) if last is None else last
        book = books.get(token[0])
        return last if book is None else marked(book, token[1], last)

    def _hedged_of(self, token: Token) -> int:
        return sum(known.quantity for known in self.hedged if token in known.tokens)

    def _worth_of(self, token: Token, quantity: int, price: Price | None) -> int:
        """Of contracts at a price, at cost without one; less than none owe as much."""
        if price is None:
            held = self._ledger.tokens(*token).total
            basis = self._ledger.basis(token)
            return divide(basis * quantity, held, Rounding.DOWN) if held > 0 else NOTHING
        return notional(price, Quantity(quantity), Rounding.DOWN)

    def _mark(self, token: Token, books: Books) -> Price:
        price = self.price(token, books)
        if token[0] in books:
            self._marks[token] = price
        return price

    def _average_cost(self, token: Token) -> Price:
        held = self._ledger.tokens(*token).total
        basis = self._ledger.basis(token)
        return Price(min(PAYOUT, divide(basis * MICRO, held, Rounding.DOWN)) if held > 0 else 0)


def marked(book: BookChanged, outcome: Outcome, last: Price) -> Price:
    """What a contract is worth by its book: the middle, or the last price held within the book."""
    bid = book.bids[0][0] if book.bids else Price(0)
    ask = book.asks[0][0] if book.asks else PAYOUT
    if outcome == "no":
        bid, ask = complement(ask), complement(bid)
    if bid > ask:
        return last
    if ask - bid <= SPREAD_MAX:
        return Price((bid + ask) // 2)
    return min(max(last, bid), ask)
