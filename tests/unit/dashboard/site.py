"""The whole dashboard without a socket: its gate, its routes and a client in front of them."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from http import HTTPStatus

import httpx2

from foreshock.core.domain.alerts import Alert
from foreshock.core.domain.messages.alerting import ObservationReceived
from foreshock.core.domain.messages.conversions import ConversionRequested
from foreshock.core.domain.messages.matching import SourcesRequested, VerdictRequested
from foreshock.core.domain.messages.operations import DeskStarted
from foreshock.core.domain.messages.signals import BaselinesReset, BaselinesRestored
from foreshock.core.domain.notices import Sink
from foreshock.core.domain.units import Instant
from foreshock.core.engine import OUTSIDE, Entry
from foreshock.dashboard.alert_views import DemoSpikeView
from foreshock.dashboard.ingest import IngestRules
from foreshock.dashboard.readmodel import ReadModel
from foreshock.dashboard.routes import Desk, application
from foreshock.dashboard.security import Addresses, Gate, make_keys
from foreshock.dashboard.static import Pages
from foreshock.dashboard.stream import Kind, Stream
from tests.trading import START
from tests.unit.dashboard.told import started

PORT = 8765
HOST = f"127.0.0.1:{PORT}"
ORIGIN = f"http://{HOST}"
TOKEN = "instance-token-of-at-least-sixteen-bytes"
BEARER = {"authorization": f"Bearer {TOKEN}"}
CLIENTS_MAX = 2


class Operated:
    """Remembers what an operator asked for."""

    def __init__(self) -> None:
        self.calls: list[tuple[str, ...]] = []
        self.told: list[ObservationReceived | Alert] = []
        self.converted: list[ConversionRequested] = []
        self.asked: list[VerdictRequested | SourcesRequested] = []
        self.discarded: list[BaselinesReset | BaselinesRestored] = []

    def halt(self, scope: str, by: str, reason: str) -> None:
        self.calls.append(("halt", scope, by, reason))

    def resume(self, scope: str, by: str) -> None:
        self.calls.append(("resume", scope, by))

    def stop(self, by: str) -> None:
        self.calls.append(("stop", by))

    def arm(self, venue: str, until_us: Instant, by: str, words: str) -> None:
        self.calls.append(("arm", venue, str(until_us), by, words))

    def disarm(self, venue: str, by: str) -> None:
        self.calls.append(("disarm", venue, by))

    def change_limit(self, key: str, value: int | None, by: str, *, is_confirmed: bool) -> None:
        self.calls.append(("limit", key, str(value), by, str(is_confirmed)))

    def review(self, by: str, note: str) -> None:
        self.calls.append(("review", by, note))

    def convert(self, request: ConversionRequested) -> None:
        self.converted.append(request)

    def decide(self, request: VerdictRequested) -> None:
        self.asked.append(request)

    def rule_sources(self, request: SourcesRequested) -> None:
        self.asked.append(request)

    def reset_baselines(self, message: BaselinesReset) -> None:
        self.discarded.append(message)

    def restore_baselines(self, message: BaselinesRestored) -> None:
        self.discarded.append(message)

    def acknowledge(self, alert_id: str, by: str) -> None:
        self.calls.append(("acknowledge", alert_id, by))

    def test_notice(self, sink: Sink | None, by: str) -> None:
        self.calls.append(("test", sink or "all", by))

    def watch(self, venue: str, identifier: str, by: str) -> None:
        self.calls.append(("watch", venue, identifier, by))

    def unwatch(self, venue: str, identifier: str, by: str) -> None:
        self.calls.append(("unwatch", venue, identifier, by))

    def observe(self, observed: ObservationReceived) -> None:
        self.told.append(observed)

    def relay(self, alert: Alert) -> None:
        self.told.append(alert)

    async def spike(self, ticker: str | None, by: str) -> DemoSpikeView | None:
        self.calls.append(("spike", ticker or "", by))
        return None if ticker == "LIVE" else DemoSpikeView("demo:spike", "made up", "made up")


class Site:
    """A dashboard whose clock is set by hand."""

    def __init__(
        self,
        *,
        is_tls: bool = False,
        begun: DeskStarted | None = None,
        ingest: IngestRules | None = None,
    ) -> None:
        self.now_us = int(START)
        self.operated = Operated()
        self.model = ReadModel()
        self.model.listen(1, Entry(0, None, OUTSIDE, begun or started()), START)
        self.keys = make_keys(TOKEN)
        self.stream = Stream(
            (Kind("state", 1, lambda _: self.model.state(self.clock())),), self.clock, CLIENTS_MAX
        )
        self.addresses = Addresses((), is_tls=is_tls)
        self.addresses.listen("127.0.0.1", PORT)
        desk = Desk(
            self.model,
            self.operated,
            self.clock,
            self.keys,
            self.stream,
            Pages(),
            self.link,
            is_tls,
            ingest or IngestRules(),
        )
        self.api = application(desk)
        self.asgi = Gate(self.api, self.addresses, self.keys, self.clock)

    def clock(self) -> Instant:
        return Instant(self.now_us)

    def link(self) -> str:
        return f"{ORIGIN}/login?token={self.keys.tokens.mint(self.now_us)}"

    @asynccontextmanager
    async def client(self, *, raises: bool = True) -> AsyncGenerator[httpx2.AsyncClient]:
        """Somebody who has not logged in."""
        transport = httpx2.ASGITransport(self.asgi, raise_app_exceptions=raises)
        async with httpx2.AsyncClient(transport=transport, base_url=ORIGIN) as client:
            yield client

    @asynccontextmanager
    async def browser(self) -> AsyncGenerator[httpx2.AsyncClient]:
        """A browser that has logged in."""
        async with self.client() as client:
            answer = await client.get(self.link())
            assert answer.status_code == HTTPStatus.SEE_OTHER
            yield client
