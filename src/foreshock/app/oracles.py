"""What keeps the sources outside the venues in view? Streams for coins, questions for the weather.

Their frames enter as those of venues do: numbered, taped, folded by a protocol that a replay builds
again from the name in ConnectionOpened.
"""

import asyncio
import random
from collections.abc import Callable, Iterator, Sequence
from typing import TypeAlias

import msgspec

from foreshock.adapters.clock import wall_clock_us
from foreshock.adapters.http import NetworkTransport
from foreshock.adapters.oracles.binance import BinanceMinutes, BinanceTrades
from foreshock.adapters.oracles.coinbase import CoinbaseTicker
from foreshock.adapters.oracles.feed import OracleFeed
from foreshock.adapters.oracles.noaa import NoaaStation
from foreshock.adapters.oracles.open_meteo import OpenMeteoHighs
from foreshock.adapters.polling import Poll, Terms
from foreshock.adapters.seams import FrameConnector, HttpTransport
from foreshock.adapters.streams import Headers, StreamKeeper, StreamPlan
from foreshock.adapters.websocket import NetworkConnector
from foreshock.app.config import OraclesSection
from foreshock.app.feeds import ProtocolFactory
from foreshock.app.inbox import Inbox
from foreshock.app.loop import Desk
from foreshock.app.oracle_settings import OracleConfig
from foreshock.core.domain.errors import DataError, VenueUnavailableError
from foreshock.core.domain.messages.market_data import (
    ConnectionClosed,
    ConnectionFailed,
    ConnectionOpened,
)
from foreshock.core.domain.oracles import SOURCE_PREFIX
from foreshock.core.domain.units import MICRO, SECOND, Duration, Instant
from foreshock.core.ports import Oracle

MINUTES_EVERY = Duration(60 * SECOND)
OBSERVED_EVERY = Duration(300 * SECOND)
FORECAST_EVERY = Duration(1_800 * SECOND)
PAUSE_S_MIN = 1.0

MakeOracle: TypeAlias = Callable[[], Oracle]


class Streamed(msgspec.Struct, frozen=True):
    """A source that speaks by itself."""

    feed: str
    make: MakeOracle
    connector: FrameConnector


class Polled(msgspec.Struct, frozen=True):
    """A source that is asked."""

    feed: str
    make: MakeOracle
    transport: HttpTransport
    every: Duration
    headers: Headers = ()


OracleLink: TypeAlias = Streamed | Polled


def oracle_feeds(config: OracleConfig) -> dict[str, ProtocolFactory]:
    """The protocols of all sources by the name that ConnectionOpened carries."""
    return {feed: _reader(make) for feed, make in _makers(config).items()}


def oracle_links(section: OraclesSection, config: OracleConfig) -> list[OracleLink]:
    """How each source is reached over the network."""
    contact = (("user-agent", f"foreshock ({section.contact})"),)
    links: list[OracleLink] = []
    for feed, make in _makers(config).items():
        match make().name:
            case "binance":
                links.append(Streamed(feed, make, NetworkConnector(section.binance_stream_url)))
            case "coinbase":
                links.append(Streamed(feed, make, NetworkConnector(section.coinbase_stream_url)))
            case "binance minutes":
                rest = NetworkTransport(section.binance_rest_url)
                links.append(Polled(feed, make, rest, MINUTES_EVERY))
            case "noaa":
                rest = NetworkTransport(section.noaa_url)
                links.append(Polled(feed, make, rest, OBSERVED_EVERY, contact))
            case _:
                rest = NetworkTransport(section.open_meteo_url)
                links.append(Polled(feed, make, rest, FORECAST_EVERY))
    return links


class OracleService:
    """Every source of a desk, until cancelled."""

    def __init__(self, links: Sequence[OracleLink], desk: Desk, numbers: Iterator[int]) -> None:
        self._links = links
        self._desk = desk
        self._numbers = numbers

    async def run(self) -> None:
        """Hear and ask all of them."""
        streamed = [link for link in self._links if isinstance(link, Streamed)]
        polled = [link for link in self._links if isinstance(link, Polled)]
        keepers = [self._keeper(link) for link in streamed]
        self._desk.carry(keepers)
        async with asyncio.TaskGroup() as tasks:
            for keeper in keepers:
                tasks.create_task(keeper.run())
            for link in polled:
                tasks.create_task(self._poll(link))

    def _keeper(self, link: Streamed) -> StreamKeeper:
        oracle = link.make()
        plan = StreamPlan(SOURCE_PREFIX + oracle.name, link.feed, oracle.path, _no_headers, ())
        rng = random.Random(link.feed)  # noqa: S311 - spreads reconnects, decides nothing
        return StreamKeeper(link.connector, plan, self._desk.inbox, self._numbers, rng)

    async def _poll(self, link: Polled) -> None:
        """Ask for ever; a source that was silent for too long is closed, and its values lost."""
        asked = _Asked(link, self._desk.inbox)
        while True:
            connection = next(self._numbers)
            venue = SOURCE_PREFIX + asked.oracle.name
            self._desk.inbox.put(ConnectionOpened(connection, venue, link.feed, ()))
            try:
                await asked.until_silent(connection)
            finally:
                self._desk.inbox.put(ConnectionClosed(connection, venue, "no answer for too long"))


class _Asked:
    """One source that is asked, and how that went."""

    def __init__(self, link: Polled, inbox: Inbox) -> None:
        self.oracle = link.make()
        self._link = link
        self._inbox = inbox
        path = self.oracle.path
        self._poll = Poll(Terms(path=path, every=link.every, headers=link.headers))
        self._failures_count = 0

    async def until_silent(self, connection: int) -> None:
        """Ask until no good answer came for as long as the source may be silent."""
        heard_us = wall_clock_us()
        while wall_clock_us() - heard_us <= self.oracle.silence_max:
            problem = await self._ask(connection)
            if problem:
                self._failures_count += 1
                venue = SOURCE_PREFIX + self.oracle.name
                self._inbox.put(ConnectionFailed(venue, problem, self._failures_count))
            else:
                heard_us, self._failures_count = wall_clock_us(), 0
            wait_s = (self._poll.due_us - wall_clock_us()) / MICRO
            await asyncio.sleep(max(PAUSE_S_MIN, wait_s))

    async def _ask(self, connection: int) -> str:
        """One question; returns why nothing came of it, empty when all is well."""
        try:
            answer = await self._link.transport.send(self._poll.request())
        except VenueUnavailableError as error:
            return self._poll.failed(str(error), wall_clock_us()).problem
        outcome = self._poll.answered(answer, wall_clock_us())
        if outcome.body is None:
            return outcome.problem
        await self._inbox.put_frame(connection, "http", outcome.body)
        try:
            self.oracle.read(outcome.body, wall_clock_us())
        except DataError as error:
            return self._poll.failed(str(error), wall_clock_us()).problem
        return ""


def _makers(config: OracleConfig) -> dict[str, MakeOracle]:
    """How each source's reader is made, by the name of its feed."""
    found: dict[str, MakeOracle] = {}
    coins = config.coins
    if "binance" in config.coin_sources:
        found[f"{SOURCE_PREFIX}binance"] = lambda: BinanceTrades(coins)
        for coin in coins:
            found[f"{SOURCE_PREFIX}binance minutes {coin}"] = lambda coin=coin: BinanceMinutes(coin)
    if "coinbase" in config.coin_sources:
        found[f"{SOURCE_PREFIX}coinbase"] = lambda: CoinbaseTicker(coins)
    for spot in config.stations:
        if config.has_contact:
            found[f"{SOURCE_PREFIX}noaa {spot.name}"] = lambda spot=spot: NoaaStation(spot.name)
        found[f"{SOURCE_PREFIX}open-meteo {spot.name}"] = lambda spot=spot: OpenMeteoHighs(spot)
    return found


def _reader(make: MakeOracle) -> ProtocolFactory:
    return lambda connection: OracleFeed(make(), connection)


def _no_headers(_: Instant) -> Headers:
    return ()
