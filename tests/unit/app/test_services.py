"""A venue is found when it can be, its changed terms are told, and its silence is not fatal."""

import asyncio
from collections import defaultdict
from collections.abc import Awaitable, Callable, Sequence
from itertools import count

import pytest

from foreshock.adapters.seams import HttpResponse
from foreshock.adapters.storage.files import MemoryFile
from foreshock.adapters.storage.tape import TapeFrame
from foreshock.adapters.streams import StreamPlan
from foreshock.adapters.venues.lookups import Lookup
from foreshock.app import services
from foreshock.app.config import WatchSection, load_settings
from foreshock.app.loop import Desk
from foreshock.app.recorder import Recorder
from foreshock.app.services import VenueService, Wanted
from foreshock.app.venues import Found
from foreshock.app.wiring import build, desk_config
from foreshock.core.domain.errors import VenueUnavailableError
from foreshock.core.domain.markets import Market, MarketId
from foreshock.core.domain.messages.market_data import (
    ConnectionFailed,
    ConnectionOpened,
    MarketListed,
    MarketResolved,
)
from foreshock.core.domain.messages.union import Message
from foreshock.core.domain.units import Instant, Price, Quantity
from tests.samples import market
from tests.unit.adapters.test_streams import ScriptedHost

A = market("kalshi:A")
WATCH = WatchSection(
    markets_max=10,
    check_interval_s=1,
    poll_interval_s=1,
    relist_interval_s=5,
    catalogue_max=0,
    catalogue_interval_s=60,
)


class ScriptedLink:
    """Answers discovery by script, and has no stream."""

    name = "kalshi"

    def __init__(self, script: list[Market | str | None]) -> None:
        self.connector = ScriptedHost([])
        self.asked: list[tuple[tuple[str, ...], int]] = []
        self._script = script

    async def discover(self, wanted: Sequence[str], busiest_max: int) -> Found:
        self.asked.append((tuple(wanted), busiest_max))
        step = self._script.pop(0) if len(self._script) > 1 else self._script[0]
        if step is None:
            return Found((), (), "kalshi:A not found")
        if isinstance(step, str):
            raise VenueUnavailableError(step)
        return Found((step,), (), f"{step.id} found")

    def plans(self, markets: Sequence[Market]) -> list[StreamPlan]:
        return []

    async def tell_time(self) -> HttpResponse:
        raise VenueUnavailableError("it tells none")

    async def payouts(self, markets: Sequence[MarketId]) -> list[MarketResolved]:
        return [MarketResolved(market, Price(500_000), Instant(1)) for market in markets]

    async def lookup(self, markets: Sequence[MarketId]) -> Lookup:
        return Lookup((), (), dict.fromkeys(markets, "nobody asks"))

    async def books(self, markets: Sequence[MarketId]) -> list[bytes]:
        return [b'{"orderbooks":[]}']


@pytest.fixture(autouse=True)
def hurry(monkeypatch: pytest.MonkeyPatch) -> None:
    sleep = asyncio.sleep

    async def nap(seconds: float) -> None:
        await sleep(min(seconds, 0.001))

    monkeypatch.setattr(services.asyncio, "sleep", nap)


async def heard(link: ScriptedLink, enough: Callable[[list[Message]], bool]) -> list[Message]:
    """Messages that a service puts into the inbox until there are enough."""
    files = defaultdict[str, MemoryFile](MemoryFile)
    parts = build(desk_config("watch", "test", load_settings({})), [])
    recorder = Recorder(files.__getitem__)
    desk = Desk(parts.worker, parts.feeds, recorder, parts.venue, parts.gate.judge)
    said: list[str] = []
    wanted = Wanted(("kalshi:A",), 7, said.append)
    task = asyncio.create_task(VenueService(link, desk, wanted, WATCH, count(1)).run())
    messages: list[Message] = []
    async with asyncio.timeout(5):
        while not enough(messages):
            taking: Awaitable[list[TapeFrame | Message]] = desk.inbox.take()
            messages += [a for a in await taking if not isinstance(a, TapeFrame)]
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    assert set(said) <= {"kalshi:A found"}
    return messages


async def test_a_venue_that_is_down_is_asked_again_and_told() -> None:
    link = ScriptedLink(["refused", "refused", A])
    messages = await heard(link, lambda m: any(isinstance(x, ConnectionOpened) for x in m))
    assert messages[:2] == [
        ConnectionFailed("kalshi", "refused", 1),
        ConnectionFailed("kalshi", "refused", 2),
    ]
    assert messages[2] == MarketListed(A)
    assert messages[3] == ConnectionOpened(1, "kalshi", "kalshi-polled", (A.id,))
    assert link.asked[0] == (("kalshi:A",), 7)


async def test_a_venue_where_nothing_is_found_is_asked_again_and_told() -> None:
    """An empty watch list cannot be streamed, and Polymarket has no polled feed to fall back on."""
    link = ScriptedLink([None, A])
    messages = await heard(link, lambda m: any(isinstance(x, ConnectionOpened) for x in m))
    assert messages[:2] == [
        ConnectionFailed("kalshi", "no market to watch: kalshi:A not found", 1),
        MarketListed(A),
    ]


async def test_changed_terms_are_told_and_volume_is_no_change() -> None:
    busier = market("kalshi:A", volume_24h=Quantity(5))
    paused = market("kalshi:A", status="paused")
    link = ScriptedLink([A, busier, paused])
    messages = await heard(link, lambda m: MarketListed(paused) in m)
    listed = [m for m in messages if isinstance(m, MarketListed)]
    assert listed == [MarketListed(A), MarketListed(paused)]
    assert link.asked[1] == (("kalshi:A",), 0)


async def test_a_venue_that_stops_answering_is_told_and_asked_on() -> None:
    link = ScriptedLink([A, "busy", market("kalshi:A", status="paused")])
    messages = await heard(link, lambda m: MarketListed(market("kalshi:A", status="paused")) in m)
    assert ConnectionFailed("kalshi", "busy", 0) in messages


async def test_what_a_market_paid_is_asked_once_it_is_no_longer_listed() -> None:
    """The stream says who won to those who listen at that moment, and a split payout to nobody."""
    link = ScriptedLink([A, market("kalshi:B"), market("kalshi:B")])
    messages = await heard(link, lambda m: len(link.asked) > 3)
    paid = [m for m in messages if isinstance(m, MarketResolved)]
    assert paid[0] == MarketResolved(MarketId("kalshi:A"), Price(500_000), Instant(1))
    assert {payout.market for payout in paid} == {"kalshi:A"}
