"""Which day is it, and what time is it there? Civil-calendar arithmetic on plain integers.

Days count from 1970-01-01 in the proleptic Gregorian calendar. The core may not import
`datetime`, and needs no more of it than this. Source of the day algorithm: Howard Hinnant,
"chrono-compatible low-level date algorithms" (public domain), written anew.
"""

from foreshock.core.domain.units import DAY, Instant

_ERA_DAYS = 146_097
_EPOCH_SHIFT = 719_468
_LEAP_MONTH = 2
_MONTH_DAYS = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
YEAR_MIN, YEAR_MAX = 1900, 2200
"""Years a contract can mean; anything else is a number."""

ZONES = {
    **dict.fromkeys(("et", "est", "edt", "eastern"), "America/New_York"),
    **dict.fromkeys(("ct", "cst", "cdt", "central"), "America/Chicago"),
    **dict.fromkeys(("mt", "mst", "mdt"), "America/Denver"),
    **dict.fromkeys(("pt", "pst", "pdt", "pacific"), "America/Los_Angeles"),
    **dict.fromkeys(("utc", "gmt", "z"), "UTC"),
    "bst": "Europe/London",
    **dict.fromkeys(("cet", "cest"), "Europe/Paris"),
    "jst": "Asia/Tokyo",
    "kst": "Asia/Seoul",
    "ist": "Asia/Kolkata",
}
"""What contracts call their clocks. ET stands for New York's civil time, in summer and winter."""
_STANDARD = {
    "America/New_York": -300,
    "America/Chicago": -360,
    "America/Denver": -420,
    "America/Los_Angeles": -480,
    "UTC": 0,
    "Europe/London": 0,
    "Europe/Paris": 60,
    "Asia/Tokyo": 540,
    "Asia/Seoul": 540,
    "Asia/Kolkata": 330,
}
_WEEK = 7
_EPOCH_WEEKDAY = 4  # 1970-01-01 was a Thursday; Sunday is 0


def month_days(year: int, month: int) -> int:
    """Days of a month."""
    leap = year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
    return 29 if month == _LEAP_MONTH and leap else _MONTH_DAYS[month - 1]


def day_number(year: int, month: int, day: int) -> int | None:
    """Days since 1970-01-01; None when there is no such day."""
    if not (YEAR_MIN <= year <= YEAR_MAX and 1 <= month <= len(_MONTH_DAYS)):
        return None
    if not 1 <= day <= month_days(year, month):
        return None
    shifted = year - (month <= _LEAP_MONTH)
    era, of_era = divmod(shifted, 400)
    of_year = (153 * ((month + 9) % 12) + 2) // 5 + day - 1
    return era * _ERA_DAYS + of_era * 365 + of_era // 4 - of_era // 100 + of_year - _EPOCH_SHIFT


def date_of(number: int) -> tuple[int, int, int]:
    """Year, month and day of a day number."""
    era, of_era = divmod(number + _EPOCH_SHIFT, _ERA_DAYS)
    year = (of_era - of_era // 1460 + of_era // 36_524 - of_era // 146_096) // 365
    of_year = of_era - (365 * year + year // 4 - year // 100)
    month = (5 * of_year + 2) // 153
    day = of_year - (153 * month + 2) // 5 + 1
    month = month + 3 if month < 10 else month - 9  # noqa: PLR2004 - the year begins in March here
    return year + era * 400 + (month <= _LEAP_MONTH), month, day


def day_of(instant: Instant) -> int:
    """The UTC day of an instant."""
    return instant // DAY


def text_of(number: int) -> str:
    """A day as people sort it: 2026-03-02."""
    year, month, day = date_of(number)
    return f"{year:04d}-{month:02d}-{day:02d}"


def utc_minute(day: int, minute: int, zone: str) -> int:
    """Minutes since 1970 of a civil time; summer time begins and ends at whole days here.

    Raises KeyError for a zone that `ZONES` does not name.
    """
    summer = 60 if _is_summer(day, zone) else 0
    return day * 1440 + minute - _STANDARD[zone] - summer


def local_time(minute: int, zone: str) -> tuple[int, int]:
    """Day and minute of the day of a UTC minute in a zone. Raises KeyError as above."""
    day = minute // 1440
    offset = day * 1440 - utc_minute(day, 0, zone)
    return divmod(minute + offset, 1440)


def _is_summer(day: int, zone: str) -> bool:
    year = date_of(day)[0]
    if zone.startswith("America/"):
        return _sunday(year, 3, 2) <= day < _sunday(year, 11, 1)
    if zone.startswith("Europe/"):
        return _last_sunday(year, 3) <= day < _last_sunday(year, 10)
    return False


def _sunday(year: int, month: int, nth: int) -> int:
    first = day_number(year, month, 1) or 0
    return first + (-(first + _EPOCH_WEEKDAY)) % _WEEK + (nth - 1) * _WEEK


def _last_sunday(year: int, month: int) -> int:
    last = day_number(year, month, month_days(year, month)) or 0
    return last - (last + _EPOCH_WEEKDAY) % _WEEK
