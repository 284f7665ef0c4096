"""What answers about alerts and channels? The list, a person's acknowledgement, a test notice."""

from http import HTTPStatus
from typing import Protocol

import msgspec
from fastapi.responses import Response
from starlette.requests import Request
from starlette.routing import BaseRoute, Route

from foreshock.core.domain.notices import Sink
from foreshock.dashboard.alert_views import NoticeView
from foreshock.dashboard.alerts import Alerts, AlertsAsked
from foreshock.dashboard.answers import (
    QUERY_CHARS_MAX,
    Accepted,
    body_of,
    caller_of,
    json_answer,
    limit_of,
    reader,
    refusal,
)

ALERTS_DEFAULT = 100
SEVERITY_MAX = 5
UNFIT = HTTPStatus.UNPROCESSABLE_ENTITY


class Alerting(Protocol):
    """Who tells the desk."""

    def acknowledge(self, alert_id: str, by: str) -> None: ...

    def test_notice(self, sink: Sink | None, by: str) -> None: ...


class AckBody(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """POST /api/alerts/ack."""

    id: str


class TestBody(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """POST /api/alerts/test. sink: null for every channel that is set up."""

    __test__ = False

    sink: Sink | None


def alert_routes(alerts: Alerts, desk: Alerting) -> list[BaseRoute]:
    """Alerts, and what a person does about them."""

    async def acknowledge(request: Request) -> Response:
        body = await body_of(request, AckBody)
        if not alerts.has(body.id):
            message = f"there is no alert {body.id[:QUERY_CHARS_MAX]!r} in this run"
            raise refusal(HTTPStatus.NOT_FOUND, "NOT_FOUND", message, "foreshock alerts list")
        desk.acknowledge(body.id, caller_of(request))
        return json_answer(Accepted())

    async def test(request: Request) -> Response:
        body = await body_of(request, TestBody)
        known = [each.sink for each in alerts.notifiers()]
        if not known or (body.sink is not None and body.sink not in known):
            message = f"{body.sink or 'no channel'} is not set up"
            hint = f"one of: {', '.join(known)}" if known else "set one up in config.toml, [alerts]"
            raise refusal(UNFIT, "UNKNOWN_SINK", message, hint)
        desk.test_notice(body.sink, caller_of(request))
        return json_answer(Accepted())

    return [
        Route("/api/alerts", reader(lambda request: _listed(alerts, request))),
        Route("/api/notifiers", reader(lambda _: alerts.notifiers())),
        Route("/api/alerts/ack", acknowledge, methods=["POST"]),
        Route("/api/alerts/test", test, methods=["POST"]),
    ]


def _listed(alerts: Alerts, request: Request) -> list[NoticeView]:
    asked = request.query_params
    severity = asked.get("severity_min", "1")
    if not (severity.isdecimal() and severity.isascii() and 1 <= int(severity[:2]) <= SEVERITY_MAX):
        hint = f"a whole number from 1 to {SEVERITY_MAX}"
        raise refusal(UNFIT, "BAD_SEVERITY", "severity_min is not usable", hint)
    wanted = AlertsAsked(
        kind=asked.get("kind", ""),
        level=asked.get("level", "").lower(),
        severity_min=int(severity),
        state=_one_of(asked.get("state", ""), "state", ("open", "acknowledged")),
        detected=_one_of(asked.get("detected", ""), "detected", ("true", "false")),
        query=asked.get("q", "")[:QUERY_CHARS_MAX],
        sort=_one_of(asked.get("sort", "newest"), "sort", ("newest", "score")),
    )
    return alerts.views(wanted, limit_of(request, ALERTS_DEFAULT))


def _one_of(value: str, name: str, known: tuple[str, ...]) -> str:
    if value and value not in known:
        hint = f"one of: {', '.join(known)}"
        raise refusal(UNFIT, f"BAD_{name.upper()}", f"no such {name}", hint)
    return value
