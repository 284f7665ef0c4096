"""Which integer does this text mean? Prices, counts and times of Kalshi's wire, exactly.

The same few hundred price and count texts come millions of times, so their integers are kept in
bounded memos; only a new text pays for strict parsing.
"""

import re
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from functools import lru_cache

from foreshock.core.domain.errors import DataError
from foreshock.core.domain.units import (
    MICRO,
    PAYOUT,
    Instant,
    Price,
    Quantity,
    complement,
    parse_micros,
)

TEXTS_MAX = 65_536
"""Texts remembered per memo; hostile variety pushes out old ones, it does not grow the memory."""
MILLISECOND = 1_000
PLAIN = re.compile(r"-?[0-9]{1,13}(?:\.[0-9]{1,6})?")
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@lru_cache(maxsize=TEXTS_MAX)
def level_price(text: str) -> Price:
    """Price of something resting or traded. Raises DataError unless strictly inside 0..1 dollar."""
    price = _micros(text)
    if not 0 < price < PAYOUT:
        raise DataError(f"price outside 0..1 dollar: {text[:24]!r}")
    return Price(price)


@lru_cache(maxsize=TEXTS_MAX)
def complement_price(text: str) -> Price:
    """YES price of an order quoted in NO: see `level_price`."""
    return complement(level_price(text))


@lru_cache(maxsize=TEXTS_MAX)
def bound_price(text: str) -> Price:
    """Price that may be 0 or 1 dollar: empty quotes, range borders, payouts. Raises DataError."""
    price = _micros(text)
    if not 0 <= price <= PAYOUT:
        raise DataError(f"price outside 0..1 dollar: {text[:24]!r}")
    return Price(price)


def amount(text: str) -> int:
    """Micro-dollars of any size. Raises DataError."""
    return _micros(text)


@lru_cache(maxsize=TEXTS_MAX)
def signed_count(text: str) -> int:
    """Micro-contracts of a change, either sign. Raises DataError."""
    return _micros(text)


@lru_cache(maxsize=TEXTS_MAX)
def count(text: str) -> Quantity:
    """Micro-contracts. Raises DataError when negative."""
    quantity = _micros(text)
    if quantity < 0:
        raise DataError(f"negative count: {text[:24]!r}")
    return Quantity(quantity)


def multiplier_ppm(number: Decimal) -> int:
    """A fee multiplier, a JSON number on the wire. Raises DataError when negative or too fine."""
    try:
        ppm = parse_micros(str(number))
    except ValueError as error:
        raise DataError(f"fee multiplier: {error}") from error
    if not 0 <= ppm <= 1_000 * MICRO:
        raise DataError(f"fee multiplier out of range: {number}")
    return ppm


def instant(moment: datetime) -> Instant:
    """Microseconds of an aware datetime."""
    return Instant((moment - EPOCH) // timedelta(microseconds=1))


def _micros(text: str) -> int:
    if not PLAIN.fullmatch(text):
        raise DataError(f"not a plain decimal number: {text[:24]!r}")
    return parse_micros(text)
