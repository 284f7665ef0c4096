"""Who leads whom in a recording of feeds, by how long, and in how many windows?

Every pair of sources of every asset is put through the desk's own bars and rolling correlation.
"""

import math
from collections.abc import Sequence
from itertools import combinations, groupby
from pathlib import Path

import msgspec
import numpy as np

from foreshock.app.exits import CommandError, Exit
from foreshock.app.feed_recordings import Tick, recorded_ticks
from foreshock.core.domain.units import SECOND, Duration, Instant
from foreshock.core.signals.lead_lag import (
    BARS_MAX,
    LeadLag,
    Rule,
    Verdict,
    stable_verdict,
)
from foreshock.core.signals.lead_lag_rolling import Ints, RollingLeadLag
from foreshock.core.signals.mid_bars import MidBars

BAR = Duration(5 * SECOND)
WINDOW = Duration(600 * SECOND)
LAG_BARS, LAG_MIN = 12, Duration(3 * SECOND)
"""Lags compared unless told: twelve bars, and no less than three seconds."""
STALE_MIN, STALE_BARS = Duration(10 * SECOND), 2
LAG_BARS_MAX, PAIRS_MAX, RECORDED_BARS_MAX = 600, 200, 200_000
BAR_MIN = Duration(1_000)
NAMED = (Verdict.A_LEADS, Verdict.B_LEADS)


class Spans(msgspec.Struct, frozen=True):
    """Lengths to evaluate with; lag None = twelve bars, at least three seconds."""

    bar: Duration = BAR
    window: Duration = WINDOW
    lag: Duration | None = None


class PairFound(msgspec.Struct, frozen=True, kw_only=True):
    """What a recording says of two feeds.

    leader: a source, "together", "none" or "unknown". lag_s: how far the other one is behind;
    None without a leader. score: correlation there, or the highest one found; None where neither
    moves. windows: verdicts of the judged windows, oldest first.
    """

    asset: str
    a: str
    b: str
    leader: str
    follower: str | None
    lag_s: float | None
    score: float | None
    is_stable: bool
    known_bars_count: int
    a_changes_count: int
    b_changes_count: int
    together_count: int
    windows: tuple[str, ...]
    reason: str


class LeadLagEvaluation(msgspec.Struct, frozen=True, kw_only=True):
    """What `evaluate lead-lag PATH` says."""

    file: str
    ticks_count: int
    recorded_s: float
    bar_s: float
    window_s: float
    max_lag_s: float
    stale_s: float
    is_shorter_than_window: bool
    pairs: tuple[PairFound, ...]


def evaluate(path: Path, spans: Spans) -> LeadLagEvaluation:
    """Judge every pair of feeds of a recording. Raises CommandError that says what is wrong."""
    ticks = recorded_ticks(path)
    bars_count = (ticks[-1].at_us - ticks[0].at_us) // spans.bar + 1
    rule = rule_of(spans, bars_count)
    mids, names = _bars(ticks, spans.bar, bars_count, rule)
    pairs = _pairs(names)
    if not pairs:
        raise CommandError(
            Exit.USAGE,
            "NO_PAIR",
            f"{path} holds no asset of two sources",
            "record the same asset from two sources, under the same name",
        )
    if len(pairs) > PAIRS_MAX:
        raise CommandError(
            Exit.USAGE, "TOO_MANY", f"{len(pairs)} pairs of feeds", f"at most {PAIRS_MAX}"
        )
    windows = _judge(mids, pairs, rule)
    return LeadLagEvaluation(
        file=path.name,
        ticks_count=len(ticks),
        recorded_s=(ticks[-1].at_us - ticks[0].at_us) / SECOND,
        bar_s=spans.bar / SECOND,
        window_s=rule.window_bars * spans.bar / SECOND,
        max_lag_s=rule.lag_bars * spans.bar / SECOND,
        stale_s=_stale(spans.bar) / SECOND,
        is_shorter_than_window=rule.window_bars * spans.bar < spans.window,
        pairs=tuple(
            _found(names, pair, [window[number] for window in windows], rule, spans.bar)
            for number, pair in enumerate(pairs)
        ),
    )


def rule_of(spans: Spans, bars_count: int) -> Rule:
    """The desk's rule in bars of this length; a short recording is one window."""
    if spans.bar < BAR_MIN:
        raise _bad("--bar", "a bar is at least 1ms")
    lag = max(LAG_BARS * spans.bar, LAG_MIN) if spans.lag is None else spans.lag
    lag_bars = -(-lag // spans.bar)
    window_bars = min(spans.window // spans.bar, bars_count - 1)
    if not 0 < lag_bars <= LAG_BARS_MAX:
        raise _bad("--max-lag", f"the longest lag is 1 to {LAG_BARS_MAX} bars, not {lag_bars}")
    if bars_count > RECORDED_BARS_MAX or window_bars > BARS_MAX:
        raise _bad("--bar", f"{bars_count} bars are too many: make them longer")
    if window_bars <= 2 * lag_bars:
        raise _bad(
            "--window",
            f"{window_bars} bars are too few for lags of {lag_bars}: "
            "give shorter bars or lags, a longer window or recording",
        )
    return Rule(window_bars=window_bars, lag_bars=lag_bars, stride_bars=max(1, window_bars // 2))


def _bars(
    ticks: Sequence[Tick], bar: Duration, bars_count: int, rule: Rule
) -> tuple[list[Ints], list[tuple[str, str]]]:
    """The mids of every (asset, source) at the end of each bar."""
    names = sorted({(tick.asset, tick.source) for tick in ticks})
    numbers = {name: number for number, name in enumerate(names)}
    scales = {
        name: _Scale([t.price for t in ticks if (t.asset, t.source) == name], rule.change_max)
        for name in names
    }
    bars, start_us = MidBars(len(names), _stale(bar)), ticks[0].at_us
    by_bar = {
        number: list(each)
        for number, each in groupby(ticks, lambda tick: (tick.at_us - start_us) // bar)
    }
    mids: list[Ints] = []
    for number in range(bars_count):
        for tick in by_bar.get(number, ()):
            name = (tick.asset, tick.source)
            bars.observe(numbers[name], scales[name].units(tick.price), tick.at_us)
        mids.append(bars.close(Instant(start_us + (number + 1) * bar)))
    return mids, names


class _Scale:
    """Whole units of one feed, so fine that its whole range is the largest change there is."""

    def __init__(self, prices: Sequence[float], change_max: int) -> None:
        self._low = min(prices)
        self._span = max(prices) - self._low
        self._change_max = change_max

    def units(self, price: float) -> int:
        return round((price - self._low) / self._span * self._change_max) if self._span else 0


def _pairs(names: Sequence[tuple[str, str]]) -> list[tuple[int, int]]:
    return [(a, b) for a, b in combinations(range(len(names)), 2) if names[a][0] == names[b][0]]


def _judge(
    mids: Sequence[Ints], pairs: Sequence[tuple[int, int]], rule: Rule
) -> list[list[LeadLag]]:
    """The judged windows, oldest first: one every stride once a whole one is there."""
    a, b = np.array([a for a, _ in pairs]), np.array([b for _, b in pairs])
    rolling = RollingLeadLag(len(pairs), rule)
    windows: list[list[LeadLag]] = []
    for number, mid in enumerate(mids, start=1):
        rolling.add(mid[a], mid[b])
        past = number - 1 - rule.window_bars
        if past >= 0 and past % rule.stride_bars == 0:
            readings = rolling.readings()
            windows.append([readings.of(pair) for pair in range(len(pairs))])
    return windows


def _found(
    names: Sequence[tuple[str, str]],
    pair: tuple[int, int],
    windows: Sequence[LeadLag],
    rule: Rule,
    bar: Duration,
) -> PairFound:
    (asset, a), (_, b) = names[pair[0]], names[pair[1]]
    verdicts = [window.verdict for window in windows]
    stable = stable_verdict(verdicts, rule)
    is_judged = len(windows) >= rule.stable_min
    verdict = stable if is_judged else verdicts[-1]
    shown = next((w for w in reversed(windows) if w.verdict is verdict), windows[-1])
    return PairFound(
        asset=asset,
        a=a,
        b=b,
        leader=_name(verdict, a, b),
        follower={Verdict.A_LEADS: b, Verdict.B_LEADS: a}.get(verdict),
        lag_s=abs(shown.lag_bars) * bar / SECOND if verdict in NAMED else None,
        score=None if math.isnan(shown.score) else shown.score,
        is_stable=is_judged and stable in {*NAMED, Verdict.TOGETHER},
        known_bars_count=shown.known_count,
        a_changes_count=shown.a_changes_count,
        b_changes_count=shown.b_changes_count,
        together_count=shown.together_count,
        windows=tuple(_name(each, a, b) for each in verdicts),
        reason=_reason(verdict, shown, rule, is_judged=is_judged),
    )


def _name(verdict: Verdict, a: str, b: str) -> str:
    return {Verdict.A_LEADS: a, Verdict.B_LEADS: b}.get(verdict, verdict.name.lower())


def _reason(verdict: Verdict, shown: LeadLag, rule: Rule, *, is_judged: bool) -> str:
    if verdict is Verdict.UNKNOWN:
        if shown.known_count < rule.known_min:
            return f"both are known in {shown.known_count} bars, {rule.known_min} are needed"
        least = min(shown.a_changes_count, shown.b_changes_count)
        if least < rule.changes_min:
            return f"one of them moved in {least} bars, {rule.changes_min} are needed"
        return "too few windows could be judged"
    moved = f"both moved in {shown.together_count} bars at the best lag"
    if verdict is Verdict.NONE:
        return f"no lag stands out; {moved}"
    if abs(shown.lag_bars) == rule.lag_bars:
        moved += "; the longest lag compared, so the true one may be longer"
    return moved if is_judged else f"{moved}; too few windows to call it stable"


def _stale(bar: Duration) -> Duration:
    return Duration(max(STALE_MIN, STALE_BARS * bar))


def _bad(option: str, what: str) -> CommandError:
    return CommandError(Exit.USAGE, "BAD_SPAN", what, f"change {option}, for example {option} 5s")
