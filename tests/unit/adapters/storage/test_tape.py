"""The tape gives back every frame, in order, across segments."""

from collections import defaultdict

import pytest

from foreshock.adapters.storage import tape as tape_module
from foreshock.adapters.storage.files import MemoryFile
from foreshock.adapters.storage.tape import Tape, TapeFrame, read_tape, segment_name
from foreshock.core.domain.errors import StorageError
from foreshock.core.domain.units import Instant

FRAMES = [TapeFrame(n, Instant(n * 10), 1 + n % 2, "ws", b"payload %d" % n) for n in range(1, 51)]


def _written(files: defaultdict[str, MemoryFile]) -> None:
    tape = Tape(files.__getitem__)
    for start in range(0, len(FRAMES), 5):
        tape.append(FRAMES[start : start + 5])
    tape.fsync()
    tape.close()


def test_frames_read_back_in_order() -> None:
    files = defaultdict[str, MemoryFile](MemoryFile)
    _written(files)
    assert list(read_tape(files.__getitem__)) == FRAMES


def test_segments_stay_below_their_size(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tape_module, "SEGMENT_BYTES_MAX", 300)
    files = defaultdict[str, MemoryFile](MemoryFile)
    _written(files)
    sizes = [len(file.read()) for file in files.values()]
    assert len(sizes) > 2
    assert max(sizes) <= 300
    assert list(read_tape(files.__getitem__)) == FRAMES


def test_a_torn_tail_costs_one_block() -> None:
    files = defaultdict[str, MemoryFile](MemoryFile)
    _written(files)
    file = files[segment_name(1)]
    file.truncate(len(file.read()) - 3)
    assert list(read_tape(files.__getitem__)) == FRAMES[:-5]


def test_a_torn_segment_in_the_middle_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tape_module, "SEGMENT_BYTES_MAX", 300)
    files = defaultdict[str, MemoryFile](MemoryFile)
    _written(files)
    file = files[segment_name(1)]
    file.truncate(len(file.read()) - 3)
    with pytest.raises(StorageError, match="torn though a later segment"):
        list(read_tape(files.__getitem__))


def test_an_empty_batch_writes_nothing() -> None:
    files = defaultdict[str, MemoryFile](MemoryFile)
    Tape(files.__getitem__).append([])
    assert files[segment_name(1)].read() == b""
