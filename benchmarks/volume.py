"""P7: what does the close of a 5-minute bucket cost, in time and in memory, over all markets?"""

import argparse
import resource
import subprocess
import sys
import time

import numpy as np

from benchmarks.rounds import percentile
from foreshock.core.signals.volume_buckets import HISTORY_BUCKETS, BucketFlow, Flags
from foreshock.core.signals.volume_history import VolumeHistory
from foreshock.core.signals.volume_metrics import VolumeMetrics

SEED, FIRST = 7, 700_000
CLOSES = 40
MARKETS, MANY = 10_000, 100_000
CHUNK = 288


def report() -> None:
    """Print what a close takes, its preparation, a backfill, and the memory of many markets."""
    print("volume: 5-minute buckets over 14 days")
    rng = np.random.default_rng(SEED)
    totals = rng.gamma(0.5, 100, (HISTORY_BUCKETS, MARKETS)).astype(np.float32)
    history = VolumeHistory(MARKETS, FIRST)
    began_s = time.process_time()
    history.load(totals)
    history.prepare()
    took_s = time.process_time() - began_s
    print(f"    14 days of {MARKETS:,} markets backfilled in {took_s:.2f} CPU-s")
    metrics = VolumeMetrics(MARKETS)
    closing: list[float] = []
    preparing: list[float] = []
    none: Flags = np.zeros(MARKETS, dtype=np.bool_)
    for _ in range(CLOSES):
        flow = _flow(rng, MARKETS)
        began_s = time.process_time()
        metrics.close(history, flow, none)
        closing.append((time.process_time() - began_s) * 1e3)
        began_s = time.process_time()
        history.prepare()
        preparing.append((time.process_time() - began_s) * 1e3)
    for what, took in (("bucket close (VROC, RVOL, z)", closing), ("prepared ahead", preparing)):
        half, most = percentile(took, 0.5), percentile(took, 0.99)
        print(f"    {what:<30} p50 {half:6.2f} ms   p99 {most:6.2f} ms")
    sys.stdout.flush()
    subprocess.run([sys.executable, "-m", "benchmarks.volume", "--memory"], check=True)


def report_memory() -> None:
    """Print the peak of a process that keeps many markets and closes buckets of them."""
    rng = np.random.default_rng(SEED)
    history = VolumeHistory(MANY, FIRST)
    for first in range(0, HISTORY_BUCKETS, CHUNK):
        history.totals[first : first + CHUNK] = rng.random((CHUNK, MANY), dtype=np.float32)
    history.rebuild()
    metrics = VolumeMetrics(MANY)
    none: Flags = np.zeros(MANY, dtype=np.bool_)
    for _ in range(3):
        metrics.close(history, _flow(rng, MANY), none)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"    {MANY:,} markets, 14 days: peak memory {peak:,.0f} MiB")


def _flow(rng: np.random.Generator, count: int) -> BucketFlow:
    volume = rng.gamma(0.5, 100, count)
    trades = np.full(count, 3, dtype=np.int32)
    return BucketFlow(volume, volume / 2, trades, volume / 3, np.full(count, 0.5))


def main() -> None:
    """`python -m benchmarks.volume`: P7 alone."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.volume", description=__doc__)
    parser.add_argument("--memory", action="store_true", help="only the memory of many markets")
    if parser.parse_args().memory:
        report_memory()
    else:
        report()


if __name__ == "__main__":
    main()
