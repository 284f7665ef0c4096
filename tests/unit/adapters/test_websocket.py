"""Whatever a host does to a stream, it ends with one clear line."""

import asyncio
import base64
import hashlib
import struct
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager

import pytest

from foreshock.adapters import websocket
from foreshock.adapters.seams import FRAME_BYTES_MAX
from foreshock.adapters.websocket import NetworkConnector
from foreshock.core.domain.errors import VenueUnavailableError

MAGIC = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11"  # RFC 6455, 1.3
TEXT, BINARY, CLOSE = 1, 2, 8
FINAL = 0x80
Talk = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


def frame(kind: int, body: bytes, claimed: int | None = None) -> bytes:
    """An unmasked frame, as servers send them; `claimed` is the length it says it has."""
    size = len(body) if claimed is None else claimed
    return struct.pack(">BBQ", FINAL | kind, 127, size) + body


@asynccontextmanager
async def raw_host(talk: Talk) -> AsyncGenerator[NetworkConnector]:
    """A host that does with a new connection what `talk` does."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await talk(reader, writer)
        except (ConnectionError, asyncio.IncompleteReadError):
            pass  # the client had enough
        finally:
            writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    try:
        yield NetworkConnector(f"ws://127.0.0.1:{server.sockets[0].getsockname()[1]}")
    finally:
        server.close()


def upgraded(*sent: bytes, abort: bool = False) -> Talk:
    """Shakes hands, sends these bytes, then waits, closes or resets."""

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        request = await reader.readuntil(b"\r\n\r\n")
        fields = dict(line.split(b": ", 1) for line in request.splitlines()[1:] if b": " in line)
        key = fields[b"Sec-WebSocket-Key"]
        accept = base64.b64encode(hashlib.sha1(key + MAGIC, usedforsecurity=False).digest())
        writer.write(
            b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            b"Sec-WebSocket-Accept: " + accept + b"\r\n\r\n"
        )
        for data in sent:
            writer.write(data)
        await writer.drain()
        if abort:
            writer.transport.abort()

    return talk


def answers(data: bytes) -> Talk:
    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(data)
        await writer.drain()

    return talk


async def ending(connector: NetworkConnector) -> tuple[list[bytes], str]:
    """Frames until the stream ended, and the one line it ended with."""
    stream = await connector.connect("/ws", ())
    frames: list[bytes] = []
    try:
        while True:
            frames.append(await stream.receive())
    except VenueUnavailableError as error:
        why = str(error)
    await stream.close()
    assert "\n" not in why
    return frames, why


async def refusal(connector: NetworkConnector) -> str:
    """The one line that a refused handshake gives."""
    with pytest.raises(VenueUnavailableError) as caught:
        await connector.connect("/ws", (("x-key", "1"),))
    text = str(caught.value)
    assert "\n" not in text
    assert connector.base_url in text
    return text


async def test_frames_come_as_bytes_whatever_their_kind() -> None:
    sent = (frame(TEXT, b'{"a":1}'), frame(BINARY, b"\xff\x00"), frame(TEXT, b"\xff not UTF-8"))
    async with raw_host(upgraded(*sent)) as connector:
        frames, _ = await ending(connector)
    assert frames == [b'{"a":1}', b"\xff\x00", b"\xff not UTF-8"]


@pytest.mark.parametrize("abort", [False, True])
async def test_a_frame_cut_in_its_middle_is_never_given(abort: bool) -> None:
    sent = (frame(TEXT, b"whole"), frame(TEXT, b'{"price":"0.4', claimed=1_000))
    async with raw_host(upgraded(*sent, abort=abort)) as connector:
        frames, why = await ending(connector)
    assert frames in ([b"whole"], []), "a reset may swallow what was not read yet"
    assert why.startswith("stream ended: ")


async def test_a_frame_that_is_too_long_ends_the_stream_unread() -> None:
    claimed = FRAME_BYTES_MAX + 1
    async with raw_host(upgraded(frame(TEXT, b"x" * 100, claimed=claimed))) as connector:
        frames, why = await ending(connector)
    assert frames == []
    assert "1009" in why


@pytest.mark.parametrize(
    "sent",
    [b"\xff\xff\xff\xff", frame(3, b"reserved"), frame(CLOSE, b"\x03"), b"HTTP/1.1 200 OK\r\n"],
    ids=["noise", "reserved kind", "bad close", "HTTP again"],
)
async def test_bytes_that_are_no_frames_end_the_stream(sent: bytes) -> None:
    async with raw_host(upgraded(sent)) as connector:
        frames, why = await ending(connector)
    assert (frames, why.startswith("stream ended: ")) == ([], True)


async def test_sending_into_an_ended_stream_is_told() -> None:
    async with raw_host(upgraded(abort=True)) as connector:
        stream = await connector.connect("/ws", ())
        with pytest.raises(VenueUnavailableError):
            await stream.receive()
        with pytest.raises(VenueUnavailableError, match="stream ended"):
            await stream.send("ping")
        await stream.close()


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        (b"HTTP/1.1 401 No\r\nContent-Length: 0\r\n\r\n", "401"),
        (b"HTTP/1.1 503 No\r\nContent-Length: 0\r\n\r\n", "503"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", "200"),
        (b"not HTTP\r\n\r\n", "InvalidMessage"),
        (b"", "InvalidMessage"),
    ],
)
async def test_a_refused_handshake_is_told(said: bytes, expected: str) -> None:
    async with raw_host(answers(said)) as connector:
        assert expected in await refusal(connector)


async def test_a_redirect_is_refused_so_that_signatures_stay_with_their_host() -> None:
    asked: list[bytes] = []

    async def other(reader: asyncio.StreamReader, _: asyncio.StreamWriter) -> None:
        asked.append(await reader.readuntil(b"\r\n\r\n"))

    async with raw_host(other) as elsewhere:
        moved = f"HTTP/1.1 302 X\r\nLocation: {elsewhere.base_url}/\r\nContent-Length: 0\r\n\r\n"
        async with raw_host(answers(moved.encode())) as connector:
            assert "302" in await refusal(connector)
    assert asked == []


async def test_nobody_listening_is_told() -> None:
    async with raw_host(answers(b"")) as connector:
        pass
    assert "refused the stream" in await refusal(connector)


async def test_a_host_that_never_shakes_hands_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    async def silent(reader: asyncio.StreamReader, _: asyncio.StreamWriter) -> None:
        await reader.read()

    monkeypatch.setattr(websocket, "OPEN_TIMEOUT_S", 0.2)
    async with raw_host(silent) as connector:
        assert "TimeoutError" in await refusal(connector)
