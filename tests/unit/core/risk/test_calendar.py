"""Do the windows of limits begin and end where calendars and clocks on walls say?"""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from foreshock.core.domain.units import DAY, Instant
from foreshock.core.risk.calendar import (
    ZONES,
    Window,
    first_day,
    local_day,
    month_index,
    window_index,
)

EPOCH = date(1970, 1, 1)
DAYS = st.dates(min_value=date(1970, 1, 5), max_value=date(2400, 12, 31))
MOMENTS = st.datetimes(min_value=datetime(2008, 1, 1), max_value=datetime(2037, 12, 31))  # noqa: DTZ001 - hypothesis adds the zone


def instant(text: str, zone: str = "UTC") -> Instant:
    moment = datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone))
    return Instant(round(moment.timestamp() * 1_000_000))


@given(st.dates(min_value=date(1600, 1, 1), max_value=date(2400, 12, 31)))
def test_months_are_those_of_the_calendar(day: date) -> None:
    assert month_index((day - EPOCH).days) == day.year * 12 + day.month - 1
    assert first_day(day.year, day.month) == (day.replace(day=1) - EPOCH).days


@given(DAYS)
def test_weeks_begin_on_monday(day: date) -> None:
    index = window_index("week", Instant((day - EPOCH).days * DAY))
    assert index == (day - date(1969, 12, 29)).days // 7


@given(MOMENTS, st.sampled_from(sorted(ZONES)))
def test_days_are_those_on_the_wall_of_the_zone(moment: datetime, zone: str) -> None:
    aware = moment.replace(tzinfo=UTC)
    on_the_wall = aware.astimezone(ZoneInfo(zone)).date()
    now_us = Instant((aware - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(microseconds=1))
    assert local_day(now_us, zone) == (on_the_wall - EPOCH).days


@pytest.mark.parametrize("zone", sorted(ZONES))
@pytest.mark.parametrize("day", ["2026-11-01", "2027-03-14", "2026-10-25", "2027-03-28"])
def test_d3_days_on_which_clocks_change_begin_and_end_at_midnight(zone: str, day: str) -> None:
    """The days have 23 or 25 hours where the clocks change, 24 elsewhere."""
    midnight = instant(f"{day}T00:00:00", zone)
    following = date.fromisoformat(day) + timedelta(days=1)
    next_midnight = instant(f"{following}T00:00:00", zone)
    today = local_day(midnight, zone)
    assert local_day(Instant(midnight - 1), zone) == today - 1
    assert local_day(Instant(next_midnight - 1), zone) == today
    assert local_day(next_midnight, zone) == today + 1


@pytest.mark.parametrize(
    ("window", "before", "first"),
    [
        ("day", "2026-11-20T23:59:59.999999", "2026-11-21T00:00:00"),
        ("week", "2026-11-22T23:59:59.999999", "2026-11-23T00:00:00"),
        ("month", "2026-11-30T23:59:59.999999", "2026-12-01T00:00:00"),
    ],
)
def test_d5_a_boundary_belongs_to_the_window_that_begins(
    window: Window, before: str, first: str
) -> None:
    index = window_index(window, instant(before))
    assert window_index(window, instant(first)) == index + 1


def test_a_zone_that_is_not_known_is_an_error() -> None:
    with pytest.raises(KeyError):
        local_day(instant("2026-11-20T12:00:00"), "Mars/Olympus")
