"""What answers under the paths of signals? Alerts, the heatmap, leaders, discarded baselines."""

from collections.abc import Callable
from http import HTTPStatus
from typing import Protocol

import msgspec
from fastapi.responses import Response
from starlette.requests import Request
from starlette.routing import BaseRoute, Route

from foreshock.core.domain.markets import MarketId
from foreshock.core.domain.messages.signals import BaselinesReset, BaselinesRestored
from foreshock.core.domain.units import Instant
from foreshock.dashboard.answers import (
    QUERY_CHARS_MAX,
    body_or,
    caller_of,
    json_answer,
    limit_of,
    reader,
    refusal,
)
from foreshock.dashboard.signals import SHOWN_DEFAULT, Signals

UNFIT = HTTPStatus.UNPROCESSABLE_ENTITY
ORDERS = ("newest", "score")


class Baselines(Protocol):
    """Who tells the desk."""

    def reset_baselines(self, message: BaselinesReset) -> None: ...

    def restore_baselines(self, message: BaselinesRestored) -> None: ...


class ResetBody(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """POST /api/reset-baselines. market: None, or no body at all, means every market."""

    market: str | None = None


class RestoreBody(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """POST /api/restore-baselines. reset_id: None means the newest that stands."""

    reset_id: str | None = None


class ResetTaken(msgspec.Struct, frozen=True):
    """A reset, or its undoing, was taken; reset_id names it."""

    reset_id: str
    accepted: bool = True


def signal_routes(
    signals: Signals, commands: Baselines, clock: Callable[[], Instant]
) -> list[BaseRoute]:
    """Every route of signals; narrow paths stand before those that take any id."""
    views: dict[str, Callable[[Request], object]] = {
        "/api/signals": lambda r: signals.view(clock(), _order(r), limit_of(r, SHOWN_DEFAULT)),
        "/api/signals/{id:path}": lambda r: signals.alert(r.path_params["id"]),
        "/api/leads": lambda _: signals.leads(),
        "/api/volume": lambda r: signals.volume(
            clock(), r.query_params.get("q", "")[:QUERY_CHARS_MAX], limit_of(r, SHOWN_DEFAULT)
        ),
        "/api/volume/{id:path}": lambda r: signals.market(MarketId(r.path_params["id"])),
    }
    reading: list[BaseRoute] = [Route(path, reader(view)) for path, view in views.items()]
    return [*reading, *_commanding(signals, commands, clock)]


def _commanding(
    signals: Signals, commands: Baselines, clock: Callable[[], Instant]
) -> list[BaseRoute]:
    async def reset(request: Request) -> Response:
        body = await body_or(request, ResetBody, ResetBody())
        market = None if body.market is None else MarketId(body.market[:QUERY_CHARS_MAX])
        if market is not None and not signals.is_known(market):
            message = f"no market {market} is known"
            raise refusal(HTTPStatus.NOT_FOUND, "NOT_FOUND", message, "see /api/volume")
        reset_id = f"reset-{clock()}"
        commands.reset_baselines(BaselinesReset(reset_id, market, caller_of(request)))
        return json_answer(ResetTaken(reset_id))

    async def restore(request: Request) -> Response:
        body = await body_or(request, RestoreBody, RestoreBody())
        standing = [view.reset_id for view in signals.resets() if not view.restored_by]
        reset_id = body.reset_id or next(iter(standing), "")
        if reset_id not in standing:
            message = "there is no such reset to undo"
            raise refusal(UNFIT, "NO_RESET", message, "those that stand are under /api/volume")
        commands.restore_baselines(BaselinesRestored(reset_id, caller_of(request)))
        return json_answer(ResetTaken(reset_id))

    return [
        Route("/api/reset-baselines", reset, methods=["POST"]),
        Route("/api/restore-baselines", restore, methods=["POST"]),
    ]


def _order(request: Request) -> str:
    order = request.query_params.get("order", ORDERS[0])
    if order not in ORDERS:
        raise refusal(UNFIT, "BAD_ORDER", "no such order", f"one of: {', '.join(ORDERS)}")
    return order
