"""How much was traded in each 5-minute bucket, however untidily the venue tells it?

Two buckets are open at a time: a trade that comes late still falls in its own. What cannot be
counted is refused with a reason and tallied; it never changes a total.
"""

from collections import deque
from typing import Literal, TypeAlias

import numpy as np

from foreshock.core.domain.errors import InvariantError
from foreshock.core.domain.units import SECOND, Duration, Instant
from foreshock.core.signals.volume_buckets import (
    BucketFlow,
    Counts,
    Doubles,
    Flags,
    bucket_end,
    bucket_of,
)

Refused: TypeAlias = Literal["negative", "duplicate", "late", "ahead", "reset", "gap", "mixed"]
"""late: its bucket is closed. ahead: of the clock. mixed: trades and cumulative for one market."""
GRACE = Duration(30 * SECOND)
"""How long after its end a bucket stays open."""
READING_GAP_MAX = Duration(3600 * SECOND)
"""A cumulative difference over more than this says nothing about when it was traded."""
TRADE_IDS_MAX = 500_000
"""Remembered of both open buckets and a little beyond; the oldest are forgotten."""
OPEN_BUCKETS = 2


class VolumeCounters:
    """Counters of `columns_count` markets, first open bucket `bucket`."""

    def __init__(self, columns_count: int, bucket: int) -> None:
        self.bucket = bucket
        self.refused: dict[Refused, int] = {}
        shape = (OPEN_BUCKETS, columns_count)
        self._volume: Doubles = np.zeros(shape)
        self._taker_yes: Doubles = np.zeros(shape)
        self._trades: Counts = np.zeros(shape, dtype=np.int32)
        self._largest: Doubles = np.zeros(shape)
        self._broken: Flags = np.zeros(shape, dtype=np.bool_)
        self._price: Doubles = np.full(columns_count, np.nan)
        self._price_us = np.zeros(columns_count, dtype=np.int64)
        self._source: Counts = np.zeros(columns_count, dtype=np.int32)
        self._last_value: Doubles = np.full(columns_count, np.nan)
        self._last_us = np.zeros(columns_count, dtype=np.int64)
        self._ids: set[tuple[int, str]] = set()
        self._ids_order: deque[tuple[int, str]] = deque()

    def trade(
        self, column: int, trade_id: str, dollars: float, *, is_taker_yes: bool, event_us: Instant
    ) -> Refused | None:
        """Count one print. Returns why it was refused, None when it counts."""
        if not dollars >= 0:
            return self._refuse("negative")
        place = bucket_of(event_us) - self.bucket
        if place not in {0, 1}:
            return self._refuse("late" if place < 0 else "ahead")
        if not self._is_from(column, _TRADES):
            return self._refuse("mixed")
        if not self._remember((column, trade_id)):
            return self._refuse("duplicate")
        self._volume[place, column] += dollars
        self._trades[place, column] += 1
        self._largest[place, column] = max(self._largest[place, column], dollars)
        if is_taker_yes:
            self._taker_yes[place, column] += dollars
        return None

    def cumulative(self, column: int, total: float, event_us: Instant) -> Refused | None:
        """Count what a market's all-time total grew by, in the bucket of the reading.

        A total that falls starts anew: what was traded around it is unknown, so is the bucket.
        """
        if not total >= 0:
            return self._refuse("negative")
        place = bucket_of(event_us) - self.bucket
        last_us, last = int(self._last_us[column]), float(self._last_value[column])
        if place not in {0, 1} or event_us < last_us:
            return self._refuse("late" if place < 0 or event_us < last_us else "ahead")
        if not self._is_from(column, _CUMULATIVE):
            return self._refuse("mixed")
        self._last_value[column], self._last_us[column] = total, event_us
        reason = _unusable(last, total, Duration(event_us - last_us))
        if reason is not None:
            self._broken[place, column] = True
            return self._refuse(reason)
        self._volume[place, column] += total - last if last == last else 0.0
        if last != last:  # the first reading has nothing before it to be compared with
            self._broken[place, column] = True
        return None

    def miss(self, column: int | slice, now_us: Instant) -> None:
        """Trades of a market may have been lost by now: its buckets that have begun are unknown."""
        self._broken[: max(1, bucket_of(now_us) - self.bucket + 1), column] = True

    def price(self, column: int, yes_price: float, event_us: Instant) -> None:
        """The newest YES price, 0 to 1; older news than what is known is passed over."""
        if event_us >= self._price_us[column] and 0.0 <= yes_price <= 1.0:
            self._price[column], self._price_us[column] = yes_price, event_us

    def is_due(self, now_us: Instant) -> bool:
        """Whether the oldest open bucket has ended and its grace is over."""
        return now_us >= bucket_end(self.bucket) + GRACE

    def close(self) -> BucketFlow:
        """End the oldest open bucket and open the one after next."""
        volume = np.where(self._broken[0], np.nan, self._volume[0])
        taker = np.where(self._source == _CUMULATIVE, np.nan, self._taker_yes[0])
        flow = BucketFlow(
            volume, taker, self._trades[0].copy(), self._largest[0].copy(), self._price.copy()
        )
        for rows in (self._volume, self._taker_yes, self._trades, self._largest, self._broken):
            rows[0] = rows[1]
            rows[1] = 0
        self.bucket += 1
        return flow

    def jump(self, bucket: int) -> None:
        """The clock moved on to `bucket` without us: what was open was only partly seen.

        It is dropped; the history counts it, and the buckets between, as not observed.
        """
        if bucket < self.bucket:
            raise InvariantError(f"bucket {bucket} is closed; open is {self.bucket}")
        while self.bucket < bucket:
            self.close()

    def _is_from(self, column: int, source: int) -> bool:
        if self._source[column] == 0:
            self._source[column] = source
        return bool(self._source[column] == source)

    def _remember(self, key: tuple[int, str]) -> bool:
        if key in self._ids:
            return False
        self._ids.add(key)
        self._ids_order.append(key)
        if len(self._ids_order) > TRADE_IDS_MAX:
            self._ids.discard(self._ids_order.popleft())
        return True

    def _refuse(self, reason: Refused) -> Refused:
        self.refused[reason] = self.refused.get(reason, 0) + 1
        return reason


_TRADES, _CUMULATIVE = 1, 2


def _unusable(last: float, total: float, passed: Duration) -> Refused | None:
    if total < last:
        return "reset"
    return "gap" if last == last and passed > READING_GAP_MAX else None
