"""What did the venues trade before we watched? Their own history, asked for slowly, once a market.

Markets that are polled tell no trades at all: their last hours are asked for again every bucket. A
venue that does not answer leaves its markets warming up; nothing else depends on it.
"""

import asyncio
from collections import OrderedDict
from collections.abc import Callable, Sequence
from itertools import islice
from typing import Protocol
from urllib.parse import urlsplit

from foreshock.adapters.clock import wall_clock_us
from foreshock.adapters.http import NetworkTransport, read_with_retry
from foreshock.adapters.seams import HttpTransport
from foreshock.adapters.venues.kalshi import candles
from foreshock.adapters.venues.kalshi.rest import body_of
from foreshock.adapters.venues.polymarket import past_trades
from foreshock.app.config import Settings
from foreshock.core.domain.errors import DataError, VenueUnavailableError
from foreshock.core.domain.markets import MarketId
from foreshock.core.domain.messages.market_data import ConnectionOpened, MarketsWatched
from foreshock.core.domain.messages.signals import VolumeRecalled
from foreshock.core.domain.positions import venue_of
from foreshock.core.domain.units import SECOND, Duration, Instant
from foreshock.core.engine import Entry
from foreshock.core.signals.volume_buckets import BUCKET

FIRST_S = 10.0
"""Books and edges come first."""
PAUSE_S = 0.5
FAILURES_MAX = 5
"""In a row: then the venue has no history for us."""
TRADE_PAGES_MAX = 5
POLLED = "-polled"
"""How the names of feeds end that show books without trades."""
SETTLED = Duration(45 * SECOND)
"""So long after its end a bucket's minutes are all there."""
LOCAL = frozenset({"127.0.0.1", "localhost", "::1"})


class History(Protocol):
    """What one venue knows of its past. at_once: markets of one question."""

    venue: str
    at_once: int

    async def past(self, markets: Sequence[MarketId], now_us: Instant) -> list[VolumeRecalled]:
        """What it tells of them. Raises VenueUnavailableError or DataError."""
        ...

    async def recent(self, markets: Sequence[MarketId], now_us: Instant) -> list[VolumeRecalled]:
        """The same of the last hours only, for markets that are polled."""
        ...


class KalshiHistory:
    """Candles, two requests for some thirty markets."""

    venue = "kalshi"
    at_once = candles.TICKERS_MAX

    def __init__(self, rest: HttpTransport) -> None:
        self._rest = rest

    async def past(self, markets: Sequence[MarketId], now_us: Instant) -> list[VolumeRecalled]:
        """Hours of 14 days, minutes of four hours."""
        tickers = [_native(market) for market in markets]
        hours = await self._rest.send(candles.hours_request(tickers, now_us))
        minutes = await self._rest.send(candles.minutes_request(tickers, now_us))
        by_hour = candles.read_candles(body_of(hours))
        by_minute = candles.read_candles(body_of(minutes))
        told = (
            candles.recalled(market, by_hour.get(name, ()), by_minute.get(name, ()), now_us)
            for market, name in zip(markets, tickers, strict=True)
        )
        return [recalled for recalled in told if recalled is not None]

    async def recent(self, markets: Sequence[MarketId], now_us: Instant) -> list[VolumeRecalled]:
        """Minutes of four hours."""
        tickers = [_native(market) for market in markets]
        answer = await self._rest.send(candles.minutes_request(tickers, now_us))
        by_minute = candles.read_candles(body_of(answer))
        told = (
            candles.recalled(market, (), by_minute.get(name, ()), now_us)
            for market, name in zip(markets, tickers, strict=True)
        )
        return [recalled for recalled in told if recalled is not None]


class PolymarketHistory:
    """The last trades of one market, a few pages of them."""

    venue = "polymarket"
    at_once = 1

    def __init__(self, data: HttpTransport) -> None:
        self._data = data

    async def past(self, markets: Sequence[MarketId], now_us: Instant) -> list[VolumeRecalled]:
        """Page by page, newest first."""
        found: list[VolumeRecalled] = []
        for market in markets:
            trades: list[past_trades.PastTrade] = []
            cursor: str | None = None
            for _ in range(TRADE_PAGES_MAX):
                request = past_trades.trades_request(_native(market), now_us, cursor)
                page, cursor = past_trades.read_trades(await read_with_retry(self._data, request))
                trades += page
                if cursor is None:
                    break
            told = past_trades.recalled(market, trades, now_us, is_whole=cursor is None)
            found += [] if told is None else [told]
        return found

    async def recent(self, markets: Sequence[MarketId], now_us: Instant) -> list[VolumeRecalled]:
        """None of its markets is polled."""
        del markets, now_us
        return []


class Backfill:
    """Hears which markets are carried, and asks one venue for their past."""

    def __init__(self, history: History) -> None:
        self._history = history
        self._waiting: OrderedDict[MarketId, None] = OrderedDict()
        self._asked: set[MarketId] = set()
        self._polled: dict[MarketId, None] = {}
        self._repeated_us = Instant(0)

    def listen(self, _step: int, entry: Entry, _now_us: Instant) -> None:
        """A market is carried for the first time."""
        match entry.message:
            case ConnectionOpened(markets=markets, feed=feed):
                self._note(markets)
                if feed.endswith(POLLED):
                    ours = (m for m in markets if venue_of(m) == self._history.venue)
                    self._polled.update(dict.fromkeys(ours))
            case MarketsWatched(added=markets):
                self._note(markets)
            case _:
                pass

    def _note(self, markets: Sequence[MarketId]) -> None:
        for market in markets:
            if venue_of(market) == self._history.venue and market not in self._asked:
                self._asked.add(market)
                self._waiting[market] = None

    async def run(self, tell: Callable[[VolumeRecalled], None]) -> None:
        """Ask for each market once, until cancelled or the venue has no answers."""
        await asyncio.sleep(FIRST_S)
        failures = 0
        while failures < FAILURES_MAX:
            found = await self._ask()
            failures = failures + 1 if found is None else 0
            for recalled in found or ():
                tell(recalled)
            await asyncio.sleep(PAUSE_S)

    async def _ask(self) -> list[VolumeRecalled] | None:
        """The past of the markets that are next; None when the venue gave no usable answer."""
        chosen = list(islice(self._waiting, self._history.at_once))
        for market in chosen:
            del self._waiting[market]
        now_us = wall_clock_us()
        try:
            if chosen:
                return await self._history.past(chosen, now_us)
            return await self._repeat(now_us)
        except (VenueUnavailableError, DataError):
            return None

    async def _repeat(self, now_us: Instant) -> list[VolumeRecalled]:
        """The last hours of what is polled, once a bucket, when its last minute has its candle."""
        if not self._polled or now_us - self._repeated_us < BUCKET:
            return []
        self._repeated_us = Instant(now_us // BUCKET * BUCKET + SETTLED)
        markets, found = list(self._polled), list[VolumeRecalled]()
        for start in range(0, len(markets), self._history.at_once):
            found += await self._history.recent(markets[start:][: self._history.at_once], now_us)
            await asyncio.sleep(PAUSE_S)
        return found


def backfills(settings: Settings) -> list[Backfill]:
    """One for each venue with a history.

    None for a venue whose data host is of another kind (local or not) than its markets: what is
    simulated is never filled with what is real.
    """
    if not settings.volume.backfill:
        return []
    data_url = settings.live.polymarket_data_url
    found = [Backfill(KalshiHistory(NetworkTransport(settings.kalshi.rest_url)))]
    if _is_local(data_url) == _is_local(settings.polymarket.gamma_url):
        found.append(Backfill(PolymarketHistory(NetworkTransport(data_url))))
    return found


def _is_local(url: str) -> bool:
    return urlsplit(url).hostname in LOCAL


def _native(market: MarketId) -> str:
    return market.partition(":")[2]
