"""How is the dashboard reached? uvicorn inside the running loop, guarded, quick to stop."""

import asyncio
import contextlib
import errno
import socket
from collections.abc import Generator
from ipaddress import ip_address

import msgspec
import uvicorn
from starlette.types import ASGIApp
from uvicorn.protocols.http.h11_impl import H11Protocol

from foreshock.core.domain.errors import ConfigError
from foreshock.core.domain.units import Instant
from foreshock.dashboard.ingest import IngestRules
from foreshock.dashboard.readmodel import ReadModel
from foreshock.dashboard.routes import Clock, Commands, Desk, application
from foreshock.dashboard.security import Addresses, Gate, Keys, bracketed, make_keys
from foreshock.dashboard.static import Pages
from foreshock.dashboard.stream import CUT_EXTENSION, Kind, Stream

__all__ = ["Commands", "Dashboard", "DashboardSettings", "serve"]

STOP_S_MAX = 1
STREAMED_EDGES_MAX = 100
STREAMED_PACKAGES_MAX = 50
STREAMED_ALERTS_MAX = 50
CONNECTIONS_MAX = 128
HEADER_BYTES_MAX = 16 * 1024
ANYWHERE = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104 - where to find a server bound to all
BACKLOG = 128


class DashboardSettings(msgspec.Struct, frozen=True, kw_only=True):
    """Where the dashboard listens and who is let in.

    port 0 takes a free one. allowed_hosts: further names it is asked by, each with its port
    (`desk.example:8443`), for those who put a proxy before it. is_tls: that proxy speaks https.
    """

    host: str
    port: int
    instance_token: str
    allowed_hosts: tuple[str, ...] = ()
    is_tls: bool = False
    ingest: IngestRules = IngestRules()

    def __repr__(self) -> str:
        """Everything but the token."""
        return f"DashboardSettings(host={self.host!r}, port={self.port})"


class Dashboard:
    """The running server."""

    def __init__(
        self,
        url: str,
        links: "Links",
        stream: Stream,
        server: uvicorn.Server,
        tasks: list[asyncio.Task[None]],
    ) -> None:
        self.url = url
        self._links = links
        self._stream = stream
        self._server = server
        self._tasks = tasks

    def login_url(self) -> str:
        """A link that logs one browser in, once."""
        return self._links.make()

    async def stop(self) -> None:
        """End open event streams, answer what was asked, close; within two seconds."""
        self._stream.stop()
        self._server.should_exit = True
        await asyncio.gather(*self._tasks)


class Links:
    """Makes one-time links under the address of the server."""

    def __init__(self, url: str, keys: Keys, clock: Clock) -> None:
        self._url = url
        self._keys = keys
        self._clock = clock

    def make(self) -> str:
        """A new link; it dies on first use."""
        return f"{self._url}/login?token={self._keys.tokens.mint(self._clock())}"


async def serve(
    read_model: ReadModel, commands: Commands, clock: Clock, settings: DashboardSettings
) -> Dashboard:
    """Start to listen; requests are answered as soon as this returns.

    Raises ConfigError when the address cannot be used or the token could be guessed.
    """
    _check_exposure(settings)
    keys = make_keys(settings.instance_token)
    bound = _bind(settings.host, settings.port)
    port: int = bound.getsockname()[1]
    addresses = Addresses(settings.allowed_hosts, is_tls=settings.is_tls)
    addresses.listen(settings.host, port)
    url = f"http://{bracketed(ANYWHERE.get(settings.host, settings.host))}:{port}"
    links, stream = Links(url, keys, clock), _stream(read_model, clock)
    door = (links.make, settings.is_tls, settings.ingest)
    desk = Desk(read_model, commands, clock, keys, stream, Pages(), *door)
    server = QuietServer(_config(guarded(desk, addresses)))
    tasks = [asyncio.create_task(server.serve([bound])), asyncio.create_task(stream.run())]
    return Dashboard(url, links, stream, server, tasks)


def guarded(desk: Desk, addresses: Addresses) -> ASGIApp:
    """The whole application: no request reaches a route but through the gate."""
    return Gate(application(desk), addresses, desk.keys, desk.clock)


class CuttingProtocol(H11Protocol):
    """HTTP that tells the application how to cut the connection it is answering."""

    def handle_events(self) -> None:
        super().handle_events()
        if _is_complete(self.scope):
            self.scope["extensions"] = {CUT_EXTENSION: {"abort": self.transport.abort}}


class QuietServer(uvicorn.Server):
    """Signals belong to the program, not to its dashboard."""

    @contextlib.contextmanager
    def capture_signals(self) -> Generator[None]:
        yield


def _is_complete(scope: object) -> bool:
    """Whether a request has arrived as a whole: uvicorn has no scope before, whatever its types."""
    return scope is not None


def _config(app: ASGIApp) -> uvicorn.Config:
    return uvicorn.Config(
        app,
        http=CuttingProtocol,
        ws="none",
        lifespan="off",
        log_config=None,
        log_level="warning",
        access_log=False,
        server_header=False,
        proxy_headers=False,
        limit_concurrency=CONNECTIONS_MAX,
        h11_max_incomplete_event_size=HEADER_BYTES_MAX,
        timeout_graceful_shutdown=STOP_S_MAX,
    )


def _stream(model: ReadModel, clock: Clock) -> Stream:
    """The events by kind: edges move four times a second, the rest twice."""
    kinds = (
        Kind("state", 2, lambda now_us: model.state(Instant(now_us))),
        Kind("edges", 1, lambda now_us: model.edges(Instant(now_us), limit=STREAMED_EDGES_MAX)),
        Kind("packages", 2, lambda now_us: model.packages(Instant(now_us), STREAMED_PACKAGES_MAX)),
        Kind("risk", 2, lambda now_us: model.risk(Instant(now_us))),
        Kind("review", 4, lambda _: model.pair_pages.review()),
        Kind("alerts", 4, lambda _: model.alerts.newest(STREAMED_ALERTS_MAX)),
    )
    return Stream(kinds, clock)


def _check_exposure(settings: DashboardSettings) -> None:
    """Raises ConfigError where the cookie would travel readable beyond this machine."""
    if not settings.is_tls and not _is_loopback(settings.host):
        raise ConfigError(
            f"the dashboard does not listen on {settings.host}: without TLS its cookie could be "
            "read on the way; keep 127.0.0.1 and reach it through an SSH tunnel"
        )


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def _bind(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family, backlog=BACKLOG)
    except OSError as problem:
        if problem.errno == errno.EADDRINUSE:
            reason = f"port {port} is in use: choose another with --port, or stop what uses it"
        else:
            reason = f"cannot listen on {host}:{port}: {problem.strerror or problem}"
        raise ConfigError(reason) from problem
