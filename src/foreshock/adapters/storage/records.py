"""How are records told apart in an append-only file, and what did a crash leave of the last one?

    record = magic (2) | length (4) | checksum of both (4) | checksum of payload (4) | payload

A record that runs past the end of the file, or the last one with a bad payload, is the torn tail
of a crash: it was never acknowledged and is cut off. Anything else that does not add up is damage
in the middle: reading stops with an error, nothing is thrown away.
"""

import struct
import zlib
from collections.abc import Iterator

from foreshock.core.domain.errors import StorageError

MAGIC = b"fs"
_START = struct.Struct("<2sI")
_CHECKS = struct.Struct("<II")
HEADER_BYTES = _START.size + _CHECKS.size
PAYLOAD_BYTES_MAX = 256 * 1024 * 1024


def frame(payload: bytes) -> bytes:
    """The bytes that store one payload. Raises StorageError when it is absurdly long."""
    if len(payload) > PAYLOAD_BYTES_MAX:
        raise StorageError(f"record of {len(payload)} bytes; the most is {PAYLOAD_BYTES_MAX}")
    start = _START.pack(MAGIC, len(payload))
    return start + _CHECKS.pack(zlib.crc32(start), zlib.crc32(payload)) + payload


def unframe(data: bytes) -> Iterator[tuple[int, bytes]]:
    """Each whole record as (offset behind it, payload), stopping before a torn tail.

    Raises StorageError at damage that is not a torn tail, naming the offset.
    """
    offset = 0
    while offset < len(data):
        end = _record_end(data, offset)
        if end is None:
            return
        payload = data[offset + HEADER_BYTES : end]
        if zlib.crc32(payload) != _checks(data, offset)[1]:
            if end == len(data):
                return
            raise StorageError(f"damaged record at byte {offset}: checksum differs")
        yield end, payload
        offset = end


def whole_size(data: bytes) -> int:
    """Bytes up to the end of the last whole record. Raises StorageError as `unframe`."""
    size = 0
    for end, _ in unframe(data):
        size = end
    return size


def _record_end(data: bytes, offset: int) -> int | None:
    """Where the record ends, None when it is torn."""
    if len(data) - offset < HEADER_BYTES:
        return None
    start = data[offset : offset + _START.size]
    magic, length = _START.unpack(start)
    if magic != MAGIC or zlib.crc32(start) != _checks(data, offset)[0]:
        if not any(data[offset:]):
            return None  # zeros to the end: the file grew before a crash, its bytes never came
        raise StorageError(f"damaged record at byte {offset}: header does not add up")
    end = offset + HEADER_BYTES + length
    return end if end <= len(data) else None


def _checks(data: bytes, offset: int) -> tuple[int, int]:
    header, payload = _CHECKS.unpack_from(data, offset + _START.size)
    return header, payload
