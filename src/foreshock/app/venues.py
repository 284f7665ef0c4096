"""How does the desk reach each venue? One link a venue: what to watch, over which streams.

Adding a venue means one more link here and its feeds in `FEEDS`.
"""

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Protocol

import msgspec

from foreshock.adapters.clock import monotonic_us, wall_clock_us
from foreshock.adapters.http import NetworkTransport
from foreshock.adapters.seams import FrameConnector, HttpResponse, HttpTransport
from foreshock.adapters.streams import StreamPlan
from foreshock.adapters.venues.kalshi.client import KalshiClient
from foreshock.adapters.venues.kalshi.keyfile import read_key_file
from foreshock.adapters.venues.kalshi.polled import KalshiPolled, PollBudget
from foreshock.adapters.venues.kalshi.protocol import KalshiStream
from foreshock.adapters.venues.kalshi.signing import (
    WEBSOCKET_PATH,
    ApiKey,
    handshake_headers,
    parse_key,
)
from foreshock.adapters.venues.lookups import Lookup
from foreshock.adapters.venues.polymarket.client import PolymarketClient
from foreshock.adapters.venues.polymarket.protocol import MarketFeed
from foreshock.adapters.venues.polymarket.watched import shards
from foreshock.adapters.venues.server_time import time_request
from foreshock.adapters.websocket import NetworkConnector
from foreshock.app.config import KalshiSection, Settings
from foreshock.app.feeds import ProtocolFactory
from foreshock.core.domain.errors import ConfigError
from foreshock.core.domain.markets import Market, MarketId
from foreshock.core.domain.messages.market_data import MarketResolved
from foreshock.core.domain.messages.union import Message
from foreshock.core.domain.units import MICRO, Duration, Instant

POLYMARKET = "polymarket"
KALSHI = "kalshi"
POLYMARKET_PATH = "/ws/market"
MARKETS_A_KALSHI_STREAM_MAX = 2_000
BUDGET_PAUSE = Duration(50_000)
"""How long to wait before asking the read budget again."""

FEEDS: Mapping[str, ProtocolFactory] = {
    "polymarket": MarketFeed,
    "kalshi": KalshiStream,
    "kalshi-polled": KalshiPolled,
}
"""Protocols by the name that ConnectionOpened carries."""


class Found(msgspec.Struct, frozen=True):
    """Markets to watch, what was learnt beside them, and one line for a person."""

    markets: tuple[Market, ...]
    notes: tuple[Message, ...]
    summary: str


class VenueLink(Protocol):
    """One venue as the desk reaches it."""

    name: str

    async def discover(self, wanted: Sequence[str], busiest_max: int) -> Found:
        """The wanted markets and the busiest beside them.

        wanted: our market ids, or anything the venue calls a market, an event or a series.

        Raises VenueUnavailableError or DataError.
        """
        ...

    def plans(self, markets: Sequence[Market]) -> list[StreamPlan]:
        """The streams that carry these markets; none when the venue is polled."""
        ...

    @property
    def connector(self) -> FrameConnector: ...

    async def tell_time(self) -> HttpResponse:
        """Ask the venue for its time, once. Raises VenueUnavailableError."""
        ...

    async def books(self, markets: Sequence[MarketId]) -> list[bytes]:
        """REST bodies with the books of some markets, for `receive_books`."""
        ...

    async def payouts(self, markets: Sequence[MarketId]) -> list[MarketResolved]:
        """What some markets paid; those that have not are left out. Raises as `discover`."""
        ...

    async def lookup(self, markets: Sequence[MarketId]) -> Lookup:
        """Markets by id, whatever became of them; what they paid. Raises as `discover`."""
        ...


class PolymarketLink:
    """Polymarket: discovery by Gamma, books by the CLOB, one public stream a shard."""

    name = POLYMARKET

    def __init__(
        self, gamma: HttpTransport, clob: HttpTransport, connector: FrameConnector
    ) -> None:
        self.connector = connector
        self._client = PolymarketClient(gamma, clob)
        self._clob = clob
        self._tokens: dict[MarketId, tuple[str, str]] = {}

    async def discover(self, wanted: Sequence[str], busiest_max: int) -> Found:
        """Wanted ones by condition id; the busiest by the venue's own 24-hour volume."""
        resolution = await self._client.resolve([_plain(name, self.name) for name in wanted])
        markets = {market.id: market for market in resolution.markets}
        if busiest_max:
            order = [("order", "volume24hr"), ("ascending", "false")]
            listing = await self._client.markets(order, pages_max=-(-busiest_max // 100))
            markets = _with_busiest(markets, listing.markets, busiest_max)
        self._tokens |= {market.id: market.outcome_ids for market in markets.values()}
        named = resolution.summary() if wanted or not busiest_max else ""
        words = _summary(self.name, named, len(markets), busiest_max)
        return Found(tuple(markets.values()), (), words)

    def plans(self, markets: Sequence[Market]) -> list[StreamPlan]:
        """One stream for each shard of assets."""
        return [
            StreamPlan(POLYMARKET, "polymarket", POLYMARKET_PATH, _no_headers, _ids(shard))
            for shard in shards(markets)
        ]

    async def tell_time(self) -> HttpResponse:
        """The matching engine's own clock."""
        return await self._clob.send(time_request(self.name))

    async def books(self, markets: Sequence[MarketId]) -> list[bytes]:
        """Books of the YES tokens."""
        tokens = [self._tokens[market][0] for market in markets if market in self._tokens]
        return list((await self._client.books(tokens)).bodies)

    async def payouts(self, markets: Sequence[MarketId]) -> list[MarketResolved]:
        """A split payout, too, which the stream does not tell."""
        return await self._client.payouts(markets, wall_clock_us())

    async def lookup(self, markets: Sequence[MarketId]) -> Lookup:
        """Open ones and closed ones, by condition id."""
        return await self._client.lookup(markets, wall_clock_us())


class HandshakeSigner(Protocol):
    """Signs stream handshakes elsewhere, so that this process needs no key."""

    def handshake(self, venue: str, now_us: Instant) -> tuple[tuple[str, str], ...]: ...


class KalshiLink:
    """Kalshi: everything by REST, and a stream where there is a key."""

    name = KALSHI

    def __init__(
        self,
        rest: HttpTransport,
        connector: FrameConnector,
        key: ApiKey | HandshakeSigner | None,
    ) -> None:
        self.connector = connector
        self._client = KalshiClient(rest, _pause)
        self._rest = rest
        self._key = key
        self._budget = PollBudget()

    async def discover(self, wanted: Sequence[str], busiest_max: int) -> Found:
        """Wanted ones by ticker; the busiest of all open events."""
        asked = await self._client.watch_list([_plain(name, self.name) for name in wanted])
        listings = list(asked.listings)
        markets = {listing.market.id: listing.market for listing in listings}
        if busiest_max:
            everything = (await self._client.open_markets()).listings
            listings += everything
            markets = _with_busiest(markets, [found.market for found in everything], busiest_max)
        notes = tuple(
            note for found in listings if found.market.id in markets for note in found.unknowns
        )
        named = asked.summary() if wanted or not busiest_max else ""
        words = _summary(self.name, named, len(markets), busiest_max)
        return Found(tuple(markets.values()), notes, words)

    def plans(self, markets: Sequence[Market]) -> list[StreamPlan]:
        """Streams need a key; without one the venue is polled."""
        key = self._key
        if key is None:
            return []

        def headers(now_us: Instant) -> tuple[tuple[str, str], ...]:
            if isinstance(key, ApiKey):
                return handshake_headers(key, now_us)
            return key.handshake(KALSHI, now_us)

        parts = [
            markets[start : start + MARKETS_A_KALSHI_STREAM_MAX]
            for start in range(0, len(markets), MARKETS_A_KALSHI_STREAM_MAX)
        ]
        return [StreamPlan(KALSHI, "kalshi", WEBSOCKET_PATH, headers, _ids(p)) for p in parts]

    async def tell_time(self) -> HttpResponse:
        """Kalshi tells its time only in the headers of its answers."""
        return await self._rest.send(time_request(self.name))

    async def books(self, markets: Sequence[MarketId]) -> list[bytes]:
        """One batch of at most 100 tickers, when the read budget has room for it."""
        while not self._budget.take(monotonic_us()):
            await _pause(BUDGET_PAUSE)
        return [await self._client.order_books([_native(market) for market in markets])]

    async def payouts(self, markets: Sequence[MarketId]) -> list[MarketResolved]:
        """What the venue settled."""
        return await self._client.payouts([_native(market) for market in markets])

    async def lookup(self, markets: Sequence[MarketId]) -> Lookup:
        """By ticker, from the archive where it is that old."""
        return await self._client.lookup([_native(market) for market in markets])


def network_links(settings: Settings) -> list[VenueLink]:
    """Links over the network. Raises ConfigError for a key that cannot be used."""
    polymarket, kalshi = settings.polymarket, settings.kalshi
    return [
        PolymarketLink(
            NetworkTransport(polymarket.gamma_url),
            NetworkTransport(polymarket.clob_url),
            NetworkConnector(polymarket.stream_url),
        ),
        KalshiLink(
            NetworkTransport(kalshi.rest_url),
            NetworkConnector(kalshi.stream_url),
            kalshi_key(settings),
        ),
    ]


def live_links(settings: Settings, signer: HandshakeSigner | None) -> list[VenueLink]:
    """Links of a live desk: the signer holds the key. Raises ConfigError."""
    polymarket, kalshi = network_links(settings.model_copy(update={"kalshi": _keyless(settings)}))
    if signer is not None:
        rest = NetworkTransport(settings.kalshi.rest_url)
        kalshi = KalshiLink(rest, NetworkConnector(settings.kalshi.stream_url), signer)
    return [polymarket, kalshi]


def _keyless(settings: Settings) -> KalshiSection:
    return settings.kalshi.model_copy(update={"key_id": "", "key_file": ""})


def kalshi_key(settings: Settings) -> ApiKey | None:
    """The configured key, None when there is none. Raises ConfigError when half is missing."""
    key_id, key_file = settings.kalshi.key_id, settings.kalshi.key_file
    if not key_file and (not key_id or settings.live.kalshi_key):
        return None  # beside live.kalshi_key the id is the signer's
    if not key_id or not key_file:
        raise ConfigError("Kalshi needs both kalshi.key_id and kalshi.key_file, or neither")
    return parse_key(key_id, read_key_file(Path(key_file).expanduser()))


def _with_busiest(
    wanted: Mapping[MarketId, Market], listed: Iterable[Market], busiest_max: int
) -> dict[MarketId, Market]:
    """Wanted markets first, then the busiest of the others, in falling order of volume."""
    others = [market for market in listed if market.id not in wanted and market.status == "open"]
    others.sort(key=lambda market: (-(market.volume_24h or 0), market.id))
    return {**wanted, **{market.id: market for market in others[:busiest_max]}}


def _summary(venue: str, named: str, markets_count: int, busiest_max: int) -> str:
    """named: what became of the identifiers that somebody named, "" where nobody named any."""
    watched = f"{markets_count} markets with the busiest" if busiest_max else ""
    return f"{venue}: {', '.join(filter(None, (named, watched)))}"


def _plain(identifier: str, venue: str) -> str:
    """What the venue itself calls it."""
    return identifier.removeprefix(f"{venue}:")


def _native(market: MarketId) -> str:
    return market.partition(":")[2]


def _ids(markets: Iterable[Market]) -> tuple[MarketId, ...]:
    return tuple(market.id for market in markets)


def _no_headers(_: Instant) -> tuple[tuple[str, str], ...]:
    return ()


async def _pause(duration: Duration) -> None:
    await asyncio.sleep(duration / MICRO)
