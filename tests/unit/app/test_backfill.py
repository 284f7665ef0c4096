import asyncio
import json
from collections.abc import Sequence

import pytest

from foreshock.adapters.seams import HttpRequest, HttpResponse
from foreshock.app import backfill as module
from foreshock.app.backfill import (
    FAILURES_MAX,
    TRADE_PAGES_MAX,
    Backfill,
    KalshiHistory,
    PolymarketHistory,
    backfills,
)
from foreshock.app.config import load_settings
from foreshock.core.domain.errors import VenueUnavailableError
from foreshock.core.domain.markets import MarketId
from foreshock.core.domain.messages.market_data import ConnectionOpened, MarketsWatched
from foreshock.core.domain.messages.signals import VolumeRecalled
from foreshock.core.domain.messages.union import Message
from foreshock.core.domain.units import Instant
from foreshock.core.engine import OUTSIDE, Entry
from foreshock.core.signals.packed import unpack
from tests.unit.adapters.venues.kalshi.test_candles import MARKET, TRADED, body
from tests.unit.adapters.venues.polymarket.test_past_trades import ROW, page
from tests.unit.core.signals.signal_feed import BEGIN

NOW = Instant(1_786_140_000_000_000)
MINUTES = [{**TRADED, "end_period_ts": NOW // 1_000_000 - 60 * number} for number in range(5)]


class Answers:
    """A host that answers the same to everything; remembers what was asked."""

    def __init__(self, answer: HttpResponse) -> None:
        self.asked: list[str] = []
        self._answer = answer

    async def send(self, request: HttpRequest) -> HttpResponse:
        self.asked.append(request.path)
        return self._answer


class Told:
    """A history that remembers for which markets it was asked."""

    venue = "kalshi"
    at_once = 2

    def __init__(self, *, fails: bool = False) -> None:
        self.asked: list[tuple[MarketId, ...]] = []
        self.repeated: list[tuple[MarketId, ...]] = []
        self._fails = fails

    async def recent(self, markets: Sequence[MarketId], now_us: Instant) -> list[VolumeRecalled]:
        self.repeated.append(tuple(markets))
        return []

    async def past(self, markets: Sequence[MarketId], now_us: Instant) -> list[VolumeRecalled]:
        self.asked.append(tuple(markets))
        if self._fails:
            raise VenueUnavailableError("down")
        return [
            VolumeRecalled(market=market, source="a test", first_bucket=0, volume=b"")
            for market in markets
        ]


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "FIRST_S", 0.0)
    monkeypatch.setattr(module, "PAUSE_S", 0.0)


async def told(backfill: Backfill, *messages: Message) -> list[VolumeRecalled]:
    for message in messages:
        backfill.listen(1, Entry(0, None, OUTSIDE, message), BEGIN)
    found: list[VolumeRecalled] = []
    running = asyncio.create_task(backfill.run(found.append))
    await asyncio.sleep(0.05)
    running.cancel()
    return found


def carried(*names: str) -> ConnectionOpened:
    return ConnectionOpened(1, "kalshi", "kalshi", tuple(MarketId(name) for name in names))


@pytest.mark.usefixtures("quick")
async def test_each_market_of_the_venue_is_asked_for_once_a_few_at_a_time() -> None:
    history = Told()
    more = MarketsWatched(1, (MarketId("kalshi:C"),), ())
    found = await told(
        Backfill(history),
        carried("kalshi:A", "kalshi:B", "polymarket:0x"),
        more,
        carried("kalshi:A"),
    )
    assert history.asked == [("kalshi:A", "kalshi:B"), ("kalshi:C",)]
    assert [recalled.market for recalled in found] == ["kalshi:A", "kalshi:B", "kalshi:C"]


@pytest.mark.usefixtures("quick")
async def test_a_venue_that_never_answers_is_left_alone() -> None:
    history = Told(fails=True)
    names = [f"kalshi:{number}" for number in range(100)]
    assert await told(Backfill(history), carried(*names)) == []
    assert len(history.asked) == FAILURES_MAX


@pytest.mark.usefixtures("quick")
async def test_what_is_polled_is_asked_for_again_once_a_bucket_and_nothing_else_is() -> None:
    history = Told()
    polled = ConnectionOpened(2, "kalshi", "kalshi-polled", (MarketId("kalshi:P"),))
    await told(Backfill(history), carried("kalshi:A"), polled)
    assert history.asked == [("kalshi:A", "kalshi:P")]
    assert history.repeated == [("kalshi:P",)]


async def test_minutes_alone_are_the_recent_past() -> None:
    host = Answers(HttpResponse(200, body(*MINUTES)))
    (recalled,) = await KalshiHistory(host).recent([MARKET], NOW)
    assert unpack(recalled.volume)[-1] == 5 * 28_740_000
    assert len(unpack(recalled.volume)) <= 4 * 12
    assert "period_interval=1&" in host.asked[0] + "&"
    assert await PolymarketHistory(host).recent([MARKET], NOW) == []


async def test_candles_of_both_lengths_become_a_past() -> None:
    host = Answers(HttpResponse(200, body(TRADED)))
    (recalled,) = await KalshiHistory(host).past([MARKET], NOW)
    assert recalled.market == MARKET
    assert [("period_interval=60" in path) for path in host.asked] == [True, False]


async def test_only_so_many_pages_of_trades_are_read() -> None:
    now_us = Instant((int(json.dumps(ROW["timestamp"])) + 7_200) * 1_000_000)
    market = MarketId("polymarket:0xabc")
    host = Answers(page(ROW, cursor="more"))
    (recalled,) = await PolymarketHistory(host).past([market], now_us)
    assert len(host.asked) == TRADE_PAGES_MAX
    assert recalled.source == "Polymarket's trades"
    assert await PolymarketHistory(Answers(page())).past([market], now_us) == []


def test_simulated_markets_are_never_filled_with_a_real_past() -> None:
    real = load_settings({})
    simulated = load_settings({"polymarket": {"gamma_url": "http://127.0.0.1:1"}})
    assert [type(b) for b in backfills(real)] == [Backfill, Backfill]
    assert len(backfills(simulated)) == 1
    assert backfills(load_settings({"volume": {"backfill": False}})) == []
