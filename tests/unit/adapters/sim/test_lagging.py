"""Do reads lag behind writes by what was asked, and never go back in time?"""

from hypothesis import given
from hypothesis import strategies as st

from foreshock.adapters.sim.lagging import KEPT_MAX, Lag, LaggingTable
from foreshock.core.domain.units import Instant


def test_a_write_is_the_truth_at_once_and_seen_later() -> None:
    table: LaggingTable[str] = LaggingTable(Lag(1, 10, 10))
    table.put("a", "first", Instant(0))
    assert table.latest("a") == "first"
    assert table.seen("a", Instant(9)) is None
    assert table.seen("a", Instant(10)) == "first"
    table.put("a", "second", Instant(20))
    assert table.seen("a", Instant(29)) == "first"
    assert list(table.seen_values(Instant(30))) == ["second"]
    assert list(table.latest_values()) == ["second"]


def test_what_is_forgotten_or_unknown_is_not_there() -> None:
    table: LaggingTable[str] = LaggingTable(Lag(1))
    table.put("a", "x", Instant(0))
    table.forget("a")
    table.forget("never")
    assert table.latest("a") is None
    assert table.seen("a", Instant(5)) is None
    assert list(table.seen_values(Instant(5))) == []


def test_the_oldest_keys_go_when_there_are_too_many() -> None:
    table: LaggingTable[int] = LaggingTable(Lag(1))
    for number in range(KEPT_MAX + 1):
        table.put(str(number), number, Instant(number))
    assert table.latest("0") is None
    assert table.latest(str(KEPT_MAX)) == KEPT_MAX


@given(
    st.integers(0, 2**32),
    st.tuples(st.integers(0, 50), st.integers(0, 50)),
    st.lists(st.integers(0, 30), min_size=1, max_size=20),
)
def test_a_reader_never_sees_an_older_version_again(
    seed: int, lag: tuple[int, int], gaps: list[int]
) -> None:
    table: LaggingTable[int] = LaggingTable(Lag(seed, *lag))
    now, seen = 0, -1
    for version, gap in enumerate(gaps):
        table.put("k", version, Instant(now))
        for moment in range(now, now + gap + 1):
            found = table.seen("k", Instant(moment))
            assert found is None or seen <= found <= version
            seen = seen if found is None else found
        now += gap
    assert table.seen("k", Instant(now + max(lag))) == len(gaps) - 1
