"""What was heard and said, step by step? The system of record, hash-chained.

A record holds the hash of everything before and including it, so one changed byte breaks the chain
from there on. Market data stays on the tape and is cited by position.
"""

import hashlib
from collections.abc import Iterator, Sequence
from typing import TypeAlias

import msgspec

from foreshock.adapters.storage.records import frame, unframe
from foreshock.core.domain.errors import StorageError
from foreshock.core.domain.messages.union import Message
from foreshock.core.domain.units import Instant
from foreshock.core.engine import Entry
from foreshock.core.ports import File

JOURNAL_NAME = "journal.fsj"
HASH_BYTES = 32
GENESIS = bytes(HASH_BYTES)


class Drained(msgspec.Struct, frozen=True, tag=True):
    """The feeds were drained after folding the tape up to and including this frame."""

    frame_seq: int


class Told(msgspec.Struct, frozen=True, tag=True):
    """A message came from outside the feeds: an answer, a timer, an operator, the shell."""

    message: Message


Input: TypeAlias = Drained | Told


class Step(msgspec.Struct, frozen=True):
    """One input and everything said because of it. Steps count from 1."""

    step: int
    now_us: Instant
    input: Input
    said: tuple[Entry, ...]


class Place(msgspec.Struct, frozen=True):
    """A place between two steps: bytes before it, and the hash of everything before it."""

    size: int = 0
    head: bytes = GENESIS


class Journal:
    """Appends steps; `recover` first when the file may hold any."""

    def __init__(self, file: File) -> None:
        self._file = file
        self._head = GENESIS
        self._size = 0
        self._encoder = msgspec.msgpack.Encoder()

    def recover(self) -> list[Step]:
        """Every whole step so far; cuts a torn tail off. Raises StorageError at damage."""
        data = self._file.read()
        verified = list(_verified(data))
        self._size, _, self._head = verified[-1] if verified else (0, None, GENESIS)
        if self._size < len(data):
            self._file.truncate(self._size)
        return [step for _, step, _ in verified]

    def append(self, steps: Sequence[Step]) -> None:
        """Write steps behind the last one. Raises StorageError when the disk refuses."""
        chunks: list[bytes] = []
        for step in steps:
            body = self._encoder.encode(step)
            self._head = _chained(self._head, body)
            chunks.append(frame(self._head + body))
        data = b"".join(chunks)
        self._file.append(data)
        self._size += len(data)

    def place(self) -> Place:
        """Where the journal ends now."""
        return Place(self._size, self._head)

    def fsync(self) -> None:
        """Make everything appended durable."""
        self._file.fsync()

    def close(self) -> None:
        """Give the file back."""
        self._file.close()


def read_journal(file: File) -> Iterator[Step]:
    """Every whole step, chain verified. Raises StorageError at the first step that is not right."""
    for _, step, _ in _verified(file.read()):
        yield step


def read_tail(file: File, place: Place) -> list[Step]:
    """Every whole step behind a place, chain verified from there.

    Raises StorageError at damage, or when the journal ends before the place.
    """
    data = file.read()
    if len(data) < place.size:
        raise StorageError(f"the journal has {len(data)} bytes, a snapshot cites {place.size}")
    return [step for _, step, _ in _verified(data[place.size :], place.head)]


def _verified(data: bytes, head: bytes = GENESIS) -> Iterator[tuple[int, Step, bytes]]:
    """(offset behind the record, step, hash), checking each hash against the one before."""
    decoder = msgspec.msgpack.Decoder(Step)
    for count, (end, payload) in enumerate(unframe(data), 1):
        stored, body = payload[:HASH_BYTES], payload[HASH_BYTES:]
        head = _chained(head, body)
        if stored != head:
            raise StorageError(f"the chain breaks at step {count}: the journal was changed")
        try:
            step = decoder.decode(body)
        except msgspec.MsgspecError as error:
            raise StorageError(f"step {count} cannot be read by this version: {error}") from error
        yield end, step, head


def _chained(head: bytes, body: bytes) -> bytes:
    return hashlib.sha256(head + body).digest()
