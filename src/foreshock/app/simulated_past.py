"""Where does a demo's usual volume come from? The simulated venues' past, market by market.

A demo has no fourteen days to wait. What it is told is on record as any message is, and says that
it is simulated.
"""

import asyncio
from collections.abc import Callable

from foreshock.adapters.clock import wall_clock_us
from foreshock.adapters.sim.signal_past import past_markets, simulated_past
from foreshock.core.domain.markets import MarketId
from foreshock.core.domain.messages.market_data import BookChanged, ConnectionOpened
from foreshock.core.domain.messages.signals import VolumeRecalled
from foreshock.core.domain.units import MICRO, Instant
from foreshock.core.engine import Entry
from foreshock.core.signals.marks import mid_of
from foreshock.core.signals.volume_buckets import bucket_of

PORTION = 10
"""Markets told at once, so that a past never stands before a book."""
PAUSE_S = 0.15
FIRST_S = 2.0
"""Edges come first."""
PATIENCE = 40
"""Rounds in which a market without a price is waited for; then it is told at even odds."""


class SimulatedPast:
    """Hears which markets are carried and at which prices, and tells their past."""

    def __init__(self, seed: int, markets_max: int) -> None:
        self._seed = seed
        self._known = past_markets(markets_max)
        self._waiting: dict[MarketId, float | None] = {}
        self._told: set[MarketId] = set()

    def listen(self, _step: int, entry: Entry, _now_us: Instant) -> None:
        """A market is carried; it has a price."""
        message = entry.message
        if isinstance(message, BookChanged):
            if message.market in self._waiting and self._waiting[message.market] is None:
                mid = mid_of(message)
                self._waiting[message.market] = None if mid is None else mid / MICRO
        elif isinstance(message, ConnectionOpened):
            for market in message.markets:
                if market not in self._told and _native(market) in self._known:
                    self._waiting.setdefault(market, None)

    async def run(self, tell: Callable[[VolumeRecalled], None]) -> None:
        """Tell every market's past once, until cancelled."""
        await asyncio.sleep(FIRST_S)
        rounds = 0
        while True:
            ready = [m for m, price in self._waiting.items() if price is not None]
            if not ready and rounds > PATIENCE:
                ready = list(self._waiting)
            for market in ready[:PORTION]:
                tell(self._past(market))
            rounds = 0 if ready else rounds + 1
            await asyncio.sleep(PAUSE_S)

    def _past(self, market: MarketId) -> VolumeRecalled:
        price = self._waiting.pop(market)
        self._told.add(market)
        known = self._known[_native(market)]
        bucket = bucket_of(wall_clock_us())
        return simulated_past(self._seed, market, known, bucket, 0.5 if price is None else price)


def _native(market: MarketId) -> str:
    return market.partition(":")[2]
