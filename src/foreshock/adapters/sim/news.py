"""What do GDELT, an RSS feed, FRED and the BLS answer, in a world whose news we know? Pure.

Headlines are the world's own: each moves a family of questions at its moment, and is to be read
from that moment on. Events are scheduled before they happen, as they are in life.
"""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta
from typing import Final
from xml.sax.saxutils import escape

import msgspec

from foreshock.adapters.seams import HttpRequest, HttpResponse
from foreshock.adapters.sim.wire_text import EPOCH, Query, answer
from foreshock.core.domain.units import SECOND, Instant

DAY_US: Final = 86_400 * SECOND
GDELT_STEP_S: Final = 5
"""Questions closer together than this are refused, with status 200 and a line of text."""
FEED_ITEMS_MAX: Final = 50
KEY_CHARS: Final = 32
TOO_SOON: Final = (
    b"Please limit requests to one every 5 seconds or contact us for larger queries.\n"
)


class Headline(msgspec.Struct, frozen=True):
    """What is published, and when."""

    at_us: Instant
    title: str


class Release(msgspec.Struct, frozen=True):
    """What is scheduled, and for when."""

    at_us: Instant
    name: str


Headlines = Callable[[], Iterable[Headline]]


class NewsHosts:
    """Four hosts over one list of headlines and one of releases."""

    def __init__(self, headlines: Headlines, releases: Sequence[Release]) -> None:
        self._headlines = headlines
        self._releases = releases
        self._asked_us = Instant(0)

    def gdelt(self, request: HttpRequest, now_us: Instant) -> HttpResponse:
        """api.gdeltproject.org: every article of the last hour, whatever the query."""
        if now_us - self._asked_us < GDELT_STEP_S * SECOND:
            return HttpResponse(200, TOO_SOON, (("content-type", "text/html"),))
        self._asked_us = now_us
        query = Query(request)
        if query.parts != ("api", "v2", "doc", "doc") or not query.text("query"):
            body = b"The specified phrase is too short.\n"
            return HttpResponse(200, body, (("content-type", "text/html"),))
        articles = [
            {
                "url": f"https://news.invalid/{number}",
                "url_mobile": "",
                "title": told.title,
                "seendate": f"{_moment(told.at_us):%Y%m%dT%H%M%SZ}",
                "domain": "news.invalid",
                "language": "English",
                "sourcecountry": "United States",
            }
            for number, told in enumerate(self._published(now_us, 3_600))
        ]
        return answer(200, {"articles": articles})

    def feed(self, request: HttpRequest, now_us: Instant) -> HttpResponse:
        """An RSS feed with an entity tag."""
        told = self._published(now_us, DAY_US // SECOND)[:FEED_ITEMS_MAX]
        tag = f'"{len(told)}-{told[0].at_us if told else 0}"'
        headers = {name.lower(): value for name, value in request.headers}
        cached = (("etag", tag), ("content-type", "application/rss+xml"))
        if headers.get("if-none-match") == tag:
            return HttpResponse(304, b"", cached)
        items = "".join(
            f"<item><title>{escape(each.title)}</title><guid>{each.at_us}</guid>"
            f"<link>https://press.invalid/{each.at_us}</link>"
            f"<pubDate>{_moment(each.at_us):%a, %d %b %Y %H:%M:%S} GMT</pubDate></item>"
            for each in told
        )
        text = (
            '<?xml version="1.0" encoding="utf-8"?><rss version="2.0"><channel>'
            f"<title>The simulated press</title>{items}</channel></rss>"
        )
        return HttpResponse(200, text.encode(), cached)

    def fred(self, request: HttpRequest, now_us: Instant) -> HttpResponse:
        """api.stlouisfed.org: release dates, for who has a key."""
        query = Query(request)
        if len(query.text("api_key")) != KEY_CHARS:
            message = "Bad Request. The value for variable api_key is not a 32 character string."
            return answer(400, {"error_code": 400, "error_message": message})
        since = query.text("realtime_start")
        dates = [
            {
                "release_id": number,
                "release_name": each.name,
                "date": f"{_moment(each.at_us):%Y-%m-%d}",
            }
            for number, each in enumerate(self._releases, start=10)
        ]
        return answer(
            200, {"release_dates": [each for each in dates if str(each["date"]) >= since]}
        )

    def bls(self, request: HttpRequest, now_us: Instant) -> HttpResponse:
        """www.bls.gov: the calendar of releases; its times are in UTC here."""
        lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//simulated//EN"]
        for number, each in enumerate(self._releases):
            lines += [
                "BEGIN:VEVENT",
                f"UID:{number}@bls.invalid",
                f"DTSTART:{_moment(each.at_us):%Y%m%dT%H%M%SZ}",
                f"SUMMARY:{each.name}",
                "END:VEVENT",
            ]
        body = "\r\n".join([*lines, "END:VCALENDAR", ""]).encode()
        return HttpResponse(200, body, (("content-type", "text/calendar"),))

    def _published(self, now_us: Instant, seconds: int) -> list[Headline]:
        """What was published in the last so many seconds, newest first."""
        since_us = now_us - seconds * SECOND
        told = [each for each in self._headlines() if since_us <= each.at_us <= now_us]
        return sorted(told, key=lambda each: -each.at_us)


def _moment(at_us: Instant) -> datetime:
    return EPOCH + timedelta(microseconds=at_us)
