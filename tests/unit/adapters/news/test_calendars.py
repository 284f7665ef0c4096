"""Calendars as FRED and the BLS document them (November 2026), retyped, and a person's own."""

import json

import pytest

from foreshock.adapters.news.calendars import BlsCalendar, FredReleases, read_calendar_file
from foreshock.core.domain.errors import DataError
from foreshock.core.domain.units import SECOND
from tests.trading import START

ICS = """BEGIN:VCALENDAR\r
VERSION:2.0\r
BEGIN:VEVENT\r
DTSTART;TZID=US-Eastern:20261210T083000\r
SUMMARY:Consumer Price Index\\, for Nov\r
 ember 2026\r
URL:https://www.bls.gov/cpi/\r
END:VEVENT\r
BEGIN:VEVENT\r
DTSTART:20261204T133000Z\r
SUMMARY:Employment Situation\r
END:VEVENT\r
BEGIN:VEVENT\r
DTSTART;VALUE=DATE:20261205\r
SUMMARY:A day without an hour\r
END:VEVENT\r
BEGIN:VEVENT\r
DTSTART;TZID=Mars/Olympus:20261205T080000\r
SUMMARY:A zone nobody knows\r
END:VEVENT\r
BEGIN:VEVENT\r
DTSTART:20291204T133000Z\r
SUMMARY:Years away\r
END:VEVENT\r
END:VCALENDAR\r
"""
CPI_US = 1_796_909_400 * SECOND  # 2026-12-10 13:30 UTC, 8:30 in New York
JOBS_US = 1_796_391_000 * SECOND  # 2026-12-04 13:30 UTC
OWN = """
[[event]]
title = "FOMC decision"
at = 2026-12-09T14:00:00-05:00
url = "https://www.federalreserve.gov/"
"""


def test_reads_events_with_their_hour_in_new_york_or_utc() -> None:
    items = BlsCalendar().read(ICS.encode(), START)
    assert [(item.title, item.published_us) for item in items] == [
        ("Consumer Price Index, for November 2026", CPI_US),
        ("Employment Situation", JOBS_US),
    ]
    assert all(item.is_scheduled for item in items)


@pytest.mark.parametrize("body", [b"", b"<html></html>", b"END:VCALENDAR"])
def test_what_is_no_calendar_is_an_error(body: bytes) -> None:
    with pytest.raises(DataError, match="calendar"):
        BlsCalendar().read(body, START)


def test_releases_of_a_day_are_taken_at_half_past_eight_in_new_york() -> None:
    rows = [
        {"release_id": 10, "release_name": "Consumer Price Index", "date": "2026-12-10"},
        {"release_id": 11, "release_name": "No day", "date": "soon"},
    ]
    body = json.dumps({"release_dates": rows}).encode()
    (item,) = FredReleases("k" * 32, "2026-11-18").read(body, START)
    assert (item.title, item.published_us) == ("Consumer Price Index", CPI_US)


def test_fred_is_asked_from_today_on_and_told_no_more_than_needed() -> None:
    path = FredReleases("k" * 32, "2026-11-18").path
    assert path.startswith("/fred/releases/dates?api_key=kkkk")
    assert "realtime_start=2026-11-18" in path


def test_a_refusal_of_fred_is_told_in_its_words() -> None:
    body = b'{"error_code":400,"error_message":"Bad Request. The value for api_key is not right."}'
    with pytest.raises(DataError, match="FRED refused: Bad Request"):
        FredReleases("k", "2026-11-18").read(body, START)


def test_reads_a_persons_own_calendar() -> None:
    (item,) = read_calendar_file(OWN, START)
    assert (item.title, item.source, item.is_scheduled) == ("FOMC decision", "calendar", True)
    assert item.published_us == 1_796_842_800 * SECOND


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("[[event]]\ntitle = 'x'\nat = 2026-12-09T14:00:00\n", "offset"),
        ("[[event]]\ntitle = 'x'\n", "at"),
        ("[[events]]\ntitle = 'x'\n", "events"),
        ("title", "="),
    ],
)
def test_a_calendar_that_is_not_clear_is_refused_with_the_reason(text: str, words: str) -> None:
    with pytest.raises(DataError, match=words):
        read_calendar_file(text, START)
