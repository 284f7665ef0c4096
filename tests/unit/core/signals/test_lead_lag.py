"""Leaders and lags that were planted are found; where nothing was planted nothing is named."""

import math
import random

import pytest

from foreshock.core.signals.lead_lag import (
    BARS_MAX,
    Rule,
    Verdict,
    compute_lead_lag,
    stable_verdict,
)

RULE = Rule()
A, B, NONE, TOGETHER, UNKNOWN = (
    Verdict.A_LEADS,
    Verdict.B_LEADS,
    Verdict.NONE,
    Verdict.TOGETHER,
    Verdict.UNKNOWN,
)


def walk(rng: random.Random, bars_count: int = 140) -> list[int]:
    """A mid in millionths that moves in two bars of three."""
    mids = [500_000]
    for _ in range(bars_count - 1):
        mids.append(mids[-1] + rng.choice((-10_000, 0, 10_000)))
    return mids


def delayed(mids: list[int], bars_count: int) -> list[int]:
    return mids[:1] * bars_count + mids[: len(mids) - bars_count]


@pytest.mark.parametrize("lag", range(RULE.lag_bars + 1))
def test_finds_exactly_the_lag_that_was_planted(lag: int) -> None:
    ahead = walk(random.Random(lag))
    found = compute_lead_lag(ahead, delayed(ahead, lag), RULE)
    assert (found.verdict, found.lag_bars) == (A if lag else TOGETHER, lag)
    assert found.score == pytest.approx(1.0)
    turned = compute_lead_lag(delayed(ahead, lag), ahead, RULE)
    assert (turned.verdict, turned.lag_bars) == (B if lag else TOGETHER, -lag)


def test_names_nobody_in_series_that_know_nothing_of_each_other() -> None:
    rng = random.Random(5)
    assert {compute_lead_lag(walk(rng), walk(rng), RULE).verdict for _ in range(100)} == {NONE}


def test_mids_that_move_against_each_other_have_no_leader() -> None:
    ahead = walk(random.Random(6))
    against = [1_000_000 - mid for mid in delayed(ahead, 3)]
    assert compute_lead_lag(ahead, against, RULE).verdict is NONE


def test_what_repeats_itself_has_no_direction() -> None:
    swing = [500_000 + 10_000 * (t % 4 in {1, 2}) for t in range(140)]
    assert compute_lead_lag(swing, delayed(swing, 1), RULE).verdict is NONE


def test_one_common_jump_names_nobody() -> None:
    rng = random.Random(7)
    a = [500_000 + 200_000 * (t > 70) for t in range(140)]
    b = [500_000 + 200_000 * (t > 73) for t in range(140)]
    for t in rng.sample(range(140), 12):
        side = a if t % 2 else b
        side[t] += 1
    found = compute_lead_lag(a, b, RULE)
    assert found.score > 0.9
    assert (found.together_count, found.verdict) == (1, NONE)


def test_too_few_changes_are_unknown_rather_than_no_leader() -> None:
    still = [500_000] * 140
    found = compute_lead_lag(walk(random.Random(8)), still, RULE)
    assert found.verdict is UNKNOWN
    assert math.isnan(found.score)
    assert found.b_changes_count == 0


def test_too_few_known_bars_are_unknown() -> None:
    ahead = walk(random.Random(9))
    behind = delayed(ahead, 2)
    lost = [None if t >= 75 else mid for t, mid in enumerate(behind)]
    assert compute_lead_lag(ahead, behind, RULE).verdict is A
    assert compute_lead_lag(ahead, lost, RULE).verdict is UNKNOWN


def test_a_gap_is_not_a_change_of_zero_and_a_move_across_it_does_not_count() -> None:
    short = Rule(window_bars=4, lag_bars=1, changes_min=1, together_min=1)
    found = compute_lead_lag([0, 5, None, 90, 94], [0, 5, 6, 7, 11], short)
    assert (found.known_count, found.a_changes_count, found.b_changes_count) == (2, 2, 4)


def test_only_the_window_counts() -> None:
    ahead = walk(random.Random(10), 120)
    longer = [*walk(random.Random(11), 300), *ahead]
    late = [*walk(random.Random(12), 300), *delayed(ahead, 4)]
    assert compute_lead_lag(longer, late, RULE).lag_bars == 4


def test_no_bars_are_unknown() -> None:
    assert compute_lead_lag([], [], RULE).verdict is UNKNOWN


def test_sides_of_different_lengths_are_refused() -> None:
    with pytest.raises(ValueError, match="2 bars of one side and 1"):
        compute_lead_lag([1, 2], [1], RULE)


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"window_bars": 1}, "2 to"),
        ({"window_bars": BARS_MAX + 1}, "2 to"),
        ({"lag_bars": 0}, "longest lag"),
        ({"lag_bars": 120}, "longest lag"),
        ({"stride_bars": 0}, "at least one bar apart"),
        ({"stable_min": 5}, "stable in 1"),
    ],
)
def test_a_rule_that_can_judge_nothing_is_refused(wrong: dict[str, int], words: str) -> None:
    with pytest.raises(ValueError, match=words):
        Rule(
            window_bars=wrong.get("window_bars", 120),
            lag_bars=wrong.get("lag_bars", 12),
            stride_bars=wrong.get("stride_bars", 60),
            stable_min=wrong.get("stable_min", 3),
        )


@pytest.mark.parametrize(
    ("judged", "expected"),
    [
        ([], UNKNOWN),
        ([A, A], UNKNOWN),
        ([A, A, A], A),
        ([A, B, A, A], A),
        ([B, A, B, A], NONE),
        ([A, A, NONE, NONE], NONE),
        ([UNKNOWN, UNKNOWN, NONE, A], UNKNOWN),
        ([TOGETHER, TOGETHER, TOGETHER, A], TOGETHER),
        ([A, A, A, A, B, B, B], B),
    ],
)
def test_a_leader_is_stable_in_three_of_the_last_four_windows(
    judged: list[Verdict], expected: Verdict
) -> None:
    assert stable_verdict(judged, RULE) is expected
