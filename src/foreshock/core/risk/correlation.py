"""Which markets move together, so that one surprise hits them all?

Known by what they are (one event, one exclusive group, one package) or by how their prices moved:
changes of the mid from minute to minute over the last two hours, in whole numbers. Too few common
minutes, or too few changes, say nothing.
"""

from collections import deque
from collections.abc import Callable, Iterable, Mapping
from itertools import pairwise

import msgspec

from foreshock.core.domain.markets import Market, MarketId
from foreshock.core.domain.messages.market_data import BookChanged
from foreshock.core.domain.units import MICRO, SECOND, Instant

MINUTE = 60 * SECOND
SAMPLES_MAX = 121
MOVES_MIN = 30
"""Common minutes: 0.7 by chance among so few is rarer than one in 100,000."""
CHANGES_MIN = 5
"""Minutes in which either price moved at all."""


class MarketTerms(msgspec.Struct, frozen=True):
    """What a market is, as far as risk goes. event, group: with its venue, empty for none.

    settles_us: when it should pay, or at least close; None where the venue names no day.
    """

    category: str
    event: str
    group: str
    settles_us: Instant | None = None


class Moves:
    """The mid of every market with a book, once a minute."""

    def __init__(self) -> None:
        self._minute = -1
        self._mids: dict[MarketId, deque[tuple[int, int]]] = {}

    def sample(
        self,
        books: Mapping[MarketId, BookChanged],
        now_us: Instant,
        is_heard: Callable[[MarketId, Instant], bool],
    ) -> None:
        """Note the mids when a new minute has begun; a book that is not heard of has none."""
        minute = now_us // MINUTE
        if minute <= self._minute:
            return
        self._minute = minute
        for market, book in books.items():
            if book.bids and book.asks and is_heard(market, now_us):
                mids = self._mids.setdefault(market, deque(maxlen=SAMPLES_MAX))
                mids.append((minute, (book.bids[0][0] + book.asks[0][0]) // 2))

    def are_together(self, one: MarketId, other: MarketId, correlation_min_ppm: int) -> bool:
        """Whether the moves correlate by at least that much, in either direction."""
        first, second = self._moves(one), self._moves(other)
        pairs = [(move, second[minute]) for minute, move in first.items() if minute in second]
        changes = (sum(1 for move in side if move) for side in zip(*pairs, strict=True))
        if len(pairs) < MOVES_MIN or min(changes) < CHANGES_MIN:
            return False
        return is_correlated(pairs, correlation_min_ppm)

    def mids(self, market: MarketId) -> dict[int, int]:
        """The mid of YES at the end of each minute that was seen, oldest first."""
        return dict(self._mids.get(market, ()))

    def _moves(self, market: MarketId) -> dict[int, int]:
        """Change of the mid by the minute at whose end it stood."""
        mids = list(self._mids.get(market, ()))
        return {
            minute: mid - before
            for (was, before), (minute, mid) in pairwise(mids)
            if minute == was + 1
        }


def is_correlated(pairs: Iterable[tuple[int, int]], correlation_min_ppm: int) -> bool:
    """Whether |r| of these pairs reaches a share, exactly: r^2 = cov^2 / (var_x var_y)."""
    rows = list(pairs)
    count = len(rows)
    sum_x, sum_y = sum(x for x, _ in rows), sum(y for _, y in rows)
    covariance = count * sum(x * y for x, y in rows) - sum_x * sum_y
    variance_x = count * sum(x * x for x, _ in rows) - sum_x * sum_x
    variance_y = count * sum(y * y for _, y in rows) - sum_y * sum_y
    if not variance_x or not variance_y:
        return False
    reached = covariance * covariance * MICRO * MICRO
    return reached >= correlation_min_ppm * correlation_min_ppm * variance_x * variance_y


def terms_of(market: Market) -> MarketTerms:
    """What is needed of a listing. Categories differ in nothing but their letters' case."""
    event = f"{market.venue}/{market.event_id}" if market.event_id else ""
    group = f"{market.venue}/{market.exclusive_group}" if market.exclusive_group else ""
    settles_us = market.closes_us if market.settles_us is None else market.settles_us
    return MarketTerms(market.category.strip().casefold(), event, group, settles_us)


def are_kin(one: MarketTerms, other: MarketTerms) -> bool:
    """Whether two markets stand in one event or exclude each other."""
    same_event = one.event == other.event and one.event
    same_group = one.group == other.group and one.group
    return bool(same_event or same_group)
