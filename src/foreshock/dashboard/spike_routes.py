"""What answers when a person wants to see a spike? In the demo one is made up, elsewhere none."""

from http import HTTPStatus
from typing import Protocol

import msgspec
from fastapi.responses import Response
from starlette.requests import Request
from starlette.routing import BaseRoute, Route

from foreshock.dashboard.alert_views import DemoSpikeView
from foreshock.dashboard.answers import body_or, caller_of, json_answer, refusal

TICKER_CHARS_MAX = 100


class Spiker(Protocol):
    """Who makes it up."""

    async def spike(self, ticker: str | None, by: str) -> DemoSpikeView | None:
        """What was made up; None where nothing is simulated."""
        ...


class SpikeBody(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """POST /api/demo/spike. ticker: where the simulated Kalshi trades it; null leaves it open."""

    ticker: str | None = None


def spike_routes(desk: Spiker) -> list[BaseRoute]:
    """One route; it may be asked without a body."""

    async def spike(request: Request) -> Response:
        body = await body_or(request, SpikeBody, SpikeBody())
        ticker = None if body.ticker is None else body.ticker[:TICKER_CHARS_MAX]
        made = await desk.spike(ticker, caller_of(request))
        if made is None:
            message = "spikes are made up in the demo only"
            raise refusal(HTTPStatus.NOT_FOUND, "NOT_A_DEMO", message, "foreshock demo")
        return json_answer(made)

    return [Route("/api/demo/spike", spike, methods=["POST"])]
