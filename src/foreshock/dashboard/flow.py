"""What trades and moves right now? The newest trades and quotes, and every busy market on a tape.

A quote costs nothing when it comes: the newest one of a market is read from its book when somebody
looks. Prices for the small charts are sampled a slice of the markets at a time.
"""

import heapq
from collections import OrderedDict, deque
from collections.abc import Iterable
from typing import Literal

import msgspec

from foreshock.core.domain.books import Levels
from foreshock.core.domain.markets import MarketId, Outcome
from foreshock.core.domain.messages.market_data import BookChanged, Traded
from foreshock.core.domain.positions import venue_of
from foreshock.core.domain.units import SECOND, Duration, Instant
from foreshock.dashboard.bounded import evict
from foreshock.dashboard.markets import Markets

FRESH_FOR = Duration(600 * SECOND)
"""The freshness window: what is older is not shown as live."""
TRADES_MAX = 500
TAPE_MAX = 5_000
"""Markets that keep points; the one that was quiet for longest goes first."""
POINTS_MAX = 60
POINT_EVERY = Duration(5 * SECOND)
SLICE_MARKETS = 200
"""Markets sampled at once: a slice costs well under a millisecond."""
EVENTS_DEFAULT = 60
TAPE_DEFAULT = 100
Kind = Literal["T", "Q"]


class FlowEventView(msgspec.Struct, frozen=True, kw_only=True):
    """A trade (T), or the newest quote of a market (Q). Prices are of YES, None where unknown.

    quantity_micros, taker: of a trade; taker is the outcome whose exposure its taker gained.
    """

    kind: Kind
    market: MarketId
    venue: str
    title: str
    price_micros: int | None
    bid_micros: int | None
    ask_micros: int | None
    quantity_micros: int | None
    taker: Outcome | None
    event_us: Instant


class TapeView(msgspec.Struct, frozen=True, kw_only=True):
    """The newest state of one market. Counts, quantities and points are those of the window.

    change_micros: newest point less the oldest one. points: YES mids, oldest first, unevenly
    spaced; a market whose book has one side only has none.
    """

    market: MarketId
    venue: str
    title: str
    status: str
    bid_micros: int | None
    ask_micros: int | None
    traded_micros: int | None
    change_micros: int | None
    trades_count: int
    quantity_micros: int
    yes_taken_micros: int
    points: list[int]
    seen_us: Instant


class FlowView(msgspec.Struct, frozen=True, kw_only=True):
    """What moves. window_us: how far back it reaches."""

    now_us: Instant
    window_us: Duration
    last_event_us: Instant | None
    trades_count: int
    events: list[FlowEventView]
    tape: list[TapeView]
    tape_count: int


class _Busy(msgspec.Struct):
    """One market's points and trades; both are cut to the window when they are read."""

    points: deque[tuple[Instant, int]]
    trades: deque[Traded]


class Flow:
    """Recent trades of every market, and prices sampled from their books."""

    def __init__(self, markets: Markets) -> None:
        self._markets = markets
        self._trades: deque[Traded] = deque(maxlen=TRADES_MAX)
        self._busy: OrderedDict[MarketId, _Busy] = OrderedDict()
        self._waiting: list[BookChanged] = []
        self._sampled_us: Instant | None = None
        self._trades_count = 0

    def view(
        self,
        now_us: Instant,
        query: str = "",
        events_max: int = EVENTS_DEFAULT,
        tape_max: int = TAPE_DEFAULT,
    ) -> FlowView:
        """Events of the window newest first; markets by what was traded, then by newest quote.

        query: words that a market's id or title has to hold.
        """
        words = query.casefold().split()
        since_us = Instant(now_us - FRESH_FOR)
        books = [b for b in self._markets.books() if b.recv_us >= since_us and self._has(b, words)]
        trades = [t for t in self._trades if t.recv_us >= since_us and self._has(t, words)]
        newest = heapq.nlargest(events_max, (*trades, *books), key=lambda each: each.recv_us)
        busiest = heapq.nlargest(
            tape_max, books, key=lambda book: (self._quantity(book.market, since_us), book.recv_us)
        )
        last_us = max((each.recv_us for each in (*self._trades, *books)), default=None)
        return FlowView(
            now_us=now_us,
            window_us=FRESH_FOR,
            last_event_us=last_us,
            trades_count=self._trades_count,
            events=[self._event(each) for each in newest],
            tape=[self._tape(book, since_us) for book in busiest],
            tape_count=len(books),
        )

    # ---- what is heard -------------------------------------------------------------------------

    def trade(self, trade: Traded) -> None:
        """A public trade."""
        self._trades.append(trade)
        self._trades_count += 1
        self._of(trade.market).trades.append(trade)

    def sample(self, now_us: Instant) -> None:
        """Take prices for the small charts; called once a second for each connection.

        Takes the next slice of markets; a new round begins when the last one is old enough.
        """
        if not self._waiting:
            since_us = self._sampled_us
            if since_us is not None and now_us - since_us < POINT_EVERY:
                return
            self._waiting = [
                b for b in self._markets.books() if since_us is None or b.recv_us >= since_us
            ]
            self._sampled_us = now_us
        for book in self._waiting[-SLICE_MARKETS:]:
            mid = _mid(book)
            if mid is not None:
                self._of(book.market).points.append((book.recv_us, mid))
        del self._waiting[-SLICE_MARKETS:]

    def _of(self, market: MarketId) -> _Busy:
        found = self._busy.get(market)
        if found is None:
            found = _Busy(deque(maxlen=POINTS_MAX), deque(maxlen=TRADES_MAX))
            self._busy[market] = found
            evict(self._busy, TAPE_MAX)
        else:
            self._busy.move_to_end(market)
        return found

    # ---- what is shown -------------------------------------------------------------------------

    def _has(self, seen: BookChanged | Traded, words: Iterable[str]) -> bool:
        text = f"{seen.market} {self._markets.title(seen.market)}".casefold() if words else ""
        return all(word in text for word in words)

    def _quantity(self, market: MarketId, since_us: Instant) -> int:
        busy = self._busy.get(market)
        trades = () if busy is None else busy.trades
        return sum(trade.quantity for trade in trades if trade.recv_us >= since_us)

    def _event(self, seen: BookChanged | Traded) -> FlowEventView:
        is_trade = isinstance(seen, Traded)
        return FlowEventView(
            kind="T" if is_trade else "Q",
            market=seen.market,
            venue=venue_of(seen.market),
            title=self._markets.title(seen.market),
            price_micros=seen.price if is_trade else _mid(seen),
            bid_micros=None if is_trade else _best(seen.bids),
            ask_micros=None if is_trade else _best(seen.asks),
            quantity_micros=seen.quantity if is_trade else None,
            taker=seen.taker if is_trade else None,
            event_us=seen.event_us,
        )

    def _tape(self, book: BookChanged, since_us: Instant) -> TapeView:
        listed, busy = self._markets.market(book.market), self._busy.get(book.market)
        known = () if busy is None else busy.trades
        trades = [trade for trade in known if trade.recv_us >= since_us]
        sampled = () if busy is None else busy.points
        points = [mid for at_us, mid in sampled if at_us >= since_us]
        return TapeView(
            market=book.market,
            venue=venue_of(book.market),
            title=self._markets.title(book.market),
            status="" if listed is None else listed.status,
            bid_micros=_best(book.bids),
            ask_micros=_best(book.asks),
            traded_micros=trades[-1].price if trades else None,
            change_micros=points[-1] - points[0] if points else None,
            trades_count=len(trades),
            quantity_micros=self._quantity(book.market, since_us),
            yes_taken_micros=sum(t.quantity for t in trades if t.taker == "yes"),
            points=points,
            seen_us=book.recv_us,
        )


def _best(levels: Levels) -> int | None:
    return levels[0][0] if levels else None


def _mid(book: BookChanged) -> int | None:
    bid, ask = _best(book.bids), _best(book.asks)
    return None if bid is None or ask is None else (bid + ask) // 2
