"""What was traded before we watched? Past volume that venues tell, put behind what we saw.

What was observed is never overwritten. The last hour is walked again, so that slopes, gates and
levels are those of a desk that had been there.
"""

from collections.abc import Mapping, Sequence

import msgspec
import numpy as np

from foreshock.core.domain.messages.signals import VolumeRecalled
from foreshock.core.domain.units import MICRO
from foreshock.core.signals.packed import unpack, unpack_millionths
from foreshock.core.signals.volume_buckets import (
    DAY_BUCKETS,
    HISTORY_BUCKETS,
    BucketFlow,
    Doubles,
    Places,
    Singles,
)
from foreshock.core.signals.volume_history import LEAST, VolumeHistory
from foreshock.core.signals.volume_monitor import KnownEvent, Verdict, VolumeMonitor

WALKED_BUCKETS = 15
"""The hour of the gates, and the quarter of an hour that slopes need."""
MARKETS_AT_ONCE_MAX = 15


class _Past:
    """One market's recalled buckets on the desk's own clock: HISTORY_BUCKETS, oldest first."""

    def __init__(self, told: VolumeRecalled, bucket: int) -> None:
        volume = unpack_millionths(told.volume, len(unpack(told.volume)))
        count = len(volume)
        shift = told.first_bucket - (bucket - HISTORY_BUCKETS)
        self.volume = _placed(volume, shift)
        self.taker_yes = _placed(unpack_millionths(told.taker_yes, count), shift)
        trades = np.rint(unpack_millionths(told.trades, count) * MICRO)
        self.trades = np.nan_to_num(_placed(trades, shift))
        self.largest = np.nan_to_num(_placed(unpack_millionths(told.largest, count), shift))
        self.price = _filled(_placed(unpack_millionths(told.price, count), shift))


class Recalled(msgspec.Struct, frozen=True, eq=False):
    """Columns whose past was put in place, and how they stand: a place each in what follows."""

    columns: Places
    verdict: Verdict
    flow: BucketFlow
    history: VolumeHistory


def check(told: VolumeRecalled) -> None:
    """Raises DataError for numbers that do not add up."""
    _Past(told, told.first_bucket)


def recall(
    monitor: VolumeMonitor, told: Mapping[int, VolumeRecalled], events: Sequence[KnownEvent]
) -> Recalled | None:
    """Put the past of some columns in place. None when nothing was told of.

    told: by column, each checked. events: by column, too.
    """
    bucket = monitor.history.bucket
    pasts = [_Past(each, bucket) for each in told.values()]
    columns = np.array(list(told), dtype=np.intp)
    totals = _totals(monitor.history, columns, pasts)
    _exclude(totals, columns, events, bucket)
    apart = monitor.apart(len(columns), WALKED_BUCKETS)
    apart.history.load_signed(totals[:-WALKED_BUCKETS].astype(np.float32))
    found: Recalled | None = None
    for place in range(HISTORY_BUCKETS - WALKED_BUCKETS, HISTORY_BUCKETS):
        flow = _flow(pasts, np.abs(totals[place]), place)
        at = bucket - HISTORY_BUCKETS + place
        verdict = apart.close(at, flow, totals[place] < 0)
        if verdict is not None:
            found = Recalled(columns, verdict, flow, apart.history)
    apart.history.taker_yes[:] = _ringed_day(pasts, bucket)
    monitor.adopt(columns, apart)
    return found


def _totals(history: VolumeHistory, columns: Places, pasts: Sequence[_Past]) -> Doubles:
    """What we saw, and where we saw nothing what the venue tells: buckets x columns."""
    found = np.empty((HISTORY_BUCKETS, len(columns)))
    for place, past in enumerate(pasts):
        seen = history.recent(int(columns[place]))
        found[:, place] = np.where(np.isnan(seen), past.volume, seen)
    return found


def _exclude(totals: Doubles, columns: Places, events: Sequence[KnownEvent], bucket: int) -> None:
    """Leave known events out of the baselines."""
    first = bucket - HISTORY_BUCKETS
    for event in events:
        rows = slice(max(0, event.first - first), max(0, event.after - first))
        places = np.flatnonzero(np.isin(columns, np.array(event.columns, dtype=np.intp)))
        for place in places.tolist():
            totals[rows, place] = -np.maximum(np.abs(totals[rows, place]), LEAST)


def _flow(pasts: Sequence[_Past], volume: Doubles, place: int) -> BucketFlow:
    return BucketFlow(
        volume=volume,
        taker_yes=np.array([past.taker_yes[place] for past in pasts]),
        trades=np.array([past.trades[place] for past in pasts], dtype=np.int32),
        largest=np.array([past.largest[place] for past in pasts]),
        price=np.array([past.price[place] for past in pasts]),
    )


def _placed(values: Doubles, shift: int) -> Doubles:
    """Values whose first belongs to place `shift`, on HISTORY_BUCKETS places; NaN elsewhere."""
    found = np.full(HISTORY_BUCKETS, np.nan)
    first, after = max(0, shift), min(HISTORY_BUCKETS, shift + len(values))
    if first < after:
        found[first:after] = values[first - shift : after - shift]
    return found


def _filled(prices: Doubles) -> Doubles:
    """The last price known stands until the next one."""
    places = np.where(np.isnan(prices), -1, np.arange(len(prices)))
    last = np.maximum.accumulate(places)
    return np.where(last < 0, np.nan, prices[np.maximum(last, 0)])


def _ringed_day(pasts: Sequence[_Past], bucket: int) -> Singles:
    """The takers' day in the order in which a history keeps it: buckets x columns."""
    rows = np.arange(bucket - DAY_BUCKETS, bucket)
    found = np.full((DAY_BUCKETS, len(pasts)), np.nan, dtype=np.float32)
    for column, past in enumerate(pasts):
        found[rows % DAY_BUCKETS, column] = past.taker_yes[-DAY_BUCKETS:]
    return found
