"""Are leaders and lags found exactly where they were planted, and nowhere else?

Seeded series of three kinds, in the desk's own units: `busy` mids move in every bar, `quiet` ones
in one bar of five, `gappy` ones lose a side every now and then. The follower repeats the leader's
moves after the planted lag, with moves of its own beside them; `none` pairs share nothing.
"""

import random
from collections import Counter
from collections.abc import Sequence
from typing import Final, NamedTuple

import msgspec
import numpy as np

from foreshock.app.evaluate_lead_lag import Spans, rule_of
from foreshock.app.exits import CommandError, Exit
from foreshock.core.domain.units import SECOND
from foreshock.core.signals.lead_lag import LeadLag, Rule, Verdict
from foreshock.core.signals.lead_lag_rolling import NO_MID, Ints, RollingLeadLag

SEED: Final = 7
KINDS: Final = ("busy", "quiet", "gappy")
EACH_COUNT, NONE_COUNT, LAGS_MAX = 4, 100, 12
"""Pairs of a kind with one lag, pairs of a kind with no leader, lags planted a direction."""
WINDOW_BARS_MAX: Final = 1_000
START, MOVE, TICK = 500_000, 4_000.0, 10_000
OWN_SHARE, QUIET_SHARE, REPEATED_SHARE, GAP_SHARE, GAP_BARS = 0.6, 0.2, 0.85, 0.01, 5
_PLANTED = {1: Verdict.A_LEADS, -1: Verdict.B_LEADS, 0: Verdict.TOGETHER}

Side = list[int]


class LagFound(msgspec.Struct, frozen=True):
    """How often one planted lag was found; None = no leader was planted.

    leader_count: the right leader, stable. exact_count: the right lag beside it.
    """

    lag_s: float | None
    pairs_count: int
    leader_count: int
    exact_count: int


class PlantedEvaluation(msgspec.Struct, frozen=True, kw_only=True):
    """What `evaluate lead-lag` says without a recording.

    confusion: planted, then named, then how many pairs. false_count: pairs without a leader for
    which one is named. single_window_false_share: of their windows, each judged alone.
    """

    seed: int
    bar_s: float
    window_s: float
    max_lag_s: float
    bars_count: int
    planted_count: int
    found_count: int
    none_count: int
    false_count: int
    single_window_false_share: float
    is_met: bool
    confusion: dict[str, dict[str, int]]
    lags: tuple[LagFound, ...]


class _Planted(NamedTuple):
    lag: int | None
    a: Side
    b: Side

    @property
    def verdict(self) -> Verdict:
        return Verdict.NONE if self.lag is None else _PLANTED[int(np.sign(self.lag))]


class _Judged(NamedTuple):
    planted: _Planted
    stable: Verdict
    last: LeadLag

    @property
    def is_leader(self) -> bool:
        return self.stable is self.planted.verdict

    @property
    def is_exact(self) -> bool:
        return self.is_leader and self.planted.lag in {None, self.last.lag_bars}


def evaluate(spans: Spans) -> PlantedEvaluation:
    """Plant, look, compare. Raises CommandError when the spans cannot be used."""
    rule = rule_of(spans, WINDOW_BARS_MAX + 2)
    if spans.window // spans.bar > WINDOW_BARS_MAX:
        raise CommandError(
            Exit.USAGE,
            "BAD_SPAN",
            f"planted series take windows of {WINDOW_BARS_MAX} bars at most",
            "give a longer --bar, a shorter --window, or a recording",
        )
    bars_count = 1 + rule.window_bars + (rule.stable_windows_count - 1) * rule.stride_bars
    rng = random.Random(SEED)  # noqa: S311 - seeded series, nothing secret
    planted = _plant(rng, rule, bars_count)
    judged, false_share = _judge(planted, rule, bars_count)
    wanted = [each for each in judged if each.planted.lag is not None]
    nothing = [each for each in judged if each.planted.lag is None]
    false_count = sum(each.stable not in {Verdict.NONE, Verdict.UNKNOWN} for each in nothing)
    found_count = sum(each.is_exact for each in wanted)
    bar_s = spans.bar / SECOND
    return PlantedEvaluation(
        seed=SEED,
        bar_s=bar_s,
        window_s=rule.window_bars * bar_s,
        max_lag_s=rule.lag_bars * bar_s,
        bars_count=bars_count,
        planted_count=len(wanted),
        found_count=found_count,
        none_count=len(nothing),
        false_count=false_count,
        single_window_false_share=false_share,
        is_met=found_count == len(wanted) and not false_count,
        confusion=_confusion(judged),
        lags=_by_lag(judged, bar_s),
    )


def _plant(rng: random.Random, rule: Rule, bars_count: int) -> list[_Planted]:
    step = -(-rule.lag_bars // LAGS_MAX)
    ahead = range(step, rule.lag_bars + 1, step)
    lags = sorted((0, *ahead, *(-lag for lag in ahead)))
    return [
        _pair(rng, kind, lag, bars_count)
        for kind in KINDS
        for lag in (*(lag for lag in lags for _ in range(EACH_COUNT)), *[None] * NONE_COUNT)
    ]


def _pair(rng: random.Random, kind: str, lag: int | None, bars_count: int) -> _Planted:
    """Two series; the leader's moves come first by as many bars as the lag says."""
    delay = abs(lag or 0)
    shared = [_move(rng, kind) for _ in range(bars_count + delay)]
    followed = shared if lag is not None else [_move(rng, kind) for _ in shared]
    early = shared[delay:]
    late = [_repeated(rng, kind, move) for move in followed[:bars_count]]
    a, b = (_mids(moves) for moves in ((early, late) if (lag or 0) >= 0 else (late, early)))
    if kind == "gappy":
        _lose(rng, a)
        _lose(rng, b)
    return _Planted(lag, a, b)


def _move(rng: random.Random, kind: str) -> int:
    if kind == "quiet":
        is_moving = rng.random() < QUIET_SHARE
        return rng.choice((-2, -1, 1, 2)) * TICK if is_moving else 0
    return round(rng.gauss(0.0, MOVE))


def _repeated(rng: random.Random, kind: str, move: int) -> int:
    """The follower's move: mostly the leader's, and something of its own."""
    if kind != "quiet":
        return move + round(rng.gauss(0.0, OWN_SHARE * MOVE))
    if move:
        return move if rng.random() < REPEATED_SHARE else 0
    return rng.choice((-1, 1)) * TICK if rng.random() < QUIET_SHARE / 10 else 0


def _mids(moves: Sequence[int]) -> Side:
    mids = [START]
    for move in moves[1:]:
        mids.append(mids[-1] + move)
    return mids


def _lose(rng: random.Random, mids: Side) -> None:
    for start in range(len(mids)):
        if rng.random() < GAP_SHARE:
            gap = mids[start : start + GAP_BARS]
            mids[start : start + GAP_BARS] = [NO_MID] * len(gap)


def _judge(planted: Sequence[_Planted], rule: Rule, bars_count: int) -> tuple[list[_Judged], float]:
    """Every pair at the end, and the share of single windows that name a leader for nothing."""
    a: Ints = np.array([pair.a for pair in planted], np.int64)
    b: Ints = np.array([pair.b for pair in planted], np.int64)
    nothing = np.array([pair.lag is None for pair in planted])
    rolling = RollingLeadLag(len(planted), rule)
    windows_count, false_count = 0, 0
    for bar in range(bars_count):
        rolling.add(a[:, bar], b[:, bar])
        past = bar - rule.window_bars
        if past >= 0 and past % rule.stride_bars == 0:
            verdicts = rolling.readings().verdict[nothing]
            windows_count += len(verdicts)
            false_count += int((verdicts > Verdict.NONE).sum())
    readings = rolling.readings()
    judged = [
        _Judged(pair, Verdict(int(readings.stable[number])), readings.of(number))
        for number, pair in enumerate(planted)
    ]
    return judged, false_count / windows_count


def _confusion(judged: Sequence[_Judged]) -> dict[str, dict[str, int]]:
    counts = Counter((each.planted.verdict, each.stable) for each in judged)
    return {
        wanted.name.lower(): {named.name.lower(): counts[wanted, named] for named in Verdict}
        for wanted in Verdict
        if wanted is not Verdict.UNKNOWN
    }


def _by_lag(judged: Sequence[_Judged], bar_s: float) -> tuple[LagFound, ...]:
    lags = list(dict.fromkeys(each.planted.lag for each in judged))
    found: list[LagFound] = []
    for lag in lags:
        of_lag = [each for each in judged if each.planted.lag == lag]
        found.append(
            LagFound(
                None if lag is None else lag * bar_s,
                len(of_lag),
                sum(each.is_leader for each in of_lag),
                sum(each.is_exact for each in of_lag),
            )
        )
    return tuple(found)
