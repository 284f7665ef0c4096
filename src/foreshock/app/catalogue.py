"""Which markets does a venue list beyond those watched, and which must be watched after all?

They are read for matching only: told, never subscribed to. When a pair of them may trade, its
markets are watched from then on.
"""

import asyncio
from collections.abc import Callable, Coroutine
from itertools import islice
from typing import TypeAlias

import msgspec

from foreshock.app.loop import Desk
from foreshock.app.venues import Found, VenueLink
from foreshock.core.domain.errors import DataError, VenueUnavailableError
from foreshock.core.domain.markets import Market, MarketId
from foreshock.core.domain.messages.decisions import PairListed
from foreshock.core.domain.messages.market_data import ConnectionFailed, MarketListed
from foreshock.core.domain.messages.union import Message
from foreshock.core.domain.positions import venue_of
from foreshock.core.domain.units import Instant
from foreshock.core.engine import Entry

FIRST_SCAN_S = 30.0
"""What is watched comes first; by then it is."""
TOLD_AT_ONCE_MAX = 50
PAUSE_S = 0.05
"""Between portions, so that a catalogue never stands before a book."""
GATHERING_S = 5.0
"""Pairs come in flocks: their markets share one stream."""
COMPANY_MAX = 20
"""Busy markets that join a flock: a stream on which nothing happens looks like a dead one."""
FLOCKS_MAX = 32
"""Streams opened for pairs beside those of the watch list; more wait for the next start."""

Watch: TypeAlias = Callable[[tuple[MarketId, ...]], Coroutine[None, None, None]]
"""Keeps markets in view until cancelled."""


class Scan(msgspec.Struct, frozen=True):
    """How many of the busiest markets are read, and how often. Unit: markets, seconds."""

    markets_max: int
    interval_s: int


class Catalogue:
    """The markets of one venue that nobody watches."""

    def __init__(self, link: VenueLink, desk: Desk, scan: Scan, watch: Watch) -> None:
        self._link = link
        self._desk = desk
        self._scan = scan
        self._watch = watch
        self._told: dict[MarketId, Market] = {}
        self._wanted: dict[MarketId, None] = {}
        self._some = asyncio.Event()

    def want(self, market: MarketId) -> None:
        """A pair that may trade needs this market; one that is watched already is no news."""
        if venue_of(market) == self._link.name and market in self._told:
            self._wanted[market] = None
            self._some.set()

    async def run(self) -> None:
        """Read the catalogue again and again, and watch what pairs need, until cancelled."""
        if self._scan.markets_max == 0:
            return
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self._read())
            for _ in range(FLOCKS_MAX):
                await self._some.wait()
                await asyncio.sleep(GATHERING_S)
                flock = self._take_wanted()
                if flock:
                    tasks.create_task(self._watch(flock))

    async def _read(self) -> None:
        await asyncio.sleep(FIRST_SCAN_S)
        while True:
            try:
                await self._tell(await self._link.discover((), self._scan.markets_max))
            except (VenueUnavailableError, DataError) as error:
                self._desk.inbox.put(ConnectionFailed(self._link.name, str(error), 0))
            await asyncio.sleep(self._scan.interval_s)

    async def _tell(self, found: Found) -> None:
        """Tell of what is new or changed, a portion at a time."""
        watched = self._watched()
        for number, market in enumerate(found.markets, 1):
            terms = msgspec.structs.replace(market, volume_24h=None)
            if market.id not in watched and self._told.get(market.id) != terms:
                self._told[market.id] = terms
                self._desk.inbox.put(MarketListed(market))
            if number % TOLD_AT_ONCE_MAX == 0:
                await asyncio.sleep(PAUSE_S)

    def _take_wanted(self) -> tuple[MarketId, ...]:
        watched = self._watched()
        needed = [market for market in self._wanted if market not in watched]
        self._wanted.clear()
        self._some.clear()
        if not needed:
            return ()
        others = (market for market in self._told if market not in {*needed, *watched})
        flock = (*needed, *islice(others, COMPANY_MAX))
        for market in flock:
            del self._told[market]  # from here on it is watched, and no longer ours
        return flock

    def _watched(self) -> set[MarketId]:
        return {m for _, markets in self._desk.watched(self._link.name) for m in markets}


class PairWatch:
    """Hears which pairs may trade and passes their markets on."""

    hears: frozenset[type[Message]] = frozenset({PairListed})

    def __init__(self) -> None:
        self.catalogues: list[Catalogue] = []

    def listen(self, _step: int, entry: Entry, _now_us: Instant) -> None:
        """A pair takes part: both markets must be seen."""
        if isinstance(entry.message, PairListed):
            for catalogue in self.catalogues:
                catalogue.want(entry.message.pair.a)
                catalogue.want(entry.message.pair.b)
