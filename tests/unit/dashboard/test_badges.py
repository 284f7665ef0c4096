import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from foreshock.dashboard.badges import (
    BEST_TO_WORST,
    BookAge,
    Clocks,
    book_badge,
    clock,
    connection_badge,
    duration,
    halted,
    worst,
)
from foreshock.dashboard.views import BadgeState, BadgeView

NOW = 1_795_000_000_000_000  # 2026-11-18 11:06:40 UTC
S = 1_000_000
FRESH = Clocks(
    is_open=True,
    opened_us=NOW - 600 * S,
    closed_us=None,
    message_age_p95_us=300_000,
    data_at_us=NOW - S,
    checked_at_us=NOW - 20 * S,
    gap_us=None,
    is_polled=False,
)
BOOK = BookAge(recv_us=NOW - 400_000, lost_us=None, is_polled=False, paused_by=None)


def clocks(**changes: object) -> Clocks:
    return msgspec.structs.replace(FRESH, **changes)


def book(**changes: object) -> BookAge:
    return msgspec.structs.replace(BOOK, **changes)


@pytest.mark.parametrize(
    ("link", "own", "words"),
    [
        (FRESH, BOOK, "LIVE 0.4 s"),
        (FRESH, book(recv_us=NOW - 180 * S), "QUIET 3 m (link ok)"),
        (FRESH, book(recv_us=NOW - 601 * S), "STALE 10 m 1 s - not traded"),
        (clocks(message_age_p95_us=2_600_000), BOOK, "LATE 2.6 s"),
        (clocks(data_at_us=NOW - 41 * S), BOOK, "STALE 41 s - not traded"),
        (
            clocks(checked_at_us=NOW - 75 * S),
            BOOK,
            "STALE 1 m 15 s - not compared with REST, not traded",
        ),
        (FRESH, book(lost_us=NOW - 5 * S), "GAP since 11:06:35Z"),
        (clocks(gap_us=NOW - 5 * S), BOOK, "GAP since 11:06:35Z"),
        (clocks(is_open=False, closed_us=NOW - 5 * S), BOOK, "GAP since 11:06:35Z"),
        (FRESH, book(recv_us=None), "OFF - no book yet"),
        (None, BOOK, "OFF - not connected"),
        (clocks(is_polled=True), book(is_polled=True, recv_us=NOW - 12 * S), "POLLED 12 s"),
        (FRESH, book(paused_by="Kalshi"), "PAUSED by Kalshi"),
    ],
)
def test_a_book_says_how_fresh_it_is(link: Clocks | None, own: BookAge, words: str) -> None:
    badge = book_badge(own, link, NOW)
    assert badge.words == words
    assert badge.words.startswith(badge.state) or badge.state == "HALTED"


def test_a_new_connection_has_a_minute_until_its_first_comparison() -> None:
    young = clocks(opened_us=NOW - 30 * S, checked_at_us=None)
    old = clocks(opened_us=NOW - 61 * S, checked_at_us=None)
    assert connection_badge(young, NOW).state == "LIVE"
    assert connection_badge(old, NOW).state == "STALE"


@pytest.mark.parametrize(
    ("changes", "at", "beyond"),
    [
        ("message_age_p95_us", 2 * S, 2 * S + 1),
        ("data_at_us", NOW - 8 * S, NOW - 8 * S - 1),
        ("checked_at_us", NOW - 60 * S, NOW - 60 * S - 1),
    ],
)
def test_each_clock_has_its_own_bound(changes: str, at: int, beyond: int) -> None:
    assert connection_badge(clocks(**{changes: at}), NOW).state == "LIVE"
    assert connection_badge(clocks(**{changes: beyond}), NOW).state in {"LATE", "STALE"}


@given(
    age=st.integers(0, 10**10),
    data=st.integers(0, 10**9),
    check=st.one_of(st.none(), st.integers(0, 10**9)),
    p95=st.one_of(st.none(), st.integers(0, 10**8)),
)
def test_live_means_that_every_clock_is_within_bounds(
    age: int, data: int, check: int | None, p95: int | None
) -> None:
    link = clocks(
        data_at_us=NOW - data,
        checked_at_us=None if check is None else NOW - check,
        message_age_p95_us=p95,
    )
    badge = book_badge(book(recv_us=NOW - age), link, NOW)
    if badge.state in {"LIVE", "QUIET"}:
        assert data <= 8 * S
        assert check is not None  # this connection is ten minutes old
        assert check <= 60 * S
        assert (p95 or 0) <= 2 * S
        assert badge.age_us == age
    assert badge.words.startswith(badge.state)


def test_a_halt_never_hides_that_data_is_in_doubt() -> None:
    live, gap = BadgeView("LIVE", "LIVE 0.1 s", 1), BadgeView("GAP", "GAP", None)
    assert halted(live, "you", NOW, NOW).words == "HALTED by you 11:06:40Z"
    assert halted(gap, "you", NOW, NOW) == gap


@given(st.lists(st.sampled_from(BEST_TO_WORST), min_size=1))
def test_many_are_as_fresh_as_the_worst(states: list[BadgeState]) -> None:
    badge = worst(BadgeView(state, state, 1) for state in states)
    assert badge.state == max(states, key=BEST_TO_WORST.index)


def test_nothing_watched_is_not_live() -> None:
    assert worst([]).state == "OFF"


@pytest.mark.parametrize(
    ("micros", "text"),
    [
        (0, "0.0 s"),
        (2_650_000, "2.6 s"),
        (41 * S, "41 s"),
        (192 * S, "3 m 12 s"),
        (7_500 * S, "2 h 5 m"),
        (3 * 86_400 * S, "3 d"),
    ],
)
def test_durations_are_short(micros: int, text: str) -> None:
    assert duration(micros) == text


def test_the_clock_is_utc() -> None:
    assert clock(NOW) == "11:06:40Z"
