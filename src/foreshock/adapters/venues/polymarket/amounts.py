"""How much is offered and asked, in base units the venue accepts? Integer arithmetic only.

    buy    maker = dollars, taker = contracts        implied price = maker / taker >= limit
    sell   maker = contracts, taker = dollars        implied price = taker / maker <= limit

A resting order is exact: a size of 2 decimals times a price on the tick has no more decimals than
the venue takes. An order that takes or dies must carry whole cents, or contracts of 2 decimals,
and no more than 4 decimals against them; what must be rounded goes so that the order still
matches at its limit. Rounding the other way makes it unmatchable at its own price.
Source: Polymarket order precision, October 2026; py-sdk issue 291.
"""

from typing import NamedTuple

from foreshock.core.domain.markets import Action
from foreshock.core.domain.units import (
    DECIMALS,
    MICRO,
    Money,
    Price,
    Quantity,
    Rounding,
    divide,
    notional,
)

SIZE_DECIMALS = 2
CENT_DECIMALS = 2
TAKER_DECIMALS_MAX = 4


class Amounts(NamedTuple):
    """What the maker of an order gives and gets, in millionths of a dollar or contract."""

    maker: int
    taker: int


def amount_decimals(tick: Price) -> int:
    """Decimals of an amount on a tick: those of a price and two of a size."""
    digits = f"{tick:06d}".rstrip("0")
    return len(digits) + SIZE_DECIMALS


def resting(action: Action, price: Price, quantity: Quantity) -> Amounts:
    """Amounts of an order that targets contracts. price on the tick, size floored to the lot."""
    size = floored(quantity, SIZE_DECIMALS)
    quote = notional(price, Quantity(size), Rounding.DOWN)
    return Amounts(quote, size) if action == "buy" else Amounts(size, quote)


def taking(action: Action, price: Price, quantity: Quantity, tick: Price) -> Amounts:
    """Amounts of an order that takes or dies; a purchase targets the dollars it gives."""
    decimals = min(amount_decimals(tick), TAKER_DECIMALS_MAX)
    if action == "buy":
        return bought_for(notional(price, quantity, Rounding.DOWN), price, decimals)
    return sold_for(quantity, price, decimals)


def bought_for(spend: Money, price: Price, decimals: int) -> Amounts:
    """Whole cents given, and the fewer contracts asked for at this limit."""
    cents = floored(spend, CENT_DECIMALS)
    return Amounts(cents, floored(divide(cents * MICRO, price, Rounding.DOWN), decimals))


def sold_for(quantity: Quantity, price: Price, decimals: int) -> Amounts:
    """Contracts of two decimals given, and the fewer dollars asked for at this limit."""
    size = floored(quantity, SIZE_DECIMALS)
    return Amounts(size, floored(notional(price, Quantity(size), Rounding.DOWN), decimals))


def floored(micros: int, decimals: int) -> int:
    """The greatest number of that many decimals which is not greater."""
    unit = 10 ** (DECIMALS - decimals)
    return micros // unit * unit
