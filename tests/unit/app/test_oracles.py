"""Sources are heard, asked, lost and found again over the two seams, and a replay hears the same."""

import asyncio
from collections import defaultdict
from collections.abc import Callable
from itertools import count

import pytest

from foreshock.adapters.clock import wall_clock_us
from foreshock.adapters.oracles.binance import BinanceMinutes, BinanceTrades
from foreshock.adapters.oracles.coinbase import CoinbaseTicker
from foreshock.adapters.seams import HttpRequest, HttpResponse
from foreshock.adapters.sim.coin_paths import CoinPaths
from foreshock.adapters.sim.face import VenueFace
from foreshock.adapters.sim.faults import Faults, FaultyFace
from foreshock.adapters.sim.loopback import Loopback
from foreshock.adapters.sim.oracles import BinanceFace, CoinbaseFace
from foreshock.adapters.storage.files import MemoryFile
from foreshock.app import oracles
from foreshock.app.config import load_settings
from foreshock.app.loop import Desk
from foreshock.app.oracles import OracleLink, OracleService, Polled, Streamed
from foreshock.app.recorder import Recorder
from foreshock.app.replay import replay, started
from foreshock.app.wiring import build, desk_config, recorded_config, start_message
from foreshock.core.domain.errors import VenueUnavailableError
from foreshock.core.domain.markets import CurveFee
from foreshock.core.domain.messages.market_data import (
    ConnectionClosed,
    ConnectionFailed,
    ConnectionOpened,
    MarketListed,
)
from foreshock.core.domain.messages.signals import OracleGapMeasured, OracleLost, OracleReported
from foreshock.core.domain.messages.union import Message
from foreshock.core.domain.units import SECOND, Duration, Instant
from foreshock.core.engine import Entry
from tests.samples import market
from tests.trading import A, book

COINS = ("BTC",)
Files = defaultdict[str, MemoryFile]


class Refusing:
    """A host that refuses."""

    async def send(self, request: HttpRequest) -> HttpResponse:
        raise VenueUnavailableError(f"nobody answers {request.path}")


class Scene:
    """A desk that hears one walk by both exchanges; it runs until enough was said."""

    def __init__(self) -> None:
        self.files = Files(MemoryFile)
        self.said: list[Message] = []
        self.config = desk_config("watch", "test", load_settings({"oracles": {"coins": "BTC"}}))
        parts = build(self.config, [self._listen])
        self.desk = Desk(
            *(parts.worker, parts.feeds, Recorder(self.files.__getitem__)),
            *(parts.venue, parts.gate.judge),
        )
        self.desk.inbox.put(start_message(self.config, "test", "test"))
        self.paths = CoinPaths(7, wall_clock_us())
        self._enough: Callable[[list[Message]], bool] = lambda _: False

    def _listen(self, _step: int, entry: Entry, _now_us: Instant) -> None:
        self.said.append(entry.message)
        if self._enough(self.said):
            self.desk.stop("enough was said")

    async def run(
        self, links: list[OracleLink], enough: Callable[[list[Message]], bool]
    ) -> list[Message]:
        self._enough = enough
        service = asyncio.create_task(OracleService(links, self.desk, count(1)).run())
        async with asyncio.timeout(15):
            await self.desk.run()
        service.cancel()
        await asyncio.gather(service, return_exceptions=True)
        return self.said


def over(face: VenueFace) -> Loopback:
    async def a_moment() -> None:
        await asyncio.sleep(0.01)

    return Loopback(face, wall_clock_us, a_moment)


def kinds(said: list[Message], kind: type[Message]) -> list[Message]:
    return [message for message in said if isinstance(message, kind)]


async def test_streams_and_minutes_make_gaps_and_a_replay_says_the_same() -> None:
    scene = Scene()
    minute_us = wall_clock_us() // (60 * SECOND) * 60 * SECOND
    ends_us = Instant(minute_us + 840 * SECOND)
    listed = market(
        A,
        title="Bitcoin up or down in 15 minutes?",
        outcome_labels=("Up", "Down"),
        closes_us=ends_us,
        fee=CurveFee(70_000, 1),
    )
    scene.desk.inbox.put(MarketListed(listed))
    scene.desk.inbox.put(book(A, 48, 52, at_us=minute_us))
    binance, coinbase = over(BinanceFace(scene.paths)), over(CoinbaseFace(scene.paths))
    links: list[OracleLink] = [
        Polled(
            *("oracle:binance minutes BTC", lambda: BinanceMinutes("BTC"), binance),
            Duration(60 * SECOND),
        ),
        Streamed("oracle:binance", lambda: BinanceTrades(COINS), binance),
        Streamed("oracle:coinbase", lambda: CoinbaseTicker(COINS), coinbase),
    ]
    said = await scene.run(
        links, lambda s: bool(kinds(s, OracleGapMeasured)) and len(kinds(s, OracleReported)) > 95
    )
    gap = kinds(said, OracleGapMeasured)[0]
    assert isinstance(gap, OracleGapMeasured)
    assert gap.strike == scene.paths.price("BTC", Instant(ends_us - 900 * SECOND))
    assert not gap.is_trusted
    sources = {m.source for m in kinds(said, OracleReported) if isinstance(m, OracleReported)}
    assert sources == {"binance", "binance minutes", "coinbase"}
    again = build(recorded_config(started(scene.files.__getitem__)), [])
    found = replay(scene.files.__getitem__, again.worker)
    assert found.differences == ()
    assert found.frames_count >= 4
    assert found.entries_count >= 1


async def test_a_stream_that_is_cut_loses_its_values_and_is_opened_again() -> None:
    scene, faults = Scene(), Faults()
    face = FaultyFace(BinanceFace(scene.paths), faults)
    is_cut = False

    def enough(said: list[Message]) -> bool:
        nonlocal is_cut
        if kinds(said, OracleReported) and not is_cut:
            is_cut = True
            faults.cut(1)
        return len(kinds(said, ConnectionOpened)) > 1

    link = Streamed("oracle:binance", lambda: BinanceTrades(COINS), over(face))
    said = await scene.run([link], enough)
    assert [m.symbol for m in kinds(said, OracleLost) if isinstance(m, OracleLost)] == ["BTC-USDT"]
    assert len(kinds(said, ConnectionClosed)) == 1


@pytest.fixture
def hurry(monkeypatch: pytest.MonkeyPatch) -> None:
    sleep = asyncio.sleep

    async def nap(seconds: float) -> None:
        await sleep(min(seconds, 0.001))

    monkeypatch.setattr(oracles.asyncio, "sleep", nap)


@pytest.mark.usefixtures("hurry")
async def test_a_source_that_does_not_answer_is_told_and_given_up_after_its_silence() -> None:
    class Impatient(BinanceMinutes):
        silence_max = Duration(20_000)

    link = Polled("oracle:binance minutes BTC", lambda: Impatient("BTC"), Refusing(), Duration(1))
    scene = Scene()
    said = await scene.run([link], lambda s: len(kinds(s, ConnectionClosed)) >= 1)
    failures = kinds(said, ConnectionFailed)
    assert failures[0] == ConnectionFailed(
        "oracle:binance minutes",
        "nobody answers /api/v3/klines?symbol=BTCUSDT&interval=1m&limit=90",
        1,
    )


@pytest.mark.usefixtures("hurry")
async def test_an_answer_nobody_can_read_is_set_aside_and_asked_for_again() -> None:
    class Nonsense:
        async def send(self, request: HttpRequest) -> HttpResponse:
            assert request.method == "GET"
            return HttpResponse(200, b"<html>busy</html>")

    link = Polled(
        *("oracle:binance minutes BTC", lambda: BinanceMinutes("BTC"), Nonsense()), Duration(1)
    )
    said = await Scene().run([link], lambda s: len(kinds(s, ConnectionFailed)) >= 2)
    names = {type(message).__name__ for message in said}
    assert "PayloadQuarantined" in names
    assert "OracleReported" not in names
