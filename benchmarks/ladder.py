"""What rests in one synthetic market, and how does its book move? Prices in cents, seen from YES.

Best prices stay within REACH cents of a fair value, bids below it and asks above it, so a book
never crosses and never runs away.
"""

from random import Random
from typing import Literal, NamedTuple, TypeAlias

SideName: TypeAlias = Literal["bid", "ask"]

CENTS = HUNDRED = 100
REACH = 4
"""Cents from the fair value within which a best price stays."""
DEPTH = 40
"""Levels a side at the start, where the price range leaves room for them."""
BEHIND_MEAN = 6
"""Cents behind the best price at which levels change, on average: most of it is near the touch."""
SIZE_MAX = 50_000
"""Largest level at the start, in hundredths of a contract."""


class Change(NamedTuple):
    """A level's new total and what it was, in hundredths of a contract."""

    side: SideName
    cents: int
    size: int
    before: int


class Ladder:
    """One market's book."""

    def __init__(self, fair: int, rng: Random) -> None:
        self._fair = fair
        self._rng = rng
        self.bids: dict[int, int] = {}
        self.asks: dict[int, int] = {}
        for away in range(1 + rng.randrange(REACH), DEPTH):
            if fair - away >= 1:
                self.bids[fair - away] = self._size()
        for away in range(1 + rng.randrange(REACH), DEPTH):
            if fair + away < CENTS:
                self.asks[fair + away] = self._size()

    def best(self, side: SideName) -> int:
        """Best price of a side in cents."""
        return max(self.bids) if side == "bid" else min(self.asks)

    def resize_best(self) -> Change:
        """Another size at a best price."""
        side = self._side()
        return self._set(side, self.best(side), self._size())

    def move_best(self) -> Change:
        """A best price one cent better or gone; never across the fair value."""
        side = self._side()
        best = self.best(side)
        away = abs(best - self._fair)
        is_better = away >= REACH or (away > 1 and self._rng.random() < 0.5)
        if is_better:
            return self._set(side, best + (1 if side == "bid" else -1), self._size())
        return self._set(side, best, 0)

    def change_behind(self) -> Change:
        """A level behind the best price appears, grows, shrinks or goes."""
        side = self._side()
        best = self.best(side)
        away = 1 + min(DEPTH, int(self._rng.expovariate(1 / BEHIND_MEAN)))
        cents = max(1, best - away) if side == "bid" else min(CENTS - 1, best + away)
        if cents == best:
            return self.resize_best()
        size = 0 if self._levels(side).get(cents) and away > REACH else self._size()
        return self._set(side, cents, size)

    def _side(self) -> SideName:
        return "bid" if self._rng.random() < 0.5 else "ask"

    def _levels(self, side: SideName) -> dict[int, int]:
        return self.bids if side == "bid" else self.asks

    def _size(self) -> int:
        """Half of them whole contracts, as on the wire."""
        size = self._rng.randrange(HUNDRED, SIZE_MAX)
        return size // HUNDRED * HUNDRED if self._rng.random() < 0.5 else size

    def _set(self, side: SideName, cents: int, size: int) -> Change:
        levels = self._levels(side)
        before = levels.pop(cents, 0)
        if size:
            levels[cents] = size
        return Change(side, cents, size, before)
