"""Which markets trade far more than they usually do at this time of day?

    feeds -> counters -> a bucket closes every 5 minutes -> VolumeMeasured, AlertRaised

Time comes with timers, so a replay closes the same buckets with the same trades in them.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice
from typing import Any

import msgspec
import numpy as np

from foreshock.core.domain.errors import DataError
from foreshock.core.domain.markets import MarketId
from foreshock.core.domain.messages.decisions import PairListed, PairUnlisted
from foreshock.core.domain.messages.market_data import (
    BookChanged,
    BookLost,
    ConnectionClosed,
    ConnectionOpened,
    FeedGapped,
    MarketListed,
    MarketResolved,
    MarketStatusChanged,
    MarketsWatched,
    PayloadQuarantined,
    Traded,
)
from foreshock.core.domain.messages.matching import PairRelated
from foreshock.core.domain.messages.operations import DeskStarted
from foreshock.core.domain.messages.signals import (
    AlertRaised,
    BaselinesReset,
    BaselinesRestored,
    NewsSeen,
    VolumeRecalled,
)
from foreshock.core.domain.messages.trading import SetTimer, TimerFired
from foreshock.core.domain.messages.union import Message
from foreshock.core.domain.units import MICRO, SECOND, Duration, Instant
from foreshock.core.signals.known_events import EventList
from foreshock.core.signals.marks import mid_of
from foreshock.core.signals.volume_buckets import (
    BucketFlow,
    bucket_end,
    bucket_of,
    widen,
)
from foreshock.core.signals.volume_counters import GRACE, VolumeCounters
from foreshock.core.signals.volume_gaps import VolumeGaps
from foreshock.core.signals.volume_history import VolumeHistory
from foreshock.core.signals.volume_markets import Coverage, VolumeMarkets
from foreshock.core.signals.volume_monitor import KnownEvent, Verdict, VolumeMonitor
from foreshock.core.signals.volume_past import VolumePast
from foreshock.core.signals.volume_peers import CorrelatedContracts
from foreshock.core.signals.volume_picture import picture_of
from foreshock.core.signals.volume_recall import MARKETS_AT_ONCE_MAX, check, recall
from foreshock.core.signals.volume_resets import Resets
from foreshock.core.signals.volume_settings import VolumeSettings
from foreshock.core.signals.volume_teller import VolumeTeller

COLUMNS_START = 64
CLOSE_TIMER, PREPARE_TIMER, RECALL_TIMER = "volume:close", "volume:prepare", "volume:recall"
PREPARE_BEFORE = Duration(3 * SECOND)
"""So long before a close everything that needs no more trades is worked out."""
ASLEEP_MIN = Duration(60 * SECOND)
"""A close that comes so late after it was due comes from a desk that did not hear its feeds."""
PREPARE_PAUSE = Duration(10_000)
BOOKS_AT_ONCE_MAX = 2_000
RECALL_AFTER = Duration(250_000)
"""Past volume comes market by market: those that come together are put in place together."""
COMPARABLE_RELATIONS = frozenset({"identity", "complement", "subset", "superset", "overlap"})


class VolumeAgent:
    """Counts what is traded in every market and tells what is unusual."""

    name = "volume"

    def __init__(self, settings: VolumeSettings, past: VolumePast | None = None) -> None:
        self._settings = settings
        self._past = past
        self._markets = VolumeMarkets(settings.markets_max)
        self._coverage = Coverage(COLUMNS_START, settings.feeds)
        self._counters = VolumeCounters(COLUMNS_START, 0)
        self._monitor = VolumeMonitor(
            VolumeHistory(COLUMNS_START, 0), CorrelatedContracts(COLUMNS_START)
        )
        self._events = EventList(settings.known)
        self._events_are_new = False
        self._teller = VolumeTeller(settings, self._markets, self._monitor)
        self._resets = Resets()
        self._gaps = VolumeGaps()
        self._books: dict[MarketId, BookChanged] = {}
        self._recalled: dict[int, VolumeRecalled] = {}
        self._refused: dict[str, int] = {}
        self.last: Verdict | None = None
        """Of the bucket that closed last, for whoever analyses a recording."""
        self._handlers: dict[type[Message], Callable[[Any, Instant], Iterable[Message]]] = {
            DeskStarted: self._begin,
            TimerFired: self._fire,
            MarketListed: self._list,
            MarketStatusChanged: self._change,
            MarketResolved: self._resolve,
            ConnectionOpened: self._connect,
            MarketsWatched: self._watch,
            ConnectionClosed: self._disconnect,
            FeedGapped: self._doubt,
            PayloadQuarantined: self._doubt,
            BookLost: self._lose,
            PairRelated: self._relate,
            PairListed: self._pair,
            PairUnlisted: self._unpair,
            NewsSeen: self._note,
            AlertRaised: self._picture,
            VolumeRecalled: self._take_past,
            BaselinesReset: self._reset,
            BaselinesRestored: self._restore,
        }
        self.hears = frozenset({Traded, BookChanged, *self._handlers})

    @property
    def monitor(self) -> VolumeMonitor:
        """The baselines, to be read: what is written down, shown, or analysed."""
        return self._monitor

    @property
    def markets(self) -> Sequence[MarketId]:
        """The market of each column."""
        return self._markets.ids

    def handle(self, message: Message, now_us: Instant) -> Iterable[Message]:
        """Trades and books, by far the most, are only taken note of."""
        if type(message) is BookChanged:
            self._books[message.market] = message
            return ()
        if type(message) is Traded:
            self._count(message)
            return ()
        handler = self._handlers.get(type(message))
        return () if handler is None else handler(message, now_us)

    # ---- what is counted ---------------------------------------------------------------------

    def _count(self, trade: Traded) -> None:
        column = self._markets.column(trade.market)
        if column is None:
            return
        contracts = trade.quantity / MICRO
        counters = self._counters
        refused = counters.trade(
            column,
            trade.trade_id,
            contracts,
            is_taker_yes=trade.taker == "yes",
            event_us=trade.event_us,
        )
        if refused is None:
            counters.price(column, trade.price / MICRO, trade.event_us)

    def _begin(self, _started: DeskStarted, now_us: Instant) -> Iterator[Message]:
        bucket = bucket_of(now_us)
        count = self._monitor.history.columns_count
        self._counters = VolumeCounters(count, bucket)
        self._monitor.history.advance(bucket)
        if self._past is not None:
            self._take_home(self._past)
            self._past = None
        yield from self._set_timers(now_us)

    def _take_home(self, past: VolumePast) -> None:
        """What an earlier run has written down; the markets keep their columns."""
        for market in past.markets:
            self._cover(market)
        history = self._monitor.history
        past.put_into(history, self._monitor.metrics)
        self._resets = past.resets

    def _cover(self, market: MarketId) -> int | None:
        column = self._markets.cover(market)
        if column is not None and column >= self._monitor.history.columns_count:
            count = min(2 * column, self._settings.markets_max)
            widen(self._counters, VolumeCounters(count, self._counters.bucket))
            widen(self._coverage, Coverage(count, ()))
            self._monitor.widen(count)
        self._events_are_new = True
        return column

    def _carry(self, markets: Sequence[MarketId], now_us: Instant) -> tuple[Message, ...]:
        for market in markets:
            column = self._cover(market)
            if column is not None:
                self._coverage.begin(column, now_us)
        return ()

    def _connect(self, message: ConnectionOpened, now_us: Instant) -> tuple[Message, ...]:
        return self._carry(self._coverage.open(message), now_us)

    def _disconnect(self, message: ConnectionClosed, now_us: Instant) -> tuple[Message, ...]:
        return self._drop(self._coverage.close(message), now_us)

    def _doubt(
        self, message: FeedGapped | PayloadQuarantined, now_us: Instant
    ) -> tuple[Message, ...]:
        return self._miss(self._coverage.carried(message.connection), now_us)

    def _lose(self, message: BookLost, now_us: Instant) -> tuple[Message, ...]:
        return self._miss((message.market,), now_us)

    def _watch(self, message: MarketsWatched, now_us: Instant) -> tuple[Message, ...]:
        if self._coverage.tells(message.connection):
            self._drop(message.removed, now_us)
        return self._carry(self._coverage.watch(message), now_us)

    def _drop(self, markets: Sequence[MarketId], now_us: Instant) -> tuple[Message, ...]:
        for market in markets:
            column = self._markets.column(market)
            if column is not None:
                self._coverage.end(column)
        return self._miss(markets, now_us)

    def _miss(self, markets: Sequence[MarketId], now_us: Instant) -> tuple[Message, ...]:
        """Trades may have been lost: the open buckets are unknown, not quiet."""
        for market in markets:
            column = self._markets.column(market)
            if column is not None:
                self._counters.miss(column, now_us)
        return ()

    # ---- what is known of markets --------------------------------------------------------------

    def _list(self, message: MarketListed, _now_us: Instant) -> tuple[Message, ...]:
        self._markets.list_market(message.market)
        return ()

    def _change(self, message: MarketStatusChanged, _now_us: Instant) -> tuple[Message, ...]:
        self._markets.change(message.market, message.status)
        return ()

    def _resolve(self, message: MarketResolved, _now_us: Instant) -> tuple[Message, ...]:
        self._markets.change(message.market, "settled")
        return ()

    def _relate(self, message: PairRelated, _now_us: Instant) -> tuple[Message, ...]:
        found = message.comparison
        if found.relation in COMPARABLE_RELATIONS:
            self._markets.relate(found.a, found.b)
        return ()

    def _pair(self, message: PairListed, _now_us: Instant) -> tuple[Message, ...]:
        self._gaps.add(message.pair)
        self._markets.relate(message.pair.a, message.pair.b)
        return ()

    def _unpair(self, message: PairUnlisted, _now_us: Instant) -> tuple[Message, ...]:
        self._gaps.remove(message.pair_id)
        return ()

    def _note(self, message: NewsSeen, _now_us: Instant) -> tuple[Message, ...]:
        self._events_are_new |= self._events.hear(message)
        return ()

    # ---- what is told --------------------------------------------------------------------------

    def _fire(self, message: TimerFired, now_us: Instant) -> Iterable[Message]:
        if message.timer_id == CLOSE_TIMER:
            return self._close(now_us)
        if message.timer_id == PREPARE_TIMER:
            return self._prepare(now_us)
        return self._recall() if message.timer_id == RECALL_TIMER else ()

    def _set_timers(self, now_us: Instant) -> Iterator[Message]:
        due_us = bucket_end(self._counters.bucket) + GRACE
        wait = max(0, due_us - now_us)
        yield SetTimer(PREPARE_TIMER, Duration(max(0, wait - PREPARE_BEFORE)))
        yield SetTimer(CLOSE_TIMER, Duration(wait))

    def _prepare(self, now_us: Instant) -> Iterator[Message]:
        """Work ahead of the close, a portion at a time: books must not wait for it."""
        if self._prepare_next(now_us):
            return
        yield SetTimer(PREPARE_TIMER, PREPARE_PAUSE)

    def _prepare_next(self, now_us: Instant) -> bool:
        """Whether nothing is left to prepare. A price is that of shortly after its bucket."""
        for market in list(islice(self._books, BOOKS_AT_ONCE_MAX)):
            column, mid = self._markets.column(market), mid_of(self._books.pop(market))
            if column is not None and mid is not None:
                self._counters.price(column, mid / MICRO, now_us)
        if self._books:
            return False
        if self._events_are_new:
            self._monitor.know(self._known_events())
            return False
        self._monitor.peers.add_pairs(*self._markets.take_links())
        return self._monitor.prepare_next()

    def _picture(self, message: AlertRaised, _now_us: Instant) -> tuple[Message, ...]:
        """An alert, of whatever detector, gets its market's last day beside it."""
        column = self._markets.column(message.alert.market)
        if column is None:
            return ()
        return (picture_of(message.alert.market, self._monitor.history, column),)

    def _known_events(self) -> list[KnownEvent]:
        self._events_are_new = False
        listed = (self._markets.listed.get(market) for market in self._markets.ids)
        carried = [terms for terms in listed if terms is not None]
        return [
            KnownEvent(
                tuple(c for c in map(self._markets.column, ids) if c is not None),
                bucket_of(window.first_us),
                bucket_of(Instant(window.after_us - 1)) + 1,
            )
            for window, ids in self._events.concerning(carried)
        ]

    def _close(self, now_us: Instant) -> Iterator[Message]:
        while not self._prepare_next(now_us):
            pass
        if now_us - bucket_end(self._counters.bucket) - GRACE >= ASLEEP_MIN:
            self._wake(now_us)
        while self._counters.is_due(now_us):
            bucket = self._counters.bucket
            flow = self._unveil(self._counters.close(), bucket)
            verdict = self._monitor.close(bucket, flow)
            if verdict is not None:
                self.last = verdict
                yield from self._teller.closed(verdict, flow, self._take_refused())
                end_us = bucket_end(bucket)
                yield from self._gaps.measure(verdict.reading, self._markets, end_us)
        yield from self._set_timers(now_us)

    def _wake(self, now_us: Instant) -> None:
        """The desk stood still, or the clock jumped: what passed is unknown, not quiet."""
        bucket = bucket_of(now_us)
        self._refused["buckets asleep"] = bucket - self._counters.bucket
        self._counters.jump(bucket)
        self._counters.miss(slice(None), now_us)
        self._monitor.jump(bucket)

    def _take_refused(self) -> dict[str, int]:
        refused: dict[str, int] = {**self._counters.refused, **self._refused}
        if self._markets.refused_count:
            refused["no room"] = self._markets.refused_count
        self._counters.refused.clear()
        self._refused.clear()
        return refused

    def _unveil(self, flow: BucketFlow, bucket: int) -> BucketFlow:
        """A bucket in which a market was not carried throughout is unknown."""
        missed = self._coverage.missed(bucket_end(bucket - 1))
        return msgspec.structs.replace(flow, volume=np.where(missed, np.nan, flow.volume))

    # ---- baselines from elsewhere --------------------------------------------------------------

    def _take_past(self, message: VolumeRecalled, _now_us: Instant) -> Iterator[Message]:
        column = self._cover(message.market)
        if column is None:
            return
        try:
            check(message)
        except DataError:  # numbers that do not add up change nothing
            self._refused["past"] = self._refused.get("past", 0) + 1
            return
        if not self._recalled:
            yield SetTimer(RECALL_TIMER, RECALL_AFTER)
        self._recalled[column] = message

    def _recall(self) -> Iterator[Message]:
        chosen = dict(islice(self._recalled.items(), MARKETS_AT_ONCE_MAX))
        self._recalled = dict(islice(self._recalled.items(), MARKETS_AT_ONCE_MAX, None))
        if self._recalled:
            yield SetTimer(RECALL_TIMER, RECALL_AFTER)
        events = self._known_events()
        self._monitor.know(events)
        self._monitor.peers.add_pairs(*self._markets.take_links())
        found = recall(self._monitor, chosen, events) if chosen else None
        if found is not None:
            yield from self._teller.recalled(found)

    def _reset(self, message: BaselinesReset, _now_us: Instant) -> tuple[Message, ...]:
        columns = range(len(self._markets.ids))
        if message.market is not None:
            column = self._markets.column(message.market)
            columns = () if column is None else (column,)
        chosen = np.array(columns, dtype=np.intp)
        self._resets.reset(self._monitor.history, message.reset_id, chosen)
        return ()

    def _restore(self, message: BaselinesRestored, _now_us: Instant) -> tuple[Message, ...]:
        self._resets.restore(self._monitor.history, message.reset_id)
        return ()
