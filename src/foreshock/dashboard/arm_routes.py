"""What answers when a person arms or disarms a venue? Only the command line may; words in full."""

from collections.abc import Callable
from http import HTTPStatus
from typing import Protocol

import msgspec
from fastapi.responses import Response
from starlette.requests import Request
from starlette.routing import BaseRoute, Route

from foreshock.core.domain.units import SECOND, Instant
from foreshock.dashboard.answers import Accepted, body_of, caller_of, json_answer, refusal

HOURS_MAX = 24
HOUR = 3_600 * SECOND
WORDS_CHARS_MAX = 300
UNFIT = HTTPStatus.UNPROCESSABLE_ENTITY


class Armer(Protocol):
    """Who tells the desk."""

    def arm(self, venue: str, until_us: Instant, by: str, words: str) -> None: ...

    def disarm(self, venue: str, by: str) -> None: ...


class ArmBody(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """POST /api/arm. confirm: the phrase for this venue. words: kept in the audit."""

    venue: str
    hours: int
    confirm: str
    words: str


class DisarmBody(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """POST /api/disarm."""

    venue: str


def phrase(venue: str) -> str:
    """What a person types to arm a venue."""
    return f"trade real money at {venue}"


def arm_routes(
    armer: Armer, live_venues: Callable[[], tuple[str, ...]], clock: Callable[[], Instant]
) -> list[BaseRoute]:
    """Arming asks for the token of the data folder: a browser's session is not enough."""

    async def arm(request: Request) -> Response:
        body = await body_of(request, ArmBody)
        _check(request, body.venue, live_venues())
        if body.confirm != phrase(body.venue):
            raise refusal(UNFIT, "NOT_CONFIRMED", "not armed", f"type: {phrase(body.venue)}")
        if not 1 <= body.hours <= HOURS_MAX:
            message = f"a venue is armed for 1 to {HOURS_MAX} hours"
            raise refusal(UNFIT, "BAD_HOURS", message, "arm again when it has expired")
        until_us = Instant(clock() + body.hours * HOUR)
        armer.arm(body.venue, until_us, caller_of(request), body.words[:WORDS_CHARS_MAX])
        return json_answer(Accepted())

    async def disarm(request: Request) -> Response:
        body = await body_of(request, DisarmBody)
        _check(request, body.venue, live_venues())
        armer.disarm(body.venue, caller_of(request))
        return json_answer(Accepted())

    return [
        Route("/api/arm", arm, methods=["POST"]),
        Route("/api/disarm", disarm, methods=["POST"]),
    ]


def _check(request: Request, venue: str, live_venues: tuple[str, ...]) -> None:
    if caller_of(request) != "command line":
        message = "only the instance token of the data folder may do this"
        raise refusal(HTTPStatus.FORBIDDEN, "TOKEN_ONLY", message, "use the foreshock command")
    if venue not in live_venues:
        named = ", ".join(live_venues) or "none: this desk does not trade with real money"
        message = f"there is no {venue[:40]!r} to arm"
        raise refusal(UNFIT, "UNKNOWN_VENUE", message, f"one of: {named}")
