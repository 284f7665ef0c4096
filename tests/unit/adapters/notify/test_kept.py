"""The file beside the outbox brings back what was not told, and never stops a start."""

from pathlib import Path

import pytest

from foreshock.adapters.notify import kept as module
from foreshock.adapters.notify.kept import KeptOutbox
from foreshock.adapters.notify.outbox import Outbox, jittered
from foreshock.adapters.storage.files import DiskFolder
from foreshock.core.domain.messages.alerting import Notified, NotifyFailed
from tests.trading import START
from tests.unit.adapters.notify.told import notify


def outbox() -> Outbox:
    return Outbox(lambda each: each.sink, jittered("test"))


def restored(home: Path) -> tuple[Outbox, KeptOutbox, int]:
    box, kept = outbox(), KeptOutbox(DiskFolder(home), is_simulated=False)
    return box, kept, kept.restore(box, START)


def test_what_was_told_or_given_up_is_not_brought_back(tmp_path: Path) -> None:
    _, kept, _ = restored(tmp_path)
    for number in range(4):
        kept.keep(notify(number))
    kept.keep(Notified("discord/n0", "discord", 1))
    kept.keep(NotifyFailed("discord/n1", "discord", "answered 400"))
    kept.close()
    box, _, bad_count = restored(tmp_path)
    assert [each.dedupe_key for each in box.waiting()] == ["discord/n2", "discord/n3"]
    assert bad_count == 0
    assert box.add(notify(0), START) == []
    assert len(box.waiting()) == 2


def test_a_start_writes_the_file_anew_and_keeps_what_counts(tmp_path: Path) -> None:
    _, kept, _ = restored(tmp_path)
    for number in range(200):
        kept.keep(notify(number))
        kept.keep(Notified(f"discord/n{number}", "discord", 1))
    kept.close()
    size = (tmp_path / "outbox.jsonl").stat().st_size
    restored(tmp_path)
    assert (tmp_path / "outbox.jsonl").stat().st_size < size / 3
    box, _, _ = restored(tmp_path)
    assert box.waiting() == []
    assert box.done_keys()[-1] == "discord/n199"


def test_a_long_file_is_written_anew_while_it_runs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "FILE_BYTES_MAX", 1_000)
    box, kept, _ = restored(tmp_path)
    for number in range(10):
        box.add(notify(number), START)
        kept.keep(notify(number))
        box.done(f"discord/n{number}")
    assert kept.is_long()
    kept.compact(box)
    assert not kept.is_long()
    kept.keep(notify(99))
    kept.close()
    assert [each.dedupe_key for each in restored(tmp_path)[0].waiting()] == ["discord/n99"]


def test_damage_costs_its_own_line_only(tmp_path: Path) -> None:
    _, kept, _ = restored(tmp_path)
    kept.keep(notify(1))
    kept.close()
    with (tmp_path / "outbox.jsonl").open("ab") as file:
        file.write(b'\xff\x00garbage\n{"type":"Halted"}\n{"type":"Notify"')
    box, _, bad_count = restored(tmp_path)
    assert [each.dedupe_key for each in box.waiting()] == ["discord/n1"]
    assert bad_count == 3


def test_simulated_notices_have_a_file_of_their_own(tmp_path: Path) -> None:
    simulated = KeptOutbox(DiskFolder(tmp_path), is_simulated=True)
    simulated.keep(notify(1))
    simulated.close()
    assert restored(tmp_path)[0].waiting() == []


def test_a_disk_that_refuses_is_remembered_and_stops_nobody(tmp_path: Path) -> None:
    (tmp_path / "outbox.jsonl").mkdir()
    box, kept, _ = restored(tmp_path)
    kept.keep(notify(1))
    assert "outbox.jsonl" in kept.failure
    assert box.waiting() == []
