"""What does it take from a book to trade a quantity, and what does that cost exactly?

Levels are in prices of the outcome traded, best first; a walk takes them in that order. Levels that
no order can have (a price of 0 or 1 dollar, no size) are not there.
"""

from collections.abc import Iterable

from foreshock.core.domain.books import Level, Levels, mirrored
from foreshock.core.domain.markets import Outcome
from foreshock.core.domain.messages.market_data import BookChanged
from foreshock.core.domain.units import (
    MICRO,
    PAYOUT,
    Money,
    Price,
    Quantity,
    Rounding,
    divide,
)


def offers(book: BookChanged, outcome: Outcome) -> Levels:
    """What can be bought of an outcome: YES asks, or NO from the bids for YES."""
    return _possible(book.asks if outcome == "yes" else mirrored(book.bids))


def demand(book: BookChanged, outcome: Outcome) -> Levels:
    """To whom an outcome can be sold: YES bids, or NO to the asks of YES."""
    return _possible(book.bids if outcome == "yes" else mirrored(book.asks))


def best_offer(book: BookChanged, outcome: Outcome) -> Level | None:
    """The first of `offers`, without looking at the others; None when there is none."""
    side = book.asks if outcome == "yes" else book.bids
    for price, quantity in side:
        if 0 < price < PAYOUT and quantity > 0:
            return (price if outcome == "yes" else Price(PAYOUT - price)), quantity
    return None


def walk(levels: Levels, quantity: Quantity) -> Levels:
    """The pieces that add up to `quantity`, or all there is when the book holds less."""
    taken: list[Level] = []
    left = quantity
    for price, size in levels:
        if left <= 0:
            break
        piece = Quantity(min(size, left))
        taken.append((price, piece))
        left = Quantity(left - piece)
    return tuple(taken)


def within(levels: Levels, limit: Price) -> Levels:
    """The offers at `limit` or cheaper."""
    return tuple(level for level in levels if level[0] <= limit)


def total(levels: Iterable[Level]) -> Quantity:
    """Contracts in all the levels."""
    return Quantity(sum(quantity for _, quantity in levels))


def worth(levels: Iterable[Level], rounding: Rounding) -> Money:
    """Price times quantity summed exactly, then rounded once: UP to pay, DOWN to receive."""
    return Money(divide(sum(price * quantity for price, quantity in levels), MICRO, rounding))


def affordable(levels: Levels, budget: Money) -> Quantity:
    """Most contracts a walk buys without costing more than `budget`."""
    bought, left = 0, budget * MICRO
    for price, size in levels:
        piece = min(size, left // price)
        bought += piece
        left -= piece * price
        if piece < size:
            break
    return Quantity(bought)


def _possible(levels: Levels) -> Levels:
    for price, quantity in levels:
        if not 0 < price < PAYOUT or quantity <= 0:
            return tuple(
                (price, quantity)
                for price, quantity in levels
                if 0 < price < PAYOUT and quantity > 0
            )
    return levels
