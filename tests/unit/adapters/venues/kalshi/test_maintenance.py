"""Do we know when Kalshi rests, to the minute and on both sides of a clock change?"""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from foreshock.adapters.venues.kalshi.maintenance import (
    LEAD,
    Schedule,
    Window,
    new_york,
    outlook,
    pauses,
    read_schedule,
    read_status,
    routine_pauses,
    schedule_reading,
    status_reading,
)
from foreshock.adapters.venues.kalshi.numbers import EPOCH, instant
from foreshock.core.domain.errors import DataError, VenueUnavailableError
from foreshock.core.domain.units import SECOND, Instant
from tests.unit.adapters.venues.kalshi.builders import Json, changed
from tests.unit.adapters.venues.kalshi.order_samples import NOT_FOUND, answer, recorded

ZONE = new_york()
ALL_DAY = [{"open_time": "00:00", "close_time": "00:00"}]
WEEK: Json = {
    "start_time": "2025-01-01T05:00:00Z",
    "end_time": "2200-12-01T05:00:00Z",
    "monday": ALL_DAY,
    "tuesday": ALL_DAY,
    "wednesday": ALL_DAY,
    "thursday": [
        {"open_time": "00:00", "close_time": "03:00"},
        {"open_time": "05:00", "close_time": "00:00"},
    ],
    "friday": ALL_DAY,
    "saturday": ALL_DAY,
    "sunday": ALL_DAY,
}
"""As production answered in January 2026."""
ACTIVE: Json = {"exchange_active": True, "trading_active": True}


def utc(text: str) -> Instant:
    return instant(datetime.fromisoformat(text).replace(tzinfo=UTC))


def schedule(*weeks: Json, windows: list[Json] | None = None) -> Schedule:
    body = {"standard_hours": weeks or [WEEK], "maintenance_windows": windows or []}
    return read_schedule(answer(200, {"schedule": body}))


@pytest.mark.parametrize(
    ("now", "start"),
    [
        ("2026-10-28T12:00", "2026-10-29T07:00"),  # before the clocks go back on 2026-11-01
        ("2026-11-02T12:00", "2026-11-05T08:00"),
        ("2026-11-20T00:00", "2026-11-26T08:00"),
        ("2027-03-10T12:00", "2027-03-11T08:00"),  # before the clocks go forward on 2027-03-14
        ("2027-03-15T12:00", "2027-03-18T07:00"),
    ],
)
def test_the_weekly_pause_keeps_to_new_york(now: str, start: str) -> None:
    at = utc(now)
    expected = Window(utc(start), Instant(utc(start) + 7_200 * SECOND), "cancel_only")
    for known in (pauses(schedule(), at, ZONE), routine_pauses(at, ZONE)):
        assert outlook(known, at).pause == expected


def test_no_new_package_begins_shortly_before_a_pause() -> None:
    known = pauses(schedule(), utc("2026-11-05T00:00"), ZONE)
    for now, condition, may_enter in (
        ("2026-11-05T07:49:59.999999", "open", True),
        ("2026-11-05T07:50:00", "open", False),
        ("2026-11-05T07:59:59.999999", "open", False),
        ("2026-11-05T08:00:00", "cancel_only", False),
        ("2026-11-05T09:59:59.999999", "cancel_only", False),
        ("2026-11-05T10:00:00", "open", True),
    ):
        found = outlook(known, utc(now))
        assert (found.condition, found.may_enter) == (condition, may_enter), now


@given(st.integers(0, 6 * 366 * 24 * 60))
def test_the_schedule_and_the_rule_agree_at_any_minute(minutes: int) -> None:
    """2026 to 2031, twelve clock changes included; and it is Thursday in New York."""
    at = Instant(utc("2026-01-01T00:00") + minutes * 60 * SECOND)
    by_schedule = outlook(pauses(schedule(), at, ZONE), at)
    assert by_schedule == outlook(routine_pauses(at, ZONE), at)
    local = (EPOCH + timedelta(microseconds=at)).astimezone(ZONE)
    is_resting = local.weekday() == 3 and 3 <= local.hour < 5
    assert by_schedule.condition == ("cancel_only" if is_resting else "open")
    assert by_schedule.pause is not None
    assert by_schedule.pause.end_us - by_schedule.pause.start_us == 7_200 * SECOND
    is_near = by_schedule.pause.start_us - LEAD <= at
    assert by_schedule.may_enter is not is_near


def test_announced_maintenance_stops_everything_and_is_the_stricter() -> None:
    window = {"start_datetime": "2026-11-05T09:00:00Z", "end_datetime": "2026-11-05T12:00:00Z"}
    known = pauses(schedule(windows=[window]), utc("2026-11-05T00:00"), ZONE)
    assert outlook(known, utc("2026-11-05T08:30")).condition == "cancel_only"
    assert outlook(known, utc("2026-11-05T09:30")).condition == "paused"
    assert outlook(known, utc("2026-11-05T11:00")).condition == "paused"


def test_days_without_sessions_are_closed() -> None:
    closed = changed(WEEK, saturday=[], sunday=[])
    at = utc("2026-11-22T12:00")
    found = outlook(pauses(schedule(closed), at, ZONE), at)
    assert found.condition == "cancel_only"
    assert found.pause is not None
    assert found.pause.end_us == utc("2026-11-23T05:00")


def test_the_week_in_effect_counts() -> None:
    past = changed(WEEK, end_time="2026-01-01T05:00:00Z", monday=[])
    at = utc("2026-11-23T12:00")
    assert outlook(pauses(schedule(past, WEEK), at, ZONE), at).condition == "open"
    with pytest.raises(DataError, match="no hours in effect"):
        pauses(schedule(past), at, ZONE)


ODD_WEEKS: list[Json] = [
    {"monday": [{"open_time": "09:00", "close_time": "08:00"}]},
    {"monday": ALL_DAY * 25},
    {day: [] for day in WEEK if day.endswith("day")},
]


@pytest.mark.parametrize("odd", ODD_WEEKS)
def test_hours_that_cannot_be_are_refused(odd: Json) -> None:
    with pytest.raises(DataError):
        pauses(schedule(changed(WEEK, **odd)), utc("2026-11-23T12:00"), ZONE)


@pytest.mark.parametrize("odd", [{"monday": ...}, {"monday": [{"open_time": "24:00"}]}])
def test_a_schedule_of_unknown_shape_is_refused(odd: Json) -> None:
    with pytest.raises(DataError):
        schedule(changed(WEEK, **odd))


def test_maintenance_that_ends_before_it_begins_is_refused() -> None:
    window = {"start_datetime": "2026-11-05T09:00:00Z", "end_datetime": "2026-11-05T08:00:00Z"}
    told = schedule(windows=[window])
    with pytest.raises(DataError, match="before it begins"):
        pauses(told, utc("2026-11-05T00:00"), ZONE)


@pytest.mark.parametrize("status", [200, 500, 503, 504])
def test_the_status_is_read_whatever_status_line_it_comes_with(status: int) -> None:
    assert read_status(answer(status, ACTIVE)).condition == "open"
    no_trading = changed(ACTIVE, trading_active=False)
    assert read_status(answer(status, no_trading)).condition == "cancel_only"
    no_exchange = changed(ACTIVE, exchange_active=False)
    assert read_status(answer(status, no_exchange)).condition == "paused"


def test_each_shard_has_its_own_state() -> None:
    shard: Json = {"exchange_index": 2, "description": "Crypto", "exchange_active": True}
    body = changed(
        ACTIVE,
        exchange_estimated_resume_time="2026-11-05T10:00:00Z",
        exchange_index_statuses=[
            shard | {"trading_active": False},
            shard | {"exchange_index": 0, "trading_active": True},
        ],
    )
    found = read_status(answer(200, body))
    assert found.by_shard == {0: "open", 2: "cancel_only"}
    assert found.condition == "cancel_only"
    assert found.resumes_us == utc("2026-11-05T10:00")


def test_no_status_is_neither_open_nor_closed() -> None:
    for odd in (answer(502, ACTIVE), answer(404, NOT_FOUND), answer(503, b"<html>")):
        with pytest.raises(VenueUnavailableError):
            read_status(odd)
    with pytest.raises(DataError):
        read_status(answer(200, b"{}"))


def test_the_recorded_status_is_open(shared_wire: Path) -> None:
    ((_, _, reply),) = recorded(shared_wire, "exchange__status")
    assert read_status(reply).condition == "open"
    assert status_reading().path.endswith("/exchange/status")
    assert schedule_reading().path.endswith("/exchange/schedule")
