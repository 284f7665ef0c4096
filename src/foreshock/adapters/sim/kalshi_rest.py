"""What does Kalshi's REST API answer to everybody?

Errors come in the venue's four shapes: nested, flat, `msg`, and a bare text for 429.
"""

from collections.abc import Callable

from foreshock.adapters.seams import HttpRequest, HttpResponse
from foreshock.adapters.sim.exchange import Exchange
from foreshock.adapters.sim.exchange_types import EventInfo, MarketView, Trade
from foreshock.adapters.sim.kalshi_fees import FeeBook
from foreshock.adapters.sim.kalshi_hours import Hours, schedule_body
from foreshock.adapters.sim.kalshi_limits import (
    COST_DEFAULT,
    ENDPOINT_COSTS,
    TokenBucket,
    too_many_requests,
)
from foreshock.adapters.sim.kalshi_objects import (
    STATUS_WORDS,
    Body,
    event_object,
    event_views,
    ladder,
    market_object,
    series_object,
    trade_object,
)
from foreshock.adapters.sim.kalshi_pages import (
    RefusedError,
    flat_error,
    nested_error,
    page_limit,
    paged,
    within,
)
from foreshock.adapters.sim.wire_text import Query, answer, answer_sorted
from foreshock.core.domain.books import mirrored
from foreshock.core.domain.units import Instant

PREFIX = ("trade-api", "v2")
BOOKS_MAX = 100
TICKER_LENGTH_MAX = 200
TRADES_KEPT = 1_000
"""Trades of one market that a page may reach back to."""
STATUS_FILTERS = {
    "unopened": {"initialized"},
    "open": {"active"},
    "paused": {"inactive"},
    "closed": {"closed", "determined", "disputed"},
    "settled": {"finalized"},
}
Call = Callable[[Query], HttpResponse]


class KalshiReads:
    """The public reads."""

    def __init__(
        self, exchange: Exchange, fees: FeeBook, hours: Hours, budget: TokenBucket | None
    ) -> None:
        self._exchange = exchange
        self._fees = fees
        self._hours = hours
        self._budget = budget
        self._now_us = Instant(0)

    def handle(self, request: HttpRequest, now_us: Instant) -> HttpResponse:
        """Any GET below /trade-api/v2."""
        if self._budget is not None and not self._budget.spend(COST_DEFAULT, now_us):
            return too_many_requests()
        query = Query(request)
        parts = query.parts[len(PREFIX) :]
        call = self._call(parts)
        if request.method != "GET" or query.parts[: len(PREFIX)] != PREFIX or call is None:
            return nested_error(404, "not_found")
        self._now_us = now_us
        try:
            return call(query)
        except RefusedError as error:
            return error.response

    def _call(self, parts: tuple[str, ...]) -> Call | None:
        exact: dict[tuple[str, ...], Call] = {
            ("exchange", "status"): self._status,
            ("exchange", "schedule"): _schedule,
            ("series",): self._series_list,
            ("series", "fee_changes"): _no_series_changes,
            ("events",): self._events,
            ("events", "fee_changes"): self._event_changes,
            ("markets",): self._markets,
            ("markets", "trades"): self._trades,
            ("markets", "orderbooks"): self._orderbooks,
            ("account", "endpoint_costs"): _costs,
        }
        named: dict[tuple[str, ...], Call] = {
            ("series", "*"): self._series,
            ("events", "*"): self._event,
            ("markets", "*"): self._market,
            ("markets", "*", "orderbook"): self._orderbook,
        }
        return exact.get(parts) or named.get((*parts[:1], "*", *parts[2:]))

    # ---- exchange and series

    def _status(self, query: Query) -> HttpResponse:
        return answer_sorted(200, self._hours.status(self._now_us))

    def _series_list(self, query: Query) -> HttpResponse:
        category = query.text("category")
        found = [
            self._series_body(ticker, events)
            for ticker, events in self._by_series().items()
            if not category or events[0].category == category
        ]
        return answer_sorted(200, {"series": found})

    def _series(self, query: Query) -> HttpResponse:
        ticker = query.parts[-1]
        events = self._by_series().get(ticker)
        if events is None:
            return nested_error(404, "not_found")
        return answer_sorted(200, {"series": self._series_body(ticker, events)})

    def _series_body(self, ticker: str, events: list[EventInfo]) -> Body:
        updated_us = max(v.updated_us for e in events for v in event_views(self._exchange, e))
        return series_object(ticker, events, self._fees.series_fee(ticker), updated_us)

    def _by_series(self) -> dict[str, list[EventInfo]]:
        found: dict[str, list[EventInfo]] = {}
        for event in self._exchange.events():
            found.setdefault(event.series, []).append(event)
        return found

    # ---- events

    def _events(self, query: Query) -> HttpResponse:
        limit = page_limit(query, "GetEvents", default=200, high=200)
        status = _status_filter(query)
        rows = [
            event
            for event in self._exchange.events()
            if _named(event.series, query, "series_ticker")
            and _named(event.id, query, "tickers")
            and (not status or self._event_words(event) & status)
        ]
        page, cursor = paged(rows, lambda event: (event.number, "", 0), limit, query)
        nested = query.flag("with_nested_markets")
        bodies = [event_object(self._exchange, event, with_markets=nested) for event in page]
        return answer_sorted(200, {"events": bodies, "cursor": cursor})

    def _event(self, query: Query) -> HttpResponse:
        found = [event for event in self._exchange.events() if event.id == query.parts[-1]]
        if not found:
            return nested_error(404, "not_found")
        nested = query.flag("with_nested_markets")
        body: Body = {"event": event_object(self._exchange, found[0], with_markets=nested)}
        if not nested and not query.flag("exclude_markets"):
            body["markets"] = [market_object(v) for v in event_views(self._exchange, found[0])]
        return answer_sorted(200, body)

    def _event_changes(self, query: Query) -> HttpResponse:
        limit = page_limit(query, "GetEventFeeChanges", default=100, high=1000)
        numbered = [
            (index, change)
            for index, change in enumerate(self._fees.changes)
            if _named(str(change["event_ticker"]), query, "event_ticker")
        ]
        page, cursor = paged(numbered, lambda row: (row[0], "", 0), limit, query)
        return answer_sorted(200, {"event_fee_changes": [c for _, c in page], "cursor": cursor})

    def _event_words(self, event: EventInfo) -> set[str]:
        """An event is open while any market is, and settled when all are."""
        words = {STATUS_WORDS[view.status] for view in event_views(self._exchange, event)}
        if "active" in words or "inactive" in words:
            return {"active"}
        return words if len(words) == 1 else {"closed"}

    # ---- markets

    def _markets(self, query: Query) -> HttpResponse:
        limit = page_limit(query, "GetMarkets", default=100, high=1000)
        status = _status_filter(query)
        rows = [
            view
            for view in map(self._exchange.market, self._exchange.native_ids())
            if (not status or STATUS_WORDS[view.status] in status) and _matches(view, query)
        ]
        page, cursor = paged(rows, lambda view: (view.listing.number, "", 0), limit, query)
        return answer_sorted(200, {"markets": [market_object(v) for v in page], "cursor": cursor})

    def _market(self, query: Query) -> HttpResponse:
        return answer_sorted(200, {"market": market_object(self._view(query.parts[-1]))})

    def _orderbook(self, query: Query) -> HttpResponse:
        ticker = self._view(query.parts[3]).listing.market.native_id
        depth = page_limit(query, "GetMarketOrderbook", default=0, high=100, name="depth")
        return answer_sorted(200, {"orderbook_fp": self._ladders(ticker, depth or None)})

    def _orderbooks(self, query: Query) -> HttpResponse:
        tickers = query.texts("tickers")
        if not 1 <= len(tickers) <= BOOKS_MAX or max(map(len, tickers)) > TICKER_LENGTH_MAX:
            return flat_error("bad_request", f"tickers: 1 to {BOOKS_MAX} are allowed")
        books = [
            {"ticker": ticker, "orderbook_fp": self._ladders(ticker, None)}
            for ticker in dict.fromkeys(tickers)
            if self._exchange.has_market(ticker)
        ]
        return answer_sorted(200, {"orderbooks": books})

    def _ladders(self, ticker: str, depth: int | None) -> Body:
        bids = self._exchange.levels(ticker, "bid", depth)
        asks = self._exchange.levels(ticker, "ask", depth)
        return {"yes_dollars": ladder(bids), "no_dollars": ladder(mirrored(asks))}

    def _trades(self, query: Query) -> HttpResponse:
        limit = page_limit(query, "GetTrades", default=100, high=1000)
        tickers = query.texts("ticker") or list(self._exchange.native_ids())
        rows: list[Trade] = [
            trade
            for ticker in tickers
            if self._exchange.has_market(ticker)
            for trade in self._exchange.trades(ticker, TRADES_KEPT)
            if within(trade.event_us, query, "ts") and not query.flag("is_block_trade")
        ]
        page, cursor = paged(rows, lambda t: (t.event_us, t.native_id, t.number), limit, query)
        return answer(200, {"cursor": cursor, "trades": [_sorted(trade_object(t)) for t in page]})

    def _view(self, ticker: str) -> MarketView:
        if not self._exchange.has_market(ticker):
            raise RefusedError(nested_error(404, "not_found"))
        return self._exchange.market(ticker)


def _matches(view: MarketView, query: Query) -> bool:
    listing, market = view.listing, view.listing.market
    return (
        _named(market.event_id, query, "event_ticker")
        and _named(listing.event.series, query, "series_ticker")
        and _named(market.native_id, query, "tickers")
        and within(listing.created_us, query, "created_ts")
        and within(view.closes_us, query, "close_ts")
        and within(view.settled_us, query, "settled_ts")
        and within(view.updated_us, query, "updated_ts")
        and query.text("mve_filter") != "only"
    )


def _named(value: str, query: Query, name: str) -> bool:
    return not query.texts(name) or value in query.texts(name)


def _status_filter(query: Query) -> set[str]:
    """Words of the bodies meant by the filter word; empty when there is no filter."""
    word = query.text("status")
    if not word:
        return set()
    if word not in STATUS_FILTERS:
        raise RefusedError(nested_error(400, "bad_request", details="invalid status filter"))
    return STATUS_FILTERS[word]


def _sorted(body: Body) -> Body:
    return dict(sorted(body.items()))


def _schedule(_query: Query) -> HttpResponse:
    return answer_sorted(200, schedule_body())


def _no_series_changes(_query: Query) -> HttpResponse:
    return answer(200, {"series_fee_change_arr": []})


def _costs(_query: Query) -> HttpResponse:
    costs = [{"method": m, "path": path, "cost": cost} for m, path, cost in ENDPOINT_COSTS]
    return answer_sorted(200, {"default_cost": COST_DEFAULT, "endpoint_costs": costs})
