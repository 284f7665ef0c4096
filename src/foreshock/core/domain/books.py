"""What rests in a market now? A book is a fold of snapshots and deltas on the price grid.

Everything is seen from YES: a bid buys YES; a NO bid at q is a YES ask at 1 - q. Prices are
bounded, so each side is an array over the finest step of the grid. A price off the grid (a venue
may change it while orders rest) is kept exactly in a small dict: never rounded, never dropped.
"""

from collections.abc import Iterable, Sequence
from typing import TypeAlias

from foreshock.core.domain.errors import DataError
from foreshock.core.domain.markets import PriceGrid
from foreshock.core.domain.units import PAYOUT, Price, Quantity, complement

Level: TypeAlias = tuple[Price, Quantity]
Levels: TypeAlias = tuple[Level, ...]
BOOK_LEVELS_MAX = 10
"""Levels a side that decisions may see; size beyond counts as not there."""
NONE = -1


class Side:
    """One side of a book.

    `rank` grows toward the better price: the price for bids, 1 - price for asks, so one piece of
    code serves both.
    """

    __slots__ = ("_is_ask", "_off_grid", "_sizes", "_step", "best")

    def __init__(self, step: int, *, is_ask: bool) -> None:
        self._step = step
        self._is_ask = is_ask
        self._sizes: list[int] = [0] * (PAYOUT // step + 1)
        self._off_grid: dict[int, int] = {}
        self.best = NONE

    def size_at(self, price: Price) -> Quantity:
        """Contracts resting at a price; 0 when none."""
        rank = PAYOUT - price if self._is_ask else price
        index, off = divmod(rank, self._step)
        return Quantity(self._off_grid.get(rank, 0) if off else self._sizes[index])

    def set(self, price: int, quantity: int) -> None:
        """Replace the total resting at a price; 0 removes the level.

        Raises DataError for a price outside 0..1 or a negative total.
        """
        if quantity < 0 or not 0 <= price <= PAYOUT:
            raise DataError(f"impossible level: {quantity} at {price}")
        rank = PAYOUT - price if self._is_ask else price
        index, off = divmod(rank, self._step)
        if off:
            self._set_off_grid(rank, quantity)
            return
        self._sizes[index] = quantity
        if quantity:
            if index > self.best:
                self.best = index
        elif index == self.best:
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

    def top(self, count: int) -> Levels:
        """The best `count` levels, best first."""
        if self._off_grid:
            return self._merged(count)
        found: list[Level] = []
        sizes, step, is_ask = self._sizes, self._step, self._is_ask
        index = self.best
        while index >= 0 and len(found) < count:
            size = sizes[index]
            if size:
                rank = index * step
                found.append((Price(PAYOUT - rank if is_ask else rank), Quantity(size)))
            index -= 1
        return tuple(found)

    def levels(self) -> Levels:
        """Every level, best first."""
        return self.top(len(self._sizes) + len(self._off_grid))

    def clear(self) -> None:
        """Forget every level."""
        self._sizes = [0] * len(self._sizes)
        self._off_grid.clear()
        self.best = NONE

    def _next_below(self, index: int) -> int:
        sizes = self._sizes
        index -= 1
        while index >= 0 and not sizes[index]:
            index -= 1
        return index

    def _set_off_grid(self, rank: int, quantity: int) -> None:
        if quantity:
            self._off_grid[rank] = quantity
        else:
            self._off_grid.pop(rank, None)

    def _merged(self, count: int) -> Levels:
        ranks = [(i * self._step, size) for i, size in enumerate(self._sizes) if size]
        ranks += self._off_grid.items()
        ranks.sort(reverse=True)
        flip = self._is_ask
        return tuple(
            (Price(PAYOUT - rank if flip else rank), Quantity(size)) for rank, size in ranks[:count]
        )


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
