"""The broom deletes what is old, says so, and touches nothing that a start needs."""

import asyncio
from pathlib import Path

import pytest

from foreshock.adapters.storage.removal import KeepFor
from foreshock.app import retention
from foreshock.app.config import RetentionSection
from foreshock.app.retention import Broom, retention_rules
from foreshock.core.domain.messages.alerting import RecordingsRemoved
from foreshock.core.domain.messages.union import Message
from foreshock.core.domain.units import DAY, Duration
from tests.unit.adapters.storage.test_removal import NOW, a_run, named

STATE = ("halts.json", "verdicts.jsonl", "baselines.fsb", "outbox.jsonl", "watchlist.json")


def aged(home: Path) -> Path:
    """A data folder with runs of 2020 and the files that a start needs."""
    for day in (1, 2, 3):
        a_run(home / "runs", named(day).replace("2026", "2020"), NOW / DAY)
    for name in STATE:
        (home / name).write_text("{}")
    return home


def test_old_runs_are_deleted_and_told(tmp_path: Path) -> None:
    keep = retention_rules(RetentionSection(days=1, live_days=0))
    broom = Broom(aged(tmp_path), named(2).replace("2026", "2020"), keep)
    old = [run.name for run in broom.old()]
    assert old == [named(1).replace("2026", "2020")], "the running and the newest one stay"
    removed = broom.sweep("a person")
    assert removed.runs == tuple(old)
    assert removed.bytes_count == 10
    assert removed.older_than == DAY
    assert removed.live_older_than is None
    assert all((tmp_path / name).exists() for name in STATE)
    assert broom.sweep("a person").runs == ()


def test_nothing_goes_where_everything_is_kept(tmp_path: Path) -> None:
    keep = retention_rules(RetentionSection(days=0, live_days=0))
    assert keep == KeepFor(None, None)
    assert Broom(aged(tmp_path), "", keep).old() == []


async def test_the_desk_looks_by_itself_and_a_disk_that_refuses_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(retention, "FIRST_LOOK_S", 0.0)
    monkeypatch.setattr(retention, "LOOK_EVERY_S", 0.01)
    told: list[Message] = []
    broom = Broom(tmp_path, "", KeepFor(Duration(DAY), None))
    task = asyncio.create_task(broom.run(told.append))
    while not told:
        await asyncio.sleep(0.01)
    doomed = tmp_path / "runs" / ".removed-x"
    doomed.parent.mkdir()
    doomed.write_text("a file where a folder should be")
    count = len(told) + 1
    while len(told) <= count:
        await asyncio.sleep(0.01)
    task.cancel()
    first, last = told[0], told[-1]
    assert isinstance(first, RecordingsRemoved)
    assert first.by == "the desk"
    assert isinstance(last, RecordingsRemoved)
    assert "could not" in last.by
