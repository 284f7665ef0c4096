"""How are simulated venues reached over real sockets? One uvicorn server per host, one ticker.

The only module of the simulator that does I/O. It reads the clock, moves bytes between sockets
and faces, and keeps nothing else: what venues do is decided by the world and the faces.
"""

import asyncio
import contextlib
import socket
from collections.abc import Callable, Generator, Mapping
from email.utils import formatdate
from typing import Protocol

import msgspec
import uvicorn
from starlette.types import Message, Receive, Scope, Send
from uvicorn.protocols.http.h11_impl import H11Protocol
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol
from websockets.http11 import Request

from foreshock.adapters.clock import wall_clock_us
from foreshock.adapters.seams import HttpRequest, HttpResponse
from foreshock.adapters.sim.conditions import CLEAR, answer_under
from foreshock.adapters.sim.face import Outbox, VenueFace, deliver
from foreshock.adapters.sim.faults import FaultyFace
from foreshock.core.domain.errors import ConfigError
from foreshock.core.domain.units import MICRO, SECOND, Duration, Instant

TICK_S = 0.02
HEARTBEAT_S = 10.0
STOP_S_MAX = 2
BODY_BYTES_MAX = 1024 * 1024
CLIENT_FRAME_BYTES_MAX = 1024 * 1024
CUT_EXTENSION = "foreshock.cut"

Clock = Callable[[], Instant]


class World(Protocol):
    """Whatever makes things happen at the venues as time passes."""

    def advance(self, now_us: Instant) -> None:
        """Bring the venues to `now_us`."""
        ...


class ServedVenues:
    """Running hosts. `urls` and `stream_urls` are base URLs by the names given to `serve`."""

    def __init__(
        self,
        urls: Mapping[str, str],
        servers: list[uvicorn.Server],
        tasks: list[asyncio.Task[None]],
        ticker: asyncio.Task[None],
    ) -> None:
        self.urls = dict(urls)
        self.stream_urls = {name: url.replace("http", "ws", 1) for name, url in urls.items()}
        self._servers = servers
        self._tasks = tasks
        self._ticker = ticker

    async def wait(self) -> None:
        """Until stopped. Raises what the world raised: a world that failed must not look calm."""
        await _ended(self._ticker)

    async def stop(self) -> None:
        """Close every stream and socket, then return; raises what the world raised."""
        self._ticker.cancel()
        for server in self._servers:
            server.should_exit = True
        await asyncio.gather(*self._tasks)
        await _ended(self._ticker)


async def serve(
    world: World,
    faces: Mapping[str, VenueFace],
    host: str = "127.0.0.1",
    ports: Mapping[str, int] | None = None,
    clock: Clock = wall_clock_us,
    heartbeat_s: float = HEARTBEAT_S,
) -> ServedVenues:
    """Serve each face on a port of its own; a port of 0, or none named, is picked freely.

    Raises ConfigError when a port is taken.
    """
    sockets = _bind(host, {name: (ports or {}).get(name, 0) for name in faces})
    hosts = {name: _Host(face, clock) for name, face in faces.items()}
    servers = [_uvicorn(hosts[name], faces[name].heartbeat, heartbeat_s) for name in faces]
    tasks = [
        asyncio.create_task(server.serve([bound]))
        for server, bound in zip(servers, sockets.values(), strict=True)
    ]
    urls = {name: f"http://{host}:{bound.getsockname()[1]}" for name, bound in sockets.items()}
    ticker = asyncio.create_task(_tick(world, list(hosts.values()), clock))
    return ServedVenues(urls, servers, tasks, ticker)


def _uvicorn(app: "_Host", heartbeat: bytes | None, heartbeat_s: float) -> uvicorn.Server:
    """A server that leaves signals and logging to the program around it."""
    config = uvicorn.Config(
        app,
        http=_RequestProtocol,
        ws=_stream_protocol(heartbeat),
        ws_ping_interval=None if heartbeat is None else heartbeat_s,
        ws_ping_timeout=None,
        ws_max_size=CLIENT_FRAME_BYTES_MAX,
        ws_per_message_deflate=False,  # loopback has room; the desk's cores do not
        lifespan="off",
        log_config=None,
        log_level="warning",
        access_log=False,
        server_header=False,
        date_header=False,  # ours is looked up at the answer, not once a second
        timeout_graceful_shutdown=STOP_S_MAX,
    )
    return _QuietServer(config)


class _QuietServer(uvicorn.Server):
    """Signals belong to the program, not to one of its servers."""

    @contextlib.contextmanager
    def capture_signals(self) -> Generator[None]:
        yield


class _RequestProtocol(H11Protocol):
    """Requests, with a way to reset the connection instead of answering."""

    def connection_made(self, transport: asyncio.Transport) -> None:
        super().connection_made(transport)
        app = self.app

        async def resettable(scope: Scope, receive: Receive, send: Send) -> None:
            await app(
                {**scope, "extensions": {CUT_EXTENSION: {"reset": transport.abort}}}, receive, send
            )

        self.app = resettable


def _stream_protocol(heartbeat: bytes | None) -> type[WebSocketsSansIOProtocol]:
    """The stream protocol with the host's own ping body and a way to reset the connection."""

    class StreamProtocol(WebSocketsSansIOProtocol):
        def handle_connect(self, event: Request) -> None:
            super().handle_connect(event)
            if hasattr(self, "scope"):
                # A reader that does not read never sees a polite close: the reset frees its memory.
                self.scope["extensions"] = {CUT_EXTENSION: {"reset": self.transport.abort}}

        def send_keepalive_ping(self) -> None:
            self.ping_timer = None
            if heartbeat is None or self.close_sent or self.transport.is_closing():
                return
            self.pending_ping_payload = heartbeat
            self.ping_sent_at = self.loop.time()  # without it every pong looks ages late
            self.conn.send_ping(heartbeat)
            self.transport.write(b"".join(self.conn.data_to_send()))
            self.schedule_ping()

    return StreamProtocol


def _bind(host: str, ports: Mapping[str, int]) -> dict[str, socket.socket]:
    bound: dict[str, socket.socket] = {}
    for name, port in ports.items():
        listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((host, port))
            listener.listen()  # from here on clients queue, so nobody waits for start-up
        except OSError as error:
            for other in (listener, *bound.values()):
                other.close()
            raise ConfigError(
                f"cannot serve {name} on {host}:{port}: {error.strerror}; choose another port or 0"
            ) from error
        bound[name] = listener
    return bound


async def _ended(task: asyncio.Task[None]) -> None:
    """Until a task has ended; its error is raised, its cancellation is not."""
    await asyncio.wait([task])
    if not task.cancelled():
        task.result()


async def _tick(world: World, hosts: list["_Host"], clock: Clock) -> None:
    while True:
        world.advance(clock())
        for host in hosts:
            host.pump()
        await asyncio.sleep(TICK_S)


class _Stream:
    """One open stream: what waits for it, the bell that says so, and how to drop it."""

    def __init__(self, reset: Callable[[], None]) -> None:
        self.outbox = Outbox()
        self.bell = asyncio.Event()
        self.reset = reset


class _Host:
    """The ASGI application of one face."""

    def __init__(self, face: VenueFace, clock: Clock) -> None:
        self._face = face
        self._clock = clock
        self._streams: dict[int, _Stream] = {}
        self._connections_count = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            await self._answer(scope, receive, send)
        elif scope["type"] == "websocket":
            await self._stream(scope, receive, send)

    def pump(self) -> None:
        """Move what the face has to say to the writers."""
        outboxes = {connection: stream.outbox for connection, stream in self._streams.items()}
        deliver(self._face, outboxes, self._clock())
        for stream in self._streams.values():
            stream.bell.set()
            if stream.outbox.is_over():
                stream.reset()  # its writer may be stuck on a reader that does not read

    async def _answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        body = await _body(receive)
        if body is None:
            response = HttpResponse(413, b'{"error":"request body too long"}')
        else:
            request = HttpRequest(scope["method"], _path(scope), _headers(scope), body)
            response = await self._respond(request)
        if response is None:
            scope["extensions"][CUT_EXTENSION]["reset"]()
            await receive()  # until the connection is gone: the server then expects no answer
            return
        await send(_start("http.response.start", _dated(response, self._clock())))
        await send({"type": "http.response.body", "body": response.body})
        self.pump()

    async def _respond(self, request: HttpRequest) -> HttpResponse | None:
        """The answer after whatever was ordered to happen on the way; None when none arrives."""
        passage = self._face.passage(request) if isinstance(self._face, FaultyFace) else CLEAR
        await _pass_time(passage.request_delay)
        if passage.is_request_lost:
            return None
        response = answer_under(passage, self._face, request, self._clock())
        self.pump()
        await _pass_time(passage.answer_delay)
        return None if passage.is_answer_lost else response

    async def _stream(self, scope: Scope, receive: Receive, send: Send) -> None:
        await receive()
        self._connections_count += 1
        connection = self._connections_count
        refusal = self._face.open(connection, _path(scope), _headers(scope), self._clock())
        if refusal is not None:
            await send(_start("websocket.http.response.start", refusal))
            await send({"type": "websocket.http.response.body", "body": refusal.body})
            return
        stream = _Stream(scope["extensions"][CUT_EXTENSION]["reset"])
        self._streams[connection] = stream
        writer: asyncio.Task[None] | None = None
        try:
            await send({"type": "websocket.accept"})
            writer = asyncio.create_task(_write(stream, send))
            await self._read(connection, receive)
        finally:
            del self._streams[connection]
            self._face.close(connection)
            if writer is not None:
                writer.cancel()
                await _ended(writer)

    async def _read(self, connection: int, receive: Receive) -> None:
        while (message := await receive())["type"] != "websocket.disconnect":
            text = message.get("text")
            if isinstance(text, str):
                self._face.receive(connection, text, self._clock())
                self.pump()


async def _pass_time(duration: Duration) -> None:
    if duration:
        await asyncio.sleep(duration / SECOND)


async def _write(stream: _Stream, send: Send) -> None:
    """Frames out as fast as the reader takes them; a cut resets the connection."""
    with contextlib.suppress(OSError):  # the reader left: the reading half says so
        while True:
            await stream.bell.wait()
            stream.bell.clear()
            while (text := stream.outbox.take()) is not None:
                await send({"type": "websocket.send", "text": text})
            if stream.outbox.is_over():
                stream.reset()
                return


async def _body(receive: Receive) -> bytes | None:
    """The whole request body, None when it is too long or the client left."""
    body = bytearray()
    while True:
        message = await receive()
        if message["type"] != "http.request":
            return None
        body += message.get("body", b"")
        if len(body) > BODY_BYTES_MAX:
            return None
        if not message.get("more_body", False):
            return bytes(body)


def _path(scope: Scope) -> str:
    """Path and query as the client sent them: signatures cover the exact bytes."""
    query: bytes = scope["query_string"]
    raw: bytes = scope["raw_path"]
    return (raw + b"?" + query if query else raw).decode("latin-1")


def _headers(scope: Scope) -> tuple[tuple[str, str], ...]:
    pairs: list[tuple[bytes, bytes]] = scope["headers"]
    return tuple((name.decode("latin-1"), value.decode("latin-1")) for name, value in pairs)


def _dated(response: HttpResponse, now_us: Instant) -> HttpResponse:
    date = formatdate(now_us // MICRO, usegmt=True)
    return msgspec.structs.replace(response, headers=(*response.headers, ("date", date)))


def _start(kind: str, response: HttpResponse) -> Message:
    headers = [
        (name.encode("latin-1"), value.encode("latin-1")) for name, value in response.headers
    ]
    return {"type": kind, "status": response.status, "headers": headers}
