"""Which markets are there, and what do the identifiers of a watch list mean? Pure.

Each question is a generator: it yields requests, is sent their responses, and returns its answer,
so the same code runs over a network and in memory.

Series come from the event, never from splitting a ticker. An identifier may be a market, an event
or a series ticker; asking in that order takes the fewest requests, as the first two go in batches.
"""

from collections.abc import Generator, Iterable, Iterator, Sequence
from typing import TypeAlias, TypeVar

import msgspec

from foreshock.adapters.seams import HttpRequest, HttpResponse
from foreshock.adapters.venues.kalshi import wire
from foreshock.adapters.venues.kalshi.markets import (
    STATUSES,
    VENUE,
    WATCHABLE,
    Listing,
    listing,
    market_id,
    resolution,
)
from foreshock.adapters.venues.kalshi.rest import (
    EVENTS_PAGE_MAX,
    MARKETS_PAGE_MAX,
    NOT_FOUND,
    TICKERS_BATCH_MAX,
    CursorGuard,
    body_of,
    escaped,
    get,
)
from foreshock.adapters.venues.lookups import Lookup
from foreshock.core.domain.errors import DataError
from foreshock.core.domain.markets import MarketStatus
from foreshock.core.domain.messages.market_data import MarketResolved

Answer = TypeVar("Answer")
Asking: TypeAlias = Generator[HttpRequest, HttpResponse, Answer]

TICKER_LENGTH_MAX = 200
SHOWN_STATUSES: frozenset[MarketStatus] = frozenset({*WATCHABLE, "unknown"})
ALL_STATUSES = SHOWN_STATUSES | frozenset(STATUSES.values())


class Skipped(msgspec.Struct, frozen=True):
    """Something asked for or listed that cannot be watched, and why."""

    identifier: str
    reason: str


class WatchList(msgspec.Struct, frozen=True):
    """What can be watched and what was left out."""

    listings: tuple[Listing, ...]
    skipped: tuple[Skipped, ...]

    def summary(self) -> str:
        """Both counts in words."""
        return f"{len(self.listings)} active, {len(self.skipped)} unresolved"


def exchange_status() -> Asking[wire.ExchangeStatus]:
    """Whether the exchange runs and trading is on; no frame announces a pause."""
    return wire.decoded(body_of((yield get("/exchange/status"))), wire.ExchangeStatus)


def open_markets(series_tickers: Sequence[str] = ()) -> Asking[WatchList]:
    """Every watchable market of open events: of these series, or of the exchange without combos.

    Markets that are over inside an open event are left out without a word.
    """
    search = _Search()
    if not series_tickers:
        yield from search.learn_all_series()
    for ticker in series_tickers or ("",):
        for event in (yield from search.open_events(ticker)):
            yield from search.take_event(event, asked_as="")
    return search.answer()


def payouts(tickers: Sequence[str]) -> Asking[list[MarketResolved]]:
    """What markets paid; those that have not, or are no longer listed, are left out."""
    found = yield from _Search().markets(tickers)
    return [paid for market in found.values() if (paid := resolution(market)) is not None]


def lookup(tickers: Sequence[str]) -> Asking[Lookup]:
    """Markets by ticker whatever became of them, those settled months ago included."""
    search = _Search(ALL_STATUSES)
    markets = yield from search.markets(tickers)
    for ticker in [t for t in tickers if t not in markets]:
        markets |= yield from search.archived(ticker)
    parents = dict.fromkeys(market.event_ticker for market in markets.values())
    events = yield from search.events(list(parents), set(parents))
    for ticker, market in markets.items():
        if market.event_ticker in events:
            yield from search.take_market(market, events[market.event_ticker], asked_as=ticker)
        else:
            search.skip(ticker, f"its event {market.event_ticker} was not found")
    paid = [one for market in markets.values() for one in search.paid(market)]
    found = search.answer()
    words = {skipped.identifier: skipped.reason for skipped in found.skipped}
    told = {listing.market.native_id: listing.market for listing in found.listings}
    nothing = "no market has this ticker, not even among those of the past"
    return Lookup(
        tuple(told.values()),
        tuple(paid),
        {market_id(t): words.get(t, nothing) for t in tickers if t not in told},
    )


def watch_list(identifiers: Iterable[str]) -> Asking[WatchList]:
    """Resolve market, event and series tickers; what is over or unknown is skipped and counted."""
    search = _Search()
    asked = dict.fromkeys(_plain_ticker(identifier) for identifier in identifiers)
    asked.pop("", None)
    left = [a for a in asked if len(a) <= TICKER_LENGTH_MAX]
    for overlong in (a for a in asked if len(a) > TICKER_LENGTH_MAX):
        search.skip(overlong[:TICKER_LENGTH_MAX], "longer than any ticker")
    markets = yield from search.markets(left)
    left = [a for a in left if a not in markets]
    parents = dict.fromkeys(market.event_ticker for market in markets.values())
    events = yield from search.events(list(dict.fromkeys([*parents, *left])), set(parents))
    for ticker, market in markets.items():
        if market.event_ticker in events:
            yield from search.take_market(market, events[market.event_ticker], asked_as=ticker)
        else:
            search.skip(ticker, f"its event {market.event_ticker} was not found")
    for ticker in left:
        if ticker in events:
            yield from search.take_event(events[ticker], asked_as=ticker)
        else:
            yield from search.take_series(ticker)
    return search.answer()


class _Search:
    """The listings found so far. Its questions share the series they have read.

    shown: the standings in which a market is kept.
    """

    def __init__(self, shown: frozenset[MarketStatus] = SHOWN_STATUSES) -> None:
        self._shown = shown
        self._series: dict[str, wire.Series | None] = {}
        self._listings: dict[str, Listing] = {}
        self._skipped: list[Skipped] = []

    def answer(self) -> WatchList:
        return WatchList(tuple(self._listings.values()), tuple(self._skipped))

    def skip(self, identifier: str, reason: str) -> None:
        self._skipped.append(Skipped(identifier, reason))

    # ---- reading

    def learn_all_series(self) -> Asking[None]:
        """Every series in one answer without pages."""
        body = body_of((yield get("/series")))
        for raw in wire.decoded(body, wire.SeriesListBody).series:
            for series in self._readable(raw, wire.Series, "series"):
                self._series[series.ticker] = series

    def series(self, ticker: str) -> Asking[wire.Series | None]:
        """One series, asked once; None when there is none of this ticker."""
        if ticker not in self._series:
            response = yield get(f"/series/{escaped(ticker)}")
            missing = response.status == NOT_FOUND
            self._series[ticker] = (
                None if missing else wire.decoded(body_of(response), wire.SeriesBody).series
            )
        return self._series[ticker]

    def open_events(self, series_ticker: str) -> Asking[list[wire.Event]]:
        """Open events with their markets, page after page; of all series for ""."""
        guard, found = CursorGuard(), list[wire.Event]()
        narrowed = {"series_ticker": series_ticker} if series_ticker else {}
        cursor: str | None = ""
        while cursor is not None:
            onward = {"cursor": cursor} if cursor else {}
            request = get(
                "/events",
                limit=EVENTS_PAGE_MAX,
                status="open",
                with_nested_markets="true",
                **narrowed,
                **onward,
            )
            page = wire.decoded(body_of((yield request)), wire.EventsPage)
            for raw in page.events:
                found += self._readable(raw, wire.Event, "event")
            cursor = guard.following(page.cursor)
        return found

    def markets(self, tickers: Sequence[str]) -> Asking[dict[str, wire.Market]]:
        """Those of the tickers that are markets."""
        found: dict[str, wire.Market] = {}
        for batch in _batches(tickers):
            request = get("/markets", tickers=",".join(batch), limit=MARKETS_PAGE_MAX)
            page = wire.decoded(body_of((yield request)), wire.MarketsPage)
            for raw in page.markets:
                for market in self._readable(raw, wire.Market, "market"):
                    found |= {market.ticker: market} if market.ticker in batch else {}
        return found

    def archived(self, ticker: str) -> Asking[dict[str, wire.Market]]:
        """A market that was settled before the venue's cutoff, some three months ago."""
        response = yield get(f"/historical/markets/{escaped(ticker)}")
        if response.status == NOT_FOUND:
            return {}
        try:
            raw = wire.decoded(body_of(response), wire.PastMarketBody).market
        except DataError as error:
            self.skip(ticker, str(error))
            return {}
        found = {market.ticker: market for market in self._readable(raw, wire.Market, ticker)}
        return found if ticker in found else {}

    def events(self, tickers: Sequence[str], needed: set[str]) -> Asking[dict[str, wire.Event]]:
        """Those of the tickers that are events. The list omits combos, so `needed` are asked alone.

        needed: tickers that must be events, as markets name them.
        """
        found: dict[str, wire.Event] = {}
        for batch in _batches(tickers):
            request = get(
                "/events",
                tickers=",".join(batch),
                with_nested_markets="true",
                limit=EVENTS_PAGE_MAX,
            )
            page = wire.decoded(body_of((yield request)), wire.EventsPage)
            for raw in page.events:
                for event in self._readable(raw, wire.Event, "event"):
                    found[event.event_ticker] = event
        for ticker in [t for t in tickers if t in needed and t not in found]:
            event = yield from self._one_event(ticker)
            found |= {ticker: event} if event else {}
        return found

    def _one_event(self, ticker: str) -> Asking[wire.Event | None]:
        response = yield get(f"/events/{escaped(ticker)}", with_nested_markets="true")
        if response.status == NOT_FOUND:
            return None
        return wire.decoded(body_of(response), wire.EventBody).event

    # ---- taking

    def paid(self, market: wire.Market) -> list[MarketResolved]:
        """What it paid, if it has and says so in a way that can be read."""
        try:
            found = resolution(market)
        except DataError as error:
            self.skip(market.ticker, str(error))
            return []
        return [] if found is None else [found]

    def take_series(self, ticker: str) -> Asking[None]:
        """The last thing an identifier may be: a series, or an event that lists omit."""
        if (yield from self.series(ticker)) is not None:
            before = len(self._listings)
            for event in (yield from self.open_events(ticker)):
                yield from self.take_event(event, asked_as="")
            if len(self._listings) == before:
                self.skip(ticker, "the series has no open market")
            return
        event = yield from self._one_event(ticker)
        if event is None:
            self.skip(ticker, "no market, event or series has this ticker")
        else:
            yield from self.take_event(event, asked_as=ticker)

    def take_event(self, event: wire.Event, asked_as: str) -> Asking[None]:
        """Every market of an event. Those that are over count only in an event asked for."""
        if asked_as and not event.markets:
            self.skip(asked_as, "the event lists no market")
        for raw in event.markets or ():
            for market in self._readable(raw, wire.Market, event.event_ticker):
                yield from self.take_market(market, event, asked_as and market.ticker)

    def take_market(self, market: wire.Market, event: wire.Event, asked_as: str) -> Asking[None]:
        """Keep a market that can be watched. asked_as: what to call it when it is over, or ""."""
        series = yield from self.series(event.series_ticker)
        if series is None:
            self.skip(market.ticker, f"its series {event.series_ticker} was not found")
            return
        try:
            found = listing(market, event, series)
        except DataError as error:
            self.skip(market.ticker, str(error))
            return
        if found.market.status in self._shown:
            self._listings[market.ticker] = found
        elif asked_as:
            self.skip(asked_as, f"no longer trading: {market.status}")

    def _readable(
        self, raw: msgspec.Raw, shape: type[wire.Shape], name: str
    ) -> Iterator[wire.Shape]:
        """The decoded entry of a list, or nothing and a note."""
        try:
            yield wire.decoded(raw, shape)
        except DataError as error:
            self.skip(name, str(error))


def _plain_ticker(identifier: str) -> str:
    """The ticker in what a person typed: our own market ids are understood too."""
    return identifier.strip().removeprefix(f"{VENUE}:")


def _batches(tickers: Sequence[str]) -> Iterator[Sequence[str]]:
    for start in range(0, len(tickers), TICKERS_BATCH_MAX):
        yield tickers[start : start + TICKERS_BATCH_MAX]
