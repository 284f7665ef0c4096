"""Through which two holes do bytes go, and which pure object reads them?

`HttpTransport.send` and `FrameStream`, nothing else. Each has a network and an in-memory
implementation, so the very protocol code that talks to the venues also runs against the simulated
ones in one process without sockets.
"""

from collections.abc import Sequence
from typing import Protocol

import msgspec

from foreshock.adapters.venues.fold import FeedStats
from foreshock.core.domain.markets import Market, MarketId
from foreshock.core.domain.messages.union import Message
from foreshock.core.domain.units import Instant

FRAME_BYTES_MAX = 8 * 1024 * 1024
"""Longest frame or body that is parsed; a longer one is quarantined unread."""


class HttpRequest(msgspec.Struct, frozen=True):
    """path starts with "/" and carries the query string, percent-encoded."""

    method: str
    path: str
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes = b""


class HttpResponse(msgspec.Struct, frozen=True):
    """Any answer with a status line, errors included."""

    status: int
    body: bytes
    headers: tuple[tuple[str, str], ...] = ()


class HttpTransport(Protocol):
    """One host. Never retries; redirects are answers."""

    async def send(self, request: HttpRequest) -> HttpResponse:
        """Raises VenueUnavailableError when no answer came (refused, reset, timed out)."""
        ...


class FrameStream(Protocol):
    """One open WebSocket of text frames."""

    async def receive(self) -> bytes:
        """Next text frame as UTF-8. Raises VenueUnavailableError when the stream has ended."""
        ...

    async def send(self, text: str) -> None:
        """Raises VenueUnavailableError when the stream has ended."""
        ...

    async def close(self) -> None: ...


class FrameConnector(Protocol):
    """Opens streams to one host."""

    async def connect(self, path: str, headers: tuple[tuple[str, str], ...]) -> FrameStream:
        """Raises VenueUnavailableError when refused."""
        ...


class FeedProtocol(Protocol):
    """One feed connection of one venue, pure: bytes in, messages and outgoing frames out.

    A replay builds the same object from ConnectionOpened and feeds it the taped frames, so every
    message must follow from the arguments alone. Malformed payloads never raise: they become
    PayloadQuarantined or ShapeUnknown messages, and books they leave in doubt are lost.
    """

    @property
    def stats(self) -> FeedStats:
        """Counters since the stream opened; the shell empties `ages` when it measures."""
        ...

    def opened(self, markets: Sequence[Market], now_us: Instant) -> None:
        """The stream is up: queue the subscribe frames."""
        ...

    def watch(self, added: Sequence[Market], removed: Sequence[MarketId]) -> None:
        """Change the watch list of the open stream."""
        ...

    def relist(self, market: Market) -> None:
        """The terms of a market were read again: build on them from now on. Says no message."""
        ...

    def receive(self, frame: bytes, frame_seq: int, recv_us: Instant) -> None:
        """Fold one frame of the stream."""
        ...

    def receive_books(self, body: bytes, frame_seq: int, recv_us: Instant) -> None:
        """Fold or compare a REST answer with books: a spot check, or a polled feed."""
        ...

    def tick(self, now_us: Instant) -> None:
        """Time passes: queue keep-alives that are due. Says no message."""
        ...

    def take_outgoing(self) -> list[str]:
        """Text frames to send, in order; each is returned once."""
        ...

    def dead_reason(self, now_us: Instant) -> str | None:
        """Why this stream must be reopened (keep-alives unanswered, terminal error), or None."""
        ...

    def closed(self, reason: str) -> None:
        """The stream ended: every book is lost."""
        ...

    def drain(self) -> list[Message]:
        """What was learnt since the last drain; see `venues/fold.py`."""
        ...
