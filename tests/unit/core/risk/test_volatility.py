"""Is the volatility of a price what it was made with, and unknown where nothing can be said?"""

import random
from math import sqrt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from foreshock.core.domain.units import DAY, Duration
from foreshock.core.risk.volatility import (
    CHANGES_MIN,
    HOUR,
    INTERVALS_MIN,
    STEP_MINUTES,
    Mids,
    root,
    together,
    volatility_of,
)

SERIES = st.dictionaries(st.integers(0, 120), st.integers(0, 1_000_000), max_size=121)
TICK = 10_000


def walked(minutes: int, step: int, seed: int, bounce: int = 0) -> dict[int, int]:
    """A free walk with one step a minute, seen as far off as it bounces."""
    rng, mid, mids = random.Random(seed), 500_000, dict[int, int]()
    for minute in range(minutes):
        mid += rng.choice((-step, step))
        mids[minute] = mid + rng.choice((-bounce, bounce))
    return mids


def hourly(mids: Mids) -> int:
    found = volatility_of(mids).over(HOUR)
    assert found is not None
    return found


def test_the_volatility_of_a_walk_is_that_of_its_steps() -> None:
    made = 1_000 * sqrt(60)
    found = [hourly(walked(121, 1_000, seed)) for seed in range(200)]
    off = [(one - made) / made for one in found]
    assert abs(sum(off) / len(off)) < 0.03
    assert 0.08 < sqrt(sum(one * one for one in off) / len(off)) < 0.16  # "an eighth"


def test_after_35_minutes_it_is_a_quarter_off() -> None:
    made = 1_000 * sqrt(60)
    off = [hourly(walked(35, 1_000, seed)) / made - 1 for seed in range(400)]
    assert 0.18 < sqrt(sum(one * one for one in off) / len(off)) < 0.32


def test_a_mid_that_jumps_between_two_ticks_says_less_than_from_minute_to_minute() -> None:
    """Half a tick either way: five-minute intervals see a fifth of that noise in an hour."""
    mids = walked(121, 1_000, 3, bounce=TICK // 2)
    changes = [mids[minute] - mids[minute - 1] for minute in range(1, 121)]
    by_the_minute = sqrt(60 * sum(change * change for change in changes) / len(changes))
    assert hourly(mids) < 0.6 * by_the_minute


def test_nothing_is_said_before_enough_was_seen() -> None:
    few = walked(INTERVALS_MIN + STEP_MINUTES - 1, 1_000, 1)
    assert volatility_of(few).over(HOUR) is None
    assert volatility_of(walked(INTERVALS_MIN + STEP_MINUTES, 1_000, 1)).is_known


def test_a_price_that_hardly_moved_is_not_called_safe() -> None:
    still = {minute: 500_000 + TICK * min(minute // 20, CHANGES_MIN - 1) for minute in range(121)}
    found = volatility_of(still)
    assert (found.changes_count, found.over(HOUR)) == (CHANGES_MIN - 1, None)
    assert volatility_of({**still, 120: 0}).is_known


def test_a_gap_is_no_change_and_what_happened_across_it_does_not_count() -> None:
    before, after = walked(40, 1_000, 5), walked(40, 1_000, 6)
    apart = {**before, **{minute + 1_000: mid + 300_000 for minute, mid in after.items()}}
    found = volatility_of(apart)
    assert found.intervals_count == 2 * (40 - STEP_MINUTES)
    assert hourly(apart) < 2 * 1_000 * sqrt(60)


@given(SERIES, st.integers(1, 10), st.integers(1, 30 * DAY), st.integers(0, DAY))
def test_it_grows_with_the_time_and_with_the_size_of_the_moves(
    mids: dict[int, int], factor: int, horizon: int, more: int
) -> None:
    found = volatility_of(mids)
    over = found.over(Duration(horizon))
    if over is None:
        return
    assert over <= (found.over(Duration(horizon + more)) or 0)
    larger = volatility_of(together([(factor, mids)])).over(Duration(horizon))
    assert (larger or 0) <= factor * over


@given(SERIES)
def test_the_side_that_is_looked_at_does_not_matter(mids: dict[int, int]) -> None:
    other = {minute: 1_000_000 - mid for minute, mid in mids.items()}
    assert volatility_of(mids) == volatility_of(other)


@given(SERIES, SERIES)
def test_together_means_minutes_known_of_both(one: dict[int, int], other: dict[int, int]) -> None:
    both = together([(2, one), (-1, other)])
    assert both == {m: 2 * one[m] - other[m] for m in sorted(one) if m in other}


def test_what_moves_against_each_other_cancels() -> None:
    mids = walked(121, 1_000, 2)
    assert volatility_of(together([(3, mids), (-3, mids)])).squares == 0
    assert together([]) == {}


@given(st.integers(0, 10**30))
def test_the_root_is_the_least_whole_number_that_reaches_it(square: int) -> None:
    found = root(square)
    assert found * found >= square
    assert found == 0 or (found - 1) ** 2 < square


@pytest.mark.parametrize(("square", "found"), [(0, 0), (1, 1), (2, 2), (4, 2), (5, 3)])
def test_the_root_is_rounded_up(square: int, found: int) -> None:
    assert root(square) == found
