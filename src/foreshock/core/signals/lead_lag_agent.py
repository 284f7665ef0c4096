"""Who moves first in every pair, and is an oracle ahead of its market?

    books, reports -> at each bar's end one mid a side -> rolling windows -> LeadMeasured

A book counts only when a bar ends; between, the last one of each market is kept as it came.
"""

from collections.abc import Callable, Iterable, Iterator
from typing import Any

import msgspec
import numpy as np

from foreshock.core.domain.markets import MarketId
from foreshock.core.domain.messages.decisions import PairListed, PairUnlisted
from foreshock.core.domain.messages.market_data import (
    BookChanged,
    BookLost,
    ConnectionClosed,
    ConnectionOpened,
    FeedMeasured,
    MarketsWatched,
)
from foreshock.core.domain.messages.operations import DeskStarted
from foreshock.core.domain.messages.signals import (
    LeadMeasured,
    OracleGapMeasured,
    OracleLost,
    OracleReported,
)
from foreshock.core.domain.messages.trading import SetTimer, TimerFired
from foreshock.core.domain.messages.union import Message
from foreshock.core.domain.units import MICRO, PAYOUT, SECOND, Duration, Instant
from foreshock.core.signals.lead_lag import Rule, Verdict
from foreshock.core.signals.lead_lag_places import PairPlaces
from foreshock.core.signals.lead_lag_rolling import NO_MID, Readings, RollingLeadLag
from foreshock.core.signals.marks import mid_of
from foreshock.core.signals.mid_bars import MidBars

TIMER = "lead-lag:bar"
STALE = Duration(10 * SECOND)
"""A mid stands while its connection brings data; a silent one leaves it unknown after this."""
RETOLD_PPM = 100_000
"""A leader whose correlation moved by so much is told again."""
ORACLE_UNIT = 1_000
"""Oracle values are compared in thousands of millionths: larger moves then still count in full."""


class LeadLagSettings(msgspec.Struct, frozen=True, kw_only=True):
    """How long a bar is, how leaders are looked for, and how many pairs are followed."""

    bar: Duration = Duration(5 * SECOND)
    rule: Rule = Rule()
    pairs_max: int = 1_000


class _Told(msgspec.Struct, frozen=True):
    leader: str | None
    lag: Duration
    correlation_ppm: int | None


class LeadLagAgent:
    """Follows every pair that takes part, and every market beside the oracle it is priced by."""

    name = "lead-lag"

    def __init__(self, settings: LeadLagSettings) -> None:
        self._settings = settings
        self._places = PairPlaces(settings.pairs_max)
        self._mids = MidBars(2 * self._places.count, STALE)
        self._rolling = RollingLeadLag(self._places.count, settings.rule)
        self._books: dict[MarketId, BookChanged] = {}
        self._reports: dict[str, OracleReported] = {}
        self._carried: dict[int, tuple[MarketId, ...]] = {}
        self._told: dict[str, _Told] = {}
        self._bars_count = 0
        self._closed_us = Instant(0)
        self._handlers: dict[type[Message], Callable[[Any, Instant], Iterable[Message]]] = {
            DeskStarted: self._begin,
            TimerFired: self._fire,
            PairListed: self._follow,
            PairUnlisted: self._leave,
            OracleGapMeasured: self._follow_oracle,
            OracleReported: self._report,
            OracleLost: self._lose_oracle,
            BookLost: self._lose_book,
            ConnectionOpened: self._carry,
            MarketsWatched: self._watch,
            ConnectionClosed: self._drop,
            FeedMeasured: self._confirm,
        }
        self.hears = frozenset({BookChanged, *self._handlers})

    def handle(self, message: Message, now_us: Instant) -> Iterable[Message]:
        """Of books, the last one of each followed market is kept until the bar ends."""
        if type(message) is BookChanged:
            if message.market in self._places.series:
                self._books[message.market] = message
            return ()
        handler = self._handlers.get(type(message))
        return () if handler is None else handler(message, now_us)

    # ---- who is followed -----------------------------------------------------------------------

    def _follow(self, message: PairListed, _now_us: Instant) -> tuple[Message, ...]:
        pair = message.pair
        self._add(pair.id, pair.a, pair.b, is_mirrored=pair.relation == "complement")
        return ()

    def _follow_oracle(self, message: OracleGapMeasured, _now_us: Instant) -> tuple[Message, ...]:
        name = f"{message.oracle}~{message.market}"
        self._add(name, message.oracle, message.market, is_mirrored=False)
        return ()

    def _add(self, name: str, a: str, b: str, *, is_mirrored: bool) -> None:
        before = self._places.count
        place = self._places.add(name, a, b, is_mirrored=is_mirrored)
        if self._places.count > before:
            self._rolling.widen(self._places.count)
            self._mids.widen(2 * self._places.count)
        if place is not None:
            self._rolling.clear(place)

    def _leave(self, message: PairUnlisted, _now_us: Instant) -> tuple[Message, ...]:
        place = self._places.remove(message.pair_id)
        if place is not None:
            self._rolling.clear(place)
            self._mids.lose(2 * place)
            self._mids.lose(2 * place + 1)
            self._told.pop(message.pair_id, None)
        return ()

    # ---- what is seen --------------------------------------------------------------------------

    def _report(self, message: OracleReported, _now_us: Instant) -> tuple[Message, ...]:
        name = f"{message.source} {message.symbol}"  # as gaps name the oracle they rest on
        if name in self._places.series:
            self._reports[name] = message
        return ()

    def _carry(self, message: ConnectionOpened, _now_us: Instant) -> tuple[Message, ...]:
        self._carried[message.connection] = message.markets
        return ()

    def _drop(self, message: ConnectionClosed, _now_us: Instant) -> tuple[Message, ...]:
        return self._lose(self._carried.pop(message.connection, ()))

    def _lose_oracle(self, message: OracleLost, _now_us: Instant) -> tuple[Message, ...]:
        return self._lose((f"{message.source} {message.symbol}",))

    def _lose_book(self, message: BookLost, _now_us: Instant) -> tuple[Message, ...]:
        return self._lose((message.market,))

    def _watch(self, message: MarketsWatched, _now_us: Instant) -> tuple[Message, ...]:
        kept = [m for m in self._carried.get(message.connection, ()) if m not in message.removed]
        self._carried[message.connection] = (*kept, *message.added)
        return self._lose(message.removed)

    def _confirm(self, message: FeedMeasured, _now_us: Instant) -> tuple[Message, ...]:
        """A connection that brings data vouches for the books on it that did not change."""
        for market in self._carried.get(message.connection, ()):
            for series in self._places.series.get(market, ()):
                self._mids.confirm(series, message.data_at_us)
        return ()

    def _lose(self, names: Iterable[str]) -> tuple[Message, ...]:
        for name in names:
            self._books.pop(MarketId(name), None)
            self._reports.pop(name, None)
            for series in self._places.series.get(name, ()):
                self._mids.lose(series)
        return ()

    # ---- bars ----------------------------------------------------------------------------------

    def _begin(self, _started: DeskStarted, now_us: Instant) -> tuple[Message, ...]:
        self._closed_us = now_us
        return (SetTimer(TIMER, self._settings.bar),)

    def _fire(self, message: TimerFired, now_us: Instant) -> Iterator[Message]:
        if message.timer_id != TIMER:
            return
        bar = self._settings.bar
        missed = (now_us - self._closed_us + bar // 2) // bar - 1
        nothing = np.full(self._places.count, NO_MID)
        for _ in range(min(missed, self._settings.rule.window_bars)):
            self._rolling.add(nothing, nothing)  # nobody looked: unknown, and no change of zero
            self._bars_count += 1
        self._closed_us = now_us
        yield from self._close(now_us)
        yield SetTimer(TIMER, bar)

    def _close(self, now_us: Instant) -> Iterator[Message]:
        for market, book in self._books.items():
            mid = mid_of(book)
            for series in self._places.series.get(market, ()):
                self._observe(series, mid, book.recv_us)
        for name, report in self._reports.items():
            for series in self._places.series.get(name, ()):
                self._mids.observe(series, report.value // ORACLE_UNIT, report.recv_us)
        self._books.clear()
        self._reports.clear()
        sides = self._mids.close(now_us).reshape(-1, 2)
        self._rolling.add(sides[:, 0], sides[:, 1])
        self._bars_count += 1
        if self._bars_count % self._settings.rule.stride_bars == 0:
            yield from self._tell(self._rolling.readings(), now_us)

    def _observe(self, series: int, mid: int | None, at_us: Instant) -> None:
        if mid is None:
            self._mids.lose(series)
        else:
            mirrored = series in self._places.mirrored
            self._mids.observe(series, PAYOUT - mid if mirrored else mid, at_us)

    # ---- what is told --------------------------------------------------------------------------

    def _tell(self, readings: Readings, now_us: Instant) -> Iterator[Message]:
        """Leaders that changed: at most one message a pair and stride."""
        for name, place in self._places.names.items():
            found = self._named(readings, place)
            before = self._told.get(name, _Told(None, Duration(0), None))
            if not _is_news(before, found):
                continue
            self._told[name] = found
            a, b = self._places.sides[place]
            followed = {None: None, a: b, b: a}.get(found.leader)
            yield LeadMeasured(
                pair_id=name,
                leader=found.leader,
                followed=followed,
                lag=found.lag,
                correlation_ppm=found.correlation_ppm,
                windows_stable_count=self._rolling.agreeing(place),
                event_us=now_us,
            )

    def _named(self, readings: Readings, place: int) -> _Told:
        """Who leads stably; the lag and correlation are those of the last window, if it agrees."""
        stable = Verdict(int(readings.stable[place]))
        leaders = {Verdict.A_LEADS: 0, Verdict.B_LEADS: 1}
        if stable not in leaders:
            return _Told(None, Duration(0), None)
        leader = self._places.sides[place][leaders[stable]]
        if Verdict(int(readings.verdict[place])) is not stable:
            return _Told(leader, Duration(0), None)
        lag = Duration(abs(int(readings.lag_bars[place])) * self._settings.bar)
        return _Told(leader, lag, round(float(readings.score[place]) * MICRO))


def _is_news(before: _Told, now: _Told) -> bool:
    if before.leader != now.leader:
        return True
    if before.correlation_ppm is None or now.correlation_ppm is None:
        return before.correlation_ppm is None and now.correlation_ppm is not None
    return abs(before.correlation_ppm - now.correlation_ppm) >= RETOLD_PPM
