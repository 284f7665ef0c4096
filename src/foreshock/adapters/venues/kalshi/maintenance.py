"""When does Kalshi rest, and what does it let us do now? Its schedule, its status, pure.

    routine pause      Thursday 03:00 to 05:00 in New York, from the schedule: cancels only
    maintenance        announced windows: the exchange may answer nothing at all
    status             what it says of itself, also in a 500, 503 or 504

From ten minutes before a pause no new package is begun: its second leg might not be tradable any
more. Times of the schedule are New York's; the zone's rules come from the system, the rest is
counting in UTC microseconds.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, time, timedelta
from itertools import pairwise
from typing import Annotated, Literal, TypeAlias
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import msgspec

from foreshock.adapters.seams import HttpResponse
from foreshock.adapters.venues.kalshi import wire
from foreshock.adapters.venues.kalshi.account import reading
from foreshock.adapters.venues.kalshi.numbers import EPOCH, instant
from foreshock.adapters.venues.kalshi.rest import OK, body_of, error_words
from foreshock.adapters.venues.kalshi.wire import Moment
from foreshock.adapters.venues.order_path import Unsigned
from foreshock.core.domain.accounts import VenueCondition
from foreshock.core.domain.errors import ConfigError, DataError, VenueUnavailableError
from foreshock.core.domain.units import SECOND, Duration, Instant

ZONE = "America/New_York"
LEAD = Duration(600 * SECOND)
AHEAD_DAYS = 9
"""A week and the day on either side, so that there is always a next routine pause in sight."""
STATUS_STATUSES = frozenset({OK, 500, 503, 504})
"""Statuses whose body is the exchange's status."""
SESSIONS_MAX = 24
WINDOWS_MAX = 1_000
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
THURSDAY = WEEKDAYS.index("thursday")
SEVERITY: tuple[VenueCondition, ...] = ("open", "cancel_only", "paused")

Clock: TypeAlias = Annotated[str, msgspec.Meta(pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]$")]


class Session(msgspec.Struct, frozen=True):
    """Trading from one time of day to another; a close at 00:00 is midnight."""

    open_time: Clock
    close_time: Clock


class Week(msgspec.Struct, frozen=True):
    """Hours of a week, in effect from one instant to another. A day without sessions is closed."""

    start_time: Moment
    end_time: Moment
    monday: list[Session]
    tuesday: list[Session]
    wednesday: list[Session]
    thursday: list[Session]
    friday: list[Session]
    saturday: list[Session]
    sunday: list[Session]

    def sessions(self, weekday: int) -> list[Session]:
        """Of a day; Monday is 0."""
        days = (
            self.monday,
            self.tuesday,
            self.wednesday,
            self.thursday,
            self.friday,
            self.saturday,
            self.sunday,
        )
        return days[weekday]


class Announced(msgspec.Struct, frozen=True):
    """A window of maintenance."""

    start_datetime: Moment
    end_datetime: Moment


class Schedule(msgspec.Struct, frozen=True):
    """Hours and announced maintenance."""

    standard_hours: list[Week]
    maintenance_windows: list[Announced]


class ScheduleBody(msgspec.Struct, frozen=True):
    """Answer of `GET /exchange/schedule`."""

    schedule: Schedule


class ShardStatus(msgspec.Struct, frozen=True):
    """State of one shard."""

    exchange_index: int
    exchange_active: bool
    trading_active: bool


class StatusBody(msgspec.Struct, frozen=True):
    """Answer of `GET /exchange/status`; the two words at the top are those of shard 0."""

    exchange_active: bool
    trading_active: bool
    exchange_estimated_resume_time: Moment | None = None
    exchange_index_statuses: list[ShardStatus] | None = None


class Window(msgspec.Struct, frozen=True, order=True):
    """No trading from start to end, the end not included."""

    start_us: Instant
    end_us: Instant
    condition: Literal["cancel_only", "paused"]


class Outlook(msgspec.Struct, frozen=True):
    """What the calendar lets us do. may_enter: no pause now, none within the lead.

    pause: the one that is on or comes next, None when none is in sight.
    """

    condition: VenueCondition
    may_enter: bool
    pause: Window | None


class ExchangeSaid(msgspec.Struct, frozen=True):
    """What the exchange says of itself. condition: the worst of all its shards."""

    condition: VenueCondition
    by_shard: dict[int, VenueCondition]
    resumes_us: Instant | None


def new_york() -> ZoneInfo:
    """Raises ConfigError where the system has no time zones."""
    try:
        return ZoneInfo(ZONE)
    except ZoneInfoNotFoundError as error:
        raise ConfigError(f"this system does not know {ZONE}: install its time zones") from error


def outlook(pauses: Sequence[Window], now_us: Instant, lead: Duration = LEAD) -> Outlook:
    """What known pauses mean at an instant. Of overlapping ones the stricter counts."""
    on = [pause for pause in pauses if pause.start_us <= now_us < pause.end_us]
    if on:
        strictest = max(on, key=lambda pause: SEVERITY.index(pause.condition))
        return Outlook(strictest.condition, may_enter=False, pause=strictest)
    coming = min((pause for pause in pauses if pause.start_us > now_us), default=None)
    may_enter = coming is None or now_us < coming.start_us - lead
    return Outlook("open", may_enter, coming)


def routine_pauses(now_us: Instant, zone: ZoneInfo) -> tuple[Window, ...]:
    """The documented weekly pause, for the time before the schedule was read."""
    return tuple(
        Window(_utc(day, time(3), zone), _utc(day, time(5), zone), "cancel_only")
        for day in _days(now_us, zone)
        if day.weekday() == THURSDAY
    )


def pauses(schedule: Schedule, now_us: Instant, zone: ZoneInfo) -> tuple[Window, ...]:
    """Pauses of the coming days: what no session covers, and announced maintenance.

    Raises DataError when no week of the schedule is in effect, or one contradicts itself.
    """
    days = list(_days(now_us, zone))
    first_us = _utc(days[0], time(0), zone)
    last_us = _utc(days[-1] + timedelta(days=1), time(0), zone)
    sessions = _merged(_sessions(schedule.standard_hours, days, zone))
    edges = [(first_us, first_us), *sessions, (last_us, last_us)]
    gaps = [
        Window(before[1], after[0], "cancel_only")
        for before, after in pairwise(edges)
        if before[1] < after[0]
    ]
    if len(schedule.maintenance_windows) > WINDOWS_MAX:
        raise DataError(f"{len(schedule.maintenance_windows)} windows of maintenance")
    announced = [_announced(window) for window in schedule.maintenance_windows]
    return tuple(sorted(gaps + announced))


def worst_of(conditions: Iterable[VenueCondition]) -> VenueCondition:
    """The strictest of some conditions of the exchange."""
    said = frozenset(conditions)
    return next(condition for condition in reversed(SEVERITY) if condition in said)


def schedule_reading() -> Unsigned:
    """The hours."""
    return reading("/exchange/schedule")


def status_reading() -> Unsigned:
    """The state. No frame of a stream tells of a pause: this is asked again and again."""
    return reading("/exchange/status")


def read_schedule(answer: HttpResponse) -> Schedule:
    """Raises as `body_of`, and DataError."""
    return wire.decoded(body_of(answer), ScheduleBody).schedule


def read_status(answer: HttpResponse) -> ExchangeSaid:
    """Raises VenueUnavailableError where it said nothing, DataError for an unknown shape."""
    if answer.status not in STATUS_STATUSES:
        words = error_words(answer.body)
        raise VenueUnavailableError(f"Kalshi told no status: {answer.status} {words}")
    try:
        body = wire.decoded(answer.body, StatusBody)
    except DataError as error:
        if answer.status == OK:
            raise
        raise VenueUnavailableError(f"Kalshi told no status: {answer.status}") from error
    shards = body.exchange_index_statuses or []
    by_shard: dict[int, VenueCondition] = {
        shard.exchange_index: _condition(shard.exchange_active, shard.trading_active)
        for shard in shards
    }
    top = _condition(body.exchange_active, body.trading_active)
    by_shard[0] = worst_of((top, by_shard.get(0, top)))
    resumes = body.exchange_estimated_resume_time
    return ExchangeSaid(
        worst_of(by_shard.values()),
        by_shard,
        None if resumes is None else instant(resumes),
    )


def _condition(is_exchange_active: bool, is_trading_active: bool) -> VenueCondition:  # noqa: FBT001 - the venue's two words
    if not is_exchange_active:
        return "paused"
    return "open" if is_trading_active else "cancel_only"


def _announced(window: Announced) -> Window:
    start_us, end_us = instant(window.start_datetime), instant(window.end_datetime)
    if end_us <= start_us:
        raise DataError("maintenance that ends before it begins")
    return Window(start_us, end_us, "paused")


def _sessions(
    weeks: Sequence[Week], days: Sequence[date], zone: ZoneInfo
) -> Iterator[tuple[Instant, Instant]]:
    for day in days:
        noon_us = _utc(day, time(12), zone)
        week = next((w for w in weeks if _is_in_effect(w, noon_us)), None)
        if week is None:
            raise DataError(f"no hours in effect on {day.isoformat()}")
        sessions = week.sessions(day.weekday())
        if len(sessions) > SESSIONS_MAX:
            raise DataError(f"{len(sessions)} sessions on {day.isoformat()}")
        for session in sessions:
            yield _session(day, session, zone)


def _session(day: date, session: Session, zone: ZoneInfo) -> tuple[Instant, Instant]:
    closes_at = time.fromisoformat(session.close_time)
    last_day = day + timedelta(days=1) if closes_at == time(0) else day
    start_us = _utc(day, time.fromisoformat(session.open_time), zone)
    end_us = _utc(last_day, closes_at, zone)
    if end_us <= start_us:
        raise DataError(f"a session from {session.open_time} to {session.close_time}")
    return start_us, end_us


def _merged(sessions: Iterator[tuple[Instant, Instant]]) -> list[tuple[Instant, Instant]]:
    merged: list[tuple[Instant, Instant]] = []
    for start_us, end_us in sorted(sessions):
        if merged and start_us <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(merged[-1][1], end_us))
        else:
            merged.append((start_us, end_us))
    if not merged:
        raise DataError("a schedule without any session")
    return merged


def _days(now_us: Instant, zone: ZoneInfo) -> Iterator[date]:
    """Days of the zone, from yesterday on: a pause may have begun before midnight."""
    today = (EPOCH + timedelta(microseconds=now_us)).astimezone(zone).date()
    for ahead in range(-1, AHEAD_DAYS):
        yield today + timedelta(days=ahead)


def _utc(day: date, at: time, zone: ZoneInfo) -> Instant:
    return instant(datetime.combine(day, at, tzinfo=zone))


def _is_in_effect(week: Week, at_us: Instant) -> bool:
    return instant(week.start_time) <= at_us < instant(week.end_time)
