"""What would prints and prices look like if we knew which bursts were informed?

A seeded world of whole prints in 5-minute buckets. Every market has its own rate, daily cycle and
unrest. Planted are informed bursts (more prints, one-sided, the price follows), scheduled events
(known beforehand), wash (many prints, both sides alike, no price), and single whales (one print,
the price untouched or back within a quarter of an hour). Prices also jump without any volume.
"""

from collections.abc import Iterator
from typing import Literal, TypeAlias

import msgspec
import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

Kind: TypeAlias = Literal["informed", "scheduled", "wash", "whale"]
Numbers: TypeAlias = NDArray[np.float64]
DAY_BUCKETS = 288
PER_DAY: dict[Kind, float] = {"informed": 0.35, "scheduled": 0.15, "wash": 0.35, "whale": 0.5}
"""Of each market."""
PRINT_MEDIAN, PRINT_SPREAD = 40.0, 1.0
"""Dollars, and the standard deviation of the logarithm."""
UNREST, UNREST_BUCKETS, DAY_UNREST = 0.35, 36, 0.25
PRICE_STEP, BOUNCE = 0.0025, 0.005
JUMPS_PER_DAY = 0.5
LOWEST, WIDTH = 0.1, 0.8
"""Of prices before the bounce."""


class Planted(msgspec.Struct, frozen=True):
    """One thing that was planted: buckets first .. after - 1 of a market, counted from 0."""

    kind: Kind
    column: int
    first: int
    after: int


class SignalWorld(msgspec.Struct, frozen=True):
    """Buckets x markets: dollars, of them by takers of YES, prints, largest print, last price."""

    volume: Numbers
    taker_yes: Numbers
    trades: NDArray[np.int32]
    largest: Numbers
    price: Numbers
    planted: tuple[Planted, ...]


class _Canvas(msgspec.Struct):
    rate: Numbers
    yes_share: Numbers
    drift: Numbers
    passing: Numbers
    whales: Numbers


def make_world(seed: int, markets_count: int, days_count: int, planted_from: int) -> SignalWorld:
    """Markets over days; nothing is planted before bucket `planted_from` but scheduled events."""
    rng = np.random.default_rng(seed)
    shape = (days_count * DAY_BUCKETS, markets_count)
    canvas = _Canvas(
        rate=_rates(rng, shape),
        yes_share=np.clip(0.5 + 0.1 * _unrest(rng, shape), 0.2, 0.8),
        drift=rng.normal(0.0, PRICE_STEP, shape),
        passing=rng.uniform(-BOUNCE, BOUNCE, shape),
        whales=np.zeros(shape),
    )
    jumps = rng.random(shape) < JUMPS_PER_DAY / DAY_BUCKETS
    canvas.drift += np.where(jumps, rng.choice([-1, 1], shape) * rng.uniform(0.02, 0.05, shape), 0)
    planted = _plan(rng, shape, planted_from)
    for thing in planted:
        _plant(rng, canvas, thing)
    return _print_all(rng, canvas, planted)


def _rates(rng: Generator, shape: tuple[int, int]) -> Numbers:
    """Expected prints a bucket."""
    buckets, markets = shape
    hours = np.arange(buckets)[:, None] / 12.0
    peak, height = rng.uniform(0, 24, markets), rng.uniform(0.3, 0.9, markets)
    daily = 1 + height * np.cos(2 * np.pi * (hours - peak) / 24)
    days = np.exp(rng.normal(0, DAY_UNREST, (buckets // DAY_BUCKETS, markets)))
    level = 4.0 * np.exp(rng.normal(0, 0.8, markets))
    return (
        level * daily * np.repeat(days, DAY_BUCKETS, axis=0) * np.exp(UNREST * _unrest(rng, shape))
    )


def _unrest(rng: Generator, shape: tuple[int, int]) -> Numbers:
    """A wandering number of variance 1 that forgets itself in a few hours."""
    keep = np.exp(-1 / UNREST_BUCKETS)
    shocks = rng.normal(0, np.sqrt(1 - keep**2), shape)
    shocks[0] = rng.normal(0, 1, shape[1])
    for bucket in range(1, shape[0]):
        shocks[bucket] += keep * shocks[bucket - 1]
    return shocks


def _plan(rng: Generator, shape: tuple[int, int], planted_from: int) -> tuple[Planted, ...]:
    """Nothing overlaps within a market: two hours lie between."""
    planned: list[Planted] = []
    for column in range(shape[1]):
        taken = np.zeros(shape[0], dtype=np.bool_)
        for kind, begin in _wishes(rng, shape[0], planted_from):
            length = 1 if kind == "whale" else int(rng.integers(9, 37))
            first = int(rng.integers(begin, shape[0] - 40))
            if not taken[first : first + length].any():
                taken[max(0, first - 24) : first + length + 24] = True
                planned.append(Planted(kind, column, first, first + length))
    return tuple(planned)


def _wishes(rng: Generator, buckets: int, planted_from: int) -> Iterator[tuple[Kind, int]]:
    """What one market is to get, and from which bucket on."""
    for kind, per_day in PER_DAY.items():
        begin = 0 if kind == "scheduled" else planted_from
        for _ in range(rng.poisson(per_day * (buckets - begin) / DAY_BUCKETS)):
            yield kind, begin


def _plant(rng: Generator, canvas: _Canvas, thing: Planted) -> None:
    cells = (slice(thing.first, thing.after), thing.column)
    length = thing.after - thing.first
    side = rng.choice([-1, 1])
    match thing.kind:
        case "informed":
            canvas.rate[cells] *= rng.uniform(2, 8)
            canvas.yes_share[cells] = 0.5 + side * rng.uniform(0.15, 0.35)
            canvas.drift[cells] += side * rng.uniform(0.03, 0.12) / length
        case "scheduled":
            canvas.rate[cells] *= rng.uniform(4, 15)
            canvas.drift[thing.first, thing.column] += side * rng.uniform(0.0, 0.15)
        case "wash":
            canvas.rate[cells] *= rng.uniform(3, 15)
            canvas.yes_share[cells] = 0.5
        case "whale":
            canvas.whales[cells] = side * PRINT_MEDIAN * np.exp(rng.uniform(4, 7))
            fade = slice(thing.first, thing.first + 3)
            canvas.passing[fade, thing.column] += side * rng.choice([0.0, 1.0]) * 0.025


def _print_all(rng: Generator, canvas: _Canvas, planted: tuple[Planted, ...]) -> SignalWorld:
    trades = rng.poisson(canvas.rate).astype(np.int32)
    flat = trades.ravel()
    cell = np.repeat(np.arange(flat.size), flat)
    size = PRINT_MEDIAN * np.exp(rng.normal(0, PRINT_SPREAD, cell.size))
    is_yes = rng.random(cell.size) < canvas.yes_share.ravel()[cell]
    volume = np.bincount(cell, size, flat.size).astype(np.float64).reshape(trades.shape)
    yes = np.bincount(cell, size * is_yes, flat.size).astype(np.float64).reshape(trades.shape)
    largest = np.zeros(flat.size)
    starts = np.concatenate(([0], np.cumsum(flat)[:-1]))[flat > 0]
    largest[flat > 0] = np.maximum.reduceat(size, starts)
    whale = np.abs(canvas.whales)
    start: Numbers = rng.uniform(0.25, 0.75, (1, canvas.drift.shape[1]))
    return SignalWorld(
        volume=volume + whale,
        taker_yes=yes + np.maximum(canvas.whales, 0),
        trades=trades + (whale > 0).astype(np.int32),
        largest=np.maximum(largest.reshape(trades.shape), whale),
        price=np.clip(_reflected(start + np.cumsum(canvas.drift, axis=0)) + canvas.passing, 0, 1),
        planted=planted,
    )


def _reflected(price: Numbers) -> Numbers:
    """Prices turn back at LOWEST and LOWEST + WIDTH, so that no market decides itself."""
    around = (price - LOWEST) % (2 * WIDTH)
    return LOWEST + np.where(around > WIDTH, 2 * WIDTH - around, around)
