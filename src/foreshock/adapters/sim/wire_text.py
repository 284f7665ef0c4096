"""How do numbers, moments, answers and page marks look on the venues' wires?"""

import base64
import binascii
import hashlib
import uuid
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from urllib.parse import parse_qs, unquote, urlsplit

import msgspec

from foreshock.adapters.seams import HttpRequest, HttpResponse
from foreshock.core.domain.units import Instant, format_micros

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
JSON_HEADERS = (("content-type", "application/json"),)
MILLISECOND = 1_000
SECOND = 1_000_000
REMEMBERED_MAX = 1_024
"""Texts kept because a desk asks for the same ones and a minute has few seconds."""
WHOLE_DIGITS_MAX = 18
"""Python itself refuses to read thousands of them."""


class Query:
    """Path and query of a request. `parts` are the decoded path segments."""

    __slots__ = ("_values", "parts")

    def __init__(self, request: HttpRequest) -> None:
        self.parts, self._values = _taken_apart(request.path)

    def has(self, name: str) -> bool:
        """Whether the parameter was given at all."""
        return name in self._values

    def text(self, name: str) -> str:
        """The last value, "" when absent."""
        return self._values.get(name, [""])[-1]

    def texts(self, name: str) -> list[str]:
        """Every non-empty value, repeated keys and comma lists alike."""
        return [v for value in self._values.get(name, []) for v in value.split(",") if v]

    def flag(self, name: str, *, default: bool = False) -> bool:
        """A boolean written true or false."""
        return self.text(name) == "true" if self.has(name) else default


def answer(status: int, body: object) -> HttpResponse:
    """A JSON answer with its keys in the order given."""
    return HttpResponse(status, msgspec.json.encode(body), JSON_HEADERS)


def answer_sorted(status: int, body: object) -> HttpResponse:
    """A JSON answer with its keys in alphabetical order, at every depth."""
    return HttpResponse(status, msgspec.json.encode(body, order="sorted"), JSON_HEADERS)


def frame(body: object) -> str:
    """A text frame."""
    return msgspec.json.encode(body).decode()


def number(micros: int) -> msgspec.Raw:
    """A JSON number, exact and without trailing zeros: 70_000 becomes 0.07."""
    return msgspec.Raw(format_micros(micros).encode())


def literal(text: str) -> msgspec.Raw:
    """A JSON number from its decimal text."""
    return msgspec.Raw(text.encode())


def whole_or_none(text: str) -> int | None:
    """A whole number of at most eighteen ASCII digits, None for anything else."""
    is_short = 0 < len(text) <= WHOLE_DIGITS_MAX and text.isascii() and text.isdecimal()
    return int(text) if is_short else None


def iso(at_us: int) -> str:
    """RFC 3339 in UTC with as many fractional digits as needed: 0 to 6."""
    text = _second(at_us // SECOND)
    fraction = f"{at_us % SECOND:06d}".rstrip("0")
    return f"{text}.{fraction}Z" if fraction else f"{text}Z"


def iso_or_none(at_us: Instant | None) -> str | None:
    """As `iso`, None staying None."""
    return None if at_us is None else iso(at_us)


def day(at_us: int) -> str:
    """YYYY-MM-DD in UTC."""
    return iso(at_us)[:10]


def milliseconds(at_us: int) -> int:
    """Unix milliseconds."""
    return at_us // MILLISECOND


def seconds(at_us: int) -> int:
    """Unix seconds."""
    return at_us // SECOND


def uuid_of(text: str) -> str:
    """A stable UUID."""
    return str(uuid.uuid5(uuid.NAMESPACE_URL, text))


def hex_id(text: str, digits: int) -> str:
    """A stable identifier of up to 64 hexadecimal digits, without prefix."""
    return hashlib.sha256(text.encode()).hexdigest()[:digits]


def whole(text: str, default: int) -> int:
    """A whole number written in at most 18 digits; the default for anything else."""
    is_number = text.isascii() and text.isdecimal() and len(text) <= WHOLE_DIGITS_MAX
    return int(text) if is_number else default


def page_mark(text: str) -> str:
    """An opaque cursor."""
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def read_page_mark(mark: str) -> str | None:
    """What `page_mark` hid; None for anything else."""
    try:
        return base64.b64decode(mark + "=" * (-len(mark) % 4), b"-_", validate=True).decode()
    except (binascii.Error, UnicodeDecodeError, ValueError):
        return None


@lru_cache(REMEMBERED_MAX)
def _taken_apart(path: str) -> tuple[tuple[str, ...], Mapping[str, list[str]]]:
    split = urlsplit(path)
    parts = tuple(unquote(part) for part in split.path.split("/") if part)
    return parts, parse_qs(split.query, keep_blank_values=True)


@lru_cache(REMEMBERED_MAX)
def _second(at_s: int) -> str:
    return (EPOCH + timedelta(seconds=at_s)).strftime("%Y-%m-%dT%H:%M:%S")
