"""Bytes travel late, twice or not at all; a venue acts on what arrives, whoever gave up."""

import asyncio
import random
from collections.abc import Callable, Iterator

import pytest

from foreshock.adapters.http import TIMEOUT_S
from foreshock.adapters.seams import HttpRequest, HttpResponse
from foreshock.app.simulation.chronicle import Chronicle
from foreshock.app.simulation.network import Host, ProcessNetwork, Wire
from foreshock.app.simulation.observed import Onlooker, Sent
from foreshock.app.simulation.virtual_loop import VirtualLoop
from foreshock.core.domain.errors import VenueUnavailableError
from foreshock.core.domain.units import Instant

ASK = HttpRequest("POST", "/order", (), b"{}")


class Echo:
    """A face that counts requests and says what it is told to."""

    heartbeat: bytes | None = None

    def __init__(self) -> None:
        self.handled: list[HttpRequest] = []
        self.saying: list[tuple[int, str]] = []
        self.heard: list[str] = []
        self.closed: list[int] = []

    def handle(self, request: HttpRequest, now_us: Instant) -> HttpResponse:
        self.handled.append(request)
        return HttpResponse(200, b"ok")

    def open(
        self, connection: int, path: str, headers: tuple[tuple[str, str], ...], now_us: Instant
    ) -> HttpResponse | None:
        return None

    def receive(self, connection: int, text: str, now_us: Instant) -> None:
        self.heard.append(text)

    def close(self, connection: int) -> None:
        self.closed.append(connection)

    def take_frames(self, now_us: Instant) -> list[tuple[int, str]]:
        said, self.saying = self.saying, []
        return said

    def take_cuts(self) -> list[int]:
        return []


class Sender:
    number = 1
    is_alive = True

    def describe(self, venue: str, request: HttpRequest, number: int) -> Sent:
        return Sent(
            at_us=Instant(0),
            process=1,
            number=number,
            venue=venue,
            kind="other",
            method=request.method,
            path=request.path,
            body=request.body,
        )


class World:
    """One host, one process, one trace."""

    def __init__(self) -> None:
        self.loop = VirtualLoop(Instant(0), lambda _: 0.001)
        self.lines: list[str] = []
        self.face = Echo()
        chronicle = Chronicle(Onlooker([]), self.lines.append)
        self.host = Host("h", "v", self.face, Wire(self.loop, chronicle), random.Random(1))
        self.chronicle = chronicle
        self.network = ProcessNetwork({"http://h": self.host, "ws://h": self.host}, Sender())

    def ask(self) -> HttpResponse:
        return self.loop.run_until_complete(self.network.transport("http://h").send(ASK))

    def kinds(self) -> list[str]:
        return [line.split()[1] for line in self.lines]


@pytest.fixture
def at() -> Iterator[World]:
    made = World()
    yield made
    made.loop.close()


def test_a_request_is_seen_to_leave_to_arrive_and_to_be_answered(at: World) -> None:
    assert at.ask().body == b"ok"
    assert at.kinds() == ["sent", "Arrived", "Answered"]
    assert 0 < at.loop.time() < 0.1


@pytest.mark.parametrize(
    ("name", "handled_count", "fault"),
    [("request_lost", 0, "request lost"), ("answer_lost", 1, "answer lost")],
)
def test_silence_ends_with_the_patience_of_the_sender(
    at: World, name: str, handled_count: int, fault: str
) -> None:
    setattr(at.host.weather, name, 1.0)
    with pytest.raises(VenueUnavailableError, match="gave no answer"):
        at.ask()
    assert at.loop.time() == pytest.approx(TIMEOUT_S)
    assert len(at.face.handled) == handled_count
    assert at.chronicle.faults == {fault: 1}


def test_an_error_after_acceptance_is_told_though_the_venue_acted(at: World) -> None:
    at.host.weather.error_after = 1.0
    assert at.ask().status >= 500
    assert len(at.face.handled) == 1


def test_a_request_may_arrive_twice_and_long_after_its_sender_gave_up(at: World) -> None:
    at.host.weather.request_twice = 1.0
    at.ask()
    at.loop.run_until_complete(asyncio.sleep(20))
    assert len(at.face.handled) == 2


async def opened(at: World) -> list[bytes]:
    stream = await at.network.connector("ws://h").connect("/ws", ())
    await stream.send("hello")
    await asyncio.sleep(0.1)
    at.face.saying = [(1, f"frame {number}") for number in range(3)]
    at.host.pump()
    return [await stream.receive() for _ in range(3)]


def test_frames_arrive_in_order(at: World) -> None:
    frames = at.loop.run_until_complete(opened(at))
    assert frames == [b"frame 0", b"frame 1", b"frame 2"]
    assert at.face.heard == ["hello"]


def cut(host: Host) -> None:
    host.cut_all("cut on the way")


@pytest.mark.parametrize(
    ("breaking", "words"),
    [
        (cut, "cut on the way"),
        (Host.lose_link, "no pong"),
    ],
)
def test_a_broken_stream_ends_on_both_sides(
    at: World, breaking: Callable[[Host], None], words: str
) -> None:
    async def story() -> None:
        stream = await at.network.connector("ws://h").connect("/ws", ())
        breaking(at.host)
        await stream.receive()

    with pytest.raises(VenueUnavailableError, match=words):
        at.loop.run_until_complete(story())
    assert at.face.closed == [1]


def test_a_silent_stream_still_answers_pings(at: World) -> None:
    async def story() -> list[bytes]:
        stream = await at.network.connector("ws://h").connect("/ws", ())
        at.host.weather.is_silent = True
        at.face.saying = [(1, "news"), (1, "PONG")]
        at.host.pump()
        first = await stream.receive()
        at.host.speak_again()
        at.face.saying = [(1, "more")]
        at.host.pump()
        return [first, await stream.receive()]

    assert at.loop.run_until_complete(story()) == [b"PONG", b"more"]
