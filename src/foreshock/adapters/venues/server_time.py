"""What time is it at a venue? The one request that tells, and what its answer says.

Polymarket tells it in a body, Kalshi only in the Date header of whatever it answers; both in whole
seconds. Web servers look the date of their answers up once a second, not at the answer: a header
may be a second late again and again, at the same part of every second, and must accuse nobody.
"""

from collections.abc import Mapping
from email.utils import parsedate_to_datetime
from typing import NamedTuple

from foreshock.adapters.seams import HttpRequest, HttpResponse
from foreshock.core.domain.errors import DataError
from foreshock.core.domain.units import SECOND, Duration, Instant

PRECISION = Duration(SECOND)
DATE_AGE_MAX = Duration(SECOND)
"""How long ago a server may have looked up the date that it writes in a header."""
SECONDS_DIGITS_MAX = 11
PATHS: Mapping[str, str] = {
    "polymarket": "/time",
    "kalshi": "/trade-api/v2/exchange/status",
}


class Stamp(NamedTuple):
    """The venue's clock stood at `at_us`, or up to `precision` later."""

    at_us: Instant
    precision: Duration


def time_request(venue: str) -> HttpRequest:
    """Needs no key."""
    return HttpRequest("GET", PATHS[venue])


def read_stamp(answer: HttpResponse) -> Stamp:
    """Raises DataError when the answer tells no time of its own making."""
    text = answer.body.strip()
    if text.isdigit() and len(text) <= SECONDS_DIGITS_MAX:
        return Stamp(Instant(int(text) * SECOND), PRECISION)
    headers = {name.lower(): value for name, value in answer.headers}
    if headers.get("age", "0").strip() != "0":
        raise DataError("the answer was kept by somebody on the way: its date is an old one")
    if "date" not in headers:
        raise DataError("the venue tells no time")
    try:
        dated = parsedate_to_datetime(headers["date"])
    except ValueError as error:
        raise DataError(f"no date: {headers['date'][:40]!r}") from error
    precision = Duration(PRECISION + DATE_AGE_MAX)
    return Stamp(Instant(int(dated.timestamp()) * SECOND), precision)
