"""Which of two prices moves first, by how many bars, and how sure is that?

Each side gives one mid a bar. For every lag k the changes of one side are correlated with those of
the other k bars later, over the bars of one window:

    score(k) = corr(a[t - k] - a[t - k - 1], b[t] - b[t - 1]),  t in the window

The lag with the highest positive score says who leads: a when k > 0, b when k < 0, both together
when k = 0. A change is known only where both its bars are known: a gap is no change of zero, and a
move across a gap is not counted. This module is the plain way, one pair at a time;
`lead_lag_rolling` does the same for all pairs at once, bar by bar, to the same last digit.

Source: MVP specification of the two-venue arbitrage system, sections 6.2 and 15.3 (5-second bars,
10-minute window, leader the same in 3 of the last 4 windows).
"""

import math
from collections import Counter
from collections.abc import Sequence
from enum import IntEnum
from itertools import pairwise
from typing import Final

import msgspec

SUMS_BITS: Final = 31
"""n * sum(a * b) stays within 64 bits while n * |change| stays within this many."""
BARS_MAX: Final = 100_000


class Verdict(IntEnum):
    """What a window says about a pair."""

    UNKNOWN = 0
    """Too few known bars, or too few changes on a side."""
    NONE = 1
    """Enough was seen, and nothing in it names a leader."""
    A_LEADS = 2
    B_LEADS = 3
    TOGETHER = 4
    """They move within the same bar."""


class Rule(msgspec.Struct, frozen=True, kw_only=True):
    """How leaders are looked for. Bars are counted, so their length is the caller's.

    stride_bars: a window is judged for the record every so many bars. At half a window no moment
    lies in more than two judged windows, so no single jump can make a leader stable.
    known_min_ppm: share of the window in which both sides must be known.
    changes_min: bars of the window in which each side must have moved.
    together_min: bars in which both moved, at the lag that is named.
    support_min: the score times sqrt(those bars) must reach it: a score that rests on two or three
    large moves has to be high.
    score_min, sigma_min: the score must reach the first, and the second divided by sqrt(bars).
    margin_min: by how much it must exceed the best score of the opposite direction.
    """

    window_bars: int = 120
    lag_bars: int = 12
    stride_bars: int = 60
    stable_windows_count: int = 4
    stable_min: int = 3
    known_min_ppm: int = 500_000
    changes_min: int = 5
    together_min: int = 2
    support_min: float = 0.8
    score_min: float = 0.3
    sigma_min: float = 4.0
    margin_min: float = 0.05

    def __post_init__(self) -> None:
        """Raises ValueError when no window could ever be judged."""
        if not 1 < self.window_bars <= BARS_MAX:
            raise ValueError(f"a window has 2 to {BARS_MAX} bars, not {self.window_bars}")
        if not 0 < self.lag_bars < self.window_bars:
            raise ValueError("the longest lag is at least one bar and shorter than the window")
        if self.stride_bars < 1:
            raise ValueError("windows are judged at least one bar apart")
        if not 0 < self.stable_min <= self.stable_windows_count:
            raise ValueError("a leader is stable in 1 to all of the judged windows")

    @property
    def change_max(self) -> int:
        """Larger changes count as this one, in the caller's units: then all sums are exact."""
        return (1 << SUMS_BITS) // self.window_bars

    @property
    def known_min(self) -> int:
        """Bars of the window in which both sides must be known."""
        return max(2, self.window_bars * self.known_min_ppm // 1_000_000)

    @property
    def lags(self) -> tuple[int, ...]:
        """The lags compared, shortest first: of equal scores the first one counts."""
        return (0, *(k for lag in range(1, self.lag_bars + 1) for k in (lag, -lag)))


class LeadLag(msgspec.Struct, frozen=True):
    """What one window says. lag_bars: a's lead, negative when b leads.

    score: the correlation at that lag; NaN when no lag has one. known_count: bars it is taken over.
    together_count: those of them in which both sides moved: what the score rests on.
    """

    verdict: Verdict
    lag_bars: int
    score: float
    known_count: int
    together_count: int
    a_changes_count: int
    b_changes_count: int


Bars = Sequence[int | None]
"""Mids in any fixed unit, one a bar, oldest first; None where there is none."""


def compute_lead_lag(a: Bars, b: Bars, rule: Rule) -> LeadLag:
    """Judge the window that ends with the last bar. Raises ValueError on unequal lengths."""
    if len(a) != len(b):
        raise ValueError(f"{len(a)} bars of one side and {len(b)} of the other")
    of_a, of_b = _changes(a, rule.change_max), _changes(b, rule.change_max)
    scores = {lag: _score(_aligned(of_a, of_b, lag, rule.window_bars)) for lag in rule.lags}
    lag = max(rule.lags, key=lambda k: -math.inf if math.isnan(scores[k]) else scores[k])
    best = _aligned(of_a, of_b, lag, rule.window_bars)
    known = len(best)
    together = sum(bool(x and y) for x, y in best)
    moved_a = sum(bool(x) for x in of_a[-rule.window_bars :])
    moved_b = sum(bool(y) for y in of_b[-rule.window_bars :])
    if known < rule.known_min or min(moved_a, moved_b) < rule.changes_min:
        verdict = Verdict.UNKNOWN
    else:
        verdict = _verdict(scores, lag, rule, together, known)
    return LeadLag(verdict, lag, scores[lag], known, together, moved_a, moved_b)


def stable_verdict(verdicts: Sequence[Verdict], rule: Rule) -> Verdict:
    """The leader that enough of the last judged windows name; UNKNOWN before enough are known.

    verdicts: one a stride, oldest first.
    """
    last = verdicts[-rule.stable_windows_count :]
    counts = Counter(last)
    for verdict in (Verdict.A_LEADS, Verdict.B_LEADS, Verdict.TOGETHER):
        if counts[verdict] >= rule.stable_min and 2 * counts[verdict] > rule.stable_windows_count:
            return verdict
    known = len(last) - counts[Verdict.UNKNOWN]
    return Verdict.NONE if known >= rule.stable_min else Verdict.UNKNOWN


def _changes(bars: Bars, change_max: int) -> list[int | None]:
    return [
        None if before is None or now is None else max(-change_max, min(change_max, now - before))
        for before, now in pairwise(bars)
    ]


def _aligned(
    a: Sequence[int | None], b: Sequence[int | None], lag: int, window_bars: int
) -> list[tuple[int, int]]:
    """The pairs of known changes at a lag whose later one lies in the window."""
    found: list[tuple[int, int]] = []
    for t in range(max(abs(lag), len(a) - window_bars), len(a)):
        x, y = a[t - max(0, lag)], b[t - max(0, -lag)]
        if x is not None and y is not None:
            found.append((x, y))
    return found


def _score(pairs: Sequence[tuple[int, int]]) -> float:
    """Pearson's correlation; NaN where a side never changes its change."""
    n = len(pairs)
    sum_a, sum_b = sum(x for x, _ in pairs), sum(y for _, y in pairs)
    spread_a = n * sum(x * x for x, _ in pairs) - sum_a * sum_a
    spread_b = n * sum(y * y for _, y in pairs) - sum_b * sum_b
    if not spread_a or not spread_b:
        return math.nan
    shared = n * sum(x * y for x, y in pairs) - sum_a * sum_b
    return float(shared) / (math.sqrt(spread_a) * math.sqrt(spread_b))


def _verdict(scores: dict[int, float], lag: int, rule: Rule, together: int, known: int) -> Verdict:
    score = scores[lag]
    is_seen = score >= rule.score_min and score * math.sqrt(known) >= rule.sigma_min
    is_backed = together >= rule.together_min and score * math.sqrt(together) >= rule.support_min
    if not is_seen or not is_backed:
        return Verdict.NONE
    if lag == 0:
        return Verdict.TOGETHER
    opposite = [s for k, s in scores.items() if k * lag < 0 and not math.isnan(s)]
    if opposite and score - max(opposite) < rule.margin_min:
        return Verdict.NONE
    return Verdict.A_LEADS if lag > 0 else Verdict.B_LEADS
