"""Is a small file still what was written? A checksum beside what it holds; all of it stays JSON.

    {"crc32": 2711331263, "holds": ...}

A bit that was turned inside a string leaves good JSON with another meaning: a halt of a venue that
does not exist, a package of another name. What no seal holds was written by an earlier version and
is taken as it is.
"""

import zlib

import msgspec

from foreshock.core.domain.errors import StorageError

MARKS = (b'"crc32"', b'"holds"')
"""Whatever has one of them was sealed, whatever became of the other."""


class Sealed(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """crc32: of the bytes of `holds` as they stand in the file."""

    crc32: int
    holds: msgspec.Raw


def sealed(content: object) -> bytes:
    """The bytes of a file that holds this."""
    body = msgspec.json.encode(content)
    return msgspec.json.encode(Sealed(zlib.crc32(body), msgspec.Raw(body)))


def unsealed(data: bytes) -> bytes:
    """The JSON that a file holds. Raises StorageError when it is not what was written."""
    if not any(mark in data for mark in MARKS):
        return data
    try:
        found = msgspec.json.decode(data, type=Sealed)
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise StorageError(f"its seal is damaged ({error})") from error
    body = bytes(found.holds)
    if zlib.crc32(body) != found.crc32:
        raise StorageError("its checksum differs: something in it was changed")
    return body
