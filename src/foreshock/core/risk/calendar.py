"""Which day, week or month is it for a limit? Civil time of the zones that limits may keep.

A window begins with the first instant of its first day and ends right before the next one does, in
the zone of the limit; weeks begin on Monday. The core may not import `datetime`, so the rules of
the zones stand here: the United States since 2007, the European Union since 1996.
Source of the day algorithm: Howard Hinnant, "chrono-compatible low-level date algorithms" (public
domain), written anew.
"""

from typing import Literal, TypeAlias

from foreshock.core.domain.units import DAY, SECOND, Instant

Window: TypeAlias = Literal["day", "week", "month"]
WINDOWS: tuple[Window, ...] = ("day", "week", "month")
SummerTime: TypeAlias = Literal["none", "us", "eu"]

HOUR = 3_600 * SECOND
MINUTE = 60 * SECOND
ZONES: dict[str, tuple[int, SummerTime]] = {
    "UTC": (0, "none"),
    "America/New_York": (-300, "us"),
    "America/Chicago": (-360, "us"),
    "America/Denver": (-420, "us"),
    "America/Los_Angeles": (-480, "us"),
    "Europe/London": (0, "eu"),
    "Europe/Berlin": (60, "eu"),
    "Europe/Paris": (60, "eu"),
    "Asia/Kolkata": (330, "none"),
    "Asia/Singapore": (480, "none"),
    "Asia/Tokyo": (540, "none"),
}
"""IANA zones with their standard time in minutes east of UTC, and who sets their summer time."""

WEEKDAY_OF_EPOCH = 3
"""1970-01-01 was a Thursday, three days after a Monday."""
SUNDAY = 6
_ERA_DAYS = 146_097
_EPOCH_SHIFT = 719_468


def window_index(window: Window, now_us: Instant, zone: str = "UTC") -> int:
    """Number of the day, week or month in which an instant lies. Raises KeyError: see `ZONES`."""
    days = local_day(now_us, zone)
    if window == "day":
        return days
    return (days + WEEKDAY_OF_EPOCH) // 7 if window == "week" else month_index(days)


def local_day(now_us: Instant, zone: str) -> int:
    """Days since 1970-01-01 on the calendar of a zone. Raises KeyError: see `ZONES`."""
    standard, summer = ZONES[zone]
    local = now_us + standard * MINUTE
    return (local + HOUR if _is_summer(now_us, standard, summer) else local) // DAY


def month_index(days: int) -> int:
    """Months since year 0 of the day `days` after 1970-01-01, in the Gregorian calendar.

    Years are counted from March, so that the leap day is the last day of a year.
    """
    era, of_era = divmod(days + _EPOCH_SHIFT, _ERA_DAYS)
    leaps = of_era // 1_460 - of_era // 36_524 + of_era // 146_096
    year = (of_era - leaps) // 365
    of_year = of_era - (365 * year + year // 4 - year // 100)
    month_from_march = (5 * of_year + 2) // 153
    return (era * 400 + year) * 12 + month_from_march + 2


def first_day(year: int, month: int) -> int:
    """Days from 1970-01-01 to the first of a month."""
    shifted = year - (month <= 2)  # noqa: PLR2004 - January and February end the year before
    era, of_era = divmod(shifted, 400)
    of_year = (153 * ((month + 9) % 12) + 2) // 5
    return era * _ERA_DAYS + of_era * 365 + of_era // 4 - of_era // 100 + of_year - _EPOCH_SHIFT


def _is_summer(now_us: Instant, standard: int, summer: SummerTime) -> bool:
    """Whether clocks stand an hour ahead. In the States they change at 2:00, in Europe at 1:00 UTC.

    Everything is measured in standard time, so that no local hour is missing or there twice.
    """
    if summer == "none":
        return False
    if summer == "eu":
        year = month_index(now_us // DAY) // 12
        begins = _last_sunday(year, 3) * DAY + HOUR
        return begins <= now_us < _last_sunday(year, 10) * DAY + HOUR
    local = now_us + standard * MINUTE
    year = month_index(local // DAY) // 12
    begins = (_sunday_from(first_day(year, 3)) + 7) * DAY + 2 * HOUR
    return begins <= local < _sunday_from(first_day(year, 11)) * DAY + HOUR


def _sunday_from(day: int) -> int:
    """The first Sunday on or after a day."""
    return day + (SUNDAY - (day + WEEKDAY_OF_EPOCH)) % 7


def _last_sunday(year: int, month: int) -> int:
    """Of a month with 31 days."""
    return _sunday_from(first_day(year, month) + 24)
