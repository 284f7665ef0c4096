"""Does the estimate move the right way, and by the documented table?"""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from foreshock.core.domain.units import MICRO, SECOND, Duration, Quantity
from foreshock.core.pricing.completion import SILENCE_MAX, leg_completion_ppm

CLIP = Quantity(100 * MICRO)
NONE = Duration(0)


@pytest.mark.parametrize(
    ("depth", "chance"),
    [(99, 0), (100, 975_000), (125, 991_000), (150, 994_000), (200, 997_000), (300, 999_000)],
)
def test_more_rests_beyond_the_clip_more_likely_it_completes(depth: int, chance: int) -> None:
    assert leg_completion_ppm(CLIP, Quantity(depth * MICRO), NONE, NONE) == chance


@pytest.mark.parametrize(
    ("lag_ms", "chance"),
    [(-500, 999_000), (250, 999_000), (251, 998_000), (1_001, 994_000), (2_001, 979_000)],
)
def test_late_messages_take_off(lag_ms: int, chance: int) -> None:
    lag = Duration(lag_ms * SECOND // 1_000)
    assert leg_completion_ppm(CLIP, Quantity(300 * MICRO), lag, NONE) == chance


def test_a_quiet_book_is_trusted_for_ten_minutes() -> None:
    depth = Quantity(300 * MICRO)
    assert leg_completion_ppm(CLIP, depth, NONE, SILENCE_MAX) == 999_000
    assert leg_completion_ppm(CLIP, depth, NONE, Duration(SILENCE_MAX + 1)) == 994_000


def test_no_clip_has_no_chance() -> None:
    assert leg_completion_ppm(Quantity(0), CLIP, NONE, NONE) == 0


@given(
    st.integers(1, 10**10).map(Quantity),
    st.integers(0, 10**11).map(Quantity),
    st.integers(-SECOND, 10 * SECOND).map(Duration),
    st.integers(0, 3_600 * SECOND).map(Duration),
)
def test_a_chance_is_a_chance_and_grows_with_depth(
    clip: Quantity, depth: Quantity, lag: Duration, silence: Duration
) -> None:
    chance = leg_completion_ppm(clip, depth, lag, silence)
    deeper = leg_completion_ppm(clip, Quantity(2 * depth), lag, silence)
    assert 0 <= chance <= deeper < MICRO
