"""Which changes of its books can change the sum of a package that surely loses?

Only its smallest clip is priced, at the best prices: levels behind them and surplus beyond
SURPLUS_SEEN clips count for nothing.
"""

from collections.abc import Sequence
from typing import TypeAlias

from foreshock.core.domain.books import Levels
from foreshock.core.domain.messages.market_data import BookChanged
from foreshock.core.domain.units import PAYOUT, Quantity
from foreshock.core.pricing.depth import best_offer
from foreshock.core.pricing.packages import Legs

SURPLUS_SEEN = 3
"""More depth than this many clips does not change a smallest clip's sum: see `completion`."""
MOVED = -1
ENDLESS = 1 << 62
EVERYTHING = ENDLESS + 1
Touch: TypeAlias = tuple[tuple[str, tuple[object, ...], tuple[object, ...]], ...]


def is_sure_loss(legs: Legs, paying_count: int, books: Sequence[BookChanged]) -> bool:
    """Whether the best offers alone cost what the package pays."""
    asked = 0
    for (_, outcome), book in zip(legs, books, strict=True):
        offer = best_offer(book, outcome)
        if offer is None:
            return False
        asked += offer[0]
    return asked >= PAYOUT * paying_count


def touch_of(books: Sequence[BookChanged], smallest: Quantity) -> Touch:
    """All of the books that the sum of a smallest clip depends on, message delays aside."""
    return tuple(
        (book.quality, _side_touch(book.bids, smallest), _side_touch(book.asks, smallest))
        for book in books
    )


def steady_depth(before: BookChanged | None, after: BookChanged) -> int:
    """Contracts at the best prices that a change left alone.

    MOVED when a best price or the quality changed, ENDLESS when nothing at the best prices did.
    """
    if before is None or before.quality != after.quality:
        return MOVED
    steady = ENDLESS
    for old, new in ((before.bids, after.bids), (before.asks, after.asks)):
        if old is new:
            continue
        if not old or not new or old[0][0] != new[0][0]:
            return MOVED
        if old[0][1] != new[0][1]:
            steady = min(steady, old[0][1], new[0][1])
    return steady


def depth_counted(books: Sequence[BookChanged], smallest: Quantity) -> int:
    """Contracts at the best prices beyond which nothing counts for a smallest clip.

    A change that leaves so many alone (see `steady_depth`) leaves the touch as it is. EVERYTHING
    when levels behind the best prices count too.
    """
    for book in books:
        for side in (book.bids, book.asks):
            if side and not (0 < side[0][0] < PAYOUT and side[0][1] >= max(1, smallest)):
                return EVERYTHING
    return SURPLUS_SEEN * smallest


def _side_touch(levels: Levels, smallest: Quantity) -> tuple[object, ...]:
    if not levels or levels[0][1] < smallest:
        return levels
    price, quantity = levels[0]
    return price, min(quantity, SURPLUS_SEEN * smallest)
