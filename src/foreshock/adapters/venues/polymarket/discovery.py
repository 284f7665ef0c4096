"""Which request asks Polymarket what there is, and which markets does its answer hold? Pure.

Gamma pages by cursor and clamps a page to 100 rows; one unreadable market never hides its
neighbours, it is refused with its reason.
"""

from collections.abc import Iterable, Sequence
from typing import TypeVar
from urllib.parse import urlencode

import msgspec

from foreshock.adapters.seams import FRAME_BYTES_MAX, HttpRequest
from foreshock.adapters.venues.polymarket.listing import NotBinaryError, to_market
from foreshock.adapters.venues.polymarket.wire import (
    ClobMarket,
    EventsPage,
    GammaEvent,
    GammaEventRef,
    GammaMarket,
    GammaSeriesRef,
    MarketsPage,
    WireBook,
)
from foreshock.core.domain.errors import DataError
from foreshock.core.domain.markets import Market

PAGE_ROWS_MAX = 100
"""Rows the venue gives at most, whatever the limit asked for."""
PAGES_MAX = 1_500
"""Pages followed at most in one reading: some 85,000 markets are open at once."""
BOOKS_MAX = 500
"""Tokens one `/books` call may name; one more is refused whole."""
REASON_CHARS_MAX = 300
JSON = (("content-type", "application/json"),)

Parameters = Sequence[tuple[str, str]]
Body = TypeVar("Body")


class Listed(msgspec.Struct, frozen=True):
    """A market and the names under which a person may have asked for it."""

    market: Market
    slug: str
    event_slug: str


class Page(msgspec.Struct, frozen=True):
    """One page of a listing. refused: why each unreadable market was left out."""

    listed: tuple[Listed, ...]
    not_binary_count: int
    refused: tuple[str, ...]
    next_cursor: str | None


_MARKETS = msgspec.json.Decoder(MarketsPage)
_EVENTS = msgspec.json.Decoder(EventsPage)
_MARKET = msgspec.json.Decoder(GammaMarket)
_EVENT = msgspec.json.Decoder(GammaEvent)
_SERIES = msgspec.json.Decoder(list[GammaSeriesRef])
_CLOB_MARKET = msgspec.json.Decoder(ClobMarket)
_BOOKS = msgspec.json.Decoder(list[WireBook])


def markets_request(parameters: Parameters, cursor: str | None = None) -> HttpRequest:
    """A page of markets; only open ones unless `closed` is among the parameters."""
    return _page_request("/markets/keyset", parameters, cursor)


def events_request(parameters: Parameters, cursor: str | None = None) -> HttpRequest:
    """A page of events, each with all its markets."""
    return _page_request("/events/keyset", parameters, cursor)


def series_request(slugs: Sequence[str]) -> HttpRequest:
    """The series of these names, without their events."""
    query = urlencode([("exclude_events", "true"), *(("slug", slug) for slug in slugs)])
    return HttpRequest("GET", f"/series?{query}")


def clob_market_request(condition_id: str) -> HttpRequest:
    """The matching engine's terms of one market."""
    return HttpRequest("GET", f"/clob-markets/{condition_id}")


def books_request(tokens: Sequence[str]) -> HttpRequest:
    """Books of at most BOOKS_MAX tokens. Raises ValueError for more: the venue refuses them all."""
    if len(tokens) > BOOKS_MAX:
        raise ValueError(f"{len(tokens)} books in one call, {BOOKS_MAX} allowed")
    body = msgspec.json.encode([{"token_id": token} for token in tokens])
    return HttpRequest("POST", "/books", JSON, body)


def parse_markets(body: bytes) -> Page:
    """Raises DataError when the page itself cannot be read."""
    page = _decoded(_MARKETS, body, "markets page")
    return _page(((raw, None) for raw in page.markets), [], page.next_cursor)


def parse_events(body: bytes) -> Page:
    """Markets of all events on the page. Raises DataError when the page itself cannot be read."""
    page = _decoded(_EVENTS, body, "events page")
    found: list[tuple[msgspec.Raw, GammaEventRef | None]] = []
    refused: list[str] = []
    for raw in page.events:
        try:
            event = _decoded(_EVENT, raw, "event")
        except DataError as error:
            refused.append(str(error))
            continue
        reference = GammaEventRef(event.id, event.slug, event.category, event.neg_risk_augmented)
        found += ((market, reference) for market in event.markets)
    return _page(found, refused, page.next_cursor)


def parse_series(body: bytes) -> list[GammaSeriesRef]:
    """Raises DataError when the answer cannot be read."""
    return _decoded(_SERIES, body, "series")


def parse_clob_market(body: bytes) -> ClobMarket:
    """Raises DataError when the answer cannot be read."""
    return _decoded(_CLOB_MARKET, body, "clob market")


def missing_books(tokens: Sequence[str], body: bytes) -> tuple[str, ...]:
    """Tokens asked for that the answer silently left out. Raises DataError when unreadable."""
    answered = {book.asset_id for book in _decoded(_BOOKS, body, "books")}
    return tuple(token for token in tokens if token not in answered)


def _page_request(path: str, parameters: Parameters, cursor: str | None) -> HttpRequest:
    query = [("limit", str(PAGE_ROWS_MAX)), *parameters]
    if cursor is not None:
        query.append(("after_cursor", cursor))
    return HttpRequest("GET", f"{path}?{urlencode(query)}")


def _decoded(decoder: msgspec.json.Decoder[Body], body: bytes | msgspec.Raw, what: str) -> Body:
    if len(memoryview(body)) > FRAME_BYTES_MAX:
        raise DataError(f"{what} longer than {FRAME_BYTES_MAX} bytes")
    try:
        return decoder.decode(body)
    except (ValueError, RecursionError) as error:
        raise DataError(f"unreadable {what}: {str(error)[:REASON_CHARS_MAX]}") from error


def _page(
    found: Iterable[tuple[msgspec.Raw, GammaEventRef | None]],
    refused: list[str],
    next_cursor: str | None,
) -> Page:
    listed: list[Listed] = []
    not_binary_count = 0
    for raw, event in found:
        try:
            listed.append(_listed(_decoded(_MARKET, raw, "market"), event))
        except NotBinaryError:
            not_binary_count += 1
        except DataError as error:
            refused.append(str(error))
    return Page(tuple(listed), not_binary_count, tuple(refused), next_cursor or None)


def _listed(gamma: GammaMarket, event: GammaEventRef | None) -> Listed:
    market = to_market(gamma, event)
    return Listed(market, gamma.slug, event.slug if event else market.event_id)
