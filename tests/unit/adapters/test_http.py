"""Whatever a host does, a request ends with its answer or with one clear line."""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager

import pytest

from foreshock.adapters import http
from foreshock.adapters.http import ATTEMPTS_MAX, NetworkTransport, read_with_retry
from foreshock.adapters.seams import FRAME_BYTES_MAX, HttpRequest, HttpResponse
from foreshock.core.domain.errors import VenueUnavailableError

ASK = HttpRequest("GET", "/markets?limit=1", (("x-key", "1"),))
SLOW_S = 0.2
Talk = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


@asynccontextmanager
async def host(talk: Talk) -> AsyncGenerator[NetworkTransport]:
    """A transport to a host that, once it has read a request, does what `talk` does."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await reader.readuntil(b"\r\n\r\n")
            await talk(reader, writer)
            await writer.drain()
        except (ConnectionError, asyncio.IncompleteReadError):
            pass  # the client had enough
        finally:
            writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    transport = NetworkTransport(f"http://127.0.0.1:{port}")
    try:
        yield transport
    finally:
        await transport.close()
        server.close()


def says(data: bytes) -> Talk:
    async def talk(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(data)

    return talk


async def failure(transport: NetworkTransport) -> str:
    """The one line that the request ended with."""
    with pytest.raises(VenueUnavailableError) as caught:
        await transport.send(ASK)
    text = str(caught.value)
    assert "\n" not in text
    assert "127.0.0.1" in text, "says which host"
    return text


async def test_an_answer_is_given_whole_with_its_status() -> None:
    async with host(says(b"HTTP/1.1 404 X\r\nX-A: b\r\nContent-Length: 2\r\n\r\nno")) as transport:
        answer = await transport.send(ASK)
    assert (answer.status, answer.body) == (404, b"no")
    assert ("x-a", "b") in answer.headers


async def test_a_redirect_is_an_answer_and_is_not_followed() -> None:
    moved = b"HTTP/1.1 302 X\r\nLocation: http://127.0.0.1:9/\r\nContent-Length: 0\r\n\r\n"
    async with host(says(moved)) as transport:
        assert (await transport.send(ASK)).status == 302


async def test_nobody_listening_is_told() -> None:
    async with host(says(b"")) as transport:
        pass
    closed = NetworkTransport(transport.base_url)
    assert "ConnectError" in await failure(closed)
    await closed.close()


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"HTTP/1.1 200 OK\r\nContent-Le",
        b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\nonly this",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nff\r\nshort",
        b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 5\r\n\r\nno gz",
        b"no HTTP at all\r\n\r\n",
        b"\x16\x03\x01\x02\x00",
    ],
    ids=["nothing", "half a head", "half a body", "half a chunk", "no gzip", "no HTTP", "TLS"],
)
async def test_an_answer_that_breaks_off_or_is_none_is_told(data: bytes) -> None:
    async with host(says(data)) as transport:
        assert "gave no answer" in await failure(transport)


async def test_a_reset_in_the_middle_of_a_body_is_told() -> None:
    async def talk(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\npart")
        await writer.drain()
        writer.transport.abort()

    async with host(talk) as transport:
        assert "gave no answer" in await failure(transport)


async def test_ten_megabytes_are_not_read_to_their_end() -> None:
    sent = 0

    async def talk(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal sent
        writer.write(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
        chunk = b"10000\r\n" + b"x" * 0x10000 + b"\r\n"
        while sent < 64 * FRAME_BYTES_MAX:
            writer.write(chunk)
            sent += 0x10000
            await writer.drain()

    async with host(talk) as transport:
        assert f"more than {FRAME_BYTES_MAX} bytes" in await failure(transport)
    assert sent < 64 * FRAME_BYTES_MAX


async def test_a_host_that_says_nothing_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    async def talk(reader: asyncio.StreamReader, _: asyncio.StreamWriter) -> None:
        await reader.read()  # until the client leaves

    monkeypatch.setattr(http, "TIMEOUT_S", SLOW_S)
    async with host(talk) as transport:
        assert "ReadTimeout" in await failure(transport)


# ---- reading again


class Scripted:
    """Answers by the list; None is no answer."""

    def __init__(self, *answers: int | None) -> None:
        self.answers = list(answers)

    async def send(self, request: HttpRequest) -> HttpResponse:
        status = self.answers.pop(0)
        if status is None:
            raise VenueUnavailableError("no answer")
        return HttpResponse(status, b"")


@pytest.fixture
def hurried(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(http, "RETRY_WAIT_S", 0.001)
    monkeypatch.setattr(http, "RETRY_WAIT_S_MAX", 0.002)


@pytest.mark.usefixtures("hurried")
@pytest.mark.parametrize("first", [None, 425, 429, 500, 503])
async def test_reading_is_tried_again_until_a_final_answer(first: int | None) -> None:
    transport = Scripted(first, first, 200)
    assert (await read_with_retry(transport, ASK)).status == 200
    assert transport.answers == []


@pytest.mark.usefixtures("hurried")
@pytest.mark.parametrize("status", [200, 302, 400, 401, 404])
async def test_a_final_answer_is_not_asked_for_twice(status: int) -> None:
    transport = Scripted(status, 200)
    assert (await read_with_retry(transport, ASK)).status == status
    assert transport.answers == [200]


@pytest.mark.usefixtures("hurried")
async def test_in_the_end_it_gives_up_and_says_what_came() -> None:
    transport = Scripted(*[503] * ATTEMPTS_MAX, 200)
    with pytest.raises(VenueUnavailableError, match=r"/markets\?limit=1 answered 503"):
        await read_with_retry(transport, ASK)
    assert transport.answers == [200]
