"""In which units do we count, and which way does a fraction go?

    Price     micro-dollars per contract, 0..1_000_000; also the probability in parts per million
    Quantity  micro-contracts
    Money     micro-dollars (one pUSD base unit)
    Instant   microseconds since 1970-01-01 UTC
    Duration  microseconds

Text from a venue becomes an integer here and nowhere else; rounding happens here and nowhere
else. With floats `1 - price` misses the complement for 417 of the 999 prices on a 0.001 grid.
"""

from decimal import Decimal, InvalidOperation
from enum import Enum
from functools import lru_cache
from typing import NewType

Price = NewType("Price", int)
Quantity = NewType("Quantity", int)
Money = NewType("Money", int)
Instant = NewType("Instant", int)
Duration = NewType("Duration", int)

DECIMALS = 6
MICRO = 1_000_000
PAYOUT = Price(MICRO)
NOTHING = Money(0)
SECOND = Duration(1_000_000)
MILLISECOND = Duration(1_000)
DAY = Duration(86_400 * SECOND)
YEAR = Duration(365 * DAY)
TEXTS_REMEMBERED_MAX = 16_384
"""Prices come from grids of a thousand steps: the same texts are asked for again and again."""
DIGITS_MAX = 40
"""Longest number text accepted: longer ones are hostile, and their integers would be huge."""


class Rounding(Enum):
    """Which way a fraction goes. What we pay goes up, what we receive goes down."""

    UP = "up"
    DOWN = "down"


def divide(numerator: int, denominator: int, rounding: Rounding) -> int:
    """Integer quotient rounded toward plus infinity (UP) or minus infinity (DOWN)."""
    if rounding is Rounding.UP:
        return -(-numerator // denominator)
    return numerator // denominator


def parse_micros(text: str) -> int:
    """Convert a decimal string such as "0.5600" to millionths, exactly.

    Raises ValueError if `text` is not a finite number, is finer than a millionth, or is absurd.
    """
    if len(text) > DIGITS_MAX:
        raise ValueError(f"number text longer than {DIGITS_MAX} characters: {text[:12]!r}...")
    whole, _, fraction = text.partition(".")
    if whole.isdecimal() and fraction.isdecimal() and len(fraction) <= DECIMALS:
        return int(whole + fraction.ljust(DECIMALS, "0"))  # the usual text: exact without a detour
    try:
        number = Decimal(text)
    except InvalidOperation as error:
        raise ValueError(f"not a decimal number: {text!r}") from error
    if not number.is_finite() or number.adjusted() > DIGITS_MAX:
        raise ValueError(f"not a finite number: {text!r}")
    scaled = number * MICRO
    micros = int(scaled)
    if micros != scaled:
        raise ValueError(f"finer than a millionth: {text!r}")
    return micros


def parse_price(text: str) -> Price:
    """Raises ValueError outside [0, 1] dollar; see `parse_micros`."""
    price = parse_micros(text)
    if not 0 <= price <= PAYOUT:
        raise ValueError(f"price outside 0..1 dollar: {text!r}")
    return Price(price)


def parse_quantity(text: str) -> Quantity:
    """Raises ValueError when negative; see `parse_micros`."""
    quantity = parse_micros(text)
    if quantity < 0:
        raise ValueError(f"negative quantity: {text!r}")
    return Quantity(quantity)


@lru_cache(TEXTS_REMEMBERED_MAX)
def format_micros(value: int, decimals_min: int = 0) -> str:
    """Decimal text of millionths, exact, without trailing zeros beyond `decimals_min`."""
    sign = "-" if value < 0 else ""
    whole, fraction = divmod(abs(value), MICRO)
    digits = f"{fraction:06d}".rstrip("0").ljust(decimals_min, "0")
    return f"{sign}{whole}.{digits}" if digits else f"{sign}{whole}"


def dollar_text(micros: int) -> str:
    """Money in words, the sign before the currency: `-$1.25`, `$0.034`."""
    return f"{'-' if micros < 0 else ''}${format_micros(abs(micros), 2)}"


def span_text(micros: int) -> str:
    """A length of time in words, up to the next millisecond: `35 ms`, `2.041 s`, `300 s`."""
    milliseconds = divide(micros, MILLISECOND, Rounding.UP)
    if abs(milliseconds) * MILLISECOND < SECOND:
        return f"{milliseconds} ms"
    return f"{format_micros(milliseconds * MILLISECOND)} s"


def complement(price: Price) -> Price:
    """Price of NO given the price of YES, and conversely."""
    return Price(PAYOUT - price)


def notional(price: Price, quantity: Quantity, rounding: Rounding) -> Money:
    """Dollars for `quantity` at `price`; exact for 0.0001-dollar ticks and 0.01-contract lots."""
    return Money(divide(price * quantity, MICRO, rounding))


def per_contract(amount: Money, quantity: Quantity, rounding: Rounding) -> Money:
    """Micro-dollars per whole contract. Raises ZeroDivisionError for no quantity."""
    return Money(divide(amount * MICRO, quantity, rounding))


def share(amount: Money, ppm: int, rounding: Rounding) -> Money:
    """`ppm` millionths of an amount."""
    return Money(divide(amount * ppm, MICRO, rounding))
