"""Do the bounds on a clock hold the truth, and does one odd reading accuse nobody?"""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from foreshock.core.domain.clocks import READINGS_MAX, Bounds, Offsets, ask_delay
from foreshock.core.domain.messages.operations import ClockRead
from foreshock.core.domain.units import SECOND, Duration, Instant

AT = 1_795_000_000 * SECOND
WHOLE = Duration(SECOND)


def reading(ours_us: int, offset: int, there: int = 20_000, back: int = 20_000) -> ClockRead:
    """A question asked now: `there` and `back` are how long it travels."""
    stamp_us = (ours_us + there + offset) // SECOND * SECOND
    return ClockRead(
        "kalshi", Instant(ours_us), Instant(ours_us + there + back), Instant(stamp_us), WHOLE
    )


def aimed(offset: int, count: int, travel: int = 20_000) -> Offsets:
    """Readings ten seconds apart, each asked when it tells most."""
    offsets, now_us = Offsets(), AT
    for _ in range(count):
        now_us += ask_delay(offsets.bounds(), Duration(travel), Instant(now_us))
        offsets.add(reading(now_us, offset, travel, travel))
        now_us += 10 * SECOND
    return offsets


@given(
    offset=st.integers(-20 * SECOND, 20 * SECOND),
    questions=st.lists(
        st.tuples(
            st.integers(0, 5 * SECOND), st.integers(0, 2 * SECOND), st.integers(0, 2 * SECOND)
        ),
        min_size=2,
        max_size=20,
    ),
)
def test_the_truth_lies_between_the_bounds_however_slow_the_answers(
    offset: int, questions: list[tuple[int, int, int]]
) -> None:
    offsets, now_us = Offsets(), AT
    for pause, there, back in questions:
        now_us += pause
        offsets.add(reading(now_us, offset, there, back))
        now_us += there + back
    bounds = offsets.bounds()
    assert bounds is not None
    assert bounds.low <= offset <= bounds.high
    assert abs(bounds.apart) <= abs(offset)
    assert offsets.count <= READINGS_MAX


@pytest.mark.parametrize(
    "offset", [0, 260_000, -260_000, 600_000, -600_000, 10_000_000, -7_654_321]
)
def test_eight_aimed_readings_of_whole_seconds_leave_less_than_a_quarter_of_one(
    offset: int,
) -> None:
    bounds = aimed(offset, 8).bounds()
    assert bounds is not None
    assert bounds.high - bounds.low < SECOND // 4
    assert abs(bounds.correction - offset) < SECOND // 4


def test_one_stamp_that_was_looked_up_long_ago_accuses_nobody() -> None:
    offsets = aimed(0, 8)
    late = reading(AT + 90 * SECOND, -5 * SECOND)
    offsets.add(late)
    bounds = offsets.bounds()
    assert bounds is not None
    assert bounds.apart == 0


@pytest.mark.parametrize("step", [10 * SECOND, -10 * SECOND])
def test_a_clock_that_was_set_is_seen_with_the_second_reading_after_it(step: int) -> None:
    offsets = aimed(0, 8)
    offsets.add(reading(AT + 81 * SECOND, step))
    first = offsets.bounds()
    offsets.add(reading(AT + 82 * SECOND, step))
    second = offsets.bounds()
    assert first is not None
    assert second is not None
    assert first.apart == 0
    assert abs(second.apart) > 8 * SECOND


def test_nothing_is_known_before_two_readings_and_old_ones_are_forgotten() -> None:
    offsets = Offsets()
    assert offsets.bounds() is None
    offsets.add(reading(AT, 0))
    assert offsets.bounds() is None
    offsets.add(reading(AT + 200 * SECOND, 0))
    assert offsets.bounds() is None, "the first is too old"


def test_nothing_is_corrected_while_both_may_show_the_same() -> None:
    assert Bounds(-100, 900_000).correction == 0
    assert Bounds(200_000, 400_000).correction == 300_000


def test_a_question_waits_for_the_turn_of_the_second_there() -> None:
    bounds = Bounds(100_000, 300_000)
    assert ask_delay(bounds, Duration(50_000), Instant(AT)) == 750_000
    assert ask_delay(None, Duration(50_000), Instant(AT + 1)) == 0
