"""What does Polymarket's Gamma host answer? Markets, events and series, by keyset pages.

The older lists by offset are long past their announced end and still served; some clients know
nothing else.
"""

from collections.abc import Callable, Sequence
from typing import TypeVar

import msgspec

from foreshock.adapters.seams import HttpRequest, HttpResponse
from foreshock.adapters.sim.exchange import Exchange
from foreshock.adapters.sim.exchange_types import EventInfo, MarketView
from foreshock.adapters.sim.polymarket_objects import (
    event_object,
    market_object,
    series_id,
    series_object,
)
from foreshock.adapters.sim.wire_text import JSON_HEADERS, Query, answer, page_mark, read_page_mark
from foreshock.core.domain.units import Instant

PAGE_DEFAULT = 20
PAGE_MAX = 100
SERIES_PAGE_MAX = 50
OFFSET_MAX = 2_000
DEPRECATED = (
    *JSON_HEADERS,
    ("deprecation", "true"),
    ("sunset", "Fri, 01 May 2026 00:00:00 GMT"),
)
Row = TypeVar("Row")
SortKey = tuple[int, int]


class GammaFace:
    """The metadata host: REST only."""

    heartbeat: bytes | None = None

    def __init__(self, exchange: Exchange) -> None:
        self._exchange = exchange

    def handle(self, request: HttpRequest, now_us: Instant) -> HttpResponse:
        """Any GET of the metadata API that a client of public data needs."""
        query = Query(request)
        if request.method != "GET":
            return answer(405, {"type": "method error", "error": "method not allowed"})
        match query.parts:
            case ("markets" | "events", *rest) if rest:
                return self._keyset(query) if rest == ["keyset"] else self._one(query)
            case ("series",):
                return self._series(query)
            case (("markets" | "events"),):
                return self._by_offset(query)
            case _:
                return _not_found("page")

    def open(
        self,
        connection: int,
        path: str,
        headers: tuple[tuple[str, str], ...],
        now_us: Instant,
    ) -> HttpResponse | None:
        """This host has no streams."""
        return _not_found("page")

    def receive(self, connection: int, text: str, now_us: Instant) -> None:
        """Never called: no stream is ever open."""

    def close(self, connection: int) -> None:
        """Nothing to forget."""

    def take_frames(self, now_us: Instant) -> list[tuple[int, str]]:
        """Nothing to say."""
        return []

    def take_cuts(self) -> list[int]:
        """Nothing to cut."""
        return []

    def _keyset(self, query: Query) -> HttpResponse:
        order = query.text("order") or "id"
        if query.has("offset"):
            return _invalid("offset is not allowed on keyset endpoints")
        if order not in MARKET_ORDERS:
            return _invalid(f"order fields are not valid: {order}")
        if query.text("after_cursor") and _read_sort_key(query.text("after_cursor")) is None:
            return _invalid("invalid after_cursor")
        return (
            self._market_page(query, order)
            if query.parts[0] == "markets"
            else (self._event_page(query, order))
        )

    def _market_page(self, query: Query, order: str) -> HttpResponse:
        key = MARKET_ORDERS[order]
        views = [view for view in self._views() if _market_matches(view, query)]
        page, mark = _page(views, lambda view: (key(view), view.listing.number), query)
        native_ids = [view.listing.market.native_id for view in page]
        rows = [market_object(self._exchange, i, with_events=True) for i in native_ids]
        return _listing("markets", rows, mark)

    def _event_page(self, query: Query, order: str) -> HttpResponse:
        events = [event for event in self._exchange.events() if self._event_matches(event, query)]
        page, mark = _page(
            events, lambda event: (self._event_key(event, order), event.number), query
        )
        return _listing("events", [event_object(self._exchange, event) for event in page], mark)

    def _by_offset(self, query: Query) -> HttpResponse:
        """A bare list. Its `volume` is a text column, and sorts as one."""
        limit, offset = _whole(query.text("limit"), PAGE_DEFAULT), _whole(query.text("offset"), 0)
        if limit > PAGE_MAX or offset > OFFSET_MAX:
            return _invalid("limit or offset is too large")
        order = query.text("order") or "id"
        if query.parts[0] == "markets":
            views = [view for view in self._views() if _market_matches(view, query)]
            rows = [
                (_text_key(order, view.volume_cost, view.listing.number), view.listing)
                for view in views
            ]
            ranked = [
                market_object(self._exchange, listing.market.native_id, with_events=True)
                for _, listing in _sorted_rows(rows, query)[offset : offset + limit]
            ]
        else:
            events = [e for e in self._exchange.events() if self._event_matches(e, query)]
            keyed = [
                (_text_key(order, self._event_key(event, "volumeNum"), event.number), event)
                for event in events
            ]
            ranked = [
                event_object(self._exchange, event)
                for _, event in _sorted_rows(keyed, query)[offset : offset + limit]
            ]
        return msgspec.structs.replace(answer(200, ranked), headers=DEPRECATED)

    def _one(self, query: Query) -> HttpResponse:
        kind, *rest = query.parts
        is_slug = rest[0] == "slug"
        if len(rest) != 1 + is_slug:
            return _not_found("page")
        if not is_slug and not rest[0].isdecimal():
            return _invalid("id is invalid")
        find = self._find_market if kind == "markets" else self._find_event
        body = find(rest[-1], is_slug=is_slug)
        return _not_found("slug" if is_slug else "id") if body is None else answer(200, body)

    def _find_market(self, identity: str, *, is_slug: bool) -> dict[str, object] | None:
        for view in self._views():
            listing = view.listing
            if identity == (listing.slug if is_slug else str(listing.number)):
                return market_object(self._exchange, listing.market.native_id, with_events=True)
        return None

    def _find_event(self, identity: str, *, is_slug: bool) -> dict[str, object] | None:
        for event in self._exchange.events():
            if identity == (event.id if is_slug else str(event.number)):
                return event_object(self._exchange, event)
        return None

    def _series(self, query: Query) -> HttpResponse:
        slugs = set(query.texts("slug"))
        found = {
            event.series: series_object(event)
            for event in self._exchange.events()
            if not slugs or event.series in slugs
        }
        limit = min(_whole(query.text("limit"), SERIES_PAGE_MAX), SERIES_PAGE_MAX)
        offset = _whole(query.text("offset"), 0)
        return answer(200, list(found.values())[offset : offset + limit])

    def _views(self) -> list[MarketView]:
        return [self._exchange.market(native_id) for native_id in self._exchange.native_ids()]

    def _event_views(self, event: EventInfo) -> list[MarketView]:
        return [self._exchange.market(i) for i in self._exchange.markets_of_event(event.id)]

    def _event_key(self, event: EventInfo, order: str) -> int:
        if order == "id":
            return event.number
        return max(MARKET_ORDERS[order](view) for view in self._event_views(event))

    def _event_matches(self, event: EventInfo, query: Query) -> bool:
        is_closed = all(view.status == "settled" for view in self._event_views(event))
        wanted: dict[str, set[str]] = {
            "slug": {event.id},
            "id": {str(event.number)},
            "series_id": {series_id(event.series)},
            "tag_slug": {tag.lower().replace(" ", "-") for tag in event.tags},
        }
        return is_closed is query.flag("closed") and _all_named(wanted, query)


def _market_matches(view: MarketView, query: Query) -> bool:
    """`closed` is false unless asked for; unknown parameters are passed over."""
    listing = view.listing
    wanted: dict[str, set[str]] = {
        "slug": {listing.slug},
        "id": {str(listing.number)},
        "condition_ids": {listing.market.native_id},
        "clob_token_ids": set(listing.market.outcome_ids),
    }
    return (view.status == "settled") is query.flag("closed") and _all_named(wanted, query)


def _all_named(wanted: dict[str, set[str]], query: Query) -> bool:
    return all(
        not query.texts(name) or bool(values & set(query.texts(name)))
        for name, values in wanted.items()
    )


def _page(
    rows: Sequence[Row], key: Callable[[Row], SortKey], query: Query
) -> tuple[list[Row], str | None]:
    """One page and the mark of the next, None for the last."""
    descending = not query.flag("ascending", default=query.text("order") in {"", "id"})
    ranked = sorted(rows, key=key, reverse=descending)
    last = _read_sort_key(query.text("after_cursor"))
    if last is not None:
        ranked = [row for row in ranked if (key(row) < last if descending else key(row) > last)]
    limit = min(max(_whole(query.text("limit"), PAGE_DEFAULT), 1), PAGE_MAX)
    page = ranked[:limit]
    is_last = len(ranked) <= limit
    return page, None if is_last else page_mark(msgspec.json.encode(key(page[-1])).decode())


def _text_key(order: str, volume: int, number: int) -> tuple[str, int]:
    return (str(volume) if order.startswith("volume") else "", number)


def _sorted_rows(
    rows: Sequence[tuple[tuple[str, int], Row]], query: Query
) -> list[tuple[tuple[str, int], Row]]:
    descending = not query.flag("ascending", default=True)
    return sorted(rows, key=lambda row: row[0], reverse=descending)


def _read_sort_key(cursor: str) -> SortKey | None:
    try:
        return msgspec.json.decode(read_page_mark(cursor) or "", type=SortKey)
    except msgspec.DecodeError:
        return None


def _listing(name: str, rows: list[dict[str, object]], mark: str | None) -> HttpResponse:
    body: dict[str, object] = {name: rows}
    if mark is not None:
        body["next_cursor"] = mark
    return answer(200, body)


def _whole(text: str, default: int) -> int:
    return int(text) if text.isdecimal() else default


def _invalid(words: str) -> HttpResponse:
    return answer(422, {"type": "validation error", "error": words})


def _not_found(what: str) -> HttpResponse:
    return answer(404, {"type": "not found error", "error": f"{what} not found"})


MARKET_ORDERS: dict[str, Callable[[MarketView], int]] = {
    "id": lambda view: view.listing.number,
    "volume24hr": lambda view: view.volume_cost,
    "volumeNum": lambda view: view.volume_cost,
    "liquidityNum": lambda view: view.bid_size + view.ask_size,
    "endDate": lambda view: view.closes_us or 0,
    "startDate": lambda view: view.listing.market.opens_us or view.listing.created_us,
}
"""Names are those of the JSON; the snake-case ones are refused."""
