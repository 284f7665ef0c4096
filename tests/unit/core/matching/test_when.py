"""Dates, deadlines and clock times of titles, and the calendar under them."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from foreshock.core.matching import civil
from foreshock.core.matching.text import fold
from foreshock.core.matching.when import Days, find_dates, find_moment
from foreshock.core.matching.windows import Window, merge, read_window

EPOCH = date(1970, 1, 1)


def day(text: str) -> int:
    return (date.fromisoformat(text) - EPOCH).days


def window(text: str, close: str | None = None, year: int | None = None) -> Window:
    folded = fold(text)
    hint = None if close is None else day(close)
    return read_window(folded, folded.text, "title", (hint, year))[1]


def test_days_count_as_the_standard_library_counts_them() -> None:
    for number in range(-20_000, 60_000, 13):
        expected = EPOCH + timedelta(number)
        assert civil.date_of(number) == (expected.year, expected.month, expected.day)
        assert civil.day_number(*civil.date_of(number)) == number


@pytest.mark.parametrize("zone", sorted(set(civil.ZONES.values())))
def test_noon_everywhere_is_the_minute_the_standard_library_says(zone: str) -> None:
    for number in range(18_000, 24_000, 11):
        year, month, day_ = civil.date_of(number)
        noon = datetime(year, month, day_, 12, tzinfo=ZoneInfo(zone))
        assert civil.utc_minute(number, 720, zone) * 60 == noon.astimezone(UTC).timestamp()


def test_a_late_game_is_played_the_evening_before_by_the_clock_of_its_place() -> None:
    minute = int(datetime(2026, 8, 8, 1, 45, tzinfo=UTC).timestamp()) // 60
    assert civil.local_time(minute, "America/New_York") == (day("2026-08-07"), 21 * 60 + 45)


@pytest.mark.parametrize("parts", [(2026, 2, 29), (2026, 13, 1), (2026, 4, 31), (1, 1, 1)])
def test_days_that_do_not_exist_are_none(parts: tuple[int, int, int]) -> None:
    assert civil.day_number(*parts) is None


@pytest.mark.parametrize(
    ("text", "first_day_out"),
    [
        ("Will X happen by December 31, 2026?", "2027-01-01"),
        ("X before Jan 1, 2027?", "2027-01-01"),
        ("X before 2027?", "2027-01-01"),
        ("X by end of 2026?", "2027-01-01"),
        ("X before July 2026?", "2026-07-01"),
        ("X by June 30, 2026?", "2026-07-01"),
        ("X by the end of March 2026", "2026-04-01"),
        ("X before 2027-01-01", "2027-01-01"),
    ],
)
def test_a_deadline_is_the_first_day_that_no_longer_counts(text: str, first_day_out: str) -> None:
    found = window(text)
    assert found.deadline == Days(day(first_day_out), day(first_day_out) + 1)
    assert found.period is None


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("on March 2, 2026", "2026-03-02", "2026-03-02"),
        ("the 3rd of March 2026", "2026-03-03", "2026-03-03"),
        ("the February 2026 unemployment rate", "2026-02-01", "2026-02-28"),
        ("the 2026 NBA Finals", "2026-01-01", "2026-12-31"),
        ("the 2025\u201326 Serie A", "2026-01-01", "2026-12-31"),
        ("GDP in Q1 2026", "2026-01-01", "2026-03-31"),
        ("March 7, 2026 in 2026", "2026-03-07", "2026-03-07"),
    ],
)
def test_a_period_is_what_is_measured(text: str, first: str, last: str) -> None:
    assert window(text).period == Days(day(first), day(last) + 1)


def test_a_missing_year_is_that_of_the_close_or_the_ticker_or_unknown() -> None:
    assert window("on December 30", close="2026-01-02").period == Days(
        day("2025-12-30"), day("2025-12-31")
    )
    assert window("in February", close="2026-03-06").period == Days(
        day("2026-02-01"), day("2026-03-01")
    )
    assert window("on March 2", year=2027).period == Days(day("2027-03-02"), day("2027-03-03"))
    unknown = window("on March 2").period
    assert unknown is not None
    assert not unknown.has_year
    assert str(unknown) == "03-02 of an unstated year"


def test_a_week_and_a_season_are_marked() -> None:
    assert window("for the week of March 7, 2026").is_week
    assert window("the 2025-26 season").is_season


@pytest.mark.parametrize("text", ["X may win", "they march on", "March Madness", "a mar on it"])
def test_month_names_that_are_words_are_not_dates(text: str) -> None:
    assert find_dates(fold(text).text, [c.isupper() for c in text]) == []


def test_dates_that_contradict_leave_a_hole() -> None:
    assert "two deadlines" in window("before Jan 1, 2030? Before Jul 1, 2026").holes
    assert (
        "two periods" in window("March 2, 2026 and March 9, 2026").holes
        or window("March 2, 2026 and March 9, 2026").deadline
    )
    assert window("by 2027").holes
    assert window("on February 30, 2026").holes == ("a date that does not exist",)


def test_merging_keeps_the_narrower_period() -> None:
    year, month = window("in 2026"), window("in March 2026")
    assert merge(year, month).period == month.period == merge(month, year).period


@pytest.mark.parametrize(
    ("text", "minute", "zone"),
    [
        ("at 7am edt", 420, "America/New_York"),
        ("at 12pm et", 720, "America/New_York"),
        ("12:30 p.m. (pt)", 750, "America/Los_Angeles"),
        ("noon utc", 720, "UTC"),
        ("8pm", 1200, ""),
    ],
)
def test_a_time_of_day_keeps_its_zone(text: str, minute: int, zone: str) -> None:
    found = find_moment(text)
    assert found is not None
    assert (found.minute, found.zone) == (minute, zone)


def test_several_times_are_none_and_the_last_minute_is_the_day_itself() -> None:
    assert find_moment("between 8am et and 9am et") is None
    assert window("by March 31, 2026, 11:59 PM ET").moment is None
