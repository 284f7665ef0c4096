"""What the disk alone and memory alone do; what both promise is in `conformance`."""

import stat
from pathlib import Path

import pytest

from foreshock.adapters.storage.files import DiskFile, MemoryFile
from foreshock.core.domain.errors import StorageError


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
