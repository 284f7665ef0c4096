"""What became of the markets in which something is held? Asked from the start until each has paid.

What is held may be of an earlier run, or bought by hand; its market may have ended while no desk
ran, so that nobody watches it. It is listed all the same, on its last terms, which positions can
be read by and redeemed with. One that no venue knows any more is an incident until it is found.
"""

import asyncio
import random
from collections.abc import Callable, Iterable
from contextlib import suppress

from foreshock.adapters.http import jittered_s
from foreshock.adapters.venues.lookups import Lookup
from foreshock.app.venues import VenueLink
from foreshock.core.domain.errors import DataError, VenueUnavailableError
from foreshock.core.domain.markets import MarketId
from foreshock.core.domain.messages.account import PositionsRead
from foreshock.core.domain.messages.decisions import IncidentOpened, IncidentResolved
from foreshock.core.domain.messages.market_data import (
    ConnectionFailed,
    MarketListed,
    MarketResolved,
)
from foreshock.core.domain.messages.union import Message
from foreshock.core.domain.positions import venue_of
from foreshock.core.domain.units import Instant
from foreshock.core.engine import Entry

NOTHING_ASKED = Lookup((), (), {})
BACKOFF_BASE_S, BACKOFF_CAP_S = 8.0, 60.0
"""Nothing here is urgent, and each failure counts among the errors for which a venue is avoided."""


class Held:
    """Where something is held, by the books and by the venues' lists, and what is known of it.

    booked: the markets that the books of this desk hold something of, now.
    """

    hears: frozenset[type[Message]] = frozenset({MarketListed, MarketResolved, PositionsRead})

    def __init__(self, booked: Callable[[], Iterable[MarketId]]) -> None:
        self._booked = booked
        self._listed: set[MarketId] = set()
        self._paid: set[MarketId] = set()
        self._accounts: dict[str, tuple[MarketId, ...]] = {}
        self._grown: dict[str, asyncio.Event] = {}

    def grown(self, venue: str) -> asyncio.Event:
        """Set when the account there turns out to hold something in a market nobody listed."""
        return self._grown.setdefault(venue, asyncio.Event())

    def listen(self, _step: int, entry: Entry, _now_us: Instant) -> None:
        """Learn what is listed, what has paid, and what the accounts hold."""
        match entry.message:
            case MarketListed(market=market):
                self._listed.add(market.id)
            case MarketResolved(market=name):
                self._paid.add(name)
            case PositionsRead():
                self._take(entry.message)
            case _:
                pass

    def unlisted(self, venue: str) -> list[MarketId]:
        """Markets of which this desk knows no terms."""
        return [market for market in self._markets(venue) if market not in self._listed]

    def unpaid(self, venue: str) -> list[MarketId]:
        """Markets that are listed and have not paid yet."""
        listed = (market for market in self._markets(venue) if market in self._listed)
        return [market for market in listed if market not in self._paid]

    def _markets(self, venue: str) -> list[MarketId]:
        booked = (market for market in self._booked() if venue_of(market) == venue)
        return list(dict.fromkeys((*booked, *self._accounts.get(venue, ()))))

    def _take(self, read: PositionsRead) -> None:
        markets = (*(position.market for position in read.positions), *read.unlisted)
        known = self._accounts.get(read.venue, ())
        self._accounts[read.venue] = tuple(dict.fromkeys(markets))
        if any(market not in known and market not in self._listed for market in markets):
            self.grown(read.venue).set()


class PayoutService:
    """One venue, until the end of the run."""

    def __init__(
        self, link: VenueLink, held: Held, put: Callable[[Message], None], interval_s: float
    ) -> None:
        self._link = link
        self._held = held
        self._put = put
        self._interval_s = interval_s
        self._missing: dict[MarketId, str] = {}
        self._rng = random.Random(link.name)  # noqa: S311 - spreads questions, decides nothing

    async def run(self) -> None:
        """Ask at once, when the account turns out to hold more, and again and again."""
        attempt, grown = 0, self._held.grown(self._link.name)
        while True:
            grown.clear()
            try:
                await self._ask()
                attempt, wait_s = 0, self._interval_s
            except (VenueUnavailableError, DataError) as error:
                attempt += 1
                self._put(ConnectionFailed(self._link.name, str(error), 0))  # no stream is lost
                wait_s = jittered_s(attempt, BACKOFF_BASE_S, BACKOFF_CAP_S, self._rng)
            with suppress(TimeoutError):
                await asyncio.wait_for(grown.wait(), wait_s)

    async def _ask(self) -> None:
        """Raises VenueUnavailableError or DataError."""
        unlisted = self._held.unlisted(self._link.name)
        looked = await self._link.lookup(unlisted) if unlisted else NOTHING_ASKED
        for market in looked.markets:
            self._put(MarketListed(market))
        again = await self._payouts()
        for paid in (*looked.paid, *again.paid):
            self._put(paid)
        self._tell_missing(looked.missing | again.missing)

    async def _payouts(self) -> Lookup:
        """All at once; a payout that cannot be read must hide no other."""
        unpaid = self._held.unpaid(self._link.name)
        if not unpaid:
            return NOTHING_ASKED
        try:
            return Lookup((), tuple(await self._link.payouts(unpaid)), {})
        except DataError:
            return await self._link.lookup(unpaid)

    def _tell_missing(self, missing: dict[MarketId, str]) -> None:
        """An incident for each, once, and its end."""
        for market in [m for m in self._missing if m not in missing]:
            del self._missing[market]
            self._put(IncidentResolved(f"{market}/unlisted", "it is listed, or held no more"))
        for market, reason in missing.items():
            if market not in self._missing:
                self._missing[market] = reason
                words = f"held, but {self._link.name} does not say what it pays: {reason}"
                self._put(IncidentOpened(f"{market}/unlisted", market, words))
