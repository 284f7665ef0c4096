"""Is a request signed by the venue's time once ours is known to be off?"""

import pytest

from foreshock.adapters.venues.venue_times import VenueTimes
from foreshock.core.domain.messages.operations import ClockJudged, ClockState
from foreshock.core.domain.units import SECOND
from tests.trading import START


def judged(state: ClockState, low: int | None, high: int | None) -> ClockJudged:
    return ClockJudged("kalshi", state, low, high, "words")


def test_our_own_time_holds_before_anything_is_known() -> None:
    assert VenueTimes().there("kalshi", START) == START


@pytest.mark.parametrize(
    ("low", "high", "correction"),
    [
        (-100_000, 120_000, 0),
        (300_000, 500_000, 400_000),
        (-10 * SECOND - 100_000, -10 * SECOND + 100_000, -10 * SECOND),
    ],
)
def test_a_clock_that_is_surely_off_is_corrected_by_the_middle(
    low: int, high: int, correction: int
) -> None:
    times = VenueTimes()
    times.hear(judged("refused", low, high))
    assert times.there("kalshi", START) == START + correction
    assert times.there("polymarket", START) == START


def test_silence_keeps_the_last_correction_and_a_new_word_replaces_it() -> None:
    times = VenueTimes()
    times.hear(judged("refused", 2 * SECOND, 2 * SECOND))
    times.hear(judged("unread", None, None))
    assert times.there("kalshi", START) == START + 2 * SECOND
    times.hear(judged("good", -10, 10))
    assert times.there("kalshi", START) == START
