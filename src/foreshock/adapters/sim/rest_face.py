"""What does a simulated host look like that only answers questions? A function in a face's clothes.

Sources of news and weather have no streams; each is a function from request and time to answer.
"""

from collections.abc import Callable
from typing import TypeAlias

from foreshock.adapters.seams import HttpRequest, HttpResponse
from foreshock.adapters.sim.wire_text import answer
from foreshock.core.domain.units import Instant

Answers: TypeAlias = Callable[[HttpRequest, Instant], HttpResponse]


class RestFace:
    """One host without streams."""

    heartbeat: bytes | None = None

    def __init__(self, answers: Answers) -> None:
        self._answers = answers

    def handle(self, request: HttpRequest, now_us: Instant) -> HttpResponse:
        """The host's answer."""
        return self._answers(request, now_us)

    def open(
        self,
        connection: int,
        path: str,
        headers: tuple[tuple[str, str], ...],
        now_us: Instant,
    ) -> HttpResponse | None:
        """There are no streams."""
        return answer(404, {"error": "no streams here"})

    def receive(self, connection: int, text: str, now_us: Instant) -> None:
        """There are no streams."""

    def close(self, connection: int) -> None:
        """There are no streams."""

    def take_frames(self, now_us: Instant) -> list[tuple[int, str]]:
        """There are no streams."""
        return []

    def take_cuts(self) -> list[int]:
        """There are no streams."""
        return []
