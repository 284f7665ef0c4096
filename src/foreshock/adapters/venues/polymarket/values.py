"""What does a venue's text mean in our units? Prices, sizes, ticks and time stamps, exactly.

A feed repeats few distinct price and size texts, so each is converted once and then looked up.
"""

from datetime import UTC, datetime, timedelta
from decimal import ROUND_FLOOR, Decimal

from foreshock.core.domain.errors import DataError
from foreshock.core.domain.markets import PriceGrid, uniform_grid
from foreshock.core.domain.units import (
    DAY,
    MICRO,
    PAYOUT,
    SECOND,
    Instant,
    Price,
    Quantity,
    parse_price,
    parse_quantity,
)

CACHE_MAX = 65_536
"""Distinct texts remembered; then the cache starts anew."""
FUTURE_MAX = 300 * SECOND
EVENT_AGE_MAX = DAY
LAUNCH_US = Instant(1_577_836_800 * MICRO)
"""2020-01-01: no book of this venue last changed before it existed."""
TICK_MIN = Price(100)
"""The finest tick the venue has; a finer one would size our arrays and is not believed."""
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)
DIGITS_SECONDS, DIGITS_MILLISECONDS = 10, 13
VOLUME_DIGITS_MAX = 18


class PriceTexts(dict[str, Price]):
    """Price by its text. Raises ValueError for what is not strictly inside 0..1 dollar."""

    def __missing__(self, text: str) -> Price:
        price = parse_price(text)
        if not 0 < price < PAYOUT:
            raise ValueError(f"no level can rest at {text!r}")
        if len(self) >= CACHE_MAX:
            self.clear()
        self[text] = price
        return price


class QuantityTexts(dict[str, Quantity]):
    """Quantity by its text. Raises ValueError for what is negative or no number."""

    def __missing__(self, text: str) -> Quantity:
        quantity = parse_quantity(text)
        if len(self) >= CACHE_MAX:
            self.clear()
        self[text] = quantity
        return quantity


def stamp(text: str) -> Instant:
    """Time stamp of a frame: milliseconds, or seconds as some of the venue's samples have them.

    Raises ValueError for anything else.
    """
    if not text.isdecimal() or len(text) not in {DIGITS_SECONDS, DIGITS_MILLISECONDS}:
        raise ValueError(f"not a time stamp: {text[:20]!r}")
    unit = 1_000 if len(text) == DIGITS_MILLISECONDS else MICRO
    return Instant(int(text) * unit)


def event_stamp(text: str, recv_us: Instant) -> Instant:
    """Stamp of something that just happened. Raises ValueError when too old or in the future."""
    if len(text) == DIGITS_MILLISECONDS and text.isdecimal():  # as `stamp`, for the hot path
        event_us = Instant(int(text) * 1_000)
    else:
        event_us = stamp(text)
    if not -FUTURE_MAX <= recv_us - event_us <= EVENT_AGE_MAX:
        raise ValueError(f"stamped {text}, received at {recv_us} us")
    return event_us


def book_stamp(text: str, recv_us: Instant) -> Instant:
    """When a book last changed, perhaps long ago. Raises ValueError for an impossible time."""
    event_us = stamp(text)
    if not LAUNCH_US <= event_us <= recv_us + FUTURE_MAX:
        raise ValueError(f"stamped {text}, received at {recv_us} us")
    return event_us


def iso_instant(text: str | None) -> Instant | None:
    """ISO time with zone as an Instant; None when the venue gave none.

    Raises DataError when it is not a time or lacks its zone.
    """
    if not text:
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise DataError(f"not an ISO time: {text[:40]!r}") from error
    if moment.tzinfo is None:
        raise DataError(f"a time without its zone: {text!r}")
    return Instant((moment - EPOCH) // MICROSECOND)


def tick_grid(text: str) -> PriceGrid:
    """Grid of a tick such as "0.01". Raises ValueError for a tick that cannot be."""
    step = parse_price(text)
    if step < TICK_MIN:
        raise ValueError(f"tick finer than the venue has: {text!r}")
    return uniform_grid(step)


def exact_text(number: Decimal | None, what: str) -> str:
    """Decimal text of a JSON number. Raises DataError when the venue left it out."""
    if number is None:
        raise DataError(f"no {what}")
    return str(number)


def rounded_down(number: Decimal | None) -> Quantity | None:
    """Millionths of a statistic with more digits than we keep; None stays None.

    Raises DataError when negative or absurd.
    """
    if number is None:
        return None
    if not number.is_finite() or number < 0 or number.adjusted() > VOLUME_DIGITS_MAX:
        raise DataError(f"impossible volume: {str(number)[:20]}")
    return Quantity(int((number * MICRO).to_integral_value(ROUND_FLOOR)))
