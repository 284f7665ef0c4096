"""Do real sockets carry what the faces say, unchanged, and end in order?"""

import asyncio
import base64
import json
import socket
from collections.abc import AsyncIterator

import httpx2
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.frames import Frame, Opcode
from websockets.protocol import Event

from foreshock.adapters.http import NetworkTransport
from foreshock.adapters.seams import FrameConnector, FrameStream, HttpRequest, HttpTransport
from foreshock.adapters.sim.exchange import Exchange
from foreshock.adapters.sim.face import STREAM_FRAMES_MAX, VenueFace
from foreshock.adapters.sim.faults import Faults, FaultyFace
from foreshock.adapters.sim.kalshi_auth import KeyRing
from foreshock.adapters.sim.kalshi_face import STREAM, KalshiFace
from foreshock.adapters.sim.loopback import Loopback
from foreshock.adapters.sim.polymarket_face import MARKET_STREAM, ClobFace
from foreshock.adapters.sim.polymarket_gamma import GammaFace
from foreshock.adapters.sim.server import BODY_BYTES_MAX, ServedVenues, serve
from foreshock.adapters.websocket import NetworkConnector
from foreshock.core.domain.errors import ConfigError, VenueUnavailableError
from foreshock.core.domain.units import Instant
from tests.unit.adapters.sim.face_scenario import (
    CONDITIONS,
    STEPS,
    T0,
    TICKERS,
    TOKENS,
    kalshi_exchange,
    play,
    polymarket_exchange,
)
from tests.unit.adapters.sim.fake_face import EchoFace, StillWorld

KEY = {"Key": "1"}
PATIENCE_S = 5.0


@pytest.fixture
async def echo() -> AsyncIterator[ServedVenues]:
    served = await serve(StillWorld(), {"echo": EchoFace()})
    yield served
    await served.stop()


# ---- one scenario, in memory and over sockets


class ScriptedWorld:
    """Plays one step of the script at both venues each time it is advanced, once let go."""

    def __init__(self) -> None:
        self.kalshi: Exchange = kalshi_exchange()
        self.polymarket: Exchange = polymarket_exchange()
        self.step = 0
        self.is_going = False

    def clock(self) -> Instant:
        return Instant(T0 + self.step * 1_000_000)

    def advance(self, now_us: Instant) -> None:
        if self.is_going and self.step < STEPS:
            play(self.kalshi, TICKERS[0], self.step, now_us)
            play(self.polymarket, CONDITIONS[0], self.step, now_us)
            self.step += 1

    def faces(self) -> dict[str, VenueFace]:
        private, keys = Ed25519PrivateKey.from_private_bytes(bytes(32)), KeyRing()
        public = private.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
        keys.register("id", public)
        return {
            "gamma": GammaFace(self.polymarket),
            "clob": ClobFace(self.polymarket),
            "kalshi": KalshiFace(self.kalshi, keys),
        }


def signed_headers() -> tuple[tuple[str, str], ...]:
    text = f"{T0 // 1000}GET{STREAM}".encode()
    signature = Ed25519PrivateKey.from_private_bytes(bytes(32)).sign(text)
    return (
        ("KALSHI-ACCESS-KEY", "id"),
        ("KALSHI-ACCESS-TIMESTAMP", str(T0 // 1000)),
        ("KALSHI-ACCESS-SIGNATURE", base64.b64encode(signature).decode()),
    )


async def watch_all(
    world: ScriptedWorld, connectors: dict[str, FrameConnector]
) -> dict[str, list[bytes]]:
    """Subscribe at both venues, let the script run, and return every frame in order."""
    polymarket = await connectors["clob"].connect(MARKET_STREAM, ())
    kalshi = await connectors["kalshi"].connect(STREAM, signed_headers())
    command = {
        "assets_ids": TOKENS[CONDITIONS[0]],
        "type": "market",
        "custom_feature_enabled": True,
    }
    await polymarket.send(json.dumps(command))
    channels = ["orderbook_delta", "trade", "ticker", "market_lifecycle_v2"]
    params = {"channels": channels, "market_tickers": [TICKERS[0]], "use_yes_price": True}
    await kalshi.send(json.dumps({"id": 1, "cmd": "subscribe", "params": params}))
    told = {
        "clob": [await polymarket.receive()],
        "kalshi": [await kalshi.receive() for _ in range(5)],
    }
    world.is_going = True
    told["clob"] += await read_until(polymarket, b"market_resolved")
    told["kalshi"] += await read_until(kalshi, b'"settled"')
    for stream in (polymarket, kalshi):
        await stream.close()
    return told


async def read_until(stream: FrameStream, last: bytes) -> list[bytes]:
    frames: list[bytes] = []
    while not frames or last not in frames[-1]:
        frames.append(await asyncio.wait_for(stream.receive(), PATIENCE_S))
    return frames


async def over_sockets() -> tuple[dict[str, list[bytes]], list[bytes]]:
    world = ScriptedWorld()
    served = await serve(world, world.faces(), clock=world.clock)
    connectors: dict[str, FrameConnector] = {
        name: NetworkConnector(url) for name, url in served.stream_urls.items()
    }
    try:
        told = await watch_all(world, connectors)
        hosts = {name: NetworkTransport(url) for name, url in served.urls.items()}
        bodies = await ask(dict(hosts))
        for host in hosts.values():
            await host.close()
    finally:
        await served.stop()
    return told, bodies


async def in_memory() -> tuple[dict[str, list[bytes]], list[bytes]]:
    world = ScriptedWorld()

    async def wait() -> None:
        await asyncio.sleep(0)
        world.advance(world.clock())
        for host in hosts.values():
            host.pump()

    hosts = {name: Loopback(face, world.clock, wait) for name, face in world.faces().items()}
    told = await watch_all(world, dict(hosts))
    return told, await ask(dict(hosts))


async def ask(hosts: dict[str, HttpTransport]) -> list[bytes]:
    asked = [
        ("gamma", HttpRequest("GET", "/events/keyset?limit=5")),
        ("clob", HttpRequest("GET", f"/book?token_id={TOKENS[CONDITIONS[1]][0]}")),
        ("clob", HttpRequest("POST", "/books", (), b'[{"token_id":"1"}]')),
        ("kalshi", HttpRequest("GET", "/trade-api/v2/events?with_nested_markets=true")),
        ("kalshi", HttpRequest("GET", "/trade-api/v2/markets/NOPE")),
    ]
    return [(await hosts[name].send(request)).body for name, request in asked]


async def test_memory_and_sockets_tell_the_same() -> None:
    told, bodies = await over_sockets()
    assert (told, bodies) == await in_memory()
    assert len(told["clob"]) > STEPS < len(told["kalshi"])


# ---- the shell itself


async def test_requests_pass_unchanged(echo: ServedVenues) -> None:
    async with httpx2.AsyncClient(base_url=echo.urls["echo"], trust_env=False) as client:
        answer = await client.post("/a%20b?x=1%2C2", content=b"body")
        assert (answer.status_code, answer.headers["x-echo"]) == (207, "yes")
        assert answer.json() == ["POST", "/a%20b?x=1%2C2", "body"]
        too_long = await client.post("/", content=b"x" * (BODY_BYTES_MAX + 1))
        assert too_long.status_code == 413


async def test_a_refused_handshake_shows_status_and_body(echo: ServedVenues) -> None:
    with pytest.raises(InvalidStatus) as refused:
        await connect(echo.stream_urls["echo"], proxy=None)
    response = refused.value.response
    assert (response.status_code, response.body) == (401, b'{"error":"no key"}')
    assert response.headers["x-echo"] == "no"


async def test_frames_echo_over_sockets(echo: ServedVenues) -> None:
    async with connect(echo.stream_urls["echo"], additional_headers=KEY, proxy=None) as stream:
        for text in ("PING", "zwölf"):
            await stream.send(text)
            assert await asyncio.wait_for(stream.recv(), PATIENCE_S) == text


async def test_a_cut_drops_the_connection_without_goodbye(echo: ServedVenues) -> None:
    async with connect(echo.stream_urls["echo"], additional_headers=KEY, proxy=None) as stream:
        await stream.send("last words")
        await stream.send("bye")
        assert await stream.recv() == "last words"
        with pytest.raises(ConnectionClosed) as closed:
            await asyncio.wait_for(stream.recv(), PATIENCE_S)
        assert closed.value.rcvd is None, "no close frame was sent"


async def test_a_reader_that_does_not_read_is_dropped() -> None:
    face = EchoFace()
    served = await serve(StillWorld(), {"echo": face})
    url = served.stream_urls["echo"]
    async with connect(url, additional_headers=KEY, max_queue=1, proxy=None) as stream:
        await stream.send(f"flood {STREAM_FRAMES_MAX} 1000")
        await asyncio.sleep(0.2)  # the sockets' own buffers fill up
        await stream.send(f"flood {STREAM_FRAMES_MAX} 1000")
        await asyncio.sleep(0.2)
        assert face.closed == face.opened, "dropped although the reader never read"
        with pytest.raises(ConnectionClosed):
            await read_everything(stream)
    await served.stop()


async def read_everything(stream: ClientConnection) -> None:
    while True:
        await asyncio.wait_for(stream.recv(), PATIENCE_S)


class PingedConnection(ClientConnection):
    """Remembers the bodies of the pings it got."""

    pings: list[bytes]

    def process_event(self, event: Event) -> None:
        if isinstance(event, Frame) and event.opcode is Opcode.PING:
            self.pings = [*getattr(self, "pings", []), bytes(event.data)]
        super().process_event(event)


@pytest.mark.parametrize(("beat", "pings"), [(b"heartbeat", True), (None, False)])
async def test_heartbeats_are_sent_by_who_has_one(beat: bytes | None, *, pings: bool) -> None:
    served = await serve(StillWorld(), {"echo": EchoFace(beat)}, heartbeat_s=0.02)
    url = served.stream_urls["echo"]
    async with connect(
        url, additional_headers=KEY, create_connection=PingedConnection, proxy=None
    ) as stream:
        await asyncio.sleep(0.15)
        await stream.send("still here")
        assert await stream.recv() == "still here"
        assert isinstance(stream, PingedConnection)
        got = getattr(stream, "pings", [])
        assert set(got) == ({b"heartbeat"} if pings else set())
        assert 2 * pings <= len(got) <= 8 * pings, "one each 20 ms, not as fast as pongs return"
    await served.stop()


async def test_faults_reach_real_clients() -> None:
    faults = Faults()
    served = await serve(StillWorld(), {"echo": FaultyFace(EchoFace(), faults)})
    faults.answer_next(1, 503)
    host = NetworkTransport(served.urls["echo"])
    assert (await host.send(HttpRequest("GET", "/"))).status == 503
    stream = await NetworkConnector(served.stream_urls["echo"]).connect("/", (("Key", "1"),))
    faults.inject("from nowhere")
    assert await stream.receive() == b"from nowhere"
    faults.cut()
    with pytest.raises(VenueUnavailableError):
        await asyncio.wait_for(stream.receive(), PATIENCE_S)
    await host.close()
    await served.stop()


async def test_stopping_ends_open_streams_and_frees_the_port() -> None:
    served = await serve(StillWorld(), {"echo": EchoFace()})
    port = int(served.urls["echo"].rpartition(":")[2])
    async with connect(served.stream_urls["echo"], additional_headers=KEY, proxy=None) as stream:
        await asyncio.wait_for(served.stop(), PATIENCE_S)
        with pytest.raises(ConnectionClosed):
            await stream.recv()
    again = await serve(StillWorld(), {"echo": EchoFace()}, ports={"echo": port})
    assert again.urls == served.urls
    await again.stop()


async def test_stopping_at_once_is_possible() -> None:
    served = await serve(StillWorld(), {"a": EchoFace(), "b": EchoFace()})
    await asyncio.wait_for(served.stop(), PATIENCE_S)
    await asyncio.wait_for(served.wait(), PATIENCE_S)


async def test_a_taken_port_is_named() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(ConfigError, match=f"echo on 127.0.0.1:{port}"):
            await serve(
                StillWorld(), {"free": EchoFace(), "echo": EchoFace()}, ports={"echo": port}
            )


class BrokenWorld:
    """A world with a mistake in it."""

    def advance(self, now_us: Instant) -> None:
        raise ValueError(f"broken at {now_us}")


async def test_a_failing_world_does_not_look_calm() -> None:
    served = await serve(BrokenWorld(), {"echo": EchoFace()}, clock=lambda: T0)
    with pytest.raises(ValueError, match=f"broken at {T0}"):
        await asyncio.wait_for(served.wait(), PATIENCE_S)
    with pytest.raises(ValueError, match="broken"):
        await served.stop()
