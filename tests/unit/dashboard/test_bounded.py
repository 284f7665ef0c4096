from hypothesis import given
from hypothesis import strategies as st

from foreshock.dashboard.bounded import evict


@given(st.lists(st.integers(), max_size=30), st.integers(0, 20))
def test_the_newest_stay_and_nothing_is_lost_unnoticed(values: list[int], count_max: int) -> None:
    table = dict(enumerate(values))
    gone = evict(table, count_max)
    assert len(table) <= count_max
    assert gone + list(table.values()) == values


@given(st.lists(st.booleans(), max_size=30), st.integers(0, 20))
def test_what_may_not_go_stays_be_there_ever_so_many(may_go: list[bool], count_max: int) -> None:
    table = dict(enumerate(may_go))
    gone = evict(table, count_max, lambda value: value)
    assert all(gone)
    assert sum(not value for value in table.values()) == may_go.count(False)
    assert len(table) <= max(count_max, may_go.count(False))
