"""The watch list changes while the desk runs, survives a restart, and streams nothing twice."""

import asyncio
from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from foreshock.adapters.storage.files import DiskFolder, MemoryFile
from foreshock.app import watch_list as module
from foreshock.app.config import load_settings
from foreshock.app.loop import Desk
from foreshock.app.recorder import Recorder
from foreshock.app.venues import Found, VenueLink
from foreshock.app.watch_list import NAMES_MAX, WatchList, WatchListFile, streams_of
from foreshock.app.wiring import build, desk_config
from foreshock.core.domain.errors import ConfigError
from foreshock.core.domain.markets import Market, MarketId
from foreshock.core.domain.messages.alerting import WatchListChanged, WatchListFound
from foreshock.core.domain.messages.market_data import ConnectionOpened, MarketListed
from foreshock.core.domain.messages.union import Message
from foreshock.core.engine import OUTSIDE, Entry
from tests.samples import market
from tests.trading import START
from tests.unit.app.test_catalogue import ScriptedLink

A, B = market("kalshi:A"), market("kalshi:B")


class SeriesLink(ScriptedLink):
    """A venue on which a name stands for what the test says at the moment."""

    def __init__(self) -> None:
        super().__init__(())
        self.stands_for: dict[str, tuple[Market, ...]] = {}

    async def discover(self, wanted: Sequence[str], busiest_max: int) -> Found:
        await asyncio.sleep(0)
        found = tuple(m for name in wanted for m in self.stands_for.get(name, ()))
        return Found(
            found, (), f"kalshi: {len(found)} active, {len(wanted) - len(found)} unresolved"
        )


def changed(identifier: str, *, is_watched: bool = True, by: str = "dashboard") -> WatchListChanged:
    return WatchListChanged("kalshi", identifier, is_watched, by)


def entry(message: Message) -> Entry:
    return Entry(0, None, OUTSIDE, message)


@pytest.fixture(autouse=True)
def hurry(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("FORESHOCK_HOME", str(tmp_path))
    for name in ("RESOLVE_EVERY_S", "OTHERS_PAUSE_S"):
        monkeypatch.setattr(module, name, 0.002)
    monkeypatch.setattr(module, "OTHERS_TRIES_MAX", 2)


class Scene:
    """A watch list, its desk, and which markets it streams at the moment."""

    def __init__(self, home: Path, link: VenueLink) -> None:
        parts = build(desk_config("watch", "WATCH", load_settings({})), [])
        files: dict[str, MemoryFile] = {}
        recorder = Recorder(lambda name: files.setdefault(name, MemoryFile()))
        self.desk = Desk(parts.worker, parts.feeds, recorder, parts.venue, parts.gate.judge)
        self.feeds = parts.feeds
        self.streams: list[tuple[MarketId, ...]] = []
        names = WatchListFile(DiskFolder(home), is_simulated=False)
        self.list = WatchList(names, [link], self._watch)
        self.told: list[WatchListFound] = []

    async def _watch(self, desk: Desk, link: VenueLink, ids: tuple[MarketId, ...]) -> None:
        self.streams.append(ids)
        try:
            await asyncio.Event().wait()
        finally:
            self.streams.remove(ids)

    def hear(self, message: Message) -> None:
        self.list.listen(1, entry(message), START)

    async def until(self, is_so: Callable[[], bool]) -> None:
        async with asyncio.timeout(5):
            while not is_so():
                await asyncio.sleep(0.001)

    async def found(self, count: int) -> list[WatchListFound]:
        async with asyncio.timeout(5):
            while len(self.told) < count:
                batch = await self.desk.inbox.take()
                self.told += [each for each in batch if isinstance(each, WatchListFound)]
        return self.told


@asynccontextmanager
async def running(home: Path, link: VenueLink) -> AsyncGenerator[Scene]:
    scene = Scene(home, link)
    task = asyncio.create_task(scene.list.run(scene.desk))
    try:
        yield scene
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
    assert scene.streams == [], "what was opened is given back"


async def test_a_name_is_streamed_from_now_on_and_no_longer_when_it_is_removed(
    tmp_path: Path,
) -> None:
    link = SeriesLink()
    link.stands_for["KXA"] = (A,)
    async with running(tmp_path, link) as scene:
        scene.hear(changed("KXA"))
        await scene.until(lambda: scene.streams == [(A.id,)])
        (found,) = await scene.found(1)
        assert (found.identifier, found.markets) == ("KXA", (A.id,))
        scene.hear(changed("KXA", is_watched=False))
        await scene.until(lambda: scene.streams == [])


async def test_a_series_goes_on_to_its_next_market(tmp_path: Path) -> None:
    link = SeriesLink()
    link.stands_for["KXA"] = (A,)
    async with running(tmp_path, link) as scene:
        scene.hear(changed("KXA"))
        await scene.until(lambda: scene.streams == [(A.id,)])
        link.stands_for["KXA"] = (B,)
        await scene.until(lambda: scene.streams == [(B.id,)])
        assert [found.markets for found in await scene.found(2)] == [(A.id,), (B.id,)]


async def test_a_name_that_is_none_says_so_and_is_tried_again(tmp_path: Path) -> None:
    link = SeriesLink()
    async with running(tmp_path, link) as scene:
        scene.hear(changed("KXNONE"))
        (found,) = await scene.found(1)
        assert (found.markets, found.words) == ((), "kalshi: 0 active, 1 unresolved")
        link.stands_for["KXNONE"] = (A,)
        await scene.until(lambda: scene.streams == [(A.id,)])


async def test_what_another_stream_carries_is_not_streamed_again(tmp_path: Path) -> None:
    link = SeriesLink()
    link.stands_for["KXA"] = (A, B)
    async with running(tmp_path, link) as scene:
        scene.feeds.hear(MarketListed(A), START)
        scene.feeds.hear(ConnectionOpened(1, "kalshi", "kalshi", (A.id,)), START)
        scene.hear(changed("KXA"))
        await scene.until(lambda: scene.streams == [(B.id,)])


async def test_a_venue_that_is_down_is_asked_until_it_answers(tmp_path: Path) -> None:
    link = ScriptedLink("it is down", (A,))
    async with running(tmp_path, link) as scene:
        scene.hear(changed("KXA"))
        (found,) = await scene.found(1)
        assert found.markets == (A.id,)


async def test_a_venue_of_another_run_is_named(tmp_path: Path) -> None:
    async with running(tmp_path, SeriesLink()) as scene:
        scene.hear(WatchListChanged("polymarket", "x", is_watched=True, by="dashboard"))
        (found,) = await scene.found(1)
        assert found.words == "polymarket is not part of this run"


def test_names_survive_a_restart_and_those_of_the_settings_come_with_them(tmp_path: Path) -> None:
    home = DiskFolder(tmp_path)
    first = WatchListFile(home, is_simulated=False)
    assert first.carried() == []
    for message in (changed("KXA"), changed("KXB"), changed("KXB", is_watched=False)):
        first.listen(1, entry(message), START)
    second = WatchListFile(home, is_simulated=False)
    carried = second.carried(["KXC", "KXA"])
    assert {(each.identifier, each.by) for each in carried} == {
        ("KXA", "settings"),
        ("KXC", "settings"),
    }
    for message in carried:
        second.listen(1, entry(message), START)
    assert [each.identifier for each in WatchListFile(home, is_simulated=False).carried()] == [
        "KXA"
    ]
    assert WatchListFile(home, is_simulated=True).carried() == []


def test_the_list_has_an_end_and_a_damaged_file_is_named(tmp_path: Path) -> None:
    home = DiskFolder(tmp_path)
    file = WatchListFile(home, is_simulated=False)
    for number in range(NAMES_MAX + 5):
        file.listen(1, entry(changed(f"KX{number}")), START)
    assert len(WatchListFile(home, is_simulated=False).carried()) == NAMES_MAX
    (tmp_path / "watchlist.json").write_text("{")
    with pytest.raises(ConfigError, match=r"watchlist\.json is damaged"):
        WatchListFile(home, is_simulated=False).carried()


async def test_streams_are_those_of_a_venue(tmp_path: Path) -> None:
    link = ScriptedLink((A,))
    said: list[str] = []
    scene = Scene(tmp_path, link)
    watch = streams_of(load_settings({}).watch, said.append)
    task = asyncio.create_task(watch(scene.desk, link, (A.id,)))
    await scene.until(lambda: said == ["found"])
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    assert link.asked[0] == ((A.id,), 0)
