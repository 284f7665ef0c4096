"""What does one host of a simulated venue look like from outside?

A face turns requests into responses and exchange events into frames. It is pure: time is an
argument, connections are numbers, frames wait until they are taken.
"""

from collections import deque
from typing import Protocol, runtime_checkable

from foreshock.adapters.seams import HttpRequest, HttpResponse
from foreshock.core.domain.units import Duration, Instant

STREAM_FRAMES_MAX = 20_000
"""Frames waiting for one slow reader; one more and the stream is cut."""


class VenueFace(Protocol):
    """One host: its REST answers and its streams."""

    @property
    def heartbeat(self) -> bytes | None:
        """Body of the ping frames the host sends on its streams, None when it sends none."""
        ...

    def handle(self, request: HttpRequest, now_us: Instant) -> HttpResponse:
        """Answer one request; never raises for what a client sent."""
        ...

    def open(
        self,
        connection: int,
        path: str,
        headers: tuple[tuple[str, str], ...],
        now_us: Instant,
    ) -> HttpResponse | None:
        """A stream is asked for. None accepts it; a response refuses the handshake."""
        ...

    def receive(self, connection: int, text: str, now_us: Instant) -> None:
        """A text frame came in on an open stream."""
        ...

    def close(self, connection: int) -> None:
        """The stream ended, for whatever reason."""
        ...

    def take_frames(self, now_us: Instant) -> list[tuple[int, str]]:
        """Frames to send, oldest first; each is returned once."""
        ...

    def take_cuts(self) -> list[int]:
        """Streams the host wants ended, after the frames already taken."""
        ...


@runtime_checkable
class HoldingFace(Protocol):
    """A host that lets some requests wait before it looks at them, as a venue slows takers."""

    def hold(self, request: HttpRequest) -> Duration:
        """How long this request waits, as things stand."""
        ...


class Outbox:
    """Frames on their way to one reader: bounded, and cut for good when the reader is too slow."""

    __slots__ = ("_frames", "cut_reason")

    def __init__(self) -> None:
        self._frames: deque[str] = deque()
        self.cut_reason: str | None = None

    def put(self, text: str) -> None:
        """Queue a frame; one too many cuts the stream and forgets what waited."""
        if self.cut_reason is not None:
            return
        if len(self._frames) >= STREAM_FRAMES_MAX:
            self._frames.clear()
            self.cut("slow consumer")
            return
        self._frames.append(text)

    def take(self) -> str | None:
        """The oldest frame, None when nothing waits."""
        return self._frames.popleft() if self._frames else None

    def is_over(self) -> bool:
        """Whether the stream was cut and nothing of it is left to send."""
        return self.cut_reason is not None and not self._frames

    def cut(self, reason: str) -> None:
        """End the stream once what waits has been taken; the first reason stands."""
        if self.cut_reason is None:
            self.cut_reason = reason


def deliver(face: VenueFace, outboxes: dict[int, Outbox], now_us: Instant) -> None:
    """Move what a face has to say into the outboxes of its open streams."""
    for connection, text in face.take_frames(now_us):
        if outbox := outboxes.get(connection):
            outbox.put(text)
    for connection in face.take_cuts():
        if outbox := outboxes.get(connection):
            outbox.cut("cut by the host")
