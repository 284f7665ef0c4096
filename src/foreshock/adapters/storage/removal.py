"""Which recordings are old, and how do they go? Whole run folders, and their rows in SQL.

Never the newest run of its kind, never one that is written to, nothing that is not a run folder.
Rows of configurations and packages stay: they say for how long this desk has traded on paper.
"""

import re
import shutil
import sqlite3
from collections.abc import Sequence
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import msgspec

from foreshock.adapters.storage.schema import CONFIGS, METADATA, PACKAGES
from foreshock.core.domain.errors import StorageError
from foreshock.core.domain.units import MICRO, Duration, Instant

RUN_NAME = re.compile(r"(\d{8}T\d{6})\d{6}Z-(demo|watch|paper|live)")
LIVE = "live"
RUNS_AT_ONCE_MAX = 50
"""Removed in one go; the next look takes the rest."""
BUSY_S_MAX = 10.0
KEPT_TABLES = frozenset({CONFIGS.name, PACKAGES.name})


class KeepFor(msgspec.Struct, frozen=True):
    """Ages after which runs go; None keeps them for good. live: those with real money."""

    others: Duration | None
    live: Duration | None


class OldRun(msgspec.Struct, frozen=True):
    """A run that may go. ended_us: when its last byte was written."""

    name: str
    mode: str
    ended_us: Instant
    bytes_count: int


def old_runs(runs: Path, keep: KeepFor, now_us: Instant, running: str = "") -> list[OldRun]:
    """Runs that are older than they are kept, oldest first. Raises StorageError."""
    try:
        found = [_run(folder) for folder in sorted(runs.glob("*")) if _is_run(folder)]
    except OSError as error:
        raise StorageError(f"cannot look through {runs}: {error.strerror}") from error
    newest = {run.mode: run.name for run in found}
    spared = {running, *newest.values()}
    return [run for run in found if run.name not in spared and _is_old(run, keep, now_us)]


def remove_run(runs: Path, run: OldRun) -> None:
    """Delete a run folder, whole: half of one would look damaged. Raises StorageError."""
    folder, doomed = runs / run.name, runs / f".removed-{run.name}"
    try:
        folder.rename(doomed)
        shutil.rmtree(doomed)
    except OSError as error:
        raise StorageError(f"cannot delete {folder}: {error.strerror}") from error


def sweep_up(runs: Path) -> None:
    """Finish what an earlier removal did not. Raises StorageError."""
    try:
        for doomed in runs.glob(".removed-*"):
            shutil.rmtree(doomed)
    except OSError as error:
        raise StorageError(f"cannot delete in {runs}: {error.strerror}") from error


def remove_rows(database: Path, names: Sequence[str]) -> int:
    """Delete the rows of these runs, a run a transaction; returns how many. Raises StorageError."""
    if not database.is_file() or not names:
        return 0
    try:
        with closing(sqlite3.connect(database, timeout=BUSY_S_MAX)) as connection:
            there = {row[0] for row in connection.execute("SELECT name FROM sqlite_master")}
            tables = [t.name for t in METADATA.sorted_tables if t.name in there - KEPT_TABLES]
            return sum(_remove_rows_of(connection, tables, name) for name in names)
    except sqlite3.Error as error:
        raise StorageError(f"cannot delete rows in {database}: {error}") from error


def _remove_rows_of(connection: sqlite3.Connection, tables: Sequence[str], run: str) -> int:
    with connection:
        return sum(
            connection.execute(f'DELETE FROM "{table}" WHERE run = ?', (run,)).rowcount  # noqa: S608 - names of our own tables
            for table in tables
        )


def _is_run(folder: Path) -> bool:
    is_named = RUN_NAME.fullmatch(folder.name) is not None
    return is_named and folder.is_dir() and not folder.is_symlink()


def _run(folder: Path) -> OldRun:
    match = RUN_NAME.fullmatch(folder.name)
    started = datetime.strptime(folder.name[:15], "%Y%m%dT%H%M%S").replace(tzinfo=UTC)
    files = [path.stat() for path in folder.rglob("*") if path.is_file()]
    last_s = max([started.timestamp(), *(each.st_mtime for each in files)])
    mode = "" if match is None else match.group(2)
    size = sum(each.st_size for each in files)
    return OldRun(folder.name, mode, Instant(int(last_s * MICRO)), size)


def _is_old(run: OldRun, keep: KeepFor, now_us: Instant) -> bool:
    age_max = keep.live if run.mode == LIVE else keep.others
    return age_max is not None and now_us - run.ended_us > age_max
