"""The disk and its stand-in keep the same promises."""

import stat
from collections.abc import Callable
from pathlib import Path

import pytest

from foreshock.adapters.storage.files import DiskFile, MemoryFile
from foreshock.core.domain.errors import StorageError
from foreshock.core.ports import File


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


def test_only_the_owner_may_read_recordings(tmp_path: Path) -> None:
    path = tmp_path / "file"
    DiskFile(path).append(b"secret-ish")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_folder_in_the_way_says_what_to_do(tmp_path: Path) -> None:
    (tmp_path / "file").mkdir()
    with pytest.raises(StorageError, match="disk error at"):
        DiskFile(tmp_path / "file").append(b"x")


def test_a_full_disk_is_a_storage_error_that_says_what_to_do() -> None:
    with pytest.raises(StorageError, match="disk full writing /dev/full: free space"):
        DiskFile(Path("/dev/full")).append(b"x")


def test_a_full_memory_keeps_what_fitted() -> None:
    file = MemoryFile(bytes_max=4)
    with pytest.raises(StorageError, match="disk full"):
        file.append(b"abcdef")
    assert file.read() == b"abcd"


def test_only_synced_bytes_survive_a_power_loss() -> None:
    file = MemoryFile()
    file.append(b"synced")
    file.fsync()
    file.append(b" lost")
    assert file.survivors() == b"synced"
