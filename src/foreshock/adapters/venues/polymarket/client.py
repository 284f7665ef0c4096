"""How do we read Polymarket's public REST? Paging, batches and statuses over two transports.

Nothing here needs a key, and nothing here has an effect at the venue, so everything is retried.
"""

from collections.abc import AsyncIterator, Callable, Sequence

import msgspec

from foreshock.adapters.http import read_with_retry
from foreshock.adapters.seams import HttpRequest, HttpTransport
from foreshock.adapters.venues.lookups import Lookup
from foreshock.adapters.venues.polymarket.discovery import (
    BOOKS_MAX,
    PAGES_MAX,
    Page,
    Parameters,
    books_request,
    clob_market_request,
    events_request,
    markets_request,
    missing_books,
    parse_clob_market,
    parse_events,
    parse_markets,
    parse_series,
    series_request,
)
from foreshock.adapters.venues.polymarket.listing import with_clob_terms
from foreshock.adapters.venues.polymarket.payouts import parse_payouts, payouts_requests
from foreshock.adapters.venues.polymarket.watchlist import Resolution, WatchList
from foreshock.core.domain.errors import DataError
from foreshock.core.domain.markets import Market, MarketId
from foreshock.core.domain.messages.market_data import MarketResolved
from foreshock.core.domain.units import Instant

OK = 200
BODY_CHARS_MAX = 200

MakeRequest = Callable[[Parameters, str | None], HttpRequest]
ParsePage = Callable[[bytes], Page]


class Listing(msgspec.Struct, frozen=True):
    """Markets of a listing, each once. is_truncated: it went on after the pages we may read."""

    markets: tuple[Market, ...]
    not_binary_count: int
    refused: tuple[str, ...]
    pages_count: int
    is_truncated: bool


class Books(msgspec.Struct, frozen=True):
    """Bodies for `receive_books`, and the tokens for which the venue has no book."""

    bodies: tuple[bytes, ...]
    missing: tuple[str, ...]


class PolymarketClient:
    """Public reads of one Polymarket. gamma, clob: a transport for each of its two hosts.

    Every method raises VenueUnavailableError when the venue stays silent, and DataError when it
    answers with what cannot be read.
    """

    def __init__(self, gamma: HttpTransport, clob: HttpTransport) -> None:
        self._gamma = gamma
        self._clob = clob

    async def markets(self, parameters: Parameters = (), pages_max: int = PAGES_MAX) -> Listing:
        """Markets by `/markets/keyset`; open ones unless the parameters say otherwise."""
        return await self._listing(markets_request, parse_markets, parameters, pages_max)

    async def events(self, parameters: Parameters = (), pages_max: int = PAGES_MAX) -> Listing:
        """Markets of all events by `/events/keyset`, with what only the events know."""
        return await self._listing(events_request, parse_events, parameters, pages_max)

    async def resolve(self, identifiers: Sequence[str], pages_max: int = PAGES_MAX) -> Resolution:
        """Find what a watch list names; the open ones first, then whether the rest is over."""
        wanted = WatchList(identifiers)
        refused: list[str] = []
        await self._find(wanted, "false", refused)
        is_truncated = await self._find_series(wanted, "false", pages_max)
        await self._find(wanted, "true", refused)
        await self._find_series(wanted, "true", 1)  # one page tells that it is over
        return wanted.resolution(refused, is_truncated=is_truncated)

    async def with_engine_terms(self, market: Market) -> Market:
        """The market on the matching engine's terms of now: tick, minimum, fee, neg-risk."""
        body = await self._body(self._clob, clob_market_request(market.native_id))
        return with_clob_terms(market, parse_clob_market(body))

    async def books(self, tokens: Sequence[str]) -> Books:
        """Books of any number of tokens."""
        bodies: list[bytes] = []
        missing: list[str] = []
        for start in range(0, len(tokens), BOOKS_MAX):
            batch = tokens[start : start + BOOKS_MAX]
            body = await self._body(self._clob, books_request(batch))
            missing += missing_books(batch, body)
            bodies.append(body)
        return Books(tuple(bodies), tuple(missing))

    async def payouts(self, markets: Sequence[MarketId], now_us: Instant) -> list[MarketResolved]:
        """What markets paid that are over; those that have not paid yet are left out."""
        found: list[MarketResolved] = []
        for request in payouts_requests(markets):
            found += parse_payouts(await self._body(self._gamma, request), now_us)
        return found

    async def lookup(self, markets: Sequence[MarketId], now_us: Instant) -> Lookup:
        """Markets by condition id, open or over; one that cannot be read hides no other."""
        nothing = "no market of this condition id is listed, open or closed"
        looks = {market: Lookup((), (), {market: nothing}) for market in markets}
        for closed in ("true", "false"):
            for market in [name for name, look in looks.items() if not look.markets]:
                found = await self._look(market, closed, now_us)
                looks[market] = found or looks[market]
        return Lookup(
            tuple(market for look in looks.values() for market in look.markets),
            tuple(paid for look in looks.values() for paid in look.paid),
            {name: words for look in looks.values() for name, words in look.missing.items()},
        )

    async def _look(self, market: MarketId, closed: str, now_us: Instant) -> Lookup | None:
        """One market; None where it is not among those."""
        query = [("condition_ids", market.partition(":")[2]), ("closed", closed)]
        missing: dict[MarketId, str] = {}
        listed: tuple[Market, ...] = ()
        paid: tuple[MarketResolved, ...] = ()
        try:
            body = await self._body(self._gamma, markets_request(query))
            page = parse_markets(body)
            listed = tuple(one.market for one in page.listed)
            missing = {market: page.refused[0]} if page.refused else {}
            paid = tuple(parse_payouts(body, now_us))
        except DataError as error:
            missing.setdefault(market, str(error))
        return Lookup(listed, paid, missing) if listed or missing else None

    async def _find(self, wanted: WatchList, closed: str, refused: list[str]) -> None:
        for query in wanted.queries():
            parameters = [*query, ("closed", closed)]
            async for page in self._pages(markets_request, parse_markets, parameters):
                wanted.take_markets(page.listed)
                refused += page.refused
        for slugs in wanted.slugs():
            parameters = [*(("slug", slug) for slug in slugs), ("closed", closed)]
            async for page in self._pages(events_request, parse_events, parameters):
                wanted.take_events(page.listed)
                refused += page.refused

    async def _find_series(self, wanted: WatchList, closed: str, pages_max: int) -> bool:
        """Whether a series was longer than `pages_max` pages."""
        is_truncated = False
        for slugs in wanted.slugs():
            for series in parse_series(await self._body(self._gamma, series_request(slugs))):
                parameters = [("series_id", series.id), ("closed", closed)]
                pages = self._pages(events_request, parse_events, parameters, pages_max)
                page = None
                async for page in pages:
                    wanted.take_events(page.listed, series.slug)
                is_truncated |= page is not None and page.next_cursor is not None
        return is_truncated

    async def _listing(
        self, make: MakeRequest, parse: ParsePage, parameters: Parameters, pages_max: int
    ) -> Listing:
        markets: dict[str, Market] = {}
        refused: list[str] = []
        not_binary_count = pages_count = 0
        is_truncated = False
        async for page in self._pages(make, parse, parameters, pages_max):
            markets |= {listed.market.id: listed.market for listed in page.listed}
            refused += page.refused
            not_binary_count += page.not_binary_count
            pages_count += 1
            is_truncated = page.next_cursor is not None
        return Listing(
            tuple(markets.values()), not_binary_count, tuple(refused), pages_count, is_truncated
        )

    async def _pages(
        self,
        make: MakeRequest,
        parse: ParsePage,
        parameters: Parameters,
        pages_max: int = PAGES_MAX,
    ) -> AsyncIterator[Page]:
        """Follow the cursor, at most `pages_max` pages; one that goes in circles is cut off."""
        cursor: str | None = None
        seen: set[str] = set()
        for _ in range(pages_max):
            page = parse(await self._body(self._gamma, make(parameters, cursor)))
            yield page
            cursor = page.next_cursor
            if cursor is None or cursor in seen:
                return
            seen.add(cursor)

    async def _body(self, transport: HttpTransport, request: HttpRequest) -> bytes:
        answer = await read_with_retry(transport, request)
        return _ok(request, answer.status, answer.body)


def _ok(request: HttpRequest, status: int, body: bytes) -> bytes:
    if status != OK:
        text = body[:BODY_CHARS_MAX].decode(errors="replace")
        raise DataError(f"{request.method} {request.path} answered {status}: {text}")
    return body
