"""What did every market trade in one 5-minute bucket, and which bucket is an instant in?

Arrays have one entry a market (its column). Buckets are counted since 1970, UTC.
"""

from typing import Any, TypeAlias

import msgspec
import numpy as np
from numpy.typing import NDArray

from foreshock.core.domain.units import SECOND, Duration, Instant

BUCKET = Duration(300 * SECOND)
HOUR_BUCKETS = 12
DAY_BUCKETS = 288
BASELINE_DAYS = 14
HISTORY_BUCKETS = BASELINE_DAYS * DAY_BUCKETS

Singles: TypeAlias = NDArray[np.float32]
Doubles: TypeAlias = NDArray[np.float64]
Flags: TypeAlias = NDArray[np.bool_]
Counts: TypeAlias = NDArray[np.int32]
Places: TypeAlias = NDArray[np.intp]
Longs: TypeAlias = NDArray[np.int64]


class BucketFlow(msgspec.Struct, frozen=True):
    """One bucket of all markets. Amounts in dollars (or the venue's own unit, one for a market).

    volume: NaN where the bucket was not observed. taker_yes: of it, bought by takers of YES; NaN
    where sides are not known. trades: how many prints. largest: the biggest print. price: last YES
    price, 0 to 1, NaN where none is known.
    """

    volume: Doubles
    taker_yes: Doubles
    trades: Counts
    largest: Doubles
    price: Doubles


def bucket_of(instant: Instant) -> int:
    """Number of the bucket that holds an instant."""
    return instant // BUCKET


def bucket_end(bucket: int) -> Instant:
    """First instant after a bucket."""
    return Instant((bucket + 1) * BUCKET)


def unobserved(columns_count: int) -> BucketFlow:
    """A bucket nobody watched: unknown, which is not the same as quiet."""
    unknown = np.full(columns_count, np.nan)
    none = np.zeros(columns_count, dtype=np.int32)
    return BucketFlow(unknown, unknown.copy(), none, np.zeros(columns_count), unknown.copy())


def arrays_of(state: object) -> dict[str, NDArray[Any]]:
    """The arrays a state keeps, by attribute; columns are their last axis."""
    return {name: value for name, value in vars(state).items() if isinstance(value, np.ndarray)}


def widen(state: object, empty: object) -> None:
    """Give a state as many columns as `empty` has, a fresh one of the same kind."""
    for name, wide in arrays_of(empty).items():
        kept: NDArray[Any] = getattr(state, name)
        wide[..., : kept.shape[-1]] = kept
        setattr(state, name, wide)


def transplant(target: object, columns: Places, source: object) -> None:
    """Copy every column of `source` into those of `target`, a state of the same kind."""
    taken = arrays_of(source)
    for name, rows in arrays_of(target).items():
        rows[..., columns] = taken[name]
