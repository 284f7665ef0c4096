"""Which integer does a source's text mean? Values and times, exactly or not at all."""

from datetime import datetime, timedelta
from typing import Final, TypeVar

import msgspec

from foreshock.core.domain.errors import DataError
from foreshock.core.domain.units import Instant, parse_micros

MILLISECOND: Final = 1_000
YEAR_2000_US: Final = 946_684_800_000_000
YEAR_2100_US: Final = 4_102_444_800_000_000
TEXT_CHARS_MAX: Final = 40
EPOCH: Final = datetime.fromisoformat("1970-01-01T00:00:00+00:00")
VALUE_MAX: Final = 10**15
"""A thousand million: no price, no temperature is larger."""

T = TypeVar("T")


def decoded(body: bytes, shape: type[T]) -> T:
    """A JSON body in this shape. Raises DataError."""
    try:
        return msgspec.json.decode(body, type=shape)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise DataError(str(error)[:200]) from error


def number(text: str) -> int:
    """Millionths of a number of any sign. Raises DataError."""
    try:
        micros = parse_micros(text[:TEXT_CHARS_MAX])
    except ValueError as error:
        raise DataError(str(error)) from error
    if len(text) > TEXT_CHARS_MAX or abs(micros) > VALUE_MAX:
        raise DataError(f"no plausible number: {text[:TEXT_CHARS_MAX]!r}")
    return micros


def price(text: str) -> int:
    """Millionths of a price. Raises DataError unless it is positive."""
    micros = number(text)
    if micros <= 0:
        raise DataError(f"not a price: {text!r}")
    return micros


def instant_of_ms(milliseconds: int) -> Instant:
    """Raises DataError outside this century."""
    return _checked(milliseconds * MILLISECOND)


def instant_of_iso(text: str) -> Instant:
    """An ISO 8601 time with its zone; digits beyond microseconds are cut. Raises DataError."""
    try:
        moment = datetime.fromisoformat(text[:TEXT_CHARS_MAX])
    except ValueError as error:
        raise DataError(f"not a time: {text[:TEXT_CHARS_MAX]!r}") from error
    if moment.tzinfo is None:
        raise DataError(f"a time without a zone: {text!r}")
    return _checked((moment - EPOCH) // timedelta(microseconds=1))


def _checked(microseconds: int) -> Instant:
    if not YEAR_2000_US <= microseconds <= YEAR_2100_US:
        raise DataError(f"not a time of this century: {microseconds} us")
    return Instant(microseconds)
