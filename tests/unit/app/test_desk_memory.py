"""Does a start find exactly what the last run left, however it ended, and change nothing itself?"""

import random
from functools import cache

import pytest

from foreshock.adapters.sim.disk import Mount, SimDisk
from foreshock.adapters.storage.journal import JOURNAL_NAME, Told, read_journal
from foreshock.app.config import load_settings
from foreshock.app.desk_memory import SNAPSHOT_STEPS, DeskMemory, file_name
from foreshock.app.feeds import Feeds
from foreshock.app.recorder import Recorder
from foreshock.app.wiring import DeskConfig, build, desk_config, start_message
from foreshock.app.worker import Worker
from foreshock.core.domain.errors import ConfigError, StorageError
from foreshock.core.domain.messages.decisions import LimitsMeasured, PackageClosed, PackageOpened
from foreshock.core.domain.messages.operations import HaltRequested
from foreshock.core.domain.messages.risk import DeskRestored
from foreshock.core.domain.messages.trading import TimerFired
from foreshock.core.domain.messages.union import Message
from foreshock.core.domain.units import SECOND, Duration, Instant
from foreshock.core.engine import Engine
from tests.trading import START, A, B, closed, contracts, dollars, filled, order, request

SECOND_LEG = order("r1/1.1", market=B, outcome="no", purpose="hedge")
LEGS: tuple[Message, ...] = (
    PackageOpened("r1", request()),
    order("r1/0.0"),
    filled("r1/0.0", 1, 6, fee=70_000),
    filled("r1/0.0", 2, 4, fee=30_000),
    closed("r1/0.0", 10),
    SECOND_LEG,
    filled("r1/1.1", 1, 10, 48, fee=20_000),
    closed("r1/1.1", 10),
)
NAME = file_name("paper")


HEDGED = PackageClosed(
    "r1",
    "pair-1",
    "hedged",
    contracts(10),
    dollars(9),
    dollars(0),
    dollars(10),
    dollars(1),
    Duration(0),
)


@cache
def config(mode: str = "paper") -> DeskConfig:
    return desk_config("paper" if mode == "paper" else "demo", "TEST", load_settings({}))


def _unseen(name: str, offset: int, data: bytes) -> None:
    """Nobody looks at what becomes durable."""


class Machine:
    """A disk, and the runs that are started on it; each hears what a test tells it."""

    def __init__(self) -> None:
        self.disk = SimDisk(_unseen)
        self.starts_count = 0
        self.is_alive = True

    def start(self, mode: str = "paper", *, whole: bool = False) -> "Run":
        self.starts_count += 1
        self.is_alive = True
        self.disk.rules.crash_in = None
        mount = Mount(self.disk, lambda: self.is_alive)
        return Run(mount, f"runs/{self.starts_count:03d}", config(mode), whole=whole)

    def kill(self) -> None:
        self.is_alive = False
        self.disk.lose_power(random.Random(7))

    def is_armed(self) -> bool:
        """Whether the crash that was ordered is still to come."""
        return self.disk.rules.crash_in is not None


class Run:
    """One run: memory, recorder and either a whole desk or one that only listens."""

    def __init__(self, mount: Mount, name: str, config: DeskConfig, *, whole: bool) -> None:
        self.name = name
        self.now_us = Instant(START)
        self.memory = DeskMemory(mount, config, name)
        self.restored = self.memory.restored(self.now_us)
        self.found = self.memory.books_hash()
        listeners = [self.memory.listen]
        self.worker = (
            build(config, listeners).worker if whole else Worker(Engine([]), Feeds({}), listeners)
        )
        self.recorder = Recorder(lambda file: mount.open(f"{name}/{file}"), (self.memory.recorded,))
        self.said: list[Message] = []
        self.tell(start_message(config, "test", "test"), *self.restored)

    def tell(self, *messages: Message, later: int = 0) -> None:
        self.now_us = Instant(self.now_us + later)
        work = self.worker.take(messages, self.now_us)
        self.said += [entry.message for step in work.steps for entry in step.said]
        self.recorder.record(work)


def test_the_first_start_has_nothing_to_restore() -> None:
    run = Machine().start()
    assert run.restored == []


def test_e7_three_starts_without_anything_between_have_the_same_books() -> None:
    machine = Machine()
    first = machine.start()
    first.tell(*LEGS)
    machine.kill()
    hashes, again = [first.memory.books_hash()], first
    for count in range(3):
        again = machine.start()
        kinds = [type(message).__name__ for message in again.restored]
        assert kinds == (["DeskRestored", "PackageClosed"] if not count else ["DeskRestored"])
        hashes.append(again.memory.books_hash())
        machine.kill()
    assert len(set(hashes)) == 1
    assert set(again.memory.markets()) == {A, B}


def test_nothing_is_lost_that_was_on_record_whether_a_snapshot_followed_or_not() -> None:
    machine = Machine()
    run = machine.start()
    run.tell(*LEGS[:4])
    run.tell(*LEGS[4:], later=61 * SECOND)
    snapshots = [name for name in machine.disk.contents if name == NAME]
    assert snapshots
    run.tell(order("r2/0.0", package_id="r2"), filled("r2/0.0", 1, 3))
    machine.kill()
    assert machine.start().found == run.memory.books_hash()


def test_a_snapshot_follows_time_and_steps() -> None:
    machine = Machine()
    run = machine.start()
    before = bytes(machine.disk.contents[NAME].data)
    run.tell(TimerFired("t"))
    assert bytes(machine.disk.contents[NAME].data) == before
    run.tell(TimerFired("t"), later=60 * SECOND)
    assert bytes(machine.disk.contents[NAME].data) != before
    before = bytes(machine.disk.contents[NAME].data)
    run.tell(*[TimerFired("t")] * SNAPSHOT_STEPS)
    assert bytes(machine.disk.contents[NAME].data) != before


def test_e1_a_crash_at_every_durable_write_loses_only_what_was_never_acknowledged() -> None:
    """crash@k: whatever was acknowledged is there after the restart, and nothing is there twice."""
    reached = 0
    for crash_in in range(1, 60):
        machine = Machine()
        run = machine.start()
        acknowledged = run.memory.books_hash()
        expected = {acknowledged}
        machine.disk.rules.crash_in = crash_in
        try:
            for message in (*LEGS, *LEGS[1:]):
                run.tell(message, later=31 * SECOND)
                acknowledged = run.memory.books_hash()
        except StorageError:
            expected = {acknowledged, run.memory.books_hash()}
        else:
            expected = {acknowledged}
        reached += not machine.is_armed()
        machine.kill()
        first = machine.start()
        assert first.found in expected
        machine.kill()
        assert machine.start().found == first.memory.books_hash()
    assert reached > 25


def test_e1_a_crash_in_the_start_itself_is_the_same_start_again() -> None:
    for crash_in in range(1, 8):
        machine = Machine()
        first = machine.start()
        first.tell(*LEGS)
        machine.kill()
        machine.starts_count += 1
        machine.disk.rules.crash_in = crash_in
        mount = Mount(machine.disk, lambda: True)
        try:
            Run(mount, "runs/002", config(), whole=False)
        except (StorageError, ConfigError):
            machine.kill()
        else:
            continue
        again = machine.start()
        assert again.found == first.memory.books_hash()
        assert isinstance(again.restored[0], DeskRestored)


@pytest.mark.parametrize("place", ["snapshot", "journal"])
def test_e4_damage_stops_the_start_and_says_what_to_do(place: str) -> None:
    machine = Machine()
    run = machine.start()
    run.tell(*LEGS)
    machine.kill()
    name = NAME if place == "snapshot" else f"{run.name}/{JOURNAL_NAME}"
    machine.disk.contents[name].data[40] ^= 1
    with pytest.raises(ConfigError, match="foreshock verify"):
        machine.start()


def test_e3_a_full_disk_stops_the_run_and_loses_nothing_on_record() -> None:
    machine = Machine()
    run = machine.start()
    run.tell(*LEGS[:4])
    kept = run.memory.books_hash()
    machine.disk.rules.room = 100
    with pytest.raises(StorageError):
        run.tell(*LEGS[4:])
    machine.is_alive = False
    machine.disk.rules.room = None
    assert machine.start().found == kept


def test_e3_a_start_on_a_full_disk_asks_for_room_and_for_nothing_to_be_removed() -> None:
    machine = Machine()
    run = machine.start()
    run.tell(*LEGS)
    kept = run.memory.books_hash()
    machine.kill()
    machine.disk.rules.room = 100
    with pytest.raises(ConfigError, match="make room") as told:
        machine.start()
    assert "remove" not in str(told.value)
    machine.disk.rules.room = None
    assert machine.start().found == kept


def test_a_demo_begins_anew_each_time() -> None:
    machine = Machine()
    machine.start("demo").tell(*LEGS)
    machine.kill()
    assert machine.start("demo").restored == []
    assert NAME not in machine.disk.contents


def test_the_whole_desk_carries_on_with_books_stops_and_limits_used() -> None:
    """High-water mark, day's loss and what is held, as the guardian of the next run tells them."""
    machine = Machine()
    first = machine.start(whole=True)
    first.tell(*LEGS, HEDGED, later=SECOND)
    first.tell(HaltRequested("kalshi", "a person", "lunch"))
    machine.kill()
    second = machine.start(whole=True)
    uses = [m for m in second.said if isinstance(m, LimitsMeasured)][-1].uses
    used = {(use.code, use.scope): use.used for use in uses}
    assert used["MARKET_LIMIT", A] == dollars(45) // 10
    assert used["PLATFORM_LIMIT", "kalshi"] == dollars(48) // 10
    assert used["PACKAGES_OPEN_MAX", "all"] == 0
    machine.kill()
    third = machine.start(whole=True)
    assert [m for m in third.said if isinstance(m, LimitsMeasured)][-1].uses == uses


def test_a_run_that_was_restored_tells_so_in_its_own_journal() -> None:
    """So that it can be replayed alone, with nothing to look up elsewhere."""
    machine = Machine()
    machine.start().tell(*LEGS)
    machine.kill()
    run = machine.start()
    file = Mount(machine.disk, lambda: True).open(f"{run.name}/{JOURNAL_NAME}")
    second = list(read_journal(file))[1]
    assert isinstance(second.input, Told)
    assert isinstance(second.input.message, DeskRestored)
    assert second.input.message.run == "runs/001"
