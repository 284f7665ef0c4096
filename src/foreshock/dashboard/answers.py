"""How is a request read and answered? JSON in and out, refusals in words, ceilings on both."""

import asyncio
from collections.abc import Awaitable, Callable
from http import HTTPStatus
from typing import TypeAlias, TypeVar

import msgspec
from fastapi.responses import Response
from starlette.requests import ClientDisconnect, Request

from foreshock.dashboard.security import LOGIN_HINT, Caller
from foreshock.dashboard.views import ErrorView

BODY_BYTES_MAX = 16 * 1024
BODY_S_MAX = 5.0
LIMIT_MAX = 2_000
QUERY_CHARS_MAX = 200

Endpoint: TypeAlias = Callable[[Request], Awaitable[Response]]
T = TypeVar("T")


class Accepted(msgspec.Struct, frozen=True):
    """A command was taken; what came of it stands in the audit."""

    accepted: bool = True


class Refused(Exception):  # noqa: N818 - it is an answer, not a failure of ours
    """Ends a request with this error."""

    def __init__(self, status: HTTPStatus, view: ErrorView) -> None:
        super().__init__(view.message)
        self.status = status
        self.view = view


def reader(view: Callable[[Request], object]) -> Endpoint:
    """An endpoint that shows a view; None of it is a 404 that names the id."""

    async def answer(request: Request) -> Response:
        found = view(request)
        if found is None:
            wanted = str(request.path_params.get("id", ""))[:QUERY_CHARS_MAX]
            raise refusal(HTTPStatus.NOT_FOUND, "NOT_FOUND", f"nothing is known about {wanted}")
        return json_answer(found)

    return answer


def json_answer(value: object) -> Response:
    """Any view as JSON."""
    return Response(msgspec.json.encode(value), media_type="application/json")


def caller_or_none(request: Request) -> Caller | None:
    """Who asks, where the guard before us knows."""
    return request.scope.get("state", {}).get("caller")


def caller_of(request: Request) -> Caller:
    """Who asks. Raises Refused when nobody is known: the guard before us lets none through."""
    caller = caller_or_none(request)
    if caller is None:
        raise refusal(HTTPStatus.UNAUTHORIZED, "NOT_LOGGED_IN", "who asks?", LOGIN_HINT)
    return caller


def limit_of(request: Request, default: int) -> int:
    """The parameter `limit`. Raises Refused when it is no number from 1 to LIMIT_MAX."""
    text = request.query_params.get("limit", str(default))
    if not (text.isascii() and text.isdecimal() and 1 <= int(text[:9]) <= LIMIT_MAX):
        hint = f"a whole number from 1 to {LIMIT_MAX}"
        raise refusal(HTTPStatus.UNPROCESSABLE_ENTITY, "BAD_LIMIT", "limit is not usable", hint)
    return int(text)


async def body_of(request: Request, shape: type[T]) -> T:
    """The body in this shape. Raises Refused when it is too long, too slow or something else."""
    return await body_or(request, shape, None)


async def body_or(request: Request, shape: type[T], default: T | None) -> T:
    """The same; where there is a default, it stands for an empty body."""
    data = await bytes_of(request)
    return default if not data and default is not None else shaped(data, shape)


async def bytes_of(request: Request) -> bytes:
    """The body as it came. Raises Refused when it is too long or too slow."""
    try:
        async with asyncio.timeout(BODY_S_MAX):
            return await _bytes(request)
    except (TimeoutError, ClientDisconnect):
        raise refusal(HTTPStatus.REQUEST_TIMEOUT, "TOO_SLOW", "the body did not come") from None


def shaped(data: bytes, shape: type[T]) -> T:
    """The body in this shape. Raises Refused when it is something else, be it only too deep."""
    try:
        return msgspec.json.decode(data, type=shape)
    except (msgspec.MsgspecError, RecursionError) as wrong:
        raise refusal(HTTPStatus.UNPROCESSABLE_ENTITY, "BAD_BODY", str(wrong)) from wrong


async def _bytes(request: Request) -> bytes:
    data = bytearray()
    async for chunk in request.stream():
        data += chunk
        if len(data) > BODY_BYTES_MAX:
            too_large = HTTPStatus.REQUEST_ENTITY_TOO_LARGE
            raise refusal(too_large, "TOO_LARGE", f"at most {BODY_BYTES_MAX} bytes")
    return bytes(data)


def refusal(status: HTTPStatus, code: str, message: str, hint: str = "") -> Refused:
    """An error of this status in the shape of every error."""
    return Refused(status, ErrorView(code, message, hint, retryable=False))
