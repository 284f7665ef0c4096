"""The fast way over all pairs says what the plain way says, to the last digit."""

import random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from foreshock.core.signals.lead_lag import Rule, Verdict, compute_lead_lag, stable_verdict
from foreshock.core.signals.lead_lag_rolling import NO_MID, Ints, RollingLeadLag

SMALL = Rule(window_bars=12, lag_bars=3, stride_bars=4, changes_min=2, score_min=0.2, sigma_min=1.0)
Mids = list[int | None]
Column = tuple[Mids, Mids]

mids = st.none() | st.sampled_from((0, 1, 2, 3)) | st.integers(-(10**12), 10**12)
columns = st.integers(1, 50).flatmap(
    lambda bars: st.lists(
        st.tuples(
            st.lists(mids, min_size=bars, max_size=bars),
            st.lists(mids, min_size=bars, max_size=bars),
        ),
        min_size=1,
        max_size=3,
    )
)


def bar(pairs: list[Column], side: int, t: int) -> Ints:
    found = [pair[side][t] for pair in pairs]
    return np.array([NO_MID if mid is None else mid for mid in found], np.int64)


def streams(rng: random.Random, bars_count: int) -> list[Column]:
    """Pairs that follow each other at some lag, with gaps, beside some that do not."""
    pairs: list[Column] = []
    for lag in (-3, -1, 0, 2, None):
        known = [rng.choice((0, 0, 7, 20, 10**9)) for _ in range(bars_count)]
        sides: list[Mids] = [list(known), list(known)]
        if lag is None:
            rng.shuffle(sides[1])
        else:
            late = sides[1] if lag > 0 else sides[0]
            late[:] = [*known[:1] * abs(lag), *known][:bars_count]
        for side in sides:
            for t in rng.sample(range(bars_count), bars_count // 12):
                side[t] = None
        pairs.append((sides[0], sides[1]))
    return pairs


def agree(pairs: list[Column], rule: Rule) -> set[Verdict]:
    """Every bar of every pair; returns the verdicts seen."""
    rolling = RollingLeadLag(len(pairs), rule)
    judged: list[list[Verdict]] = [[] for _ in pairs]
    seen: set[Verdict] = set()
    for t in range(len(pairs[0][0])):
        rolling.add(bar(pairs, 0, t), bar(pairs, 1, t))
        readings = rolling.readings()
        for number, (a, b) in enumerate(pairs):
            plain = compute_lead_lag(a[: t + 1], b[: t + 1], rule)
            assert repr(readings.of(number)) == repr(plain)
            if (t + 1) % rule.stride_bars == 0:
                judged[number].append(plain.verdict)
            assert readings.stable[number] == stable_verdict(judged[number], rule)
            seen.add(plain.verdict)
    return seen


@given(columns)
@settings(max_examples=60, deadline=None)
def test_equals_the_plain_way_on_any_stream(pairs: list[Column]) -> None:
    agree(pairs, SMALL)


def test_equals_the_plain_way_on_streams_with_leaders_and_gaps() -> None:
    assert agree(streams(random.Random(3), 90), SMALL) == set(Verdict)


@pytest.mark.parametrize("count", [1, 2, 4])
def test_equals_the_plain_way_however_many_windows_make_a_leader_stable(count: int) -> None:
    rule = Rule(window_bars=12, lag_bars=3, stride_bars=4, stable_windows_count=4, stable_min=count)
    agree(streams(random.Random(count), 60), rule)


def test_a_pair_that_is_cleared_starts_anew_and_leaves_the_others_alone() -> None:
    pairs = streams(random.Random(4), 60)
    rolling = RollingLeadLag(len(pairs), SMALL)
    for t in range(60):
        if t == 30:
            rolling.clear(1)
        rolling.add(bar(pairs, 0, t), bar(pairs, 1, t))
    readings = rolling.readings()
    for number, (a, b) in enumerate(pairs):
        start = 30 if number == 1 else 0
        assert repr(readings.of(number)) == repr(compute_lead_lag(a[start:], b[start:], SMALL))


def test_readings_stay_as_they_were_when_bars_follow() -> None:
    pairs = streams(random.Random(5), 40)
    rolling = RollingLeadLag(len(pairs), SMALL)
    for t in range(30):
        rolling.add(bar(pairs, 0, t), bar(pairs, 1, t))
    readings = rolling.readings()
    before = [repr(readings.of(number)) for number in range(len(pairs))]
    for t in range(30, 40):
        rolling.add(bar(pairs, 0, t), bar(pairs, 1, t))
    assert [repr(readings.of(number)) for number in range(len(pairs))] == before


def test_a_bar_without_every_pair_is_refused() -> None:
    with pytest.raises(ValueError, match="2 mids for 3 pairs"):
        RollingLeadLag(3, SMALL).add(np.zeros(2, np.int64), np.zeros(2, np.int64))


def test_sums_do_not_overflow_however_far_prices_jump() -> None:
    """All changes at the bound, in the widest window: the largest sums there can be."""
    rule = Rule(window_bars=2_000, lag_bars=1, stride_bars=1_000)
    swing: Mids = [(t % 2) * 10**15 for t in range(2_100)]
    rolling = RollingLeadLag(1, rule)
    for t in range(2_100):
        rolling.add(bar([(swing, swing)], 0, t), bar([(swing, swing)], 1, t))
    assert repr(rolling.readings().of(0)) == repr(compute_lead_lag(swing, swing, rule))
    assert rolling.readings().of(0).verdict is Verdict.TOGETHER
