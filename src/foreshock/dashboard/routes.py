"""What answers under which path? Views to read, commands to give, the door, the pages.

Who may ask was decided before a request comes here: see `security`.
"""

from collections.abc import Callable
from http import HTTPStatus
from typing import Protocol, TypeAlias

import msgspec
from fastapi import FastAPI
from fastapi.responses import RedirectResponse, Response
from fastapi.telemetry import TelemetryConfig
from starlette.exceptions import HTTPException
from starlette.middleware.gzip import GZipMiddleware
from starlette.requests import Request
from starlette.routing import BaseRoute, Route

from foreshock.core.domain.markets import MarketId
from foreshock.core.domain.units import SECOND, Instant
from foreshock.dashboard.alert_routes import Alerting, alert_routes
from foreshock.dashboard.answers import (
    QUERY_CHARS_MAX,
    Accepted,
    Endpoint,
    Refused,
    body_of,
    caller_of,
    caller_or_none,
    json_answer,
    limit_of,
    reader,
    refusal,
)
from foreshock.dashboard.arm_routes import Armer, arm_routes
from foreshock.dashboard.bodies import HaltBody, Healthy, LoginLink, ResumeBody
from foreshock.dashboard.conversion_routes import Converts, conversion_routes
from foreshock.dashboard.halts import EVERYWHERE
from foreshock.dashboard.ingest import IngestDoor, IngestRules
from foreshock.dashboard.ingest_routes import Ingest, ingest_routes
from foreshock.dashboard.limit_routes import Limiter, limit_routes
from foreshock.dashboard.news import news_routes
from foreshock.dashboard.oracles import oracle_routes
from foreshock.dashboard.pair_routes import Verdicts, pair_routes
from foreshock.dashboard.readmodel import ReadModel
from foreshock.dashboard.schema import document
from foreshock.dashboard.security import COOKIE, LOGIN_HINT, SESSION_LIFE_US, Keys, error
from foreshock.dashboard.security import session_cookie as cookie_of
from foreshock.dashboard.signal_routes import Baselines, signal_routes
from foreshock.dashboard.spike_routes import Spiker, spike_routes
from foreshock.dashboard.static import Pages
from foreshock.dashboard.stream import EventResponse, Stream
from foreshock.dashboard.views import ErrorView
from foreshock.dashboard.watch_routes import WatchLists, watch_routes

REASON_CHARS_MAX = 300
PACKAGES_DEFAULT = 100
AUDIT_DEFAULT = 100
FLOW_DEFAULT = 60
GZIP_BYTES_MIN = 1_024
GZIP_LEVEL = 5

Clock: TypeAlias = Callable[[], Instant]


class Told(Alerting, WatchLists, Ingest, Spiker, Protocol):
    """What persons and programs tell the desk beside commands."""


class Commands(Told, Verdicts, Armer, Limiter, Converts, Baselines, Protocol):
    """What an operator may ask of the desk; the desk decides and journals."""

    def halt(self, scope: str, by: str, reason: str) -> None: ...

    def resume(self, scope: str, by: str) -> None: ...

    def stop(self, by: str) -> None: ...


class Desk(msgspec.Struct, frozen=True):
    """Everything the routes reach. link: makes a one-time link. is_tls: as browsers see it."""

    read_model: ReadModel
    commands: Commands
    clock: Clock
    keys: Keys
    stream: Stream
    pages: Pages
    link: Callable[[], str]
    is_tls: bool
    ingest: IngestRules = IngestRules()


def application(desk: Desk) -> FastAPI:
    """The routes as one ASGI application, without documentation pages and guards."""
    app = FastAPI(
        routes=[
            *_reading(desk),
            *pair_routes(desk.read_model.pair_pages, desk.commands),
            *oracle_routes(desk.read_model.oracles, desk.clock),
            *news_routes(desk.read_model.news, desk.clock),
            *limit_routes(desk.read_model.limits, desk.commands, desk.clock),
            *arm_routes(desk.commands, desk.read_model.live_venues, desk.clock),
            *conversion_routes(
                desk.read_model.conversions,
                desk.commands,
                desk.read_model.live_venues,
                desk.clock,
            ),
            *signal_routes(desk.read_model.signals, desk.commands, desk.clock),
            *alert_routes(desk.read_model.alerts, desk.commands),
            *watch_routes(desk.read_model.watching, desk.commands),
            *ingest_routes(IngestDoor(desk.ingest), desk.commands, desk.clock),
            *spike_routes(desk.commands),
            *_commanding(desk),
            *_door(desk),
            *_pages(desk),
        ],
        docs_url=None,
        redoc_url=None,
        openapi_url=None,
        telemetry=TelemetryConfig(tracing=False, metrics=False, logs=False, auto_configure=False),
    )
    app.add_middleware(GZipMiddleware, minimum_size=GZIP_BYTES_MIN, compresslevel=GZIP_LEVEL)
    app.add_exception_handler(Refused, _refused)
    app.add_exception_handler(HTTPException, _failed)
    app.add_exception_handler(Exception, _broken)
    return app


# ---- what can be read ------------------------------------------------------------------------


def _reading(desk: Desk) -> list[BaseRoute]:
    model, clock = desk.read_model, desk.clock
    views: dict[str, Callable[[Request], object]] = {
        "/api/state": lambda _: model.state(clock()),
        "/api/edges": lambda r: model.edges(clock(), _status(r), r.query_params.get("pair")),
        "/api/edges/{id:path}": lambda r: model.edge(r.path_params["id"], clock()),
        "/api/pairs": lambda _: model.pairs(clock()),
        "/api/packages": lambda r: model.packages(clock(), limit_of(r, PACKAGES_DEFAULT)),
        "/api/orders": lambda _: model.orders(clock()),
        "/api/risk": lambda _: model.risk(clock()),
        "/api/health": lambda _: model.alerts.health(model.health(clock())),
        "/api/audit": lambda r: model.audit(
            r.query_params.get("q", "")[:QUERY_CHARS_MAX],
            r.query_params.get("before"),
            limit_of(r, AUDIT_DEFAULT),
        ),
        "/api/why/{id:path}": lambda r: model.why(r.path_params["id"]),
        "/api/flow": lambda r: model.flow.view(
            clock(), r.query_params.get("q", "")[:QUERY_CHARS_MAX], limit_of(r, FLOW_DEFAULT)
        ),
        "/api/openapi.json": lambda _: document(),
        "/api/markets/{id:path}/book": lambda r: model.book(MarketId(r.path_params["id"]), clock()),
    }
    routes: list[BaseRoute] = [Route(path, reader(view)) for path, view in views.items()]
    return [*routes, Route("/api/stream", _streaming(desk))]


def _streaming(desk: Desk) -> Endpoint:
    async def answer(request: Request) -> Response:
        if request.method == "HEAD":
            return Response(media_type="text/event-stream")
        cookie, caller = cookie_of(request.headers), caller_of(request)

        def is_welcome() -> bool:
            """A browser that logs out elsewhere is shown nothing any more."""
            if caller == "command line":
                return True
            return cookie is not None and desk.keys.sessions.is_open(cookie, desk.clock())

        client = desk.stream.join(is_welcome)
        if client is None:
            view = ErrorView("TOO_MANY", "too many pages listen already", "close one", True)  # noqa: FBT003 - the view's own order
            return error(HTTPStatus.SERVICE_UNAVAILABLE, view)
        return EventResponse(desk.stream, client)

    return answer


# ---- what can be commanded -------------------------------------------------------------------


def _commanding(desk: Desk) -> list[BaseRoute]:
    async def halt(request: Request) -> Response:
        body = await body_of(request, HaltBody)
        _confirm(body.confirm, "halt")
        reason = body.reason.strip()[:REASON_CHARS_MAX] or "no reason given"
        desk.commands.halt(_scope(desk, body.scope), caller_of(request), reason)
        return json_answer(Accepted())

    async def resume(request: Request) -> Response:
        body = await body_of(request, ResumeBody)
        _confirm(body.confirm, "resume")
        desk.commands.resume(_scope(desk, body.scope), caller_of(request))
        return json_answer(Accepted())

    async def stop(request: Request) -> Response:
        _require_token(request)
        desk.commands.stop(caller_of(request))
        return json_answer(Accepted())

    async def login_link(request: Request) -> Response:
        _require_token(request)
        return json_answer(LoginLink(desk.link()))

    commands = {"halt": halt, "resume": resume, "stop": stop, "login-link": login_link}
    return [Route(f"/api/{name}", command, methods=["POST"]) for name, command in commands.items()]


def _confirm(word: str, expected: str) -> None:
    if word != expected:
        raise refusal(
            HTTPStatus.UNPROCESSABLE_ENTITY,
            "NOT_CONFIRMED",
            "the word of confirmation does not fit: nothing was done",
            f"type {expected}",
        )


def _scope(desk: Desk, scope: str) -> str:
    """A halt of a venue that does not exist would halt nothing and look like a halt."""
    known = (EVERYWHERE, *desk.read_model.venues())
    if scope not in known:
        message = f"there is no {scope[:REASON_CHARS_MAX]!r} to halt or resume"
        hint = f"one of: {', '.join(known)}"
        raise refusal(HTTPStatus.UNPROCESSABLE_ENTITY, "UNKNOWN_SCOPE", message, hint)
    return scope


def _require_token(request: Request) -> None:
    if caller_of(request) != "command line":
        message = "only the instance token of the data folder may do this"
        raise refusal(HTTPStatus.FORBIDDEN, "TOKEN_ONLY", message, "use the foreshock command")


# ---- the door --------------------------------------------------------------------------------


def _door(desk: Desk) -> list[BaseRoute]:
    keys, clock = desk.keys, desk.clock

    async def login(request: Request) -> Response:
        token = request.query_params.get("token", "")
        if request.method == "HEAD" or not token:
            return desk.pages.answer("/login", request.headers)
        now_us = clock()
        wait_us = keys.attempts.wait_us(now_us)
        if wait_us > 0:
            return _too_often(wait_us)
        if keys.tokens.redeem(token, now_us):
            return _welcome(desk, request, now_us)
        if caller_or_none(request) is not None:
            return RedirectResponse("/", HTTPStatus.SEE_OTHER)
        keys.attempts.fail(now_us)
        return desk.pages.answer("/login", request.headers, HTTPStatus.UNAUTHORIZED)

    async def logout(request: Request) -> Response:
        keys.sessions.close(cookie_of(request.headers) or "")
        answer = json_answer(Accepted())
        answer.delete_cookie(COOKIE, httponly=True, samesite="strict")
        return answer

    async def healthz(_: Request) -> Response:
        return json_answer(Healthy())

    return [
        Route("/login", login),
        Route("/api/logout", logout, methods=["POST"]),
        Route("/healthz", healthz),
    ]


def _welcome(desk: Desk, request: Request, now_us: Instant) -> Response:
    """A new session in place of the one this browser had: an id that leaked dies with it."""
    sessions = desk.keys.sessions
    sessions.close(cookie_of(request.headers) or "")
    answer = RedirectResponse("/", HTTPStatus.SEE_OTHER)
    answer.set_cookie(
        COOKIE,
        sessions.open(now_us),
        max_age=SESSION_LIFE_US // SECOND,
        path="/",
        secure=desk.is_tls,
        httponly=True,
        samesite="strict",
    )
    return answer


def _too_often(wait_us: int) -> Response:
    seconds = -(-wait_us // SECOND)
    view = ErrorView("TOO_OFTEN", f"too many wrong tokens: wait {seconds} s", LOGIN_HINT, True)  # noqa: FBT003 - the view's own order
    answer = error(HTTPStatus.TOO_MANY_REQUESTS, view)
    answer.headers["retry-after"] = str(seconds)
    return answer


# ---- the pages -------------------------------------------------------------------------------


def _pages(desk: Desk) -> list[BaseRoute]:
    async def page(request: Request) -> Response:
        path = request.url.path
        if path == "/api" or path.startswith("/api/"):
            raise refusal(HTTPStatus.NOT_FOUND, "NOT_FOUND", "no such address of the API")
        return desk.pages.answer(path, request.headers)

    return [Route("/{path:path}", page)]


# ---- helpers ---------------------------------------------------------------------------------


def _status(request: Request) -> str | None:
    status = request.query_params.get("status")
    if status not in {None, "open", "refused", "withdrawn"}:
        hint = "one of: open, refused, withdrawn"
        raise refusal(HTTPStatus.UNPROCESSABLE_ENTITY, "BAD_STATUS", "no such status", hint)
    return status


async def _refused(_: Request, refused: Exception) -> Response:
    if not isinstance(refused, Refused):
        raise refused
    return error(refused.status, refused.view)


async def _failed(_: Request, failed: Exception) -> Response:
    """What the router itself refuses, such as a method."""
    if not isinstance(failed, HTTPException):
        raise failed
    status = HTTPStatus(failed.status_code)
    answer = error(status, ErrorView(status.name, status.phrase.lower(), "", retryable=False))
    answer.headers.update(failed.headers or {})
    return answer


async def _broken(_: Request, __: Exception) -> Response:
    """A fault of ours: the server logs it, the page learns no details."""
    message = "the desk could not answer: this is a fault of the program"
    view = ErrorView("INTERNAL", message, "look at the desk's output", retryable=True)
    return error(HTTPStatus.INTERNAL_SERVER_ERROR, view)
