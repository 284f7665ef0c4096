"""How does a client talk to a simulated venue without sockets? The two seams over a face."""

from collections.abc import Awaitable, Callable

from foreshock.adapters.seams import HttpRequest, HttpResponse
from foreshock.adapters.sim.conditions import CLEAR, Passage, answer_under
from foreshock.adapters.sim.face import Outbox, VenueFace, deliver
from foreshock.adapters.sim.faults import FaultyFace
from foreshock.core.domain.errors import VenueUnavailableError
from foreshock.core.domain.units import Instant


class Loopback:
    """One simulated host in this process: an HttpTransport and a FrameConnector.

    clock: what time it is in the simulation. wait: called by a reader with nothing to read; it
    must let time pass, for instance by advancing the world or by sleeping.
    """

    def __init__(
        self,
        face: VenueFace,
        clock: Callable[[], Instant],
        wait: Callable[[], Awaitable[None]],
    ) -> None:
        self._face = face
        self._clock = clock
        self._wait = wait
        self._outboxes: dict[int, Outbox] = {}
        self._connections_count = 0
        self._under_way: list[_Sent] = []

    async def send(self, request: HttpRequest) -> HttpResponse:
        """The face's answer, at once unless a delay was ordered.

        A delayed request arrives even when its sender has given up.
        Raises VenueUnavailableError when the request or its answer was ordered to get lost.
        """
        passage = self._face.passage(request) if isinstance(self._face, FaultyFace) else CLEAR
        if passage.is_request_lost:
            raise VenueUnavailableError("the connection was reset")
        sent = _Sent(request, passage, Instant(self._clock() + passage.request_delay))
        self._under_way.append(sent)
        self.pump()
        while sent.answer is None or self._clock() < sent.answer_us:
            await self._wait()
            self.pump()
        if passage.is_answer_lost:
            raise VenueUnavailableError("the connection was reset")
        return sent.answer

    async def connect(self, path: str, headers: tuple[tuple[str, str], ...]) -> "LoopbackStream":
        """Raises VenueUnavailableError when the face refuses the handshake."""
        self._connections_count += 1
        connection = self._connections_count
        refusal = self._face.open(connection, path, headers, self._clock())
        if refusal is not None:
            raise VenueUnavailableError(
                f"refused with {refusal.status}: {refusal.body.decode(errors='replace')}"
            )
        self._outboxes[connection] = Outbox()
        return LoopbackStream(self, connection)

    async def next_frame(self, connection: int) -> str:
        """The next frame of a stream. Raises VenueUnavailableError when it has ended."""
        while outbox := self._outboxes.get(connection):
            self.pump()
            text = outbox.take()
            if text is not None:
                return text
            if outbox.cut_reason is not None:
                self.end(connection)
                raise VenueUnavailableError(f"stream ended: {outbox.cut_reason}")
            await self._wait()
        raise VenueUnavailableError("stream ended: closed")

    def put(self, connection: int, text: str) -> None:
        """A frame from the client. Raises VenueUnavailableError when the stream has ended."""
        outbox = self._outboxes.get(connection)
        if outbox is None or outbox.cut_reason is not None:
            raise VenueUnavailableError("stream ended")
        self._face.receive(connection, text, self._clock())

    def pump(self) -> None:
        """Let requests arrive that are due, and move waiting frames to their streams."""
        now_us = self._clock()
        due = [sent for sent in self._under_way if sent.arrives_us <= now_us]
        self._under_way = [sent for sent in self._under_way if sent.arrives_us > now_us]
        for sent in due:
            sent.arrive(self._face, now_us)
        deliver(self._face, self._outboxes, now_us)

    def end(self, connection: int) -> None:
        """Close a stream; ending it twice is harmless."""
        if self._outboxes.pop(connection, None) is not None:
            self._face.close(connection)


class _Sent:
    """A request on its way. answer_us: when its answer is back, known once it has arrived."""

    __slots__ = ("_passage", "_request", "answer", "answer_us", "arrives_us")

    def __init__(self, request: HttpRequest, passage: Passage, arrives_us: Instant) -> None:
        self._request = request
        self._passage = passage
        self.arrives_us = arrives_us
        self.answer: HttpResponse | None = None
        self.answer_us = arrives_us

    def arrive(self, face: VenueFace, now_us: Instant) -> None:
        """Let the face answer."""
        self.answer = answer_under(self._passage, face, self._request, now_us)
        self.answer_us = Instant(now_us + self._passage.answer_delay)


class LoopbackStream:
    """One open stream of a Loopback."""

    def __init__(self, host: Loopback, connection: int) -> None:
        self._host = host
        self.connection = connection

    async def receive(self) -> bytes:
        """Next text frame as UTF-8. Raises VenueUnavailableError when the stream has ended."""
        return (await self._host.next_frame(self.connection)).encode()

    async def send(self, text: str) -> None:
        """Raises VenueUnavailableError when the stream has ended."""
        self._host.put(self.connection, text)

    async def close(self) -> None:
        """End the stream."""
        self._host.end(self.connection)
