"""Has a venue's answer other fields than the documented ones? Missing and new ones by name; pure.

A body is compared level by level: the fields that we read come from the very structs that read
them, the names of the others are listed beside. What is nested deeper than a listed level is not
looked into.
"""

from collections.abc import Iterable

import msgspec

from foreshock.adapters.seams import FRAME_BYTES_MAX
from foreshock.core.domain.errors import DataError

OBJECTS_MAX = 2_000
"""Rows of one level that are compared; a list of thousands repeats itself."""
NAME_CHARS_MAX = 60
NULL = msgspec.Raw(b"null")
MALFORMED = (msgspec.MsgspecError, UnicodeDecodeError, RecursionError)

_LIST = msgspec.json.Decoder(list[msgspec.Raw])
_OBJECT = msgspec.json.Decoder(dict[str, msgspec.Raw])


class Level(msgspec.Struct, frozen=True):
    """One kind of object in a body. path: `` is the body, `orders[].fee` an object of each entry.

    read: which of its fields we read; one without a default is needed. others: documented names.
    """

    path: str
    read: type[msgspec.Struct]
    others: str = ""


class Endpoint(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that is read of a venue. levels: none where the body is a bare value."""

    name: str
    levels: tuple[Level, ...] = ()


class Drift(msgspec.Struct, frozen=True):
    """Fields that are needed and absent, fields nobody documented, and levels without a row."""

    missing: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()
    unseen: tuple[str, ...] = ()


def compare(endpoint: Endpoint, body: bytes) -> Drift:
    """Raises DataError for what is no JSON, or nothing of what it should be."""
    if len(body) > FRAME_BYTES_MAX:
        raise DataError(f"a body of {len(body)} bytes is too long to read")
    missing: dict[str, None] = {}
    unknown: dict[str, None] = {}
    unseen: list[str] = []
    for level in endpoint.levels:
        known, needed = names_of(level)
        rows = _rows(msgspec.Raw(body), level.path)
        if not rows:
            unseen.append(level.path or "the body")
        for row in rows:
            missing |= dict.fromkeys(_named(level.path, needed - row))
            unknown |= dict.fromkeys(_named(level.path, row - known))
    return Drift(tuple(missing), tuple(unknown), tuple(unseen))


def names_of(level: Level) -> tuple[frozenset[str], frozenset[str]]:
    """(every name that is known of a level, those without which it cannot be read)."""
    fields = msgspec.structs.fields(level.read)
    read = frozenset(field.encode_name for field in fields)
    needed = frozenset(field.encode_name for field in fields if field.required)
    return read | frozenset(level.others.split()), needed


def _named(path: str, names: Iterable[str]) -> list[str]:
    before = f"{path}." if path else ""
    return [f"{before}{name[:NAME_CHARS_MAX]}" for name in sorted(names)]


def _rows(body: msgspec.Raw, path: str) -> list[frozenset[str]]:
    """The names in each object that a path leads to."""
    found = [body]
    for step in path.split(".") if path else ():
        found = [inner for one in found for inner in _inside(one, step)]
    return [frozenset(_object(one)) for one in found[:OBJECTS_MAX] if one != NULL]


def _inside(value: msgspec.Raw, step: str) -> list[msgspec.Raw]:
    """What one step of a path leads to: an object's field, or with `[]` the entries of a list."""
    name = step.removesuffix("[]")
    if name:
        value = _object(value).get(name, NULL)
    if not step.endswith("[]") or value == NULL:
        return [value]
    try:
        return _LIST.decode(value)
    except MALFORMED as error:
        raise DataError(f"{step} is no list: {error}") from error


def _object(value: msgspec.Raw) -> dict[str, msgspec.Raw]:
    if value == NULL:
        return {}
    try:
        return _OBJECT.decode(value)
    except MALFORMED as error:
        raise DataError(f"no object where one belongs: {error}") from error
