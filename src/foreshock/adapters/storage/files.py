"""Where do bytes become durable? The disk, and a memory that crashes and fills up on demand."""

import errno
import os
from pathlib import Path

from foreshock.core.domain.errors import StorageError


class DiskFile:
    """An append-only file on disk; created with its folder, readable by its owner only."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._fd: int | None = None

    def append(self, data: bytes) -> None:
        """Raises StorageError when the disk refuses, naming the path and what to do."""
        try:
            descriptor = self._open()
            view = memoryview(data)
            while view:
                view = view[os.write(descriptor, view) :]
        except OSError as error:
            raise _storage_error(self._path, error) from error

    def fsync(self) -> None:
        """Raises StorageError when the disk refuses."""
        try:
            os.fsync(self._open())
        except OSError as error:
            raise _storage_error(self._path, error) from error

    def read(self) -> bytes:
        """Everything written so far; nothing when the file does not exist."""
        try:
            return self._path.read_bytes()
        except FileNotFoundError:
            return b""
        except OSError as error:
            raise _storage_error(self._path, error) from error

    def truncate(self, size: int) -> None:
        """Cut the file to `size` bytes."""
        try:
            os.ftruncate(self._open(), size)
        except OSError as error:
            raise _storage_error(self._path, error) from error

    def close(self) -> None:
        """Give the descriptor back; the file may be used again afterwards."""
        if self._fd is not None:
            os.close(self._fd)
            self._fd = None

    def _open(self) -> int:
        if self._fd is None:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            is_new = not self._path.exists()
            flags = os.O_RDWR | os.O_CREAT | os.O_APPEND
            self._fd = os.open(self._path, flags, 0o600)
            if is_new:
                _sync_folder(self._path.parent)
        return self._fd


class DiskFolder:
    """A folder on disk."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def open(self, name: str) -> DiskFile:
        """A file of it; made when first written."""
        return DiskFile(self._path / name)

    def read(self, name: str) -> bytes | None:
        """The bytes of a file, None when there is none. Raises StorageError."""
        path = self._path / name
        try:
            return path.read_bytes()
        except FileNotFoundError:
            return None
        except OSError as error:
            raise _storage_error(path, error) from error

    def replace(self, name: str, data: bytes) -> None:
        """Put a file in place whole, readable by its owner only. Raises StorageError."""
        path = self._path / name
        new = path.with_suffix(".new")
        try:
            descriptor = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
            with os.fdopen(descriptor, "wb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            new.replace(path)
            _sync_folder(path.parent)
        except OSError as error:
            raise _storage_error(path, error) from error

    def where(self, name: str) -> str:
        """The path of a file."""
        return str(self._path / name)


class MemoryFile:
    """A file that knows which of its bytes a power loss would spare.

    bytes_max: appending beyond it fails as a full disk does, keeping what fitted.
    """

    def __init__(self, data: bytes = b"", bytes_max: int | None = None) -> None:
        self._data = bytearray(data)
        self._synced = len(data)
        self._bytes_max = bytes_max

    def append(self, data: bytes) -> None:
        """Raises StorageError beyond bytes_max."""
        room = len(data) if self._bytes_max is None else self._bytes_max - len(self._data)
        self._data += data[:room]
        if room < len(data):
            raise _storage_error(Path("memory"), OSError(errno.ENOSPC, "no space left on device"))

    def fsync(self) -> None:
        """What was appended survives from now on."""
        self._synced = len(self._data)

    def read(self) -> bytes:
        """Everything written so far."""
        return bytes(self._data)

    def truncate(self, size: int) -> None:
        """Cut to `size` bytes."""
        del self._data[size:]
        self._synced = min(self._synced, size)

    def close(self) -> None:
        """Nothing to give back."""

    def survivors(self) -> bytes:
        """The bytes that a power loss would leave."""
        return bytes(self._data[: self._synced])


def _sync_folder(folder: Path) -> None:
    """Make the name of a new file durable: without it a synced file may be gone after a crash."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _storage_error(path: Path, error: OSError) -> StorageError:
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return StorageError(
            f"disk full writing {path}: free space or set FORESHOCK_HOME to another disk, "
            "then start again; everything recorded before is intact"
        )
    if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
        return StorageError(
            f"may not write {path}: make the folder writable or set FORESHOCK_HOME to another one"
        )
    return StorageError(f"disk error at {path}: {error.strerror or error}")
