"""Which shapes does the outside world have? Adapters implement them; only `app` holds instances."""

from collections.abc import Iterable
from typing import Protocol

from foreshock.core.domain.messages.trading import VenueCommand
from foreshock.core.domain.messages.union import Message
from foreshock.core.domain.units import Instant


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


class File(Protocol):
    """An append-only file. Disk and a simulated disk implement it.

    Every method raises StorageError when the disk refuses.
    """

    def append(self, data: bytes) -> None: ...

    def fsync(self) -> None: ...

    def read(self) -> bytes: ...

    def truncate(self, size: int) -> None: ...

    def close(self) -> None: ...
