"""Is a snapshot whole or refused, and is the journal behind it read from its very place?"""

from pathlib import Path

import pytest

from foreshock.adapters.storage.files import DiskFolder, MemoryFile
from foreshock.adapters.storage.journal import Journal, Place, Step, Told, read_tail
from foreshock.adapters.storage.snapshots import Snapshot, read_snapshot, write_snapshot
from foreshock.core.domain.errors import StorageError
from foreshock.core.domain.memory import DeskMemory
from foreshock.core.domain.messages.trading import TimerFired
from tests.trading import START
from tests.unit.dashboard.risk_told import desk_memory

NAME = "memory-paper.fss"


def snapshot(memory: DeskMemory | None = None) -> Snapshot:
    return Snapshot("runs/x", 7, START, Place(), memory or desk_memory())


def test_a_snapshot_comes_back_as_it_was(tmp_path: Path) -> None:
    home = DiskFolder(tmp_path)
    assert read_snapshot(home, NAME) is None
    write_snapshot(home, NAME, snapshot())
    assert read_snapshot(home, NAME) == snapshot()


def test_e4_no_bit_of_a_snapshot_can_flip_unseen(tmp_path: Path) -> None:
    home = DiskFolder(tmp_path)
    write_snapshot(home, NAME, snapshot(DeskMemory(mischarged=("pair-1",))))
    whole = (tmp_path / NAME).read_bytes()
    for place in range(len(whole)):
        damaged = bytearray(whole)
        damaged[place] ^= 1
        (tmp_path / NAME).write_bytes(damaged)
        with pytest.raises(StorageError):
            read_snapshot(home, NAME)


def test_e4_a_snapshot_that_is_cut_is_refused(tmp_path: Path) -> None:
    home = DiskFolder(tmp_path)
    write_snapshot(home, NAME, snapshot())
    whole = (tmp_path / NAME).read_bytes()
    for size in (0, 1, 13, 14, len(whole) - 1):
        (tmp_path / NAME).write_bytes(whole[:size])
        with pytest.raises(StorageError):
            read_snapshot(home, NAME)


def steps(first: int, count: int) -> list[Step]:
    return [Step(n, START, Told(TimerFired(f"t{n}")), ()) for n in range(first, first + count)]


def test_the_tail_is_what_was_written_behind_the_place() -> None:
    file = MemoryFile()
    journal = Journal(file)
    journal.append(steps(1, 3))
    place = journal.place()
    journal.append(steps(4, 2))
    assert read_tail(file, place) == steps(4, 2)
    assert read_tail(file, Place()) == steps(1, 5)
    assert read_tail(file, journal.place()) == []
    file.append(b"fs torn")
    assert read_tail(file, place) == steps(4, 2)


def test_a_journal_that_was_opened_again_knows_its_place() -> None:
    file = MemoryFile()
    Journal(file).append(steps(1, 3))
    again = Journal(file)
    again.recover()
    again.append(steps(4, 1))
    assert read_tail(file, again.place()) == []
    assert again.place().size == len(file.read())


def test_a_journal_behind_another_history_is_refused() -> None:
    file, other = MemoryFile(), MemoryFile()
    journal, forged = Journal(file), Journal(other)
    journal.append(steps(1, 2))
    forged.append(steps(2, 1))
    file.append(other.read())
    with pytest.raises(StorageError, match="chain breaks"):
        read_tail(file, journal.place())
    with pytest.raises(StorageError, match="bytes, a snapshot cites"):
        read_tail(MemoryFile(), journal.place())
