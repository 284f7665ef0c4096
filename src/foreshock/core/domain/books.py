"""What rests in a market now? A book is a fold of snapshots and deltas on the price grid.

Everything is seen from YES: a bid buys YES; a NO bid at q is a YES ask at 1 - q. Prices are
bounded, so each side is an array of levels over the finest step of the grid. A price off the grid
(a venue may change it while orders rest) is kept exactly in a small dict: never rounded, never
dropped.
"""

from collections.abc import Iterable, Sequence
from functools import cache
from itertools import islice
from typing import TypeAlias, cast

from foreshock.core.domain.errors import DataError
from foreshock.core.domain.markets import PriceGrid
from foreshock.core.domain.units import PAYOUT, Price, Quantity, complement

Level: TypeAlias = tuple[Price, Quantity]
Levels: TypeAlias = tuple[Level, ...]
BOOK_LEVELS_MAX = 10
"""Levels a side that decisions may see; size beyond counts as not there."""
NONE = -1
NEAR = 16
"""Steps from the best price within which the levels that decisions may see mostly lie."""


class Side:
    """One side of a book.

    `rank` grows toward the better price: the price for bids, 1 - price for asks, so one piece of
    code serves both; an index is a rank in steps.
    """

    __slots__ = (
        "_index",
        "_is_ask",
        "_levels",
        "_off_grid",
        "_seen",
        "_seen_floor",
        "_step",
        "best",
    )

    def __init__(self, step: int, *, is_ask: bool) -> None:
        self._step = step
        self._is_ask = is_ask
        self._index = _indexes(step, is_ask=is_ask)
        self._levels: list[tuple[int, int] | None] = [None] * len(self._index)
        self._off_grid: dict[int, int] = {}
        self._seen: Levels | None = None
        self._seen_floor = 0
        self.best = NONE

    def size_at(self, price: Price) -> Quantity:
        """Contracts resting at a price; 0 when none."""
        index = self._index.get(price)
        if index is None:
            return Quantity(self._off_grid.get(self._rank(price), 0))
        level = self._levels[index]
        return Quantity(level[1] if level else 0)

    def set(self, price: int, quantity: int) -> None:
        """Replace the total resting at a price; 0 removes the level.

        Raises DataError for a price outside 0..1 or a negative total.
        """
        index = self._index.get(price)
        if index is None or quantity < 0:
            self._set_off_grid(price, quantity)
            return
        if index >= self._seen_floor:
            self._seen = None
        if quantity:
            self._levels[index] = (price, quantity)
            if index > self.best:
                self.best = index
            return
        self._levels[index] = None
        if index == self.best:
            self.best = self._next_below(index)

    def add(self, price: Price, delta: int) -> None:
        """Change the total at a price. Raises DataError when it would become negative."""
        self.set(price, self.size_at(price) + delta)

    def best_price(self) -> Price | None:
        """Best price of this side, None when empty."""
        rank = self.best * self._step if self.best != NONE else NONE
        if self._off_grid:
            rank = max(rank, *self._off_grid)
        if rank == NONE:
            return None
        return Price(PAYOUT - rank if self._is_ask else rank)

    def seen(self) -> Levels:
        """The levels that decisions may see, best first: one object while none of them changes."""
        if self._seen is None:
            self._seen = self.top(BOOK_LEVELS_MAX)
            is_full = len(self._seen) == BOOK_LEVELS_MAX and not self._off_grid
            self._seen_floor = self._index[self._seen[-1][0]] if is_full else 0
        return self._seen

    def top(self, count: int) -> Levels:
        """The best `count` levels, best first."""
        if self._off_grid:
            return self._merged(count)
        found = self._nearest(count, self.best - NEAR)
        if len(found) < count and self.best >= NEAR:
            return self._nearest(count, NONE)
        return found

    def levels(self) -> Levels:
        """Every level, best first."""
        return self.top(len(self._levels) + len(self._off_grid))

    def clear(self) -> None:
        """Forget every level."""
        self._levels = [None] * len(self._levels)
        self._off_grid.clear()
        self._seen = None
        self.best = NONE

    def _nearest(self, count: int, beyond: int) -> Levels:
        """The best levels above the index `beyond`."""
        if self.best == NONE:
            return ()
        near = self._levels[self.best : beyond if beyond >= 0 else None : -1]
        return cast("Levels", tuple(islice(filter(None, near), count)))

    def _next_below(self, index: int) -> int:
        levels = self._levels
        index -= 1
        while index >= 0 and not levels[index]:
            index -= 1
        return index

    def _set_off_grid(self, price: int, quantity: int) -> None:
        if quantity < 0 or not 0 <= price <= PAYOUT:
            raise DataError(f"impossible level: {quantity} at {price}")
        self._seen = None
        if quantity:
            self._off_grid[self._rank(price)] = quantity
        else:
            self._off_grid.pop(self._rank(price), None)

    def _rank(self, price: int) -> int:
        return PAYOUT - price if self._is_ask else price

    def _merged(self, count: int) -> Levels:
        flip = self._is_ask
        off_grid = (
            (PAYOUT - rank if flip else rank, size) for rank, size in self._off_grid.items()
        )
        levels = sorted([*filter(None, self._levels), *off_grid], reverse=not flip)
        return cast("Levels", tuple(levels[:count]))


class Book:
    """Bids and asks of one market, seen from YES."""

    __slots__ = ("asks", "bids", "grid")

    def __init__(self, grid: PriceGrid) -> None:
        self.grid = grid
        self.bids = Side(grid.finest(), is_ask=False)
        self.asks = Side(grid.finest(), is_ask=True)

    def replace(self, bids: Iterable[Level], asks: Iterable[Level]) -> None:
        """Take a snapshot: nothing of the old book survives."""
        self.bids.clear()
        self.asks.clear()
        for price, quantity in bids:
            self.bids.set(price, quantity)
        for price, quantity in asks:
            self.asks.set(price, quantity)

    def is_crossed(self) -> bool:
        """Whether the best bid reaches the best ask: a state to show, not to trade on."""
        bid, ask = self.bids.best_price(), self.asks.best_price()
        return bid is not None and ask is not None and bid >= ask

    def regrid(self, grid: PriceGrid) -> "Book":
        """The same levels on another grid."""
        book = Book(grid)
        book.replace(self.bids.levels(), self.asks.levels())
        return book


def mirrored(levels: Sequence[Level]) -> Levels:
    """The same levels seen from the other outcome: YES bids become NO asks, best stays first."""
    return tuple((complement(price), quantity) for price, quantity in levels)


@cache
def _indexes(step: int, *, is_ask: bool) -> dict[int, int]:
    """Index by price; shared by all sides of the same step."""
    ranks = range(0, PAYOUT + 1, step)
    return {PAYOUT - rank if is_ask else rank: index for index, rank in enumerate(ranks)}
