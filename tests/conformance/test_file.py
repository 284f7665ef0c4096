"""What both implementations of `File` promise: the disk and its stand-in."""

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from foreshock.adapters.storage.files import DiskFile, MemoryFile
from foreshock.core.ports import File

ACTS = st.lists(
    st.one_of(
        st.binary(max_size=40).map(lambda data: ("append", data)),
        st.integers(0, 60).map(lambda size: ("truncate", size)),
        st.sampled_from([("fsync", b""), ("close", b"")]),
    ),
    max_size=12,
)


@pytest.fixture(params=["disk", "memory"])
def make_file(request: pytest.FixtureRequest, tmp_path: Path) -> Callable[[], File]:
    if request.param == "memory":
        return MemoryFile
    return lambda: DiskFile(tmp_path / "run" / "file")


def test_appends_read_back_in_order(make_file: Callable[[], File]) -> None:
    file = make_file()
    assert file.read() == b""
    file.append(b"one ")
    file.append(b"two")
    file.fsync()
    assert file.read() == b"one two"


def test_a_cut_file_goes_on_behind_the_cut(make_file: Callable[[], File]) -> None:
    file = make_file()
    file.append(b"whole torn")
    file.truncate(5)
    file.append(b"new")
    assert file.read() == b"wholenew"
    file.close()


def test_a_closed_file_can_be_used_again(make_file: Callable[[], File]) -> None:
    file = make_file()
    file.append(b"a")
    file.close()
    file.append(b"b")
    assert file.read() == b"ab"
    file.close()


def test_a_file_begins_empty_and_reading_changes_nothing(make_file: Callable[[], File]) -> None:
    file = make_file()
    file.fsync()
    file.append(b"abc")
    assert [file.read(), file.read()] == [b"abc", b"abc"]
    file.append(b"")
    assert file.read() == b"abc"
    file.close()
    file.close()


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@given(ACTS)
def test_both_hold_the_same_bytes_after_the_same_acts(
    tmp_path: Path, acts: list[tuple[str, bytes | int]]
) -> None:
    path = tmp_path / "file"
    path.unlink(missing_ok=True)
    disk, memory = DiskFile(path), MemoryFile()
    for what, wanted in acts:
        for file in (disk, memory):
            act(file, what, wanted)
        assert disk.read() == memory.read()
    disk.close()


def act(file: File, what: str, wanted: bytes | int) -> None:
    """Cutting only ever shortens."""
    if isinstance(wanted, int):
        file.truncate(min(wanted, len(file.read())))
    elif what == "append":
        file.append(wanted)
    elif what == "fsync":
        file.fsync()
    else:
        file.close()
