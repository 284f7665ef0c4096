"""Who follows what a desk hears and says: in order, and each only what he does anything about."""

import pickle
from pathlib import Path
from typing import Protocol

import pytest

from foreshock.adapters.storage.files import DiskFolder
from foreshock.app.account_feeds import AccountFeeds
from foreshock.app.catalogue import PairWatch
from foreshock.app.clock_steps import ClockSteps
from foreshock.app.desk_memory import DeskMemory
from foreshock.app.feeds import Feeds
from foreshock.app.limits_record import LimitsRecord
from foreshock.app.open_packages import OpenPackages
from foreshock.app.payouts import Held
from foreshock.app.standing_halts import StandingHalts
from foreshock.app.verdict_store import VerdictStore
from foreshock.app.worker import Ear, Worker
from foreshock.core.domain.markets import MarketId
from foreshock.core.domain.messages.operations import HaltRequested, ResumeRequested
from foreshock.core.domain.messages.union import Message
from foreshock.core.domain.units import Instant
from foreshock.core.engine import Engine, Entry
from tests.unit.app.test_limits_record import config
from tests.unit.dashboard.told import one_of_each

NOW = Instant(1)


def nothing_booked() -> tuple[MarketId, ...]:
    return ()


class Follower(Protocol):
    @property
    def hears(self) -> frozenset[type[Message]]: ...

    def listen(self, step: int, entry: Entry, now_us: Instant, /) -> None: ...


def followers(home: Path) -> list[Follower]:
    folder = DiskFolder(home)
    return [
        StandingHalts(folder),
        OpenPackages(folder),
        LimitsRecord(folder, "paper"),
        VerdictStore(folder, is_simulated=False),
        DeskMemory(folder, config(), "runs/1"),
        PairWatch(),
        ClockSteps(),
        Held(nothing_booked),
    ]


def test_a_follower_ignores_what_does_not_reach_it(tmp_path: Path) -> None:
    for follower in followers(tmp_path):
        before = pickle.dumps(vars(follower))
        unheard = [m for m in one_of_each() if type(m) not in follower.hears]
        assert unheard
        for message in unheard:
            follower.listen(1, Entry(1, 0, "x", message), NOW)
        assert pickle.dumps(vars(follower)) == before, type(follower).__name__
    assert not [*tmp_path.iterdir()]


def test_accounts_ignore_what_does_not_reach_them() -> None:
    accounts = AccountFeeds((), {})
    assert {type(m) for m in one_of_each()} > accounts.hears


@pytest.mark.parametrize("is_late", [False, True])
def test_each_hears_its_types_in_the_order_of_the_listeners(*, is_late: bool) -> None:
    heard: list[str] = []

    def all_of_it(_step: int, entry: Entry, _now_us: Instant) -> None:
        heard.append(f"all {type(entry.message).__name__}")

    def halts(_step: int, entry: Entry, _now_us: Instant) -> None:
        heard.append(f"halts {type(entry.message).__name__}")

    ear = Ear(halts, frozenset[type[Message]]({HaltRequested}))
    worker = Worker(Engine([]), Feeds({}), [ear] if is_late else [ear, all_of_it])
    inputs = [HaltRequested("all", "a", "b"), ResumeRequested("all", "a")]
    if is_late:
        worker.take(inputs, NOW)
        assert heard == ["halts HaltRequested"]
        heard.clear()
        worker.hear(all_of_it)
    worker.take(inputs, NOW)
    assert heard == ["halts HaltRequested", "all HaltRequested", "all ResumeRequested"]
