"""How do thousands of numbers travel in one message? As 64-bit integers, compressed."""

import zlib
from collections.abc import Iterable

import numpy as np

from foreshock.core.domain.errors import DataError
from foreshock.core.signals.volume_buckets import Doubles, Longs

NUMBERS_MAX = 100_000
UNKNOWN = -1
_BYTES = 8
_LEVEL = 6


def pack(numbers: Iterable[int]) -> bytes:
    """Whole numbers of at most 63 bits."""
    return zlib.compress(np.fromiter(numbers, dtype="<i8").tobytes(), _LEVEL)


def unpack(data: bytes) -> Longs:
    """The numbers again. Raises DataError for what `pack` did not make or what is too long."""
    unpacking = zlib.decompressobj()
    try:
        raw = unpacking.decompress(data, NUMBERS_MAX * _BYTES)
    except zlib.error as error:
        raise DataError(f"packed numbers are damaged: {error}") from error
    if not unpacking.eof or len(raw) % _BYTES:
        raise DataError(f"packed numbers are cut off, or more than {NUMBERS_MAX}")
    return np.frombuffer(raw, dtype="<i8").astype(np.int64)


def unpack_millionths(data: bytes, count: int) -> Doubles:
    """As numbers of ones, NaN where unknown; all unknown when there is no data.

    Raises DataError unless there are `count`.
    """
    if not data:
        return np.full(count, np.nan)
    numbers = unpack(data)
    if len(numbers) != count:
        raise DataError(f"{len(numbers)} packed numbers, not {count}")
    return np.where(numbers < 0, np.nan, numbers / 1e6)
