"""What would have happened? The price of an alert's market an hour, four hours, a day later."""

from collections.abc import Callable, Iterable
from typing import Any

import msgspec

from foreshock.core.domain.alerts import Alert
from foreshock.core.domain.markets import MarketId
from foreshock.core.domain.messages.market_data import BookChanged, BookLost, MarketResolved
from foreshock.core.domain.messages.signals import AlertGraded, AlertRaised
from foreshock.core.domain.messages.trading import SetTimer, TimerFired
from foreshock.core.domain.messages.union import Message
from foreshock.core.domain.units import SECOND, Duration, Instant, Price
from foreshock.core.signals.marks import mid_of

HORIZONS = (Duration(3_600 * SECOND), Duration(4 * 3_600 * SECOND), Duration(86_400 * SECOND))
OPEN_MAX = 5_000
"""Alerts waited for; the oldest goes ungraded first."""
TIMER = "grade:"


class _Open(msgspec.Struct, frozen=True):
    """An alert, and the horizon that it waits for: a place in HORIZONS."""

    alert: Alert
    place: int


class Grader:
    """Waits for what comes after each alert. A book that is lost leaves the price unknown."""

    name = "grader"

    def __init__(self) -> None:
        self._open: dict[str, _Open] = {}
        self._wanted: dict[MarketId, int] = {}
        self._books: dict[MarketId, BookChanged] = {}
        self._payouts: dict[MarketId, Price] = {}
        self._handlers: dict[type[Message], Callable[[Any, Instant], Iterable[Message]]] = {
            AlertRaised: self._begin,
            TimerFired: self._fire,
            BookLost: self._lose,
            MarketResolved: self._settle,
        }
        self.hears = frozenset({BookChanged, *self._handlers})

    def handle(self, message: Message, now_us: Instant) -> Iterable[Message]:
        """Of books, the last one of each market that an alert waits for is kept."""
        if type(message) is BookChanged:
            if message.market in self._wanted:
                self._books[message.market] = message
            return ()
        handler = self._handlers.get(type(message))
        return () if handler is None else handler(message, now_us)

    def _begin(self, message: AlertRaised, _now_us: Instant) -> Iterable[Message]:
        alert = message.alert
        if alert.alert_id in self._open:
            return ()
        if len(self._open) >= OPEN_MAX:
            self._end(next(iter(self._open)))
        self._open[alert.alert_id] = _Open(alert, 0)
        self._wanted[alert.market] = self._wanted.get(alert.market, 0) + 1
        return (SetTimer(f"{TIMER}{alert.alert_id}", HORIZONS[0]),)

    def _fire(self, message: TimerFired, _now_us: Instant) -> Iterable[Message]:
        timer_id = message.timer_id
        alert_id = timer_id.removeprefix(TIMER)
        waiting = self._open.get(alert_id) if timer_id.startswith(TIMER) else None
        if waiting is None:
            return ()
        alert, place = waiting.alert, waiting.place
        graded = AlertGraded(
            alert_id=alert_id,
            after=HORIZONS[place],
            price_then=alert.price,
            price_after=self._price(alert.market),
        )
        if place + 1 == len(HORIZONS):
            self._end(alert_id)
            return (graded,)
        self._open[alert_id] = _Open(alert, place + 1)
        wait = Duration(HORIZONS[place + 1] - HORIZONS[place])
        return (graded, SetTimer(timer_id, wait))

    def _price(self, market: MarketId) -> Price | None:
        if market in self._payouts:
            return self._payouts[market]
        book = self._books.get(market)
        return None if book is None else mid_of(book)

    def _lose(self, message: BookLost, _now_us: Instant) -> tuple[Message, ...]:
        self._books.pop(message.market, None)
        return ()

    def _settle(self, message: MarketResolved, _now_us: Instant) -> tuple[Message, ...]:
        if message.market in self._wanted:
            self._payouts[message.market] = message.payout_yes
        return ()

    def _end(self, alert_id: str) -> None:
        market = self._open.pop(alert_id).alert.market
        self._wanted[market] -= 1
        if not self._wanted[market]:
            del self._wanted[market]
            self._books.pop(market, None)
            self._payouts.pop(market, None)
