"""Old runs go whole; nothing else ever does."""

import os
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from foreshock.adapters.storage.removal import (
    KeepFor,
    old_runs,
    remove_rows,
    remove_run,
    sweep_up,
)
from foreshock.core.domain.errors import StorageError
from foreshock.core.domain.units import DAY, MICRO, Duration, Instant

NOW = Instant(1_795_000_000 * MICRO)  # 2026-11-18 11:06:40
WEEK = KeepFor(Duration(7 * DAY), None)


def a_run(home: Path, name: str, days_old: float, size: int = 10) -> Path:
    folder = home / name
    folder.mkdir(parents=True)
    (folder / "journal.fsj").write_bytes(b"x" * size)
    at_s = NOW / MICRO - days_old * 86_400
    os.utime(folder / "journal.fsj", (at_s, at_s))
    return folder


def named(day: int, mode: str = "watch") -> str:
    return f"202611{day:02d}T000000000000Z-{mode}"


def names(home: Path, keep: KeepFor = WEEK, running: str = "") -> list[str]:
    return [run.name for run in old_runs(home, keep, NOW, running)]


def test_runs_older_than_they_are_kept_may_go(tmp_path: Path) -> None:
    a_run(tmp_path, named(1), 17, size=100)
    a_run(tmp_path, named(9), 9)
    a_run(tmp_path, named(16), 2)
    assert names(tmp_path) == [named(1), named(9)]
    assert old_runs(tmp_path, WEEK, NOW)[0].bytes_count == 100


def test_the_newest_of_every_mode_and_the_running_one_stay(tmp_path: Path) -> None:
    a_run(tmp_path, named(1, "paper"), 17)
    a_run(tmp_path, named(2, "demo"), 16)
    a_run(tmp_path, named(1), 17)
    a_run(tmp_path, named(2), 16)
    a_run(tmp_path, named(3), 15)
    assert names(tmp_path, running=named(1)) == [named(2)]


def test_a_run_that_was_written_to_lately_is_not_old(tmp_path: Path) -> None:
    a_run(tmp_path, named(1), 0.5)
    a_run(tmp_path, named(17), 0.1)
    assert names(tmp_path) == []


def test_runs_with_real_money_stay_unless_told_otherwise(tmp_path: Path) -> None:
    for day in (1, 2, 3):
        a_run(tmp_path, named(day, "live"), 18 - day)
    assert names(tmp_path) == []
    assert names(tmp_path, KeepFor(None, Duration(DAY))) == [named(1, "live"), named(2, "live")]


def test_what_is_no_run_folder_is_not_touched(tmp_path: Path) -> None:
    target = a_run(tmp_path / "elsewhere", named(1), 17)
    runs = tmp_path / "runs"
    runs.mkdir()
    (runs / named(2)).symlink_to(target)
    for name in ("notes", "20261101T000000Z-watch", named(3, "mine"), f"{named(4)}.bak"):
        a_run(runs, name, 17)
    (runs / named(5)).write_text("a file")
    a_run(runs, named(16), 1)
    assert names(runs) == []


def test_a_removed_run_is_gone_whole_and_a_broken_off_removal_is_finished(tmp_path: Path) -> None:
    a_run(tmp_path, named(1), 17)
    a_run(tmp_path, named(2), 16)
    (run,) = old_runs(tmp_path, WEEK, NOW)
    remove_run(tmp_path, run)
    assert not (tmp_path / run.name).exists()
    a_run(tmp_path, f".removed-{named(3)}", 17)
    assert names(tmp_path) == []
    sweep_up(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == [named(2)]
    with pytest.raises(StorageError, match="cannot delete"):
        remove_run(tmp_path, run)


def test_rows_of_removed_runs_go_but_what_shows_days_on_paper_stays(tmp_path: Path) -> None:
    database = tmp_path / "projections.sqlite"
    kept = {"edges": 1, "orders": 1, "configs": 3, "packages": 3, "a_stranger": 3}
    with closing(sqlite3.connect(database)) as connection, connection:
        for table in kept:
            connection.execute(f"CREATE TABLE {table} (run TEXT)")
            connection.execute(f"INSERT INTO {table} VALUES ('old'), ('old'), ('new')")  # noqa: S608 - names of the test's own
    assert remove_rows(database, ["old"]) == 4
    with closing(sqlite3.connect(database)) as connection:
        for table, count in kept.items():
            left = connection.execute(f"SELECT count(*) FROM {table}").fetchone()  # noqa: S608 - names of the test's own
            assert left == (count,)
    assert remove_rows(tmp_path / "none.sqlite", ["old"]) == 0
