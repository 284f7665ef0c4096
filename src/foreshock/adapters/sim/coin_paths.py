"""Where are the coins of the simulated world? One seeded random walk each, second by second.

The walk begins before the world does, so that its past can be asked for; asking never changes it.
"""

import math
import random
from collections.abc import Mapping
from typing import Final

import msgspec

from foreshock.core.domain.units import MICRO, SECOND, Instant

YEAR_S: Final = 365.25 * 86_400
PAST_S: Final = 2 * 3_600
"""The walk before the world's start."""
SPIKE_SHARE, SPIKE_SIZE = 0.002, 6.0
"""Of seconds that move several times as much: tails as fat as in life."""


class Coin(msgspec.Struct, frozen=True):
    """Dollars at the world's start, volatility a year, and the step of its prices in millionths."""

    start: float
    volatility: float
    step: int

    @property
    def per_root_second(self) -> float:
        """Volatility per square root of a second, spikes included."""
        return self.volatility / math.sqrt(YEAR_S)


COINS: Final[Mapping[str, Coin]] = {
    "BTC": Coin(97_400.0, 0.55, 10_000),
    "ETH": Coin(3_720.0, 0.75, 10_000),
    "SOL": Coin(212.0, 0.95, 10_000),
}


class CoinPaths:
    """Prices in millionths of a dollar at any second up to the latest one asked for."""

    def __init__(self, seed: int, start_us: Instant) -> None:
        self._begins_s = start_us // SECOND - PAST_S
        self._paths = {
            name: _Path(coin, random.Random(f"{seed} {name}")) for name, coin in COINS.items()
        }

    @property
    def begins_us(self) -> Instant:
        """The first moment with a price."""
        return Instant(self._begins_s * SECOND)

    def price(self, coin: str, at_us: Instant) -> int:
        """The price at the last whole second. Raises ValueError for a time before the walk."""
        number = at_us // SECOND - self._begins_s
        if number < 0:
            raise ValueError(f"{coin} has no price so early")
        return self._paths[coin].at(number)


class _Path:
    """One coin's prices, one a second, made when they are first needed."""

    def __init__(self, coin: Coin, rng: random.Random) -> None:
        self._coin = coin
        self._rng = rng
        self._logs: list[float] = []
        spread = 1 + SPIKE_SHARE * (SPIKE_SIZE**2 - 1)
        self._step = coin.per_root_second / math.sqrt(spread)

    def at(self, number: int) -> int:
        if not self._logs:
            self._begin()
        while len(self._logs) <= number:
            self._logs.append(self._next())
        price = self._coin.start * math.exp(self._logs[number])
        return round(price * MICRO / self._coin.step) * self._coin.step

    def _begin(self) -> None:
        """The past; the world starts at the coin's start price, whatever came before."""
        self._logs = [0.0]
        for _ in range(PAST_S):
            self._logs.append(self._next())
        shift = -self._logs[-1]
        self._logs = [log + shift for log in self._logs]

    def _next(self) -> float:
        size = SPIKE_SIZE if self._rng.random() < SPIKE_SHARE else 1.0
        return self._logs[-1] + self._rng.gauss(0.0, self._step * size)
