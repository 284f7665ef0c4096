"""P8: what does one 5-second bar of all pairs cost, and how often is chance called a leader?

`python -m benchmarks.lead_lag` prints it alone.
"""

import time
from collections.abc import Iterator

import numpy as np

from benchmarks.rounds import percentile
from foreshock.core.signals.lead_lag import Rule, Verdict
from foreshock.core.signals.lead_lag_rolling import Ints, RollingLeadLag

SEED = 7
PAIRS_COUNT, BARS_COUNT = 1_000, 600
BAR_MS_MAX = 10.0
MOVE, TAIL_FREEDOM = 10_000.0, 3.0
"""Independent walks in millionths, their moves Student's t: far jumps are common."""
MOVING_SHARES = (0.05, 0.1, 0.2, 0.4, 1.0)


def main() -> None:
    """With the sizes of the target."""
    report(PAIRS_COUNT, BARS_COUNT)


def report(pairs_count: int, bars_count: int) -> None:
    """Print the cost of a bar, then the share of pairs without a leader that get one."""
    took_ms = bar_costs(pairs_count, bars_count)
    p50, p99 = percentile(took_ms, 0.5), percentile(took_ms, 0.99)
    print(f"P8  lead-lag of {pairs_count:,} pairs, {bars_count} bars, wall time")
    for name, value in (("one bar added and judged: p50", p50), ("the same, p99", p99)):
        judged = "met" if value <= BAR_MS_MAX else "MISSED"
        print(f"    {name:<39} {value:>8.2f} ms   bar {BAR_MS_MAX:g} ms   {judged}")
    for share in MOVING_SHARES:
        single, stable = false_shares(pairs_count, bars_count, share)
        print(
            f"    chance called a leader, {share:>4.0%} of bars move: single windows {single:.2%}, "
            f"stable {stable:.2%}"
        )


def bar_costs(pairs_count: int, bars_count: int) -> list[float]:
    """Milliseconds of each bar after the first window is full, when every bar also drops one."""
    rule = Rule()
    rolling = RollingLeadLag(pairs_count, rule)
    took_ms: list[float] = []
    for a, b in _walks(pairs_count, bars_count, 1.0):
        began_s = time.perf_counter()
        rolling.add(a, b)
        rolling.readings()
        took_ms.append((time.perf_counter() - began_s) * 1e3)
    return took_ms[rule.window_bars :] or took_ms


def false_shares(pairs_count: int, bars_count: int, moving_share: float) -> tuple[float, float]:
    """Of windows judged alone, and of the rule of 3 in 4, where nobody leads."""
    rule = Rule()
    rolling = RollingLeadLag(pairs_count, rule)
    single: list[Ints] = []
    stable: list[Ints] = []
    for number, (a, b) in enumerate(_walks(pairs_count, bars_count, moving_share), start=1):
        rolling.add(a, b)
        windows_count, rest = divmod(number, rule.stride_bars)
        if rest == 0 and number > rule.window_bars:
            readings = rolling.readings()
            single.append(readings.verdict)
            if windows_count > rule.stable_windows_count:
                stable.append(readings.stable)
    return _named_share(single), _named_share(stable)


def _walks(pairs_count: int, bars_count: int, moving_share: float) -> Iterator[tuple[Ints, Ints]]:
    """Mids of both sides bar by bar, independent of each other."""
    rng = np.random.default_rng(SEED)
    mids: Ints = np.full((2, pairs_count), 500_000)
    for _ in range(bars_count):
        jumps = np.rint(rng.standard_t(TAIL_FREEDOM, mids.shape) * MOVE).astype(np.int64)
        mids = mids + np.where(rng.random(mids.shape) < moving_share, jumps, 0)
        yield mids[0], mids[1]


def _named_share(verdicts: list[Ints]) -> float:
    if not verdicts:
        return 0.0
    return float((np.concatenate(verdicts) > int(Verdict.NONE)).mean())


if __name__ == "__main__":
    main()
