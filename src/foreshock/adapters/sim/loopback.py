"""How does a client talk to a simulated venue without sockets? The two seams over a face."""

from collections.abc import Awaitable, Callable

from foreshock.adapters.seams import HttpRequest, HttpResponse
from foreshock.adapters.sim.face import Outbox, VenueFace, deliver
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

    async def send(self, request: HttpRequest) -> HttpResponse:
        """The face's answer, at once."""
        return self._face.handle(request, self._clock())

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
        """Move waiting frames to their streams."""
        deliver(self._face, self._outboxes, self._clock())

    def end(self, connection: int) -> None:
        """Close a stream; ending it twice is harmless."""
        if self._outboxes.pop(connection, None) is not None:
            self._face.close(connection)


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
