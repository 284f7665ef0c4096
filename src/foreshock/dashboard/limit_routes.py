"""What answers when limits are read, tightened or loosened, and when a loss was reviewed?

Anybody who may command the desk may tighten. Loosening and reviewing ask for the token of the data
folder and for words typed in full: a browser's session is not enough.
"""

from collections.abc import Callable
from http import HTTPStatus
from typing import Protocol

import msgspec
from fastapi.responses import Response
from starlette.requests import Request
from starlette.routing import BaseRoute, Route

from foreshock.core.domain.units import Instant
from foreshock.dashboard.answers import (
    Accepted,
    body_of,
    caller_of,
    json_answer,
    reader,
    refusal,
)
from foreshock.dashboard.limits import LimitsPage

UNFIT = HTTPStatus.UNPROCESSABLE_ENTITY
NOTE_CHARS_MIN = 20
NOTE_CHARS_MAX = 1_000


class Limiter(Protocol):
    """Who tells the desk."""

    def change_limit(self, key: str, value: int | None, by: str, *, is_confirmed: bool) -> None: ...

    def review(self, by: str, note: str) -> None: ...


class LimitBody(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """POST /api/limits. value: in the units of the key, None: no longer watched.

    confirm: empty to tighten; the phrase for this key to loosen.
    """

    key: str
    value: int | None
    confirm: str = ""


class ReviewBody(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """POST /api/review. note: what was found, kept on record."""

    note: str


def phrase(key: str) -> str:
    """What a person types to loosen a limit."""
    return f"loosen {key}"


def limit_routes(
    page: LimitsPage, limiter: Limiter, clock: Callable[[], Instant]
) -> list[BaseRoute]:
    """Reading, changing, reviewing."""

    async def change(request: Request) -> Response:
        body = await body_of(request, LimitBody)
        known = {setting.key for setting in page.view(clock()).settings}
        if body.key not in known:
            message = f"there is no limit {body.key[:60]!r}"
            raise refusal(UNFIT, "UNKNOWN_LIMIT", message, "foreshock limits show names them all")
        if body.confirm:
            _require_token(request)
            if body.confirm != phrase(body.key):
                message = "the words of confirmation do not fit: nothing was changed"
                raise refusal(UNFIT, "NOT_CONFIRMED", message, f"type: {phrase(body.key)}")
        caller = caller_of(request)
        limiter.change_limit(body.key, body.value, caller, is_confirmed=bool(body.confirm))
        return json_answer(Accepted())

    async def review(request: Request) -> Response:
        _require_token(request)
        body = await body_of(request, ReviewBody)
        note = body.note.strip()[:NOTE_CHARS_MAX]
        if len(note) < NOTE_CHARS_MIN:
            message = f"say in at least {NOTE_CHARS_MIN} characters what was found"
            raise refusal(UNFIT, "NOTE_NEEDED", message, "what was lost, and why may it go on?")
        limiter.review(caller_of(request), note)
        return json_answer(Accepted())

    return [
        Route("/api/limits", reader(lambda _: page.view(clock()))),
        Route("/api/limits", change, methods=["POST"]),
        Route("/api/review", review, methods=["POST"]),
    ]


def _require_token(request: Request) -> None:
    if caller_of(request) != "command line":
        message = "only the instance token of the data folder may do this"
        raise refusal(HTTPStatus.FORBIDDEN, "TOKEN_ONLY", message, "use the foreshock command")
