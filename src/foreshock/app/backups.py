"""How does a data folder get into one file, and back? Copied whole while the desk runs; checked.

    backup: state files, then the database through SQLite itself, then the runs -> one tar file
    restore: unpack beside the folder, check every byte against the list, then swap it in

What the snapshot of a memory cites must be in the journal, so journals are copied after it; each is
cut behind its last whole record. Locks, tokens and keys are left out.
"""

import hashlib
import io
import os
import sqlite3
import tarfile
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath
from typing import IO

import msgspec

from foreshock import __version__
from foreshock.adapters.storage.records import whole_size
from foreshock.app.instance import FILE_NAME, LOCK_NAME, RUNS_NAME, Claim
from foreshock.core.domain.errors import ConfigError, StorageError
from foreshock.core.domain.units import MICRO, Instant

LIST_NAME = "backup.json"
DATABASE_SUFFIX = ".sqlite"
RECORD_SUFFIXES = frozenset({".fsj", ".fst"})
LEFT_OUT_SUFFIXES = (
    ".new",
    ".sock",
    ".lock",
    ".key",
    ".pem",
    "-wal",
    "-shm",
    "-journal",
)
LEFT_OUT_NAMES = frozenset({FILE_NAME, LOCK_NAME, ".env"})
REPLACED = "replaced-"
CHUNK = 1024 * 1024


class Stored(msgspec.Struct, frozen=True):
    """One file of a backup. sha256: as hex."""

    name: str
    size: int
    sha256: str


class Backup(msgspec.Struct, frozen=True):
    """What a backup holds; the list stands in it as its last file."""

    version: str
    created_us: Instant
    files: tuple[Stored, ...]

    def lines(self) -> list[str]:
        """The same for a person."""
        made = datetime.fromtimestamp(self.created_us / MICRO, UTC)
        size = sum(stored.size for stored in self.files)
        runs = {stored.name.split("/")[1] for stored in self.files if "/" in stored.name}
        return [
            f"{len(self.files)} files, {size} bytes, {len(runs)} runs,"
            f" made {made:%Y-%m-%d %H:%M:%S} UTC by {self.version}"
        ]


def back_up(home: Path, target: Path, now_us: Instant) -> Backup:
    """Write a data folder into a new file, whole or not at all.

    Raises ConfigError when there is nothing to back up or the file exists, StorageError when a disk
    refuses or a file is damaged: a backup of damage would only hide it.
    """
    if target.exists():
        raise ConfigError(f"{target} exists: name a new file")
    if not home.is_dir() or not any(backed_up(home)):
        raise ConfigError(f"{home} holds nothing to back up")
    new = target.with_name(f"{target.name}.new")
    try:
        with new.open("xb") as file, tarfile.open(fileobj=file, mode="w") as archive:
            os.fchmod(file.fileno(), 0o600)
            stored = tuple(_add(archive, home, path) for path in backed_up(home))
            backup = Backup(__version__, now_us, stored)
            _add_bytes(archive, LIST_NAME, msgspec.json.encode(backup))
            archive.close()
            file.flush()
            os.fsync(file.fileno())
        new.replace(target)
    except (OSError, sqlite3.Error) as error:
        raise StorageError(f"cannot back up {home} to {target}: {error}") from error
    finally:
        new.unlink(missing_ok=True)
    return backup


def backed_up(home: Path) -> Iterator[Path]:
    """The files of a data folder in the order in which they are copied."""
    found = [path for path in sorted(home.rglob("*")) if path.is_file() and not path.is_symlink()]
    kept = [path for path in found if _belongs(path.relative_to(home))]
    yield from sorted(kept, key=lambda path: _turn(path.relative_to(home)))


def check_backup(archive: Path) -> Backup:
    """Read a backup whole. Raises StorageError at the first thing that is not as listed."""
    with tempfile.TemporaryDirectory(prefix="foreshock-check-") as folder:
        return unpack(archive, Path(folder))


def unpack(archive: Path, into: Path) -> Backup:
    """Unpack and check a backup. Raises StorageError when it is not what its list says."""
    sums: dict[str, Stored] = {}
    try:
        with tarfile.open(archive, mode="r:") as opened:
            for member in opened:
                stored = _take(opened, member, into)
                sums[stored.name] = stored
        backup = msgspec.json.decode((into / LIST_NAME).read_bytes(), type=Backup)
    except (OSError, tarfile.TarError, EOFError, msgspec.MsgspecError) as error:
        raise StorageError(f"{archive} is not a whole backup: {error}") from error
    (into / LIST_NAME).unlink()
    del sums[LIST_NAME]
    listed = {stored.name: stored for stored in backup.files}
    for name in sorted({*sums, *listed}):
        if sums.get(name) != listed.get(name):
            raise StorageError(f"{archive} is damaged: {name} is not as its list says")
    return backup


def restore(archive: Path, held: Claim, now_us: Instant, *, replace: bool) -> Backup:
    """Put a backup in place of a data folder that this process holds, so that no desk runs on it.

    replace: what is there moves into a folder beside it; nothing is deleted. Raises ConfigError
    when something is there and may not be replaced, StorageError when the backup is not whole:
    then nothing was changed.
    """
    home = held.home
    there = [path for path in home.iterdir() if _belongs(Path(path.name)) and not _is_aside(path)]
    if there and not replace:
        raise ConfigError(f"{home} is not empty: give --replace to set aside what is there")
    with tempfile.TemporaryDirectory(prefix=".restore-", dir=home) as folder:
        backup = unpack(archive, Path(folder))
        try:
            _set_aside(there, home, now_us)
            for path in sorted(Path(folder).iterdir()):
                path.replace(home / path.name)
        except OSError as error:
            raise StorageError(f"cannot restore into {home}: {error}") from error
    return backup


def _set_aside(there: list[Path], home: Path, now_us: Instant) -> None:
    if not there:
        return
    stamp = datetime.fromtimestamp(now_us / MICRO, UTC)
    aside = home / f"{REPLACED}{stamp:%Y%m%dT%H%M%S%f}Z"
    aside.mkdir(mode=0o700)
    for path in there:
        path.replace(aside / path.name)


def _is_aside(path: Path) -> bool:
    return path.name.startswith((REPLACED, ".restore-"))


def _belongs(path: Path) -> bool:
    """Whether a file is part of a backup: no lock, token, key, or leftover."""
    if path.name in LEFT_OUT_NAMES or path.parts[0].startswith((REPLACED, ".restore-")):
        return False
    return not path.name.endswith(LEFT_OUT_SUFFIXES)


def _turn(path: Path) -> tuple[int, str]:
    """State first, then databases, then runs: a journal holds what an earlier snapshot cites."""
    is_run = path.parts[0] == RUNS_NAME
    return (2 if is_run else int(path.suffix == DATABASE_SUFFIX)), path.as_posix()


def _add(archive: tarfile.TarFile, home: Path, path: Path) -> Stored:
    name = path.relative_to(home).as_posix()
    if path.suffix == DATABASE_SUFFIX:
        return _add_bytes(archive, name, database_bytes(path))
    data = path.read_bytes()
    if path.suffix in RECORD_SUFFIXES:
        try:
            data = data[: whole_size(data)]
        except StorageError as error:
            raise StorageError(f"{path}: {error}; look with foreshock verify") from error
    return _add_bytes(archive, name, data)


def database_bytes(path: Path) -> bytes:
    """A database as one consistent file, while others may write it. Raises sqlite3.Error."""
    with tempfile.TemporaryDirectory(prefix="foreshock-backup-") as folder:
        copy = Path(folder) / path.name
        source, target = sqlite3.connect(f"file:{path}?mode=ro", uri=True), sqlite3.connect(copy)
        try:
            source.backup(target)
            (answer,) = target.execute("pragma integrity_check").fetchone()
        finally:
            source.close()
            target.close()
        if answer != "ok":
            raise StorageError(f"{path} is damaged: {answer}; foreshock rebuild writes it anew")
        return copy.read_bytes()


def _add_bytes(archive: tarfile.TarFile, name: str, data: bytes) -> Stored:
    member = tarfile.TarInfo(name)
    member.size, member.mode = len(data), 0o600
    archive.addfile(member, io.BytesIO(data))
    return Stored(name, len(data), hashlib.sha256(data).hexdigest())


def _take(opened: tarfile.TarFile, member: tarfile.TarInfo, into: Path) -> Stored:
    name, source = _safe(member), opened.extractfile(member)
    if source is None:
        raise StorageError(f"{name} is no file")
    with source:
        return _copy(source, into, name)


def _safe(member: tarfile.TarInfo) -> str:
    """The name of a plain file inside. Raises StorageError for anything else."""
    path = PurePosixPath(member.name)
    if not member.isreg() or path.is_absolute() or ".." in path.parts:
        raise StorageError(f"{member.name!r} has no place in a backup")
    return member.name


def _copy(source: IO[bytes], into: Path, name: str) -> Stored:
    path = into / name
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    digest, size = hashlib.sha256(), 0
    with path.open("xb") as target:
        os.fchmod(target.fileno(), 0o600)
        while chunk := source.read(CHUNK):
            digest.update(chunk)
            size += len(chunk)
            target.write(chunk)
        target.flush()
        os.fsync(target.fileno())
    return Stored(name, size, digest.hexdigest())
