"""Fault rows E1-E14, E16: processes, disks, queues. E10 and E15 stand in files of their own.

What a power loss leaves is what `MemoryFile` and the simulated disk spare; runs that crash are
whole desks of `foreshock sim`, judged by every invariant.
"""

import asyncio
import sqlite3
from pathlib import Path

import msgspec
import pytest

from foreshock.adapters.sim.conditions import FrameRule
from foreshock.adapters.storage.files import MemoryFile
from foreshock.adapters.storage.journal import JOURNAL_NAME, Journal, Step, Told, read_journal
from foreshock.adapters.storage.projections import Projections
from foreshock.app import inbox as inbox_module
from foreshock.app import projector as projector_module
from foreshock.app.config import load_settings
from foreshock.app.inbox import Inbox
from foreshock.app.lease import CODE, Claimant, DiskLease, fenced, take_lease
from foreshock.app.projector import Projector
from foreshock.app.recorder import Recorder
from foreshock.app.simulation.story import run_seed
from foreshock.app.worker import Work
from foreshock.core.domain.errors import ConfigError, StorageError
from foreshock.core.domain.messages.decisions import Halted, Resumed
from foreshock.core.domain.messages.market_data import MarketListed
from foreshock.core.domain.messages.operations import HaltRequested, LoopLagged, ResumeRequested
from foreshock.core.domain.messages.trading import OrderFilled, PlaceOrder, TimerFired
from foreshock.core.domain.units import Duration, Instant
from foreshock.core.engine import OUTSIDE, Entry
from tests.mutants.stories import ask
from tests.samples import market
from tests.scenarios.test_market_data_c import measure, ready, refusal
from tests.scenarios.watched import WatchedScene
from tests.trading import START, A, order

ACCOUNT = "kalshi-1"


def steps(count: int) -> list[Step]:
    """Steps as a run has them: a halt and its end, in turn."""
    said = (Halted("all", "a person", "enough"), Resumed("all", "a person"))
    return [
        Step(
            n,
            Instant(START + n),
            Told(HaltRequested("all", "a person", "x")),
            (Entry(1, 0, "guardian", said[n % 2]),),
        )
        for n in range(1, count + 1)
    ]


@pytest.mark.parametrize("seed", [2, 5])
def test_E1_a_crash_between_any_two_durable_writes_loses_nothing(seed: int) -> None:
    """The disk kills the process in the middle of an act; the next one starts from the bytes."""
    report = run_seed(seed, "crash")
    assert report.reached["restart"] > 0
    assert report.violations == ()
    assert report.failures == ()


async def test_E2_a_locked_database_stops_nobody_and_loses_no_row(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(projector_module, "FLUSH_S", 0.01)
    database = tmp_path / "p.sqlite"
    Projections(database).close()
    told: list[str] = []
    projector = Projector("run", Projections(database), told.append)
    lock = sqlite3.connect(database, isolation_level=None)
    lock.execute("begin exclusive")
    projector.listen(1, Entry(0, None, OUTSIDE, MarketListed(market(A))), START)
    running = asyncio.create_task(projector.run())
    file = MemoryFile()
    for step in steps(50):  # the journal does not know of the database
        Recorder(lambda _: file).record(Work((), (step,), ()))
        await asyncio.sleep(0)
    assert not running.done()
    lock.execute("rollback")
    lock.close()
    await asyncio.sleep(0.3)
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    projector.close()
    with sqlite3.connect(database) as reader:
        assert reader.execute("select count(*) from markets").fetchone() == (1,)
    reader.close()


def test_E3_a_full_disk_refuses_and_keeps_what_was_whole() -> None:
    whole = MemoryFile()
    Journal(whole).append(steps(6))
    for room in range(0, len(whole.read()), 7):
        files = {JOURNAL_NAME: MemoryFile(bytes_max=room)}
        recorder = Recorder(lambda name, on=files: on.setdefault(name, MemoryFile()))
        with pytest.raises(StorageError, match="disk full"):
            recorder.record(Work((), tuple(steps(6)), ()))
        kept = Journal(MemoryFile(files[JOURNAL_NAME].read())).recover()
        assert kept == steps(6)[: len(kept)]


@pytest.mark.parametrize("seed", [6])
def test_E3_a_desk_on_a_full_disk_sends_nothing_that_it_cannot_write(seed: int) -> None:
    report = run_seed(seed, "disk")
    assert report.violations == ()
    assert report.failures == ()


def test_E4_every_flipped_byte_is_noticed_and_only_a_torn_tail_is_cut() -> None:
    file = MemoryFile()
    journal = Journal(file)
    ends = [0]
    for step in steps(3):
        journal.append([step])
        ends.append(len(file.read()))
    data = file.read()
    for index in range(len(data)):
        spoilt = bytearray(data)
        spoilt[index] ^= 0x40
        try:
            kept = list(read_journal(MemoryFile(bytes(spoilt))))
        except StorageError:
            continue
        assert index >= ends[2], f"byte {index} of the middle was taken for a torn tail"
        assert kept == steps(3)[:2]
    for size in range(len(data)):
        kept = Journal(MemoryFile(data[:size])).recover()
        assert kept == steps(3)[: sum(end <= size for end in ends[1:])]


def test_E5_a_power_loss_spares_everything_that_was_acted_on() -> None:
    files: dict[str, MemoryFile] = {}
    recorder = Recorder(lambda name: files.setdefault(name, MemoryFile()))
    recorder.record(Work((), tuple(steps(4)), ()))
    spared = files[JOURNAL_NAME].survivors()
    assert Journal(MemoryFile(spared)).recover() == steps(4)
    files[JOURNAL_NAME].append(b"not yet synced")
    assert files[JOURNAL_NAME].survivors() == spared


def test_E7_a_run_told_three_times_is_one_run() -> None:
    at = ready()
    for _ in range(3):
        at.trade(10)
        at.desk.run(20)
    first = at.desk.file.read()
    for _ in range(3):
        assert at.replayed() == []
    assert at.desk.file.read() == first
    fills = [fill.fill_id for fill in at.desk.said(OrderFilled)]
    assert len(fills) == len(set(fills))


def test_E8_twins_never_take_each_others_fills() -> None:
    """The same order twice, at one instant: only names tell them apart."""
    at = ready()
    at.desk.rule("polymarket", effect="drop_answer", method="POST", path="/order", count=2)
    for _ in range(2):
        ask(at, 10)
    at.desk.run(60)
    fills = at.desk.said(OrderFilled)
    placed = {x.order_id: x for x in at.desk.said(PlaceOrder)}
    by_package: dict[str, int] = {}
    for fill in fills:
        by_package.setdefault(placed[fill.order_id].package_id, 0)
        by_package[placed[fill.order_id].package_id] += fill.quantity
    assert sorted(by_package) == ["r1", "r2"]
    assert len(set(by_package.values())) == 1
    at.enter("rest")
    assert not at.violations, at.violations[:2]


def test_E9_a_second_desk_is_refused_and_a_replaced_one_sends_nothing(tmp_path: Path) -> None:
    path = tmp_path / "account.lease"
    first = take_lease(ACCOUNT, DiskLease(path), Claimant("aaa", "pid 7", "/home"), START)
    with pytest.raises(ConfigError, match="pid 7"):
        take_lease(ACCOUNT, DiskLease(path), Claimant("aaa", "pid 8", "/home"), START)
    judge = fenced([first], lambda _order, _now: None)
    assert judge(order(), START) is None
    path.unlink()  # a file server forgot the lock
    second = take_lease(ACCOUNT, DiskLease(path), Claimant("aaa", "pid 8", "/home"), START)
    refused = judge(order(), START)
    assert refused is not None
    assert refused.refusal.code == CODE
    second.release()


@pytest.mark.parametrize("seed", [1])
def test_E9_two_desks_in_one_world_violate_nothing(seed: int) -> None:
    report = run_seed(seed, "twin")
    assert report.faults.get("second process", 0) > 0
    assert report.violations == ()


INTERLEAVINGS_US = [*range(0, 4_000, 500), *range(4_000, 130_000, 6_000)]


@pytest.mark.parametrize("scope", ["all", "polymarket", "kalshi"])
def test_E11_a_halt_at_any_moment_of_a_package_holds_and_survives(scope: str) -> None:
    """Between decision, signature, record, send, answer and hedge."""
    for after_us in INTERLEAVINGS_US:
        at = ready()
        at.desk.sign_takes = Duration(2_000)
        ask(at, 10)
        at.desk.run(after_us / 1_000_000)
        at.desk.tell(HaltRequested(scope, "a person", "enough"))
        ask(at, 10)
        at.desk.run(30)
        at.enter("rest")
        assert not at.violations, f"halted after {after_us} us: {at.violations[0]}"
        assert not [x for x in at.desk.said(Resumed) if x.scope == scope]
        at.desk.tell(ResumeRequested(scope, "a person"))


def test_E12_a_loop_that_stalls_stops_entries_for_a_while() -> None:
    at = ready()
    at.desk.tell(LoopLagged(Duration(1_000_000)))
    measure(at)
    ask(at, 10)
    assert refusal(at) == "STALE_PRICE"
    at.desk.run(1.1)
    at.see_books()
    ask(at, 10)
    assert refusal(at) is None


async def test_E13_ten_times_the_load_waits_outside_and_messages_never_do(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(inbox_module, "FRAMES_MAX", 20)
    inbox = Inbox()
    feeds = [asyncio.create_task(inbox.put_frame(1, "ws", b"x")) for _ in range(200)]
    await asyncio.sleep(0)
    assert sum(feed.done() for feed in feeds) == 20
    inbox.put(TimerFired("a halt"))
    assert TimerFired("a halt") in await inbox.take()
    taken = 20
    while taken < 200:
        taken += len(await inbox.take())
        await asyncio.sleep(0)


def test_E14_whatever_is_told_twice_counts_once() -> None:
    """There is no bus; what venues tell again is the redelivery that exists."""
    at = WatchedScene()
    at.offer_both()
    at.ready()
    for account in at.accounts:
        account.trading.faults.conditions.add_frame_rule(
            msgspec.convert({"effect": "duplicate", "count": None}, FrameRule)
        )
    at.trade(10)
    at.desk.run(60)
    at.enter("rest")
    assert at.held("polymarket") == (10, 0)
    assert at.ours(at.a, "yes") == 10
    assert not at.violations, at.violations[:2]


def test_E16_another_build_is_named_and_an_unknown_key_is_fatal(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "account.lease"
    lease = take_lease(ACCOUNT, DiskLease(path), Claimant("old", "pid 7", "/home"), START)
    with pytest.raises(ConfigError, match=r"build old \(this is build new\)"):
        take_lease(ACCOUNT, DiskLease(path), Claimant("new", "pid 8", "/home"), START)
    lease.release()
    monkeypatch.setenv("FORESHOCK_HOME", str(tmp_path))
    (tmp_path / "config.toml").write_text("[scanner]\nold_power_peg = true\n")
    with pytest.raises(ConfigError, match="old_power_peg"):
        load_settings({})
