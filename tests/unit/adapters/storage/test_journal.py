"""The journal is whole, or says where it stops being whole."""

import pytest

from foreshock.adapters.storage.files import MemoryFile
from foreshock.adapters.storage.journal import Drained, Journal, Step, Told, read_journal
from foreshock.adapters.storage.records import HEADER_BYTES, frame, unframe
from foreshock.core.domain.errors import StorageError
from foreshock.core.domain.messages.operations import HaltRequested
from foreshock.core.domain.messages.trading import SetTimer
from foreshock.core.domain.units import Duration, Instant
from foreshock.core.engine import Entry

STEPS = [
    Step(1, Instant(10), Told(HaltRequested("all", "operator", "test")), ()),
    Step(2, Instant(20), Drained(7), (Entry(1, 0, "agent", SetTimer("t", Duration(5))),)),
    Step(3, Instant(30), Drained(9), ()),
]


def test_steps_read_back() -> None:
    assert list(read_journal(_written())) == STEPS


def test_a_recovered_journal_goes_on_in_the_same_chain() -> None:
    file = _written()
    file.append(frame(b"torn")[:-2])
    journal = Journal(file)
    assert journal.recover() == STEPS
    journal.append([Step(4, Instant(40), Drained(11), ())])
    assert [step.step for step in read_journal(file)] == [1, 2, 3, 4]


def test_a_new_journal_recovers_nothing() -> None:
    assert Journal(MemoryFile()).recover() == []


def test_a_changed_step_breaks_the_chain() -> None:
    data = _written().read()
    steps = [Step(1, Instant(10), Told(HaltRequested("all", "intruder", "test")), ()), *STEPS[1:]]
    forged = _written(steps).read()
    first_of_forged = forged[: _first_record_end(forged)]
    mixed = MemoryFile(first_of_forged + data[_first_record_end(data) :])
    with pytest.raises(StorageError, match="chain breaks at step 2"):
        list(read_journal(mixed))


def test_a_step_left_out_breaks_the_chain() -> None:
    data = _written().read()
    with pytest.raises(StorageError, match="chain breaks at step 1"):
        list(read_journal(MemoryFile(data[_first_record_end(data) :])))


def test_e4_no_bit_of_a_journal_can_flip_unseen() -> None:
    """Each byte of a small one: an error, or the last step is taken for a torn tail, never read."""
    whole = _written().read()
    last = [end for end, _ in unframe(whole)][-2]
    for place in range(len(whole)):
        damaged = bytearray(whole)
        damaged[place] ^= 1 << place % 8
        try:
            steps = list(read_journal(MemoryFile(bytes(damaged))))
        except StorageError:
            continue
        assert steps == STEPS[:-1], f"byte {place}"
        assert place >= last


def test_e4_every_torn_tail_leaves_the_steps_before_it() -> None:
    whole = _written().read()
    counts = {len(list(read_journal(MemoryFile(whole[:size])))) for size in range(len(whole) + 1)}
    assert counts == {0, 1, 2, 3}


def _written(steps: list[Step] = STEPS) -> MemoryFile:
    file = MemoryFile()
    journal = Journal(file)
    journal.append(steps)
    journal.fsync()
    return file


def _first_record_end(data: bytes) -> int:
    return HEADER_BYTES + int.from_bytes(data[2:6], "little")
