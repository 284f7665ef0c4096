"""A host that echoes, for the tests of what stands around a face."""

import json

from foreshock.adapters.seams import HttpRequest, HttpResponse
from foreshock.core.domain.units import Instant


class EchoFace:
    """Answers with what was asked, repeats every frame, refuses streams without a key header.

    The frame "flood N S" asks for N frames of S bytes, "bye" for the end of the stream.
    """

    def __init__(self, heartbeat: bytes | None = None) -> None:
        self.heartbeat = heartbeat
        self.opened: list[int] = []
        self.closed: list[int] = []
        self.frames: list[tuple[int, str]] = []
        self._cuts: list[int] = []

    def handle(self, request: HttpRequest, now_us: Instant) -> HttpResponse:
        asked = [request.method, request.path, request.body.decode()]
        return HttpResponse(207, json.dumps(asked).encode(), (("x-echo", "yes"),))

    def open(
        self,
        connection: int,
        path: str,
        headers: tuple[tuple[str, str], ...],
        now_us: Instant,
    ) -> HttpResponse | None:
        if "key" not in {name.lower() for name, _ in headers}:
            return HttpResponse(401, b'{"error":"no key"}', (("x-echo", "no"),))
        self.opened.append(connection)
        return None

    def receive(self, connection: int, text: str, now_us: Instant) -> None:
        if text.startswith("flood"):
            _, count, size = text.split()
            self.frames += [(connection, "x" * int(size))] * int(count)
        elif text == "bye":
            self._cuts.append(connection)
        else:
            self.frames.append((connection, text))

    def close(self, connection: int) -> None:
        self.closed.append(connection)

    def take_frames(self, now_us: Instant) -> list[tuple[int, str]]:
        frames, self.frames = self.frames, []
        return frames

    def take_cuts(self) -> list[int]:
        cuts, self._cuts = self._cuts, []
        return cuts


class StillWorld:
    """A world in which nothing happens."""

    def advance(self, now_us: Instant) -> None:
        """Nothing to do."""
