"""What had been learnt when the journal stood at a place? One file, replaced whole, checksummed.

A start reads the snapshot and the steps behind its place; nothing before has to be read again.
"""

import msgspec

from foreshock.adapters.storage.journal import Place
from foreshock.adapters.storage.records import frame, unframe
from foreshock.core.domain.errors import StorageError
from foreshock.core.domain.memory import DeskMemory
from foreshock.core.domain.units import Instant
from foreshock.core.ports import Folder


class Snapshot(msgspec.Struct, frozen=True):
    """A memory and the place in a run's journal behind which the rest stands."""

    run: str
    step: int
    at_us: Instant
    place: Place
    memory: DeskMemory


def write_snapshot(home: Folder, name: str, snapshot: Snapshot) -> None:
    """Put it in place of the one before. Raises StorageError when the disk refuses."""
    home.replace(name, frame(msgspec.msgpack.encode(snapshot)))


def read_snapshot(home: Folder, name: str) -> Snapshot | None:
    """The snapshot, None when there is none. Raises StorageError when it is damaged."""
    data = home.read(name)
    if data is None:
        return None
    where = home.where(name)
    payloads = [payload for _, payload in unframe(data)]
    if len(payloads) != 1:
        raise StorageError(f"{where} is damaged: it holds {len(payloads)} whole records, not one")
    try:
        return msgspec.msgpack.decode(payloads[0], type=Snapshot)
    except msgspec.MsgspecError as error:
        raise StorageError(f"{where} was written by another version: {error}") from error
