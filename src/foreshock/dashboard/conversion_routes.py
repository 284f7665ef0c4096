"""What answers when a person splits, merges or redeems? Only the command line may, live only."""

from collections.abc import Callable
from http import HTTPStatus
from typing import Protocol

import msgspec
from fastapi.responses import Response
from starlette.requests import Request
from starlette.routing import BaseRoute, Route

from foreshock.core.domain.markets import MarketId
from foreshock.core.domain.messages.conversions import ConversionKind, ConversionRequested
from foreshock.core.domain.units import Instant, Quantity
from foreshock.dashboard.answers import body_of, caller_of, json_answer, reader, refusal
from foreshock.dashboard.conversions import Conversions

MARKET_CHARS_MAX = 200
QUANTITY_MAX = 10**15
UNFIT = HTTPStatus.UNPROCESSABLE_ENTITY


class Converts(Protocol):
    """Who tells the desk."""

    def convert(self, request: ConversionRequested) -> None: ...


class ConvertBody(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """POST /api/conversions. quantity: of each outcome, 0 to redeem. confirm: the kind."""

    kind: ConversionKind
    market: str
    quantity_micros: int
    confirm: str


class Asked(msgspec.Struct, frozen=True):
    """It was taken; what comes of it stands under its id."""

    id: str


def conversion_routes(
    conversions: Conversions,
    converts: Converts,
    live_venues: Callable[[], tuple[str, ...]],
    clock: Callable[[], Instant],
) -> list[BaseRoute]:
    """As arming, this asks for the token of the data folder; the desk decides the rest."""

    async def convert(request: Request) -> Response:
        body = await body_of(request, ConvertBody)
        _check(request, body, live_venues())
        name = f"{body.kind}:{body.market}:{clock()}"
        converts.convert(
            ConversionRequested(
                name,
                body.kind,
                MarketId(body.market),
                Quantity(body.quantity_micros),
                caller_of(request),
            )
        )
        return json_answer(Asked(name))

    path = "/api/conversions"
    return [
        Route(path, convert, methods=["POST"]),
        Route(path, reader(lambda _: conversions.views())),
        Route(f"{path}/{{id:path}}", reader(lambda r: conversions.view(r.path_params["id"]))),
    ]


def _check(request: Request, body: ConvertBody, live_venues: tuple[str, ...]) -> None:
    if caller_of(request) != "command line":
        message = "only the instance token of the data folder may do this"
        raise refusal(HTTPStatus.FORBIDDEN, "TOKEN_ONLY", message, "use the foreshock command")
    if not live_venues:
        message = f"this desk does not trade with real money: there is nothing to {body.kind}"
        raise refusal(UNFIT, "NOT_LIVE", message, "foreshock live, then foreshock arm polymarket")
    if body.confirm != body.kind:
        message = "the word of confirmation does not fit: nothing was done"
        raise refusal(UNFIT, "NOT_CONFIRMED", message, f"type {body.kind}")
    if not 0 <= body.quantity_micros <= QUANTITY_MAX:
        raise refusal(UNFIT, "BAD_COUNT", "a count is at least 0", "give contracts, such as 10")
    if not 0 < len(body.market) <= MARKET_CHARS_MAX:
        raise refusal(UNFIT, "UNKNOWN_MARKET", "there is no such market", "polymarket:0x...")
