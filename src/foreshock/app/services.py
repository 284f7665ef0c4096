"""What keeps a venue in view? Discovery until it works, then streams or polls, and spot checks.

A venue that is down when the desk starts is tried again with back-off; the desk runs meanwhile and
says which venue is missing.
"""

import asyncio
import random
from collections.abc import Callable, Iterator, Sequence

import msgspec

from foreshock.adapters.http import jittered_s
from foreshock.adapters.streams import BACKOFF_BASE_S, BACKOFF_CAP_S, StreamKeeper
from foreshock.app.config import WatchSection
from foreshock.app.loop import Desk
from foreshock.app.venues import Found, VenueLink
from foreshock.core.domain.errors import DataError, VenueUnavailableError
from foreshock.core.domain.markets import Market, MarketId
from foreshock.core.domain.messages.market_data import (
    ConnectionClosed,
    ConnectionFailed,
    ConnectionOpened,
    MarketListed,
)

POLLED_BATCH_MAX = 100
"""Books asked for in one request."""
FIRST_CHECK_S = 1.0
"""Nothing is traded on a connection that was never checked, so the first check comes early."""
CHECKED_BATCH_MAX = 8
"""Books of one connection compared at a time, round robin."""


class Wanted(msgspec.Struct, frozen=True):
    """What to watch at a venue, how many of the busiest beside it, and who hears what was found."""

    identifiers: tuple[str, ...]
    busiest_max: int
    say: Callable[[str], None]


class VenueService:
    """One venue from discovery to the end of the run."""

    def __init__(
        self,
        link: VenueLink,
        desk: Desk,
        wanted: Wanted,
        watch: WatchSection,
        numbers: Iterator[int],
    ) -> None:
        self._link = link
        self._desk = desk
        self._wanted = wanted
        self._watch = watch
        self._numbers = numbers
        self._rng = random.Random(link.name)  # noqa: S311 - spreads reconnects, decides nothing

    async def run(self) -> None:
        """Find the markets, then keep them in view until cancelled."""
        found = await self._discover()
        for market in found.markets:
            self._desk.inbox.put(MarketListed(market))
        for note in found.notes:
            self._desk.inbox.put(note)
        plans = self._link.plans(found.markets)
        keepers = [
            StreamKeeper(self._link.connector, plan, self._desk.inbox, self._numbers, self._rng)
            for plan in plans
        ]
        self._desk.carry(keepers)
        async with asyncio.TaskGroup() as tasks:
            for keeper in keepers:
                tasks.create_task(keeper.run())
            tasks.create_task(self._relist(found.markets))
            if keepers:
                tasks.create_task(self._check())
            else:
                tasks.create_task(self._poll([market.id for market in found.markets]))

    async def _discover(self) -> Found:
        """At least one market. A venue that lists none may do so later, as one that is down."""
        wanted, attempt = self._wanted, 0
        while True:
            try:
                found = await self._link.discover(wanted.identifiers, wanted.busiest_max)
            except (VenueUnavailableError, DataError) as error:
                reason = str(error)
            else:
                if found.markets:
                    wanted.say(found.summary)
                    return found
                reason = f"no market to watch: {found.summary}"
            attempt += 1
            self._desk.inbox.put(ConnectionFailed(self._link.name, reason, attempt))
            await asyncio.sleep(jittered_s(attempt, BACKOFF_BASE_S, BACKOFF_CAP_S, self._rng))

    async def _relist(self, listed: Sequence[Market]) -> None:
        """Read the terms again and tell what changed: streams do not say everything.

        A market that is no longer listed as active says so on the stream, or by an empty book. What
        it paid is asked for: streams tell it to those who listen just then, and never in halves.
        """
        known = {market.id: _terms(market) for market in listed}
        while True:
            await asyncio.sleep(self._watch.relist_interval_s)
            try:
                found = await self._link.discover(tuple(known), 0)
                active = {market.id for market in found.markets}
                over = self._desk.unpaid([market for market in known if market not in active])
                payouts = await self._link.payouts(over) if over else []
            except (VenueUnavailableError, DataError) as error:
                self._desk.inbox.put(ConnectionFailed(self._link.name, str(error), 0))
                continue
            for market in found.markets:
                if known.get(market.id) != _terms(market):
                    known[market.id] = _terms(market)
                    self._desk.inbox.put(MarketListed(market))
            for payout in payouts:
                self._desk.inbox.put(payout)

    async def _check(self) -> None:
        """Compare some folded books of every connection with REST, again and again."""
        turn = 0
        await asyncio.sleep(FIRST_CHECK_S)
        while True:
            for connection, markets in self._desk.watched(self._link.name):
                start = turn * CHECKED_BATCH_MAX % max(1, len(markets))
                await self._read_books(connection, markets[start : start + CHECKED_BATCH_MAX])
            turn += 1
            await asyncio.sleep(self._watch.check_interval_s)

    async def _poll(self, markets: Sequence[MarketId]) -> None:
        """Read all books by REST in place of a stream: shown, never traded on."""
        name = self._link.name
        connection = next(self._numbers)
        self._desk.inbox.put(ConnectionOpened(connection, name, f"{name}-polled", tuple(markets)))
        try:
            while True:
                for start in range(0, len(markets), POLLED_BATCH_MAX):
                    await self._read_books(connection, markets[start : start + POLLED_BATCH_MAX])
                await asyncio.sleep(self._watch.poll_interval_s)
        finally:
            self._desk.inbox.put(ConnectionClosed(connection, name, "polling ended"))

    async def _read_books(self, connection: int, markets: Sequence[MarketId]) -> None:
        """Hand REST books to the connection; a venue that does not answer is told, not fatal."""
        try:
            for body in await self._link.books(markets):
                await self._desk.inbox.put_frame(connection, "http", body)
        except (VenueUnavailableError, DataError) as error:
            self._desk.inbox.put(ConnectionFailed(self._link.name, str(error), 0))


def _terms(market: Market) -> Market:
    """A market without what changes all the time."""
    return msgspec.structs.replace(market, volume_24h=None)
