"""May this request leave now, or does a more urgent one need the venue's rate budget?

Two token buckets a venue, for reads and for writes. A lane may take a token only when it leaves
what the lanes before it keep: hedges, cancels and questions about orders > entries > scans.
"""

from collections.abc import Mapping
from typing import Literal, TypeAlias

import msgspec

from foreshock.adapters.venues.order_path import RequestKind
from foreshock.core.domain.units import MICRO, Instant, Rounding, divide

Lane: TypeAlias = Literal["reduce", "enter", "scan"]
LANES: tuple[Lane, ...] = ("reduce", "enter", "scan")
WRITES: frozenset[RequestKind] = frozenset({"place", "cancel", "amend", "settle"})


class BucketTerms(msgspec.Struct, frozen=True, kw_only=True):
    """Tokens a bucket holds at most and gains a second, and what each lane must leave in it."""

    capacity: int
    per_second: int
    left_by_entries: int
    left_by_scans: int


class BudgetTerms(msgspec.Struct, frozen=True, kw_only=True):
    """The budget of one venue account. costs: tokens a request takes, by its kind."""

    read: BucketTerms
    write: BucketTerms
    costs: Mapping[RequestKind, int]


class Bucket:
    """Tokens in millionths, so that no fraction is lost between two looks."""

    def __init__(self, terms: BucketTerms) -> None:
        self._terms = terms
        self._micros = terms.capacity * MICRO
        self._at_us: Instant | None = None
        self._paused_until_us = Instant(0)

    def take(self, cost: int, lane: Lane, now_us: Instant) -> bool:
        """Take tokens; False when the lane may not have them yet."""
        self._fill(now_us)
        if now_us < self._paused_until_us or self._missing(cost, lane) > 0:
            return False
        self._micros -= cost * MICRO
        return True

    def free_us(self, cost: int, lane: Lane, now_us: Instant) -> Instant:
        """When `take` will succeed if nobody else takes before."""
        self._fill(now_us)
        wait_us = divide(max(0, self._missing(cost, lane)), self._terms.per_second, Rounding.UP)
        return Instant(max(now_us + wait_us, self._paused_until_us))

    def pause(self, until_us: Instant) -> None:
        """The venue asked us to wait: nothing leaves before."""
        self._paused_until_us = max(self._paused_until_us, until_us)

    def _fill(self, now_us: Instant) -> None:
        elapsed_us = 0 if self._at_us is None else max(0, now_us - self._at_us)
        full = self._terms.capacity * MICRO
        self._micros = min(full, self._micros + elapsed_us * self._terms.per_second)
        self._at_us = now_us

    def _missing(self, cost: int, lane: Lane) -> int:
        left = {
            "reduce": 0,
            "enter": self._terms.left_by_entries,
            "scan": self._terms.left_by_scans,
        }[lane]
        return (cost + left) * MICRO - self._micros


class Budget:
    """Both buckets of a venue."""

    def __init__(self, terms: BudgetTerms) -> None:
        self._terms = terms
        self._read, self._write = Bucket(terms.read), Bucket(terms.write)

    def take(self, kind: RequestKind, lane: Lane, now_us: Instant) -> bool:
        """Whether a request may leave now; it is then paid for."""
        return self._of(kind).take(self._terms.costs[kind], lane, now_us)

    def free_us(self, kind: RequestKind, lane: Lane, now_us: Instant) -> Instant:
        """When a request may leave."""
        return self._of(kind).free_us(self._terms.costs[kind], lane, now_us)

    def pause(self, kind: RequestKind, until_us: Instant) -> None:
        """The venue answered that there were too many requests of this kind."""
        self._of(kind).pause(until_us)

    def _of(self, kind: RequestKind) -> Bucket:
        return self._write if kind in WRITES else self._read
