"""P3: how long does the desk ever stand still, and how long until a conclusion may leave?"""

import gc
import time
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

from benchmarks.desk import WholeDesk
from benchmarks.rounds import as_python_does, percentile
from benchmarks.stream import Stream, idle_markets
from foreshock.app import collector

DRAIN = 8
"""Frames a turn: a desk that keeps up."""
PAUSE_MS_MAX, RETURN_US_MAX = 10.0, 1_000.0
DURABLE_TURNS_MAX = 500


class Standing(NamedTuple):
    """Milliseconds of each collection; microseconds of each turn, to return and to durable."""

    collections_ms: list[float]
    turns_us: list[float]
    durable_us: list[float]


def report(stream: Stream, markets_count: int) -> None:
    """Print P3 with Python's collector settings and with the desk's."""
    idle_count = markets_count - 2 * len(stream.pairs)
    print(f"P3  {len(stream.frames):,} frames, {markets_count:,} markets in memory, {DRAIN} a turn")
    for is_settled, name in ((False, "Python's collector"), (True, "the desk's collector")):
        with TemporaryDirectory(prefix="foreshock-bench-") as folder:
            standing = stand(stream, idle_count, Path(folder), is_settled=is_settled)
        _print(name, standing)
    as_python_does()


def stand(stream: Stream, idle_count: int, folder: Path, *, is_settled: bool) -> Standing:
    """Run a desk, its first turns durable and timed to the disk, the others to the return only."""
    as_python_does()
    desk = WholeDesk(stream, folder, idle_markets(idle_count))
    if is_settled:
        collector.settle()
    turns_us: list[float] = []
    durable_us: list[float] = []
    frames = stream.frames
    with _collections() as collections_ms:
        for start in range(0, len(frames), DRAIN):
            began_s = time.perf_counter()
            work, now_us = desk.work(frames[start : start + DRAIN])
            turns_us.append((time.perf_counter() - began_s) * 1e6)
            if len(durable_us) < DURABLE_TURNS_MAX:
                desk.record(work)
                durable_us.append((time.perf_counter() - began_s) * 1e6)
            desk.release(work.commands, now_us)
    desk.close()
    return Standing(collections_ms, turns_us, durable_us)


@contextmanager
def _collections() -> Generator[list[float]]:
    """Milliseconds of every garbage collection inside."""
    took_ms: list[float] = []
    began_s = 0.0

    def watch(phase: str, info: dict[str, int]) -> None:  # noqa: ARG001 - Python passes both
        nonlocal began_s
        if phase == "start":
            began_s = time.perf_counter()
        else:
            took_ms.append((time.perf_counter() - began_s) * 1e3)

    gc.callbacks.append(watch)
    try:
        yield took_ms
    finally:
        gc.callbacks.remove(watch)


def _print(name: str, standing: Standing) -> None:
    collections_ms, turns_us, durable_us = standing
    pause_ms = max(collections_ms, default=0.0)
    p99_us = percentile(turns_us, 0.99)
    judged = "met" if pause_ms <= PAUSE_MS_MAX else "MISSED"
    print(f"    {name}")
    print(
        f"      largest collection pause {pause_ms:9.2f} ms   bar {PAUSE_MS_MAX:g} ms   {judged}"
        f"   ({len(collections_ms)} collections, {sum(collections_ms):.0f} ms in all)"
    )
    judged = "met" if p99_us <= RETURN_US_MAX else "MISSED"
    print(
        f"      tick to the engine's return   p50 {percentile(turns_us, 0.5):.0f} us,"
        f" p99 {p99_us:.0f} us, most {max(turns_us) / 1e3:.1f} ms"
        f"   bar p99 {RETURN_US_MAX:.0f} us   {judged}"
    )
    print(
        f"      tick to durable release       p50 {percentile(durable_us, 0.5) / 1e3:.2f} ms, p99"
        f" {percentile(durable_us, 0.99) / 1e3:.2f} ms   (two fsyncs a turn)"
    )
