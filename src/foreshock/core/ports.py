"""Which shapes does the outside world have? Adapters implement them; only `app` holds instances."""

from collections.abc import Iterable, Sequence
from typing import Protocol

from foreshock.core.domain.messages.signals import NewsSeen
from foreshock.core.domain.messages.trading import VenueCommand
from foreshock.core.domain.messages.union import Message
from foreshock.core.domain.oracles import OracleFrame
from foreshock.core.domain.units import Duration, Instant


class TradingVenue(Protocol):
    """Where released orders go. Pure: answers are asked for, never pushed."""

    def observe(self, message: Message, now_us: Instant) -> None:
        """See what the desk sees (books, listings); needed only by venues that fill on paper."""
        ...

    def perform(self, command: VenueCommand, now_us: Instant) -> None: ...

    def due(self, now_us: Instant) -> Iterable[Message]:
        """Answers that have arrived by now, oldest first; each is returned once."""
        ...

    def next_due_us(self) -> Instant | None:
        """When the next answer arrives; None when nothing is under way."""
        ...


class Oracle(Protocol):
    """One connection to a source outside the venues. Pure: bytes in, values out.

    path: where it is asked for. silence_max: without a word for so long, nothing it said counts.
    is_conflated: of a drain only the newest value of a symbol is told; else each one.
    """

    name: str
    symbols: tuple[str, ...]
    path: str
    silence_max: Duration
    is_conflated: bool

    def opening(self) -> Sequence[str]:
        """Text frames to send once the stream is open."""
        ...

    def read(self, body: bytes, recv_us: Instant) -> OracleFrame:
        """Raises DataError for what cannot be trusted; it then changed nothing."""
        ...


class NewsSource(Protocol):
    """One place that is asked for headlines or dates. Pure: bytes in, items out.

    path: what is asked for; it may hold a key and is shown to nobody.
    """

    name: str
    path: str

    def read(self, body: bytes, recv_us: Instant) -> Sequence[NewsSeen]:
        """Raises DataError for what cannot be trusted."""
        ...


class File(Protocol):
    """An append-only file. Disk and a simulated disk implement it.

    Every method raises StorageError when the disk refuses.
    """

    def append(self, data: bytes) -> None: ...

    def fsync(self) -> None: ...

    def read(self) -> bytes: ...

    def truncate(self, size: int) -> None: ...

    def close(self) -> None: ...


class Folder(Protocol):
    """Files by name, such as `halts.json` or `runs/x/journal.fsj`; on disk or simulated.

    Every method raises StorageError when the disk refuses.
    """

    def open(self, name: str) -> File:
        """Nothing is touched before the file is used."""
        ...

    def read(self, name: str) -> bytes | None:
        """The bytes of a file, None when there is none."""
        ...

    def replace(self, name: str, data: bytes) -> None:
        """Put a file in place whole, or not at all; durable when this returns."""
        ...

    def where(self, name: str) -> str:
        """How a person finds a file."""
        ...
