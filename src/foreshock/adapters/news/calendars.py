"""When is what scheduled? Releases of FRED, the BLS calendar, and a file of a person's own; pure.

FRED names days, not hours: a release is taken to come at 8:30 in New York, when most of them do.
The BLS publishes an iCalendar file with hours in Eastern time. Whatever has no hour it could be
held to is not told.

Source: FRED API `/fred/releases/dates`, `bls.ics` (RFC 5545), read in November 2026.
"""

import re
import tomllib
from collections.abc import Iterator
from datetime import UTC, datetime, time
from typing import Final
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

import msgspec

from foreshock.adapters.news.items import ITEMS_MAX, check_size, item, known
from foreshock.core.domain.errors import DataError
from foreshock.core.domain.messages.signals import NewsSeen
from foreshock.core.domain.units import SECOND, Instant

EASTERN: Final = ZoneInfo("America/New_York")
RELEASED_AT: Final = time(8, 30)
DAY_US: Final = 86_400 * SECOND
EVENTS_MAX: Final = 5_000
LINES_MAX: Final = 100_000
AHEAD_DAYS: Final = 45
EASTERN_NAMES: Final = frozenset({"US-Eastern", "America/New_York", "US/Eastern", "Eastern"})
_FOLDED: Final = re.compile(r"\r?\n[ \t]")
_ESCAPED: Final = re.compile(r"\\([\\;,nN])")


class _ReleaseDate(msgspec.Struct):
    release_name: str = ""
    date: str = ""


class _Releases(msgspec.Struct):
    release_dates: list[_ReleaseDate] = []
    error_message: str = ""


class FredReleases:
    """The releases of the next days. Its path holds the key: it is a secret."""

    name = "fred"

    def __init__(self, key: str, today: str) -> None:
        """today: `2026-11-21`, from which day on."""
        asked = {
            "api_key": key,
            "file_type": "json",
            "realtime_start": today,
            "include_release_dates_with_no_data": "true",
            "sort_order": "asc",
            "limit": str(ITEMS_MAX),
        }
        self.path = f"/fred/releases/dates?{urlencode(asked)}"

    def read(self, body: bytes, recv_us: Instant) -> tuple[NewsSeen, ...]:
        """Raises DataError with FRED's words where it refuses."""
        check_size(body)
        try:
            found = msgspec.json.decode(body, type=_Releases)
        except (msgspec.MsgspecError, UnicodeDecodeError) as error:
            raise DataError(str(error)[:200]) from error
        if found.error_message:
            raise DataError(f"FRED refused: {found.error_message[:150]}")
        return known(
            item(self.name, (each.release_name, ""), at_us, recv_us, is_scheduled=True)
            for each in found.release_dates[:EVENTS_MAX]
            if (at_us := _day(each.date)) is not None
        )


class BlsCalendar:
    """The release calendar of the Bureau of Labor Statistics."""

    name = "bls"
    path = "/schedule/news_release/bls.ics"

    def read(self, body: bytes, recv_us: Instant) -> tuple[NewsSeen, ...]:
        """The events that begin at an hour. Raises DataError for what is no calendar."""
        check_size(body)
        text = _FOLDED.sub("", body.decode("utf8", errors="replace"))
        lines = text.splitlines()
        if not lines or lines[0].strip() != "BEGIN:VCALENDAR" or len(lines) > LINES_MAX:
            raise DataError("not a calendar")
        return known(
            item(self.name, (summary, url), at_us, recv_us, is_scheduled=True)
            for summary, url, at_us in _events(lines)
            if recv_us - DAY_US <= at_us <= recv_us + AHEAD_DAYS * DAY_US
        )


class _Event(msgspec.Struct):
    title: str
    at: datetime
    url: str = ""


class _File(msgspec.Struct, forbid_unknown_fields=True):
    event: list[_Event] = []


def read_calendar_file(text: str, recv_us: Instant) -> tuple[NewsSeen, ...]:
    """The events of a person's own file: TOML tables `[[event]]` with title, at, url.

    Raises DataError naming what is wrong; every `at` needs an offset from UTC.
    """
    try:
        found = msgspec.convert(tomllib.loads(text), _File)
    except (tomllib.TOMLDecodeError, msgspec.ValidationError) as error:
        raise DataError(str(error)[:200]) from error
    bare = [each.title for each in found.event if each.at.tzinfo is None]
    if bare:
        raise DataError(f"{bare[0]!r} has a time without an offset from UTC")
    return known(
        item("calendar", (each.title, each.url), _instant(each.at), recv_us, is_scheduled=True)
        for each in found.event[:EVENTS_MAX]
    )


def _events(lines: list[str]) -> Iterator[tuple[str, str, Instant]]:
    """(summary, url, begin) of every event that has all it needs."""
    event: dict[str, str] | None = None
    for line in lines:
        head, _, value = line.partition(":")
        name, _, parameters = head.partition(";")
        if line.strip() == "BEGIN:VEVENT":
            event = {}
        elif line.strip() == "END:VEVENT" and event is not None:
            at_us = _begin(event.get("DTSTART", ""), event.get("DTSTART;", ""))
            if at_us is not None:
                yield event.get("SUMMARY", ""), event.get("URL", ""), at_us
            event = None
        elif event is not None and name in {"SUMMARY", "URL", "DTSTART"}:
            event[name] = _ESCAPED.sub(lambda m: " " if m[1] in "nN" else m[1], value.strip())
            event[f"{name};"] = parameters


def _begin(value: str, parameters: str) -> Instant | None:
    """None for a day without an hour, or an hour in a zone that is not named."""
    zone_name = parameters.partition("TZID=")[2].partition(";")[0].strip('"')
    try:
        moment = datetime.strptime(value.removesuffix("Z"), "%Y%m%dT%H%M%S")  # noqa: DTZ007 - its zone follows
    except ValueError:
        return None
    if value.endswith("Z"):
        return _instant(moment.replace(tzinfo=UTC))
    return _instant(moment.replace(tzinfo=EASTERN)) if zone_name in EASTERN_NAMES else None


def _day(text: str) -> Instant | None:
    try:
        day = datetime.strptime(text, "%Y-%m-%d").date()  # noqa: DTZ007 - a day has no zone
    except ValueError:
        return None
    return _instant(datetime.combine(day, RELEASED_AT, EASTERN))


def _instant(moment: datetime) -> Instant:
    return Instant(int(moment.timestamp()) * SECOND)
