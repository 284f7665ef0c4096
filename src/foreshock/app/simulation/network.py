"""How do bytes travel between simulated processes and simulated hosts? Late, twice, or not at all.

    transport.send -> Sent -> weather -> arrival at the face -> answer -> weather -> Answered
    face says frames -> weather -> the stream's reader, in order unless a frame is late

A request that arrives is dealt with whatever became of its sender: only the sender can give up.
"""

import asyncio
import random
from collections import deque
from collections.abc import Callable
from typing import Protocol, TypeAlias

from foreshock.adapters.http import TIMEOUT_S
from foreshock.adapters.seams import HttpRequest, HttpResponse
from foreshock.adapters.sim.face import HoldingFace, VenueFace
from foreshock.app.simulation.chronicle import Chronicle
from foreshock.app.simulation.lies import lie_about_books, stamp_wrongly
from foreshock.app.simulation.observed import Answered, Arrived, Lost, Sent
from foreshock.app.simulation.virtual_loop import VirtualLoop
from foreshock.app.simulation.weather import Passage, Weather, draw
from foreshock.core.domain.errors import VenueUnavailableError
from foreshock.core.domain.units import MICRO, Instant

KEEP_ALIVE = "PONG"
DOWN_S_MAX = (20.0, 30.0)
"""A link that is down so long loses its streams, as the pings of the library find out."""
Pending: TypeAlias = asyncio.Future[HttpResponse | None]
"""An answer that is waited for; None when its sender gives up."""
APART_S = 1e-6
"""Between two shipments of a stream: what is due at one moment has no order."""
QUEUED_MAX = 20_000
"""Frames on their way to one reader; a slower one loses its stream."""


class Sender(Protocol):
    """The process at the other end."""

    number: int

    @property
    def is_alive(self) -> bool: ...

    def describe(self, venue: str, request: HttpRequest, number: int) -> Sent:
        """The request as an observer sees it."""
        ...


class Wire:
    """What every host shares: time, the chronicle, and a count of requests."""

    def __init__(self, loop: VirtualLoop, chronicle: Chronicle) -> None:
        self.loop = loop
        self.chronicle = chronicle
        self.requests_count = 0
        self.streams_count = 0

    def after(self, seconds: float, act: Callable[..., None], *args: object) -> None:
        """Let something happen later, whoever lives then."""
        self.loop.call_later(seconds, act, *args)


class Host:
    """One host of a venue behind its weather. moved: called after the venue was touched."""

    def __init__(
        self, name: str, venue: str, face: VenueFace, wire: Wire, rng: random.Random
    ) -> None:
        self.name = name
        self.venue = venue
        self.face = face
        self.wire = wire
        self.weather = Weather()
        self.moved: Callable[[], None] = self.pump
        self._rng = rng
        self._holding = face if isinstance(face, HoldingFace) else None
        self._streams: dict[int, SimStream] = {}

    # ---- requests ----------------------------------------------------------------------------

    async def send(self, sender: Sender, request: HttpRequest) -> HttpResponse:
        """Raises VenueUnavailableError when no answer comes in time."""
        wire = self.wire
        if not sender.is_alive:
            raise VenueUnavailableError("the process is gone")
        wire.requests_count += 1
        number = wire.requests_count
        wire.chronicle.see(sender.describe(self.venue, request, number))
        passage = draw(self.weather, self._rng)
        for fault in passage.faults:
            wire.chronicle.fault(wire.loop.now_us(), fault, f"{self.name} #{number}")
        answer: Pending = wire.loop.create_future()
        if passage.is_lost:
            wire.chronicle.see(Lost(wire.loop.now_us(), number))
        else:
            wire.after(passage.there_s, self._arrive, number, request, passage, answer)
            if passage.again_s is not None:
                wire.after(passage.again_s, self._arrive, number, request, passage, None)
        patience = wire.loop.call_later(TIMEOUT_S, _finish, answer, None)
        try:
            said = await answer
        finally:
            patience.cancel()
        status = None if said is None else said.status
        wire.chronicle.see(Answered(wire.loop.now_us(), sender.number, number, status))
        if said is None:
            raise VenueUnavailableError(f"{self.name} gave no answer")
        return said

    def _arrive(
        self,
        number: int,
        request: HttpRequest,
        passage: Passage,
        answer: Pending | None,
    ) -> None:
        """The request is at the venue's door; some of them wait there."""
        self.wire.chronicle.see(Arrived(self.wire.loop.now_us(), number))
        held = 0 if self._holding is None else self._holding.hold(request)
        if held:
            self.wire.after(held / MICRO, self._handle, request, passage, answer)
        else:
            self._handle(request, passage, answer)

    def _handle(
        self,
        request: HttpRequest,
        passage: Passage,
        answer: Pending | None,
    ) -> None:
        if passage.status_before is not None:
            said = HttpResponse(passage.status_before, b"")
        else:
            said = self.face.handle(request, self.wire.loop.now_us())
            self.moved()
        if passage.status_after is not None:
            said = HttpResponse(passage.status_after, b"")
        if passage.is_lie:
            said = lie_about_books(request, said) or said
        if passage.body is not None:
            said = HttpResponse(said.status, passage.body, said.headers)
        is_lost = passage.is_answer_lost or self.weather.is_down
        if answer is not None and not is_lost:
            self.wire.after(passage.back_s, _finish, answer, said)

    # ---- streams -----------------------------------------------------------------------------

    async def connect(
        self, sender: Sender, path: str, headers: tuple[tuple[str, str], ...]
    ) -> "SimStream":
        """Raises VenueUnavailableError when refused."""
        wire = self.wire
        await asyncio.sleep(self._rng.uniform(0.02, 0.1))
        refused = self.weather.is_down or self._rng.random() < self.weather.connect_refused
        if refused or not sender.is_alive:
            raise VenueUnavailableError(f"{self.name} refused the stream")
        wire.streams_count += 1
        number = wire.streams_count
        refusal = self.face.open(number, path, headers, wire.loop.now_us())
        if refusal is not None:
            raise VenueUnavailableError(f"{self.name} refused with {refusal.status}")
        stream = self._streams[number] = SimStream(self, number)
        return stream

    def hear(self, stream: "SimStream", text: str) -> None:
        """A frame from a client; on a broken link it waits for ever."""
        self.wire.after(self._rng.uniform(0.008, 0.03), self._hear, stream, text)

    def _hear(self, stream: "SimStream", text: str) -> None:
        if stream.number in self._streams and not self.weather.is_down:
            self.face.receive(stream.number, text, self.wire.loop.now_us())
            self.moved()

    def pump(self) -> None:
        """Let everything that the venue says leave."""
        now_us = self.wire.loop.now_us()
        for number, text in self.face.take_frames(now_us):
            stream = self._streams.get(number)
            if stream is not None:
                self._leave(stream, text, now_us)
        for number in self.face.take_cuts():
            self.cut(number, "cut by the host")
        for stream in self._streams.values():
            stream.ship()

    def _leave(self, stream: "SimStream", text: str, now_us: Instant) -> None:
        weather, rng, chronicle = self.weather, self._rng, self.wire.chronicle
        chronicle.frame(now_us, stream.number, text.encode())
        if weather.is_silent and text != KEEP_ALIVE:
            return
        if weather.frame_lost and rng.random() < weather.frame_lost:
            chronicle.fault(now_us, "frame lost")
            return
        if weather.frame_stamp and rng.random() < weather.frame_stamp:
            wrong = stamp_wrongly(text, rng)
            if wrong is not None:
                chronicle.fault(now_us, "frame of another hour")
                text = wrong
        if weather.frame_late and rng.random() < weather.frame_late:
            chronicle.fault(now_us, "frame late")
            self.wire.after(rng.uniform(0.1, 5.0), stream.deliver, [text])
            return
        stream.put(text)
        if weather.frame_twice and rng.random() < weather.frame_twice:
            chronicle.fault(now_us, "frame twice")
            stream.put(text)

    # ---- breaking ----------------------------------------------------------------------------

    def lose_link(self) -> None:
        """Nothing passes until `restore_link`; streams break after a while."""
        self.weather.is_down = True
        for number in list(self._streams):
            self.wire.after(self._rng.uniform(*DOWN_S_MAX), self._find_out, number)

    def lose_next(self) -> None:
        """The request that leaves at this moment never arrives."""
        chance, self.weather.request_lost = self.weather.request_lost, 1.0
        weather = self.weather
        self.wire.loop.call_soon(setattr, weather, "request_lost", chance)

    def restore_link(self) -> None:
        """What waited on streams arrives, late."""
        self.weather.is_down = False
        for stream in self._streams.values():
            stream.ship()

    def speak_again(self) -> None:
        """Streams say something again; what they did not say is lost."""
        self.weather.is_silent = False

    def calm_down(self) -> None:
        """Fine weather from now on."""
        self.weather = Weather()
        self.restore_link()

    def _find_out(self, number: int) -> None:
        if self.weather.is_down:
            self.cut(number, "no pong")

    def cut(self, number: int, reason: str) -> None:
        """End a stream."""
        stream = self._streams.pop(number, None)
        if stream is not None:
            stream.break_off(reason)
            self.face.close(number)

    def cut_all(self, reason: str) -> None:
        """End every stream."""
        for number in list(self._streams):
            self.cut(number, reason)

    def latency_s(self) -> float:
        """Of frames, now."""
        return self._rng.uniform(0.008, 0.03)


class SimStream:
    """One open stream of a host."""

    def __init__(self, host: Host, number: int) -> None:
        self.number = number
        self._host = host
        self._leaving: list[str] = []
        self._arrived: deque[bytes] = deque()
        self._due_s = 0.0
        self._waiter: asyncio.Future[None] | None = None
        self._end: str | None = None

    # ---- the desk's side ---------------------------------------------------------------------

    async def receive(self) -> bytes:
        """Next frame. Raises VenueUnavailableError when the stream has ended."""
        while not self._arrived:
            if self._end is not None:
                raise VenueUnavailableError(f"stream ended: {self._end}")
            self._waiter = self._host.wire.loop.create_future()
            await self._waiter
        return self._arrived.popleft()

    async def send(self, text: str) -> None:
        """Raises VenueUnavailableError when the stream has ended."""
        if self._end is not None:
            raise VenueUnavailableError(f"stream ended: {self._end}")
        self._host.hear(self, text)

    async def close(self) -> None:
        """End the stream."""
        self._host.cut(self.number, "closed")

    # ---- the host's side ---------------------------------------------------------------------

    def put(self, text: str) -> None:
        """A frame leaves with the next shipment."""
        self._leaving.append(text)

    def ship(self) -> None:
        """What waits leaves; it arrives in order. On a broken link it waits."""
        if not self._leaving or self._host.weather.is_down:
            return
        loop = self._host.wire.loop
        self._due_s = max(self._due_s + APART_S, loop.time() + self._host.latency_s())
        frames, self._leaving = self._leaving, []
        loop.call_at(self._due_s, self.deliver, frames)

    def deliver(self, frames: list[str]) -> None:
        """Frames arrive."""
        if self._end is not None:
            return
        self._arrived.extend(text.encode() for text in frames)
        if len(self._arrived) > QUEUED_MAX:
            self._host.cut(self.number, "slow consumer")
        self._wake()

    def break_off(self, reason: str) -> None:
        """Nothing more comes; what has arrived can still be read."""
        if self._end is None:
            self._end = reason
            self._wake()

    def _wake(self) -> None:
        if self._waiter is not None and not self._waiter.done():
            self._waiter.set_result(None)


def _finish(answer: Pending, said: HttpResponse | None) -> None:
    if not answer.done():
        answer.set_result(said)


class ProcessNetwork:
    """The hosts by address, as one process reaches them."""

    def __init__(self, hosts: dict[str, Host], sender: Sender) -> None:
        self._hosts = hosts
        self._sender = sender

    def transport(self, url: str) -> "SimTransport":
        """A host's requests."""
        return SimTransport(self._hosts[url], self._sender)

    def connector(self, url: str) -> "SimConnector":
        """A host's streams."""
        return SimConnector(self._hosts[url], self._sender)

    async def close(self) -> None:
        """Nothing to give back."""


class SimTransport:
    """One host for one process."""

    def __init__(self, host: Host, sender: Sender) -> None:
        self._host = host
        self._sender = sender

    async def send(self, request: HttpRequest) -> HttpResponse:
        """Raises VenueUnavailableError when no answer comes."""
        return await self._host.send(self._sender, request)


class SimConnector:
    """One host's streams for one process."""

    def __init__(self, host: Host, sender: Sender) -> None:
        self._host = host
        self._sender = sender

    async def connect(self, path: str, headers: tuple[tuple[str, str], ...]) -> SimStream:
        """Raises VenueUnavailableError when refused."""
        return await self._host.connect(self._sender, path, headers)
