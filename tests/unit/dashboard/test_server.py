import asyncio
import contextlib
import signal
import socket
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from http import HTTPStatus

import httpx2
import msgspec
import pytest

from foreshock.adapters.clock import wall_clock_us
from foreshock.core.domain.errors import ConfigError
from foreshock.core.domain.messages.decisions import EdgeQuoted
from foreshock.dashboard.readmodel import ReadModel
from foreshock.dashboard.server import Dashboard, DashboardSettings, serve
from foreshock.dashboard.views import RiskView, StateView
from tests.trading import edge
from tests.unit.dashboard.site import TOKEN, Operated
from tests.unit.dashboard.told import watching

STOP_S_MAX = 2.0


def settings(host: str = "127.0.0.1", port: int = 0) -> DashboardSettings:
    return DashboardSettings(host=host, port=port, instance_token=TOKEN)


@asynccontextmanager
async def listening() -> AsyncGenerator[Dashboard]:
    dashboard = await serve(ReadModel(), Operated(), wall_clock_us, settings())
    try:
        yield dashboard
    finally:
        await dashboard.stop()


def client(dashboard: Dashboard) -> httpx2.AsyncClient:
    return httpx2.AsyncClient(base_url=dashboard.url, trust_env=False, timeout=5)


async def test_a_browser_logs_in_and_listens_over_a_real_socket() -> None:
    async with listening() as dashboard, client(dashboard) as browser:
        assert (await browser.get("/api/state")).status_code == HTTPStatus.UNAUTHORIZED
        assert (await browser.get(dashboard.login_url())).status_code == HTTPStatus.SEE_OTHER
        async with browser.stream("GET", "/api/stream") as answer:
            assert answer.headers["content-type"].startswith("text/event-stream")
            assert "content-encoding" not in answer.headers
            events = await first_events(answer, 5)
    assert [(number, kind) for number, kind, _ in events[:4]] == [
        ("1", "state"),
        ("2", "edges"),
        ("3", "packages"),
        ("4", "risk"),
    ]
    msgspec.json.decode(events[0][2], type=StateView)
    msgspec.json.decode(events[3][2], type=RiskView)
    assert events[4][0] == "5"


async def test_an_open_page_does_not_delay_the_end() -> None:
    loop = asyncio.get_running_loop()
    dashboard = await serve(ReadModel(), Operated(), wall_clock_us, settings())
    async with client(dashboard) as browser:
        await browser.get(dashboard.login_url())
        async with browser.stream("GET", "/api/stream") as answer:
            await first_events(answer, 4)
            before = loop.time()
            await dashboard.stop()
            assert loop.time() - before < STOP_S_MAX


async def test_pages_that_do_not_read_neither_delay_the_end_nor_grow(
    caplog: pytest.LogCaptureFixture,
) -> None:
    loop = asyncio.get_running_loop()
    told = watching()
    told.tell(*(EdgeQuoted(edge(id=f"edge-{n}"), ()) for n in range(100)))
    dashboard = await serve(told.model, Operated(), wall_clock_us, settings())
    with contextlib.ExitStack() as stack:
        readers = [stack.enter_context(silent_reader(dashboard.url)) for _ in range(3)]
        await asyncio.sleep(1.5)  # long enough to fill what the sockets hold
        before = loop.time()
        await dashboard.stop()
        assert loop.time() - before < STOP_S_MAX
        assert all(reader.recv(15) == b"HTTP/1.1 200 OK" for reader in readers)
    assert caplog.text == ""


async def test_signals_stay_with_the_program() -> None:
    before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
    async with listening() as dashboard, client(dashboard) as browser:
        assert (await browser.get("/healthz")).is_success
        assert {number: signal.getsignal(number) for number in before} == before


async def test_a_taken_port_is_an_error_that_says_what_to_do() -> None:
    async with listening() as dashboard:
        port = int(dashboard.url.rpartition(":")[2])
        with pytest.raises(ConfigError, match="--port"):
            await serve(ReadModel(), Operated(), wall_clock_us, settings(port=port))


@pytest.mark.parametrize("host", ["::", "192.0.2.1", "10.0.0.5", "desk.example"])
async def test_it_does_not_listen_beyond_this_machine_without_tls(host: str) -> None:
    with pytest.raises(ConfigError, match="TLS"):
        await serve(ReadModel(), Operated(), wall_clock_us, settings(host=host))


async def test_without_a_token_it_does_not_start() -> None:
    empty = DashboardSettings(host="127.0.0.1", port=0, instance_token="")
    with pytest.raises(ConfigError):
        await serve(ReadModel(), Operated(), wall_clock_us, empty)


def test_settings_do_not_show_the_token() -> None:
    assert TOKEN not in repr(settings())


def silent_reader(url: str) -> socket.socket:
    """Asks for the stream and never reads it."""
    host = url.removeprefix("http://")
    address, _, port = host.rpartition(":")
    reader = socket.socket()
    reader.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4_096)
    reader.connect((address, int(port)))
    head = f"GET /api/stream HTTP/1.1\r\nHost: {host}\r\nAuthorization: Bearer {TOKEN}\r\n\r\n"
    reader.sendall(head.encode())
    return reader


async def first_events(answer: httpx2.Response, count: int) -> list[tuple[str, str, str]]:
    """(id, event, data) of the first events."""
    events: list[tuple[str, str, str]] = []
    async with asyncio.timeout(10):
        async for block in blocks(answer):
            fields = dict(line.split(": ", 1) for line in block)
            events.append((fields["id"], fields["event"], fields["data"]))
            if len(events) == count:
                break
    return events


async def blocks(answer: httpx2.Response) -> AsyncGenerator[list[str]]:
    """The lines between two empty ones."""
    lines: list[str] = []
    async for line in answer.aiter_lines():
        if line:
            lines.append(line)
            continue
        yield lines
        lines = []
