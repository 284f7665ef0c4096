"""What answers programs that tell us of markets and alerts? Two doors with tokens of their own."""

from collections.abc import Callable
from http import HTTPStatus
from ipaddress import ip_address
from typing import Protocol

from fastapi.responses import Response
from starlette.requests import Request
from starlette.routing import BaseRoute, Route

from foreshock.core.domain.alerts import Alert
from foreshock.core.domain.messages.alerting import ObservationReceived
from foreshock.core.domain.units import SECOND, Instant
from foreshock.dashboard.answers import (
    Accepted,
    Refused,
    bytes_of,
    json_answer,
    refusal,
    shaped,
)
from foreshock.dashboard.ingest import IngestDoor, digest_of, may_speak_for
from foreshock.dashboard.told_from_outside import (
    EventBody,
    RelayBody,
    observation,
    relay_key,
    relayed,
)
from foreshock.dashboard.views import ErrorView

EVENTS_PATH, RELAY_PATH = "/api/events", "/api/alerts/polyalerthub"


class Ingest(Protocol):
    """Who tells the desk."""

    def observe(self, observed: ObservationReceived) -> None: ...

    def relay(self, alert: Alert) -> None: ...


def ingest_routes(door: IngestDoor, desk: Ingest, clock: Callable[[], Instant]) -> list[BaseRoute]:
    """Events of anybody with a token, and alerts of a relay."""

    async def events(request: Request) -> Response:
        sources = door.sources(_bearer(request), is_local=_is_local(request))
        if sources is None:
            raise _turned("no token")
        _within_rate(door, clock())
        body = shaped(await bytes_of(request), EventBody)
        observed = observation(body, clock(), is_simulated=door.rules.is_simulated)
        if not may_speak_for(sources, observed.source):
            message = f"this token does not speak for {observed.source!r}"
            raise refusal(HTTPStatus.FORBIDDEN, "WRONG_SOURCE", message, "use its own name")
        if door.is_new(observed.observation_id):
            desk.observe(observed)
        return json_answer(Accepted())

    async def relay(request: Request) -> Response:
        now_us = clock()
        data = await bytes_of(request)
        turned = door.turned_away(_bearer(request), request.headers, data, now_us)
        if turned is not None:
            raise _turned(turned)
        _within_rate(door, now_us)
        body, digest = shaped(data, RelayBody), digest_of(data)
        alert = relayed(body, digest, now_us)
        if not door.is_new(relay_key(body, digest)):
            message = "this alert was told before"
            raise refusal(HTTPStatus.CONFLICT, "REPEATED", message, "nothing to do")
        desk.relay(alert)
        return json_answer(Accepted())

    return [
        Route(EVENTS_PATH, events, methods=["POST"]),
        Route(RELAY_PATH, relay, methods=["POST"]),
    ]


def _bearer(request: Request) -> str:
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" else scheme


def _is_local(request: Request) -> bool:
    """Whether the caller is on this machine."""
    if request.client is None:
        return False
    try:
        return ip_address(request.client.host).is_loopback
    except ValueError:
        return False


def _turned(why: str) -> Refused:
    hints = {
        "no token": "Authorization: Bearer, with INGEST_API_TOKEN or POLYALERTHUB_TOKEN",
        "not signed": "X-Signature: HMAC-SHA256 of `timestamp.body` with the token, in hex",
        "too old": "X-Signature-Timestamp: seconds since 1970, at most five minutes from now",
    }
    return refusal(HTTPStatus.UNAUTHORIZED, "NOT_AUTHORISED", f"turned away: {why}", hints[why])


def _within_rate(door: IngestDoor, now_us: Instant) -> None:
    """Raises Refused when more came within a minute than is taken."""
    wait_us = door.wait_us(now_us)
    if wait_us > 0:
        message = f"at most {door.rules.per_minute_max} a minute"
        hint = f"wait {-(-wait_us // SECOND)} s"
        view = ErrorView("TOO_OFTEN", message, hint, retryable=True)
        raise Refused(HTTPStatus.TOO_MANY_REQUESTS, view)
