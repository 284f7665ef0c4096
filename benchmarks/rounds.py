"""How are variants compared fairly? Interleaved in every round, by CPU time, medians and spread.

The machine is shared and noisy, so absolute numbers say little: read the ratios, and take gaps
below TIE for ties.
"""

import gc
import time
from collections.abc import Callable, Mapping
from statistics import median
from typing import NamedTuple

TIE = 1.3
PYTHON_THRESHOLDS = (700, 10, 10)
"""Of CPython 3.11, so that every variant but ours runs as Python would run it."""


class Cost(NamedTuple):
    """What a variant took in one round."""

    cpu_s: float
    wall_s: float


class Summary(NamedTuple):
    """CPU microseconds a frame over all rounds."""

    median_us: float
    least_us: float
    most_us: float

    def __str__(self) -> str:
        return f"{self.median_us:7.2f} us  ({self.least_us:.2f} - {self.most_us:.2f})"


Prepared = Callable[[], None]
"""The work to be measured, everything else done."""
Variant = Callable[[], Prepared]
"""Prepares one round."""


def as_python_does() -> None:
    """The garbage collector as it comes."""
    gc.unfreeze()
    gc.set_threshold(*PYTHON_THRESHOLDS)
    gc.collect()


def measured(work: Prepared) -> Cost:
    """Do the work once."""
    wall_s, cpu_s = time.perf_counter(), time.process_time()
    work()
    return Cost(time.process_time() - cpu_s, time.perf_counter() - wall_s)


def interleaved(variants: Mapping[str, Variant], rounds: int) -> dict[str, list[Cost]]:
    """Every variant once a round, in turn."""
    costs: dict[str, list[Cost]] = {name: [] for name in variants}
    for _ in range(rounds):
        for name, variant in variants.items():
            as_python_does()
            costs[name].append(measured(variant()))
    as_python_does()
    return costs


def summed_up(costs: list[Cost], frames_count: int) -> Summary:
    """Per frame."""
    each_us = [cost.cpu_s / frames_count * 1e6 for cost in costs]
    return Summary(median(each_us), min(each_us), max(each_us))


def ratio(of: list[Cost], to: list[Cost]) -> float:
    """How many times as fast `of` is as `to`: the median over rounds, each with its own noise."""
    return median(theirs.cpu_s / ours.cpu_s for ours, theirs in zip(of, to, strict=True))


def percentile(values: list[float], share: float) -> float:
    """The value below which a share of the values lies."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))]


def verdict(reached: float, bar: float) -> str:
    """Whether a ratio reaches its bar, in one word."""
    return "met" if reached >= bar else "MISSED"
