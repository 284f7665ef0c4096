"""When may a source be asked again, and is its answer news? One question asked for ever; pure.

It honours what the source says: `ETag` and `Last-Modified` (an answer that has not changed is no
body), `Cache-Control: max-age`, `Retry-After`; errors back off, and a refusal that asking again
cannot change is told as what it is.
"""

from email.utils import parsedate_to_datetime
from typing import Final

import msgspec

from foreshock.adapters.seams import HttpRequest, HttpResponse
from foreshock.core.domain.units import SECOND, Duration, Instant

BACKOFF_MAX: Final = Duration(3_600 * SECOND)
RETRY_AFTER_S_MAX: Final = 24 * 3_600
NOT_MODIFIED: Final = 304
TOO_MANY: Final = frozenset({418, 429})
"""418: Binance's word for who went on asking after a 429."""
WAITING: Final = frozenset({202, 425, *TOO_MANY})
SUCCESSES: Final = range(200, 300)
SERVER_ERRORS: Final = range(500, 600)
TAG_CHARS_MAX: Final = 200
DOUBLINGS_MAX: Final = 16


class Terms(msgspec.Struct, frozen=True, kw_only=True):
    """What is asked, and at most how often. headers: sent with every request."""

    path: str
    every: Duration
    headers: tuple[tuple[str, str], ...] = ()


class Outcome(msgspec.Struct, frozen=True, kw_only=True):
    """What came of one question. body: None when nothing new came.

    problem: why there is none; empty when all is well. is_final: asking again will not help.
    """

    body: bytes | None = None
    problem: str = ""
    is_final: bool = False


class Poll:
    """One question. `due_us` says when to ask; feed it every answer and every failure."""

    def __init__(self, terms: Terms) -> None:
        self._terms = terms
        self._tags: tuple[tuple[str, str], ...] = ()
        self._failures_count = 0
        self.due_us = Instant(0)

    def request(self) -> HttpRequest:
        """What to ask now."""
        return HttpRequest("GET", self._terms.path, (*self._terms.headers, *self._tags))

    def answered(self, answer: HttpResponse, now_us: Instant) -> Outcome:
        """Take an answer in."""
        headers = {name.lower(): value for name, value in answer.headers}
        wait = _retry_after(headers.get("retry-after", ""), now_us)
        if answer.status == NOT_MODIFIED:
            return self._succeeded(headers, None, now_us)
        if answer.status in SUCCESSES and answer.status not in WAITING:
            self._tags = _tags(headers)
            return self._succeeded(headers, answer.body, now_us)
        problem = f"{self._terms.path.partition('?')[0]} answered {answer.status}"
        if answer.status in WAITING or answer.status in SERVER_ERRORS:
            self._fail(now_us, wait)
            return Outcome(problem=problem)
        self._fail(now_us, BACKOFF_MAX)
        return Outcome(problem=problem + _said(answer.body), is_final=True)

    def failed(self, reason: str, now_us: Instant) -> Outcome:
        """No answer came, or one that cannot be trusted."""
        self._tags = ()  # the next answer must be a whole one
        self._fail(now_us, Duration(0))
        return Outcome(problem=reason)

    def _succeeded(self, headers: dict[str, str], body: bytes | None, now_us: Instant) -> Outcome:
        self._failures_count = 0
        self.due_us = Instant(now_us + max(self._terms.every, _max_age(headers)))
        return Outcome(body=body)

    def _fail(self, now_us: Instant, wait: Duration) -> None:
        doubled = self._terms.every << min(self._failures_count, DOUBLINGS_MAX)
        self._failures_count += 1
        self.due_us = Instant(now_us + max(wait, min(BACKOFF_MAX, doubled)))


def _tags(headers: dict[str, str]) -> tuple[tuple[str, str], ...]:
    """What to say next time, so that an answer that has not changed costs nothing."""
    named = (("etag", "if-none-match"), ("last-modified", "if-modified-since"))
    return tuple(
        (asked, headers[said])
        for said, asked in named
        if headers.get(said) and len(headers[said]) <= TAG_CHARS_MAX
    )


def _max_age(headers: dict[str, str]) -> Duration:
    for part in headers.get("cache-control", "").split(","):
        name, _, value = part.strip().partition("=")
        if name == "max-age" and value.isdecimal():
            return Duration(min(int(value[:9]), RETRY_AFTER_S_MAX) * SECOND)
    return Duration(0)


def _retry_after(text: str, now_us: Instant) -> Duration:
    """Seconds, or a date."""
    if text.isdecimal():
        return Duration(min(int(text[:9]), RETRY_AFTER_S_MAX) * SECOND)
    try:
        moment = parsedate_to_datetime(text)
    except ValueError:
        return Duration(0)
    wait_s = int(moment.timestamp()) - now_us // SECOND
    return Duration(max(0, min(wait_s, RETRY_AFTER_S_MAX)) * SECOND)


def _said(body: bytes) -> str:
    """The beginning of what the source said, in printable characters."""
    text = "".join(c if c.isprintable() else " " for c in body[:200].decode(errors="replace"))
    return f": {' '.join(text.split())}" if text.strip() else ""
