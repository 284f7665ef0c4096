"""What answers about the watch list? It is read, and changed without a restart."""

import re
from http import HTTPStatus
from typing import Protocol

import msgspec
from fastapi.responses import Response
from starlette.requests import Request
from starlette.routing import BaseRoute, Route

from foreshock.dashboard.answers import (
    QUERY_CHARS_MAX,
    Accepted,
    body_of,
    caller_of,
    json_answer,
    reader,
    refusal,
)
from foreshock.dashboard.watching import WATCHED_MAX, Watching

VENUE = "kalshi"
TICKER = re.compile(r"[A-Z0-9][A-Z0-9._-]{0,99}")
UNFIT = HTTPStatus.UNPROCESSABLE_ENTITY


class WatchLists(Protocol):
    """Who tells the desk."""

    def watch(self, venue: str, identifier: str, by: str) -> None: ...

    def unwatch(self, venue: str, identifier: str, by: str) -> None: ...


class TickerBody(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """POST /api/kalshi/markets and its `remove`: a market, an event or a series."""

    ticker: str


def watch_routes(watching: Watching, desk: WatchLists) -> list[BaseRoute]:
    """Kalshi's watch list, and what could be put on it."""

    async def add(request: Request) -> Response:
        ticker = await _ticker(request)
        if watching.has(VENUE, ticker):
            raise refusal(HTTPStatus.CONFLICT, "ALREADY_WATCHED", f"{ticker} is watched already")
        if watching.count() >= WATCHED_MAX:
            message = f"the watch list has {WATCHED_MAX} names, which is the most"
            raise refusal(UNFIT, "LIST_FULL", message, "remove one first")
        desk.watch(VENUE, ticker, caller_of(request))
        return json_answer(Accepted())

    async def remove(request: Request) -> Response:
        ticker = await _ticker(request)
        if not watching.has(VENUE, ticker):
            message = f"{ticker} is not on the watch list"
            raise refusal(HTTPStatus.NOT_FOUND, "NOT_FOUND", message, "GET /api/kalshi/markets")
        desk.unwatch(VENUE, ticker, caller_of(request))
        return json_answer(Accepted())

    def categories(request: Request) -> object:
        return watching.categories(VENUE, request.query_params.get("q", "")[:QUERY_CHARS_MAX])

    return [
        Route("/api/kalshi/markets", reader(lambda _: watching.views(VENUE)), methods=["GET"]),
        Route("/api/kalshi/markets", add, methods=["POST"]),
        Route("/api/kalshi/markets/remove", remove, methods=["POST"]),
        Route("/api/kalshi/categories", reader(categories)),
    ]


async def _ticker(request: Request) -> str:
    """The name in Kalshi's own spelling. Raises Refused for what can be none."""
    body = await body_of(request, TickerBody)
    ticker = body.ticker.strip().removeprefix(f"{VENUE}:").upper()
    if not TICKER.fullmatch(ticker):
        hint = "a market, event or series as Kalshi writes it, such as KXBTC15M"
        raise refusal(UNFIT, "BAD_TICKER", "this cannot be a ticker", hint)
    return ticker
