"""Nothing leaves before it is on record, and a disk that refuses ends the desk."""

from collections.abc import Callable

import pytest

from foreshock.adapters.storage.files import MemoryFile
from foreshock.adapters.storage.journal import JOURNAL_NAME, Told, read_journal
from foreshock.app.config import load_settings
from foreshock.app.loop import Desk
from foreshock.app.recorder import Recorder
from foreshock.app.replay import replay
from foreshock.app.wiring import Parts, build, desk_config, start_message
from foreshock.core.domain.errors import StorageError
from foreshock.core.domain.messages.operations import DeskStopped, HaltRequested
from foreshock.core.ports import File

HALTS = 200


class Disk:
    """Files in memory; the journal takes `bytes_max` and then is full."""

    def __init__(self, bytes_max: int | None) -> None:
        self.files: dict[str, MemoryFile] = {JOURNAL_NAME: MemoryFile(bytes_max=bytes_max)}

    def open(self, name: str) -> File:
        return self.files.setdefault(name, MemoryFile())


@pytest.fixture
def parts_of(monkeypatch: pytest.MonkeyPatch) -> Callable[[], Parts]:
    monkeypatch.setenv("FORESHOCK_HOME", "/nowhere")
    return lambda: build(desk_config("demo", "test", load_settings({})), [])


def desk_on(disk: Disk, parts: Parts) -> Desk:
    desk = Desk(parts.worker, parts.feeds, Recorder(disk.open), parts.venue, parts.gate.judge)
    desk.inbox.put(start_message(desk_config("demo", "test", load_settings({})), "test", "test"))
    for number in range(HALTS):
        desk.inbox.put(HaltRequested("all", "a test", f"reason {number}"))
    return desk


async def test_a_desk_works_until_stopped_and_its_run_replays(
    parts_of: Callable[[], Parts],
) -> None:
    disk = Disk(None)
    desk = desk_on(disk, parts_of())
    desk.stop("enough")
    desk.stop("a second reason does not count")
    await desk.run()
    steps = list(read_journal(disk.open(JOURNAL_NAME)))
    assert len(steps) == HALTS + 2
    assert steps[-1].input == Told(DeskStopped("enough"))
    replayed = replay(disk.open, parts_of().worker)
    assert (replayed.steps_count, replayed.differences) == (HALTS + 2, ())


@pytest.mark.timeout(20)
@pytest.mark.parametrize("room", [0, 10, 15_000, 30_000])
async def test_a_full_disk_ends_the_desk_and_what_is_on_it_replays(
    parts_of: Callable[[], Parts], room: int
) -> None:
    disk = Disk(room)
    desk = desk_on(disk, parts_of())
    with pytest.raises(ExceptionGroup) as caught:
        await desk.run()
    matched, rest = caught.value.split(StorageError)
    assert rest is None
    assert matched is not None
    assert "disk full" in str(matched.exceptions[0])
    steps = list(read_journal(disk.open(JOURNAL_NAME)))
    assert len(steps) < HALTS + 2
    if steps:
        assert replay(disk.open, parts_of().worker).differences == ()
