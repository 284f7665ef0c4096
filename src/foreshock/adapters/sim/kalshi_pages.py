"""How does Kalshi cut lists into pages, and in which shapes does it refuse?"""

from collections.abc import Callable, Sequence
from typing import TypeAlias, TypeVar

import msgspec

from foreshock.adapters.seams import HttpResponse
from foreshock.adapters.sim.wire_text import (
    SECOND,
    Query,
    answer,
    page_mark,
    read_page_mark,
    whole_or_none,
)
from foreshock.core.domain.units import Instant

Row = TypeVar("Row")
RowKey: TypeAlias = tuple[int, str, int]


class RefusedError(Exception):
    """A request that gets `response` and nothing else."""

    def __init__(self, response: HttpResponse) -> None:
        super().__init__(response.status)
        self.response = response


def nested_error(status: int, code: str, details: str = "") -> HttpResponse:
    """The usual shape: {"error": {code, message, details?}}."""
    error = {"code": code, "message": code.replace("_", " ")}
    if details:
        error["details"] = details
    return answer(status, {"error": error})


def flat_error(code: str, details: str) -> HttpResponse:
    """The shape of unreadable bodies and batch calls: {code, message, details}."""
    message = code.replace("_", " ")
    return answer(400, {"code": code, "message": message, "details": details})


def invalid_parameter(call: str, field: str, rule: str) -> HttpResponse:
    """The shape of a query that fails validation: {"msg": text}."""
    key = f"'{call}Params.{field}'"
    why = f"Error:Field validation for '{field}' failed on the '{rule}' tag"
    return answer(400, {"msg": f"Parameter validation failed for {call}: Key: {key} {why}"})


def page_limit(query: Query, call: str, *, default: int, high: int, name: str = "limit") -> int:
    """A count from the query; 0 and absent mean the default. Raises RefusedError beyond `high`."""
    text = query.text(name)
    field = name.capitalize()
    if not text:
        return default
    if not text.isdecimal():
        raise RefusedError(invalid_parameter(call, field, "gte"))
    number = whole_or_none(text)
    if number is None or number > high:
        raise RefusedError(invalid_parameter(call, field, "lte"))
    return number or default


def paged(
    rows: Sequence[Row], key: Callable[[Row], RowKey], limit: int, query: Query
) -> tuple[list[Row], str]:
    """One page, newest first, and the cursor of the next; "" on the last page.

    key: unique, smaller for older rows. A cursor that is none of ours means the first page.
    """
    ranked = sorted(rows, key=key, reverse=True)
    last = _read_key(query.text("cursor"))
    if last is not None:
        ranked = [row for row in ranked if key(row) < last]
    page = ranked[:limit]
    is_last = len(ranked) <= limit
    return page, "" if is_last else page_mark(msgspec.json.encode(key(page[-1])).decode())


def within(at_us: Instant | None, query: Query, name: str) -> bool:
    """Whether a moment lies in the window min_<name>..max_<name>, given in unix seconds."""
    low, high = whole_or_none(query.text(f"min_{name}")), whole_or_none(query.text(f"max_{name}"))
    if not query.text(f"min_{name}") and not query.text(f"max_{name}"):
        return True
    if at_us is None:
        return False
    return (low is None or at_us >= low * SECOND) and (high is None or at_us <= high * SECOND)


def _read_key(cursor: str) -> RowKey | None:
    try:
        return msgspec.json.decode(read_page_mark(cursor) or "", type=RowKey)
    except msgspec.DecodeError:
        return None
