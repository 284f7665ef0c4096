"""What does the body of a request to Kalshi say, and how is a wrong one refused?

Numbers travel as decimal texts. A JSON value of a wrong kind is refused in the words of the
venue's decoder, flat; a value that makes no sense is refused nested.
"""

from collections.abc import Sequence
from typing import cast

import msgspec

from foreshock.adapters.seams import HttpRequest, HttpResponse
from foreshock.adapters.sim.kalshi_pages import RefusedError, flat_error, nested_error
from foreshock.core.domain.units import (
    MICRO,
    SECOND,
    Instant,
    Price,
    Quantity,
    parse_micros,
)

CENTI_CENT = 100
LOT = MICRO // 100
SECONDS_MAX = 4_102_444_800
"""The year 2100: later moments are mistakes."""


def read_body(request: HttpRequest, name: str) -> "Fields":
    """The object in a body. name: of the venue's structure, told in errors."""
    kind = next((v for n, v in request.headers if n.lower() == "content-type"), "")
    if kind and "json" not in kind:
        raise RefusedError(nested_error(400, "invalid_content_type"))
    try:
        found = msgspec.json.decode(request.body)
    except (msgspec.DecodeError, RecursionError) as error:
        why = "EOF" if not request.body else "invalid character in JSON body"
        raise RefusedError(flat_error("bad_request", why)) from error
    return Fields(found, name)


class Fields:
    """The fields of one object; what is absent or null is None, and empty texts are absent."""

    def __init__(self, found: object, name: str) -> None:
        if not isinstance(found, dict):
            raise RefusedError(_mismatch(_kind(found), name, "", name))
        self._values = cast("dict[str, object]", found)
        self._name = name

    def text(self, name: str) -> str | None:
        """A text."""
        value = self._values.get(name)
        if value is not None and not isinstance(value, str):
            raise RefusedError(_mismatch(_kind(value), self._name, name, "string"))
        return value or None

    def needed(self, name: str) -> str:
        """A text that must be there."""
        value = self.text(name)
        if value is None:
            raise RefusedError(nested_error(400, "missing_parameters", details=name))
        return value

    def choice(self, name: str, words: Sequence[str]) -> str:
        """One of some words, which must be there."""
        value = self.needed(name)
        if value not in words:
            raise RefusedError(wrong(name))
        return value

    def flag(self, name: str) -> bool:
        """A boolean, false when absent."""
        value = self._values.get(name)
        if value is not None and not isinstance(value, bool):
            raise RefusedError(_mismatch(_kind(value), self._name, name, "bool"))
        return bool(value)

    def integer(self, name: str) -> int | None:
        """A whole number."""
        value = self._values.get(name)
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, int):
            raise RefusedError(_mismatch(_kind(value), self._name, name, "int64"))
        return value

    def moment(self, name: str) -> Instant | None:
        """Unix seconds; 0 stays 0."""
        value = self.integer(name)
        if value is not None and not 0 <= value <= SECONDS_MAX:
            raise RefusedError(wrong(name))
        return None if value is None else Instant(value * SECOND)

    def price(self, name: str) -> Price:
        """Dollars with at most four decimals, not negative; the grid is not asked."""
        return Price(_decimal(self.needed(name), name, CENTI_CENT))

    def count(self, name: str) -> Quantity:
        """Contracts with at most two decimals, not negative."""
        return Quantity(_decimal(self.needed(name), name, LOT))

    def optional_count(self, name: str) -> Quantity | None:
        """As `count`, None when absent."""
        return None if self.text(name) is None else self.count(name)

    def objects(self, name: str, item: str) -> list["Fields"]:
        """A list of objects, of which there must be one."""
        values = self._values.get(name)
        if values is None or values == []:
            raise RefusedError(nested_error(400, "missing_parameters", details=name))
        if not isinstance(values, list):
            raise RefusedError(_mismatch(_kind(values), self._name, name, f"[]{item}"))
        return [Fields(value, item) for value in cast("list[object]", values)]


def wrong(name: str) -> HttpResponse:
    """The refusal of a value that makes no sense."""
    return nested_error(400, "invalid_parameters", details=name)


def _decimal(text: str, name: str, step: int) -> int:
    try:
        found = parse_micros(text)
    except ValueError as error:
        raise RefusedError(wrong(name)) from error
    if found < 0 or found % step or not text[0].isdecimal():
        raise RefusedError(wrong(name))
    return found


def _mismatch(given: str, struct: str, field: str, wanted: str) -> HttpResponse:
    place = f"Go struct field {struct}.{field}" if field else "Go value"
    return flat_error(
        "bad_request", f"json: cannot unmarshal {given} into {place} of type {wanted}"
    )


def _kind(value: object) -> str:
    match value:
        case bool():
            return "bool"
        case int() | float():
            return "number"
        case str():
            return "string"
        case list():
            return "array"
        case _:
            return "object"
