"""What can go wrong between a venue and its client, on request?

A `FaultyFace` wears another face and spoils what passes through it: lost frames, cut and silent
streams, frames nobody should send, refusals. Faults are ordered by the caller and happen exactly
as ordered: nothing is drawn at random here.
"""

import msgspec

from foreshock.adapters.seams import HttpRequest, HttpResponse
from foreshock.adapters.sim.conditions import Conditions, Passage
from foreshock.adapters.sim.face import HoldingFace, VenueFace
from foreshock.core.domain.units import Duration, Instant

KEEP_ALIVE = "PONG"
"""Still answered by a stalled stream: a silent feed whose socket looks healthy is a real fault."""


class Faults:
    """What was ordered and has not happened yet.

    A connection of None means every open stream of the face. conditions: rules for requests and
    frames that say which ones they mean.
    """

    def __init__(self) -> None:
        self.conditions = Conditions()
        self.answers: list[int] = []
        self.refusals: list[int] = []
        self.drops: dict[int | None, int] = {}
        self.stalled: set[int | None] = set()
        self.injected: list[tuple[int | None, str]] = []
        self.cuts: list[int | None] = []

    def answer_next(self, count: int, status: int) -> None:
        """The next `count` requests get this status and an empty body."""
        self.answers += [status] * count

    def refuse_next(self, count: int, status: int) -> None:
        """The next `count` handshakes get this status."""
        self.refusals += [status] * count

    def drop_next(self, count: int, connection: int | None = None) -> None:
        """The next `count` frames never arrive."""
        self.drops[connection] = self.drops.get(connection, 0) + count

    def stall(self, connection: int | None = None) -> None:
        """No frame arrives any more, keep-alives aside, until `resume`."""
        self.stalled.add(connection)

    def resume(self, connection: int | None = None) -> None:
        """Frames arrive again; what was stalled is lost."""
        self.stalled.discard(connection)

    def inject(self, text: str, connection: int | None = None) -> None:
        """Send a frame the venue never said."""
        self.injected.append((connection, text))

    def cut(self, connection: int | None = None) -> None:
        """End streams after what is already on its way."""
        self.cuts.append(connection)


class FaultyFace:
    """A face behind a network that misbehaves as ordered."""

    def __init__(self, face: VenueFace, faults: Faults) -> None:
        self._face = face
        self._faults = faults
        self._open: list[int] = []

    @property
    def heartbeat(self) -> bytes | None:
        """As the face behind it."""
        return self._face.heartbeat

    def passage(self, request: HttpRequest) -> Passage:
        """What awaits a request on its way to the face and back; the shell obeys it."""
        passage = self._faults.conditions.passage(request)
        held = self._face.hold(request) if isinstance(self._face, HoldingFace) else 0
        if not held:
            return passage
        waits = Duration(passage.request_delay + held)
        return msgspec.structs.replace(passage, request_delay=waits)

    def handle(self, request: HttpRequest, now_us: Instant) -> HttpResponse:
        """The ordered status without asking the face, or the face's own answer."""
        if self._faults.answers:
            return HttpResponse(self._faults.answers.pop(0), b"")
        return self._face.handle(request, now_us)

    def open(
        self,
        connection: int,
        path: str,
        headers: tuple[tuple[str, str], ...],
        now_us: Instant,
    ) -> HttpResponse | None:
        """The ordered refusal, or the face's own decision."""
        if self._faults.refusals:
            return HttpResponse(self._faults.refusals.pop(0), b"")
        refusal = self._face.open(connection, path, headers, now_us)
        if refusal is None:
            self._open.append(connection)
        return refusal

    def receive(self, connection: int, text: str, now_us: Instant) -> None:
        """What clients send always arrives."""
        self._face.receive(connection, text, now_us)

    def close(self, connection: int) -> None:
        """The stream ended."""
        if connection in self._open:
            self._open.remove(connection)
        self._face.close(connection)

    def take_frames(self, now_us: Instant) -> list[tuple[int, str]]:
        """The face's frames less what is dropped or stalled, then what was injected."""
        conditions = self._faults.conditions
        frames = [
            (connection, arriving)
            for connection, text in self._face.take_frames(now_us)
            if self._passes(connection, text)
            for arriving in conditions.frames(connection, text, now_us)
        ]
        frames += conditions.take_late_frames(now_us)
        injected, self._faults.injected = self._faults.injected, []
        for target, text in injected:
            frames += [(connection, text) for connection in self._targets(target)]
        return frames

    def take_cuts(self) -> list[int]:
        """The face's cuts and the ordered ones."""
        cuts = self._face.take_cuts()
        ordered, self._faults.cuts = self._faults.cuts, []
        for target in ordered:
            cuts += self._targets(target)
        return cuts

    def _targets(self, target: int | None) -> list[int]:
        return list(self._open) if target is None else [target]

    def _passes(self, connection: int, text: str) -> bool:
        faults = self._faults
        if faults.stalled & {connection, None} and text != KEEP_ALIVE:
            return False
        for target in (connection, None):
            if faults.drops.get(target, 0):
                faults.drops[target] -= 1
                return False
        return True
