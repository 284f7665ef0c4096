"""What does Polymarket's CLOB host answer to readers? Books, prices and market terms."""

from collections.abc import Callable

import msgspec

from foreshock.adapters.seams import HttpRequest, HttpResponse
from foreshock.adapters.sim.exchange import Exchange
from foreshock.adapters.sim.exchange_types import MarketView
from foreshock.adapters.sim.polymarket_books import (
    BOOKLESS,
    book_object,
    depth_of,
    last_price_text,
    touch_texts,
)
from foreshock.adapters.sim.polymarket_frames import LEGACY_FEE_BPS
from foreshock.adapters.sim.polymarket_terms import (
    curve,
    has_fees,
    neg_risk_id,
    outcome_prices,
    protocol,
    question_id,
)
from foreshock.adapters.sim.wire_text import (
    Query,
    answer,
    iso,
    iso_or_none,
    number,
    page_mark,
    read_page_mark,
    seconds,
)
from foreshock.core.domain.units import MICRO, PAYOUT, Instant, Price, format_micros, parse_price

BOOKS_MAX = 500
MARKETS_PAGE = 1000
NEVER_TRADED = "0.5"
LAST_PAGE = "LTE="
NO_BOOK = "No orderbook exists for the requested token id"
BAD_TOKEN = "Invalid token id"  # noqa: S105 - an outcome token, not a secret
Reading = Callable[[MarketView, int], object]


class Asked(msgspec.Struct):
    """One element of a POST that asks for books or prices."""

    token_id: str
    side: str = ""


class ClobReads:
    """The public reads of the CLOB."""

    def __init__(self, exchange: Exchange) -> None:
        self._exchange = exchange

    def handle(self, request: HttpRequest, now_us: Instant) -> HttpResponse:
        """Any public read; 404 for the rest."""
        query = Query(request)
        name = query.parts[0] if query.parts else ""
        if request.method == "POST":
            return self._post(name, request.body)
        if name in HOST_READINGS:
            return answer(200, HOST_READINGS[name](now_us))
        if name in MARKET_CALLS:
            return self._market_call(query)
        return self._token_call(name, query)

    def _post(self, name: str, body: bytes) -> HttpResponse:
        calls: dict[str, Callable[[list[Asked]], HttpResponse]] = {
            "books": self._books,
            "prices": self._prices,
            "midpoints": lambda asked: self._texts(asked, _mid),
            "spreads": lambda asked: self._texts(asked, _spread),
            "last-trades-prices": self._last_trades,
        }
        if name not in calls:
            return answer(404, {"error": "not found"})
        try:
            asked = msgspec.json.decode(body, type=list[Asked])
        except msgspec.DecodeError:
            return _refused("Invalid payload")
        if len(asked) > BOOKS_MAX:
            return _refused("Payload exceeds the limit")
        return calls[name](asked)

    def _books(self, asked: list[Asked]) -> HttpResponse:
        """Unknown and bookless tokens are dropped; the order is not the asker's."""
        found = sorted(self._found(asked), key=lambda row: row[0].token_id)
        return answer(200, [self._book(view, index) for _, view, index in found])

    def _prices(self, asked: list[Asked]) -> HttpResponse:
        prices: dict[str, dict[str, str]] = {}
        for one, view, index in self._found(asked):
            if one.side in SIDES:
                prices.setdefault(one.token_id, {})[one.side] = _best(view, index, one.side)
        return answer(200, prices)

    def _texts(self, asked: list[Asked], reading: Callable[[MarketView, int], str]) -> HttpResponse:
        return answer(200, {a.token_id: reading(view, i) for a, view, i in self._found(asked)})

    def _found(self, asked: list[Asked]) -> list[tuple[Asked, MarketView, int]]:
        found: list[tuple[Asked, MarketView, int]] = []
        for one in asked:
            place = self._place(one.token_id)
            if isinstance(place, tuple):
                found.append((one, *place))
        return found

    def _last_trades(self, asked: list[Asked]) -> HttpResponse:
        found = self._found(asked)
        return answer(200, [{**_last(v, i), "token_id": one.token_id} for one, v, i in found])

    def _token_call(self, name: str, query: Query) -> HttpResponse:
        """Reads of one token."""
        side = query.text("side").upper()
        readings: dict[str, Reading] = {
            **TOKEN_READINGS,
            "book": self._book,
            "price": lambda view, index: {"price": _best(view, index, side)},
        }
        if name in POST_ONLY:
            return _refused("Invalid payload")
        if name not in readings or len(query.parts) > 1:
            return answer(404, {"error": "not found"})
        place = self._place(query.text("token_id"))
        if isinstance(place, HttpResponse):
            return place
        if name == "price" and side not in SIDES:
            return _refused("Invalid side")
        return answer(200, readings[name](*place))

    def _place(self, token: str) -> tuple[MarketView, int] | HttpResponse:
        """The market and outcome behind a token, or why there is no book."""
        if not token.isdecimal():
            return _refused(BAD_TOKEN)
        try:
            native_id, index = self._exchange.native_of(token)
        except KeyError:
            return answer(404, {"error": NO_BOOK})
        view = self._exchange.market(native_id)
        return answer(404, {"error": NO_BOOK}) if view.status in BOOKLESS else (view, index)

    def _book(self, view: MarketView, index: int) -> dict[str, object]:
        native_id = view.listing.market.native_id
        bids, asks = (self._exchange.levels(native_id, side) for side in ("bid", "ask"))
        return book_object(depth_of(view, bids, asks), index)

    def _market_call(self, query: Query) -> HttpResponse:
        """Reads of one market by its condition id, or of all of them."""
        match query.parts:
            case ("markets",):
                return self._markets(query)
            case ("markets-by-token", token):
                try:
                    native_id, _ = self._exchange.native_of(token)
                except KeyError:
                    return answer(404, {"error": "market not found"})
                low, high = sorted(
                    self._exchange.market(native_id).listing.market.outcome_ids, key=int
                )
                ids = {"primary_token_id": low, "secondary_token_id": high}
                return answer(200, {"condition_id": native_id, **ids})
            case (kind, native_id) if self._exchange.has_market(native_id):
                view = self._exchange.market(native_id)
                return answer(200, _terms(view) if kind == "clob-markets" else self._full(view))
            case _:
                return answer(404, {"error": "market not found"})

    def _markets(self, query: Query) -> HttpResponse:
        mark = read_page_mark(query.text("next_cursor").rstrip("=")) or "0"
        start = int(mark) if mark.isdecimal() else 0
        native_ids = self._exchange.native_ids()
        page = native_ids[start : start + MARKETS_PAGE]
        end = start + len(page)
        following = LAST_PAGE if end >= len(native_ids) else page_mark(str(end))
        rows = [self._full(self._exchange.market(native_id)) for native_id in page]
        body = {"data": rows, "next_cursor": following, "limit": MARKETS_PAGE, "count": len(rows)}
        return answer(200, body)

    def _full(self, view: MarketView) -> dict[str, object]:
        """The long form; `tokens` names the winner once there is one."""
        listing, market = view.listing, view.listing.market
        event = listing.event
        index = list(self._exchange.markets_of_event(event.id)).index(market.native_id)
        base_fee = LEGACY_FEE_BPS if has_fees(market) else 0
        return {
            "enable_order_book": view.status not in BOOKLESS,
            "active": True,
            "closed": view.status == "settled",
            "archived": False,
            "accepting_orders": view.status == "open",
            "accepting_order_timestamp": iso(market.opens_us or listing.created_us),
            "minimum_order_size": number(market.quantity_min),
            "minimum_tick_size": number(market.grid.finest()),
            "condition_id": market.native_id,
            "question_id": question_id(listing, index),
            "question": market.title,
            "description": market.rules,
            "market_slug": listing.slug,
            "end_date_iso": iso_or_none(view.closes_us),
            "game_start_time": iso_or_none(listing.starts_us),
            "seconds_delay": listing.taker_delay // MICRO,
            "fpmm": "",
            "maker_base_fee": base_fee,
            "taker_base_fee": base_fee,
            "neg_risk": event.exclusive,
            "neg_risk_market_id": neg_risk_id(event, market.exclusive_group),
            "neg_risk_request_id": "",
            "is_50_50_outcome": view.status == "settled" and view.yes_payout == PAYOUT // 2,
            "tokens": [_token(view, i) for i in (0, 1)],
            "tags": list(event.tags),
        }


def _terms(view: MarketView) -> dict[str, object]:
    """The short form clients take tick, neg-risk and fee from; false and absent are the same."""
    listing, market = view.listing, view.listing.market
    base_fee = LEGACY_FEE_BPS if has_fees(market) else 0
    body: dict[str, object] = {
        "t": [
            {"t": token, "o": label}
            for token, label in zip(market.outcome_ids, market.outcome_labels, strict=True)
        ],
        "c": market.native_id,
        "mos": number(market.quantity_min),
        "mts": number(market.grid.finest()),
        "mbf": base_fee,
        "tbf": base_fee,
        "ao": view.status == "open",
        "aot": iso(market.opens_us or listing.created_us),
    }
    flags = {
        "nr": listing.event.exclusive,
        "cbos": listing.clears_on_start,
        "itode": listing.taker_delay > 0,
    }
    body |= {name: True for name, value in flags.items() if value}
    fee = curve(market)
    if fee is not None:
        body["fd"] = {"r": number(fee.rate_ppm), "e": fee.exponent, "to": True}
    body["v"] = protocol(market)
    return body


def _token(view: MarketView, index: int) -> dict[str, object]:
    market = view.listing.market
    price = outcome_prices(view)[index]
    return {
        "token_id": market.outcome_ids[index],
        "outcome": market.outcome_labels[index],
        "price": number(price),
        "winner": view.status == "settled" and price == PAYOUT,
    }


def _best(view: MarketView, index: int, side: str) -> str:
    return touch_texts(view.best_bid, view.best_ask, index)[SIDES[side]]


def _mid(view: MarketView, index: int) -> str:
    bid, ask = _touch(view, index)
    return format_micros((bid + ask) // 2)


def _spread(view: MarketView, index: int) -> str:
    bid, ask = _touch(view, index)
    return format_micros(ask - bid)


def _touch(view: MarketView, index: int) -> tuple[Price, Price]:
    bid, ask = touch_texts(view.best_bid, view.best_ask, index)
    return parse_price(bid), parse_price(ask)


def _last(view: MarketView, index: int) -> dict[str, str]:
    if view.last_price is None:
        return {"price": NEVER_TRADED, "side": ""}
    side = "BUY" if (view.last_taker_side == "bid") is (index == 0) else "SELL"
    return {"price": last_price_text(view.last_price), "side": side}


def _refused(words: str) -> HttpResponse:
    return answer(400, {"error": words})


SIDES = {"BUY": 0, "SELL": 1}
"""Asking for the price to BUY gives the best bid, to SELL the best ask: the venue's own words."""
MARKET_CALLS = ("markets", "clob-markets", "markets-by-token")
POST_ONLY = ("books", "prices", "midpoints", "spreads", "last-trades-prices")
HOST_READINGS: dict[str, Callable[[Instant], object]] = {
    "ok": lambda _: "OK",
    "time": seconds,
    "version": lambda _: {"version": 2},
}
TOKEN_READINGS: dict[str, Reading] = {
    "midpoint": lambda view, index: {"mid": _mid(view, index)},
    "spread": lambda view, index: {"spread": _spread(view, index)},
    "last-trade-price": _last,
    "tick-size": lambda view, _: {"minimum_tick_size": number(view.listing.market.grid.finest())},
    "neg-risk": lambda view, _: {"neg_risk": view.listing.event.exclusive},
    "fee-rate": lambda view, _: {
        "base_fee": LEGACY_FEE_BPS if has_fees(view.listing.market) else 0
    },
}
