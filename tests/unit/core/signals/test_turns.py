"""Are turns given at most as often as was asked for, and saved up only to a point?"""

from hypothesis import given
from hypothesis import strategies as st

from foreshock.core.domain.units import Duration, Instant
from foreshock.core.signals.turns import Turns

INTERVAL = Duration(10)


def taken(turns: Turns, *at_us: int) -> list[bool]:
    return [turns.take(Instant(1_000 + at)) for at in at_us]


def test_one_turn_an_interval() -> None:
    turns = Turns(INTERVAL, 1)
    assert taken(turns, 0, 0) == [True, True]  # none was taken before: one was saved up
    assert taken(turns, 0, 9, 10, 10) == [False, False, True, False]


def test_without_an_interval_there_is_always_a_turn() -> None:
    assert all(taken(Turns(Duration(0), 4), *[0] * 100))


@given(st.lists(st.integers(0, 30), max_size=200), st.integers(1, 5))
def test_never_more_than_the_time_allows(pauses: list[int], at_once: int) -> None:
    turns, now, count = Turns(INTERVAL, at_once), 0, 0
    for pause in pauses:
        now += pause
        count += taken(turns, now)[0]
    assert count <= at_once + 1 + now // INTERVAL
