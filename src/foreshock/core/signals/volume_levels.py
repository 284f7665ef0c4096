"""Is unusual volume informed flow, and how loudly is it to be told?

    watch     VROC > 2 sigma at any horizon
    elevated  VROC > 3 sigma, accelerating, and no gate holds it back
    critical  VROC > 4 sigma, accelerating, no gate, and correlated contracts move too

A gate holds a market at watch, which is only logged: volume that moves no price, that a few prints
or one whale made, or that a resolution brings, says nothing about what somebody knows.
"""

from typing import Literal, TypeAlias

import msgspec
import numpy as np

from foreshock.core.signals.bursts import burst_sigma
from foreshock.core.signals.volume_buckets import (
    HOUR_BUCKETS,
    BucketFlow,
    Counts,
    Doubles,
    Flags,
)
from foreshock.core.signals.volume_metrics import VolumeReading

Level: TypeAlias = Literal["watch", "elevated", "critical"]
LEVELS: tuple[Level, ...] = ("watch", "elevated", "critical")
WATCH_SIGMA, ELEVATED_SIGMA, CRITICAL_SIGMA = 2.0, 3.0, 4.0
Horizon: TypeAlias = Literal["1 h", "4 h", "24 h"]
HORIZONS: tuple[Horizon, ...] = ("1 h", "4 h", "24 h")
IMPACT_MIN = 0.02
"""Probability the price has to have moved within the hour, toward the side that took."""
TRADES_MIN = 8
PRINT_SHARE_MAX = 0.5
"""Of the hour's volume, by its largest print."""
EDGE_PRICE = 0.03
"""Nearer than this to 0 or 1 a market is being decided, not informed."""
RVOL_BUCKETS = 3
EVIDENCE_MAX = 6.0
MOVE_START, MOVE_WEIGHT = 0.01, 1 / 864
"""The usual move of an hour before any was seen, and how fast it is learned: three days."""
SIZE_SPREAD = 2.7
"""Mean square of print sizes over their squared mean: prints lean less surely than coins."""


class FlowGates(msgspec.Struct, frozen=True):
    """Why volume is not informed flow, a flag a column each; none set = it may be.

    few: too few prints. one_print: one of them is most of it. no_impact: the price did not move, or
    against the takers. resolving: the price is at an end. scheduled: a known event is on.
    """

    few: Flags
    one_print: Flags
    no_impact: Flags
    resolving: Flags
    scheduled: Flags
    move: Doubles
    """Of the price within the hour; its sigma and that of the takers' lean count toward the
    takers' side, NaN where unknown. recent_trades: prints of the last 15 minutes."""
    move_sigma: Doubles
    side_sigma: Doubles
    recent_trades: Doubles

    @property
    def held(self) -> Flags:
        """Columns that some gate holds back."""
        return self.few | self.one_print | self.no_impact | self.resolving | self.scheduled


class HourOfFlow:
    """What the last hour's prints were like, in every market."""

    def __init__(self, columns_count: int, place: int = 0) -> None:
        shape = (HOUR_BUCKETS, columns_count)
        self._volume: Doubles = np.zeros(shape)
        self._yes: Doubles = np.full(shape, np.nan)
        self._trades: Counts = np.zeros(shape, dtype=np.int32)
        self._largest: Doubles = np.zeros(shape)
        self._price: Doubles = np.full(shape, np.nan)
        self.place = place
        self._move_square: Doubles = np.full(columns_count, MOVE_START**2)

    def forget(self) -> None:
        """Nobody watched for a while: what was printed before is not of the last hour."""
        for rows in (self._volume, self._trades, self._largest):
            rows[:] = 0
        for rows in (self._yes, self._price):
            rows[:] = np.nan

    def close(self, flow: BucketFlow, is_scheduled: Flags) -> FlowGates:
        """Take in a bucket and say what holds each market back.

        Where a venue tells no prints (taker sides NaN), only price and schedule can be judged.
        """
        before = self._price[self.place].copy()
        self._volume[self.place] = np.nan_to_num(flow.volume)
        self._yes[self.place] = flow.taker_yes
        self._trades[self.place] = flow.trades
        self._largest[self.place] = flow.largest
        self._price[self.place] = flow.price
        self.place = (self.place + 1) % HOUR_BUCKETS
        volume, yes = self._volume.sum(axis=0), self._yes.sum(axis=0)
        has_sides = ~np.isnan(yes)
        move = flow.price - before
        lean = 2 * yes - volume
        toward = np.abs(move)
        toward[has_sides] = (move * np.sign(lean))[has_sides]
        largest = self._largest.max(axis=0)
        prints = self._trades.sum(axis=0)
        usual_move = np.sqrt(self._move_square)
        known = ~np.isnan(move)
        self._move_square[known] += MOVE_WEIGHT * (move[known] ** 2 - self._move_square[known])
        return FlowGates(
            few=has_sides & (prints < TRADES_MIN),
            one_print=has_sides & (largest > PRINT_SHARE_MAX * volume),
            no_impact=toward < IMPACT_MIN,
            resolving=(flow.price < EDGE_PRICE) | (flow.price > 1 - EDGE_PRICE),
            scheduled=is_scheduled,
            move=move,
            move_sigma=toward / usual_move,
            side_sigma=np.abs(lean) / np.maximum(volume, 1e-9) * np.sqrt(prints / SIZE_SPREAD),
            recent_trades=self._recent_trades(),
        )

    def _recent_trades(self) -> Doubles:
        rows = (self.place - 1 - np.arange(RVOL_BUCKETS)) % HOUR_BUCKETS
        return self._trades[rows].sum(axis=0).astype(np.float64)


class LevelReading(msgspec.Struct, frozen=True):
    """level: 0 none, then as in LEVELS, counted from 1. horizon: the place in HORIZONS it fired at.

    A column each; horizon is that of the highest score among those that carry the level.
    """

    level: Counts
    horizon: Counts


def levels(reading: VolumeReading, gates: FlowGates, has_moving_peer: Flags) -> LevelReading:
    """The level of every market, and at which horizon."""
    score = np.nan_to_num(reading.score_sigma, nan=-np.inf)
    rising = np.nan_to_num(reading.acceleration_per_hour, nan=-np.inf) > 0
    free = ~gates.held
    by_horizon = (
        (score > WATCH_SIGMA).astype(np.int32)
        + ((score > ELEVATED_SIGMA) & rising & free)
        + ((score > CRITICAL_SIGMA) & rising & free & has_moving_peer)
    )
    level = by_horizon.max(axis=0).astype(np.int32)
    carrying = np.where(by_horizon == level, score, -np.inf)
    return LevelReading(level=level, horizon=np.argmax(carrying, axis=0).astype(np.int32))


def is_moving(reading: VolumeReading, gates: FlowGates) -> Flags:
    """Whether a contract counts as moving for its correlated ones: volume and price both."""
    score = np.nan_to_num(reading.score_sigma, nan=-np.inf).max(axis=0)
    return (score > WATCH_SIGMA) & (np.nan_to_num(np.abs(gates.move)) >= IMPACT_MIN)


def informed_score(reading: VolumeReading, gates: FlowGates) -> Doubles:
    """One number a market to rank alerts by: volume, price and takers' side together.

    The sum of three sigmas, each counted up to EVIDENCE_MAX: ten times the volume is no better a
    proof than five times, and never outweighs a price that stands still. Volume is the best of the
    horizons that accelerate and of the burst of prints. -inf under WATCH_SIGMA or when held.
    """
    rising = np.nan_to_num(reading.acceleration_per_hour, nan=-np.inf) > 0
    score = np.nan_to_num(reading.score_sigma, nan=-np.inf)
    best = np.where(rising, score, -np.inf).max(axis=0)
    burst = burst_sigma(
        gates.recent_trades, reading.expected / np.maximum(reading.print_size, 1e-6)
    )
    best = np.maximum(best, np.nan_to_num(burst, nan=-np.inf))
    evidence = np.minimum(best, EVIDENCE_MAX)
    for part in (gates.move_sigma, gates.side_sigma):
        evidence += np.clip(np.nan_to_num(part), 0.0, EVIDENCE_MAX)
    return np.where(gates.held | (best <= WATCH_SIGMA), -np.inf, evidence)
