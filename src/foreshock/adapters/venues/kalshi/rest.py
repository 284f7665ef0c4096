"""How does one ask Kalshi's public REST API, and what does an answer's status mean? Pure."""

from collections.abc import Sequence
from urllib.parse import quote, urlencode

from foreshock.adapters.seams import FRAME_BYTES_MAX, HttpRequest, HttpResponse
from foreshock.adapters.venues.kalshi import wire
from foreshock.core.domain.errors import DataError, VenueUnavailableError

BASE = "/trade-api/v2"
EVENTS_PAGE_MAX = 200
MARKETS_PAGE_MAX = 1_000
"""A limit above the maximum is a 400, not clamped."""
BOOKS_BATCH_MAX = 100
TICKERS_BATCH_MAX = 100
PAGES_MAX = 500
WORDS_MAX = 200
OK = 200
NOT_FOUND = 404
TIMED_OUT = 408
TOO_MANY = 429
SERVER_ERROR = 500


def get(path: str, **query: str | int | Sequence[str]) -> HttpRequest:
    """A GET below the API's base path; a sequence repeats its key."""
    text = urlencode(query, doseq=True, safe=",")
    return HttpRequest("GET", f"{BASE}{path}" + (f"?{text}" if text else ""))


def escaped(ticker: str) -> str:
    """A ticker as one path segment."""
    return quote(ticker, safe="")


def order_books_request(tickers: Sequence[str]) -> HttpRequest:
    """Every level of up to 100 markets. Raises ValueError for more."""
    if not 0 < len(tickers) <= BOOKS_BATCH_MAX:
        raise ValueError(f"1 to {BOOKS_BATCH_MAX} tickers a request, not {len(tickers)}")
    return get("/markets/orderbooks", tickers=tickers)


def body_of(response: HttpResponse) -> bytes:
    """The body of a 200.

    Raises VenueUnavailableError for what may pass (429, 5xx), DataError for the rest and for a body
    too long to read.
    """
    if len(response.body) > FRAME_BYTES_MAX:
        raise DataError(f"a body of {len(response.body)} bytes is too long to read")
    if response.status == OK:
        return response.body
    words = f"Kalshi answered {response.status}: {error_words(response.body)}"
    if may_pass(response):
        raise VenueUnavailableError(words)
    raise DataError(words)


def may_pass(response: HttpResponse) -> bool:
    """Whether asking again later may help."""
    return response.status in {TIMED_OUT, TOO_MANY} or response.status >= SERVER_ERROR


def error_words(body: bytes) -> str:
    """What an error body says, whichever of the four shapes it has."""
    try:
        error = wire.decoded(body, wire.ErrorBody)
    except DataError:
        return body[:WORDS_MAX].decode("utf8", "replace")
    if isinstance(error.error, str):
        return error.error[:WORDS_MAX]
    detail = error.error or wire.ErrorDetail(error.code, error.message, error.details)
    words = (detail.code, detail.details or detail.message, error.msg)
    return " ".join(word for word in words if word)[:WORDS_MAX]


class CursorGuard:
    """Follows cursors to the last page.

    A cursor that the venue does not understand silently restarts at the first page, so one that
    comes twice would page forever.
    """

    def __init__(self, pages_max: int = PAGES_MAX) -> None:
        self._pages_max = pages_max
        self._seen: set[str] = set()

    def following(self, cursor: str) -> str | None:
        """The cursor to ask with next, None after the last page. Raises DataError on a loop."""
        if not cursor:
            return None
        if cursor in self._seen:
            raise DataError("paging restarted: the same cursor came twice")
        self._seen.add(cursor)
        if len(self._seen) >= self._pages_max:
            raise DataError(f"more than {self._pages_max} pages")
        return cursor
