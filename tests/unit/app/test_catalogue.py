"""Are markets that nobody watches told for matching, and watched once a pair of them may trade?"""

import asyncio
from collections import defaultdict
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager

import pytest

from foreshock.adapters.seams import HttpResponse
from foreshock.adapters.storage.files import MemoryFile
from foreshock.adapters.streams import StreamPlan
from foreshock.adapters.venues.lookups import Lookup
from foreshock.app import catalogue as module
from foreshock.app.catalogue import Catalogue, PairWatch, Scan
from foreshock.app.config import load_settings
from foreshock.app.loop import Desk
from foreshock.app.recorder import Recorder
from foreshock.app.venues import Found
from foreshock.app.wiring import build, desk_config
from foreshock.core.domain.errors import VenueUnavailableError
from foreshock.core.domain.markets import Market, MarketId, Pair
from foreshock.core.domain.messages.decisions import PairListed
from foreshock.core.domain.messages.market_data import (
    ConnectionFailed,
    ConnectionOpened,
    MarketListed,
    MarketResolved,
)
from foreshock.core.domain.messages.union import Message
from foreshock.core.domain.units import Instant, Price, Quantity
from foreshock.core.engine import OUTSIDE, Entry
from tests.samples import market
from tests.trading import START
from tests.unit.adapters.test_streams import ScriptedHost

A, B, WATCHED = market("kalshi:A"), market("kalshi:B"), market("kalshi:W")


class ScriptedLink:
    """A venue whose catalogue reads come by script, the last one again and again."""

    name = "kalshi"

    def __init__(self, *reads: tuple[Market, ...] | str) -> None:
        self.connector = ScriptedHost([])
        self.asked: list[tuple[tuple[str, ...], int]] = []
        self._reads = list(reads)

    async def discover(self, wanted: Sequence[str], busiest_max: int) -> Found:
        self.asked.append((tuple(wanted), busiest_max))
        read = self._reads.pop(0) if len(self._reads) > 1 else self._reads[0]
        if isinstance(read, str):
            raise VenueUnavailableError(read)
        return Found(read, (), "found")

    def plans(self, markets: Sequence[Market]) -> list[StreamPlan]:
        return []

    async def tell_time(self) -> HttpResponse:
        raise VenueUnavailableError("it tells none")

    async def payouts(self, markets: Sequence[MarketId]) -> list[MarketResolved]:
        return [MarketResolved(market, Price(500_000), Instant(1)) for market in markets]

    async def lookup(self, markets: Sequence[MarketId]) -> Lookup:
        return Lookup((), (), dict.fromkeys(markets, "nobody asks"))

    async def books(self, markets: Sequence[MarketId]) -> list[bytes]:
        return []


@pytest.fixture(autouse=True)
def hurry(monkeypatch: pytest.MonkeyPatch) -> None:
    sleep = asyncio.sleep

    async def nap(seconds: float) -> None:
        await sleep(min(seconds, 0.001))

    monkeypatch.setattr(module.asyncio, "sleep", nap)


class Scene:
    """A catalogue, its desk, and what it asked to have watched."""

    def __init__(self, link: ScriptedLink, markets_max: int = 7) -> None:
        files = defaultdict[str, MemoryFile](MemoryFile)
        parts = build(desk_config("watch", "test", load_settings({})), [])
        recorder = Recorder(files.__getitem__)
        self.desk = Desk(parts.worker, parts.feeds, recorder, parts.venue, parts.gate.judge)
        parts.feeds.hear(MarketListed(WATCHED), START)
        parts.feeds.hear(ConnectionOpened(1, "kalshi", "kalshi-polled", (WATCHED.id,)), START)
        self.flocks: list[tuple[MarketId, ...]] = []
        scan = Scan(markets_max, 60)
        self.catalogue = Catalogue(link, self.desk, scan, self._watch)
        self.heard: list[Message] = []

    async def _watch(self, markets: tuple[MarketId, ...]) -> None:
        self.flocks.append(markets)

    async def hear(self, count: int) -> list[Message]:
        """What is told, at least so many messages."""
        while len(self.heard) < count:
            self.heard += [m for m in await self.desk.inbox.take() if isinstance(m, Message)]
        return self.heard


@asynccontextmanager
async def running(link: ScriptedLink, markets_max: int = 7) -> AsyncGenerator[Scene]:
    scene = Scene(link, markets_max)
    task = asyncio.create_task(scene.catalogue.run())
    async with asyncio.timeout(5):
        yield scene
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


async def test_what_nobody_watches_is_told_and_what_is_watched_is_not() -> None:
    link = ScriptedLink((A, WATCHED, B))
    async with running(link) as scene:
        assert await scene.hear(2) == [MarketListed(A), MarketListed(B)]
    assert link.asked[0] == ((), 7)


async def test_only_what_changed_is_told_again_and_volume_is_no_change() -> None:
    busier, edited = market("kalshi:A", volume_24h=Quantity(5)), market("kalshi:A", rules="x")
    async with running(ScriptedLink((A,), (busier,), (edited,))) as scene:
        assert await scene.hear(2) == [MarketListed(A), MarketListed(edited)]


async def test_a_venue_that_does_not_answer_is_told_and_asked_again() -> None:
    async with running(ScriptedLink("busy", (A,))) as scene:
        assert await scene.hear(2) == [ConnectionFailed("kalshi", "busy", 0), MarketListed(A)]


async def test_nothing_is_read_where_nobody_wants_it() -> None:
    link = ScriptedLink((A,))
    await Scene(link, markets_max=0).catalogue.run()
    assert link.asked == []


def pair(a: Market, b: Market) -> Entry:
    listed = Pair(id="p", a=a.id, b=b.id, relation="identity", label="", confirmed_by="x", note="")
    return Entry(0, None, OUTSIDE, PairListed(listed))


async def test_the_markets_of_a_pair_that_may_trade_are_watched_once_in_busy_company(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(module, "COMPANY_MAX", 1)
    third = market("kalshi:C")
    async with running(ScriptedLink((B, A, third, WATCHED))) as scene:
        await scene.hear(3)
        watch = PairWatch()
        watch.catalogues.append(scene.catalogue)
        for other in (market("polymarket:X"), WATCHED):
            watch.listen(1, pair(other, A), START)
        watch.listen(1, Entry(0, None, OUTSIDE, MarketListed(B)), START)
        while not scene.flocks:
            await asyncio.sleep(0)
        watch.listen(2, pair(WATCHED, A), START)
        await asyncio.sleep(0.01)
        assert scene.flocks == [(A.id, B.id)], "the busiest keeps the stream alive"
