"""Does a market's newest point stand out from its last 24? The documented spike score, running.

A point is what a market traded within `point` of time; time without a trade makes none. Its price
is the average of its prints by size, so that prints at bid and ask in turn are no move. What
somebody outside observed is a point of its own at once.
"""

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import msgspec

from foreshock.core.domain.alerts import Alert, Figure
from foreshock.core.domain.market_facts import STATUS_FACTS, StatusFact, status_of
from foreshock.core.domain.markets import MarketId
from foreshock.core.domain.messages.alerting import ObservationReceived
from foreshock.core.domain.messages.market_data import Traded
from foreshock.core.domain.messages.operations import DeskStarted
from foreshock.core.domain.messages.signals import AlertRaised
from foreshock.core.domain.messages.trading import SetTimer, TimerFired
from foreshock.core.domain.messages.union import Message
from foreshock.core.domain.units import MICRO, SECOND, Duration, Instant
from foreshock.core.signals.spikes import SpikeDetector, SpikeMeasure, SpikeSettings, Tier
from foreshock.core.signals.volume_markets import TRADING
from foreshock.core.signals.volume_telling import price_of

TIMER = "spikes:point"
MARKETS_MAX = 50_000
"""Detectors kept; the market whose detector was made first loses its own first."""
TRADE_IDS_MAX = 20_000


class SpikeAgentSettings(msgspec.Struct, frozen=True, kw_only=True):
    """How long a point is, how many alerts are told at once, and the documented settings."""

    point: Duration = Duration(10 * SECOND)
    alerts_max: int = 20
    score: SpikeSettings = SpikeSettings()


class _Point(msgspec.Struct):
    contracts: float = 0.0
    dollars: float = 0.0
    prints: int = 0


class SpikeAgent:
    """A detector for every market that trades."""

    name = "spikes"

    def __init__(self, settings: SpikeAgentSettings) -> None:
        self._settings = settings
        self._detectors: dict[MarketId, SpikeDetector] = {}
        self._points: dict[MarketId, _Point] = {}
        self._over: set[MarketId] = set()
        self._ids: set[tuple[MarketId, str]] = set()
        self._ids_order: deque[tuple[MarketId, str]] = deque()
        self._totals: dict[MarketId, float] = {}
        self._handlers: dict[type[Message], Callable[[Any, Instant], Iterable[Message]]] = {
            DeskStarted: self._begin,
            TimerFired: self._fire,
            Traded: self._count,
            ObservationReceived: self._observe,
            **dict.fromkeys(STATUS_FACTS, self._note),
        }
        self.hears = frozenset(self._handlers)

    def handle(self, message: Message, now_us: Instant) -> Iterable[Message]:
        handler = self._handlers.get(type(message))
        return () if handler is None else handler(message, now_us)

    def _begin(self, _started: DeskStarted, _now_us: Instant) -> tuple[Message, ...]:
        return (SetTimer(TIMER, self._settings.point),)

    def _note(self, fact: StatusFact, _now_us: Instant) -> tuple[Message, ...]:
        """A market that does not trade any more is no spike, whatever its last prints were."""
        market, status = status_of(fact)
        if status in TRADING:
            self._over.discard(market)
        else:
            self._over.add(market)
            self._points.pop(market, None)
        return ()

    def _observe(self, seen: ObservationReceived, _now_us: Instant) -> Iterator[Message]:
        """A running total counts by what it grew; a first one, or one that fell, tells nothing."""
        volume = seen.volume / MICRO
        if seen.is_total:
            before = self._totals.get(seen.market)
            self._totals[seen.market] = volume
            if len(self._totals) > MARKETS_MAX:
                del self._totals[next(iter(self._totals))]
            if before is None or volume < before:
                return
            volume -= before
        point = _Point(volume, volume * seen.yes_price / MICRO, 1)
        alert = self._see(seen.market, point, seen.event_us)
        if alert is not None:
            yield AlertRaised(alert)

    def _count(self, trade: Traded, _now_us: Instant) -> tuple[Message, ...]:
        if trade.market in self._over or not self._is_new((trade.market, trade.trade_id)):
            return ()
        point = self._points.setdefault(trade.market, _Point())
        contracts = trade.quantity / MICRO
        point.contracts += contracts
        point.dollars += contracts * trade.price / MICRO
        point.prints += 1
        return ()

    def _is_new(self, key: tuple[MarketId, str]) -> bool:
        if key in self._ids:
            return False
        self._ids.add(key)
        self._ids_order.append(key)
        if len(self._ids_order) > TRADE_IDS_MAX:
            self._ids.discard(self._ids_order.popleft())
        return True

    def _fire(self, message: TimerFired, now_us: Instant) -> Iterator[Message]:
        if message.timer_id != TIMER:
            return
        points, self._points = self._points, {}
        left = self._settings.alerts_max
        for market, point in points.items():
            alert = self._see(market, point, now_us)
            if alert is not None and left:
                left -= 1
                yield AlertRaised(alert)
        yield SetTimer(TIMER, self._settings.point)

    def _see(self, market: MarketId, point: _Point, now_us: Instant) -> Alert | None:
        if not point.contracts:
            return None
        price = point.dollars / point.contracts
        measure = self._detector(market).see(point.contracts, price, now_us)
        if measure is None or measure.tier is None:
            return None
        return spike_alert(market, measure, measure.tier, (point.contracts, price), now_us)

    def _detector(self, market: MarketId) -> SpikeDetector:
        found = self._detectors.get(market)
        if found is None:
            found = self._detectors[market] = SpikeDetector(self._settings.score)
            if len(self._detectors) > MARKETS_MAX:
                del self._detectors[next(iter(self._detectors))]
        return found


def spike_alert(
    market: MarketId,
    measure: SpikeMeasure,
    tier: Tier,
    seen: tuple[float, float],
    now_us: Instant,
) -> Alert:
    """A spike in words. seen: contracts of the point, and its average price, 0 to 1."""
    contracts, price = seen
    return Alert(
        alert_id=f"spike:{market}:{now_us // MICRO}",
        detector="spike",
        level=tier,
        market=market,
        words=(
            f"{contracts:,.0f} contracts at {price * 100:.1f}¢: "
            f"{measure.volume_multiple:.1f} times the recent volume, at a price "
            f"{measure.price_score:.1f} times a move that counts off its recent mean; "
            f"score {measure.score:.1f}"
        ),
        figures=(
            Figure("score", f"{measure.score:.2f}"),
            Figure("volume", f"{contracts:,.0f} contracts"),
            Figure("volume multiple", f"{measure.volume_multiple:.2f}"),
            Figure("price score", f"{measure.price_score:.2f}"),
            Figure("price", f"{price * 100:.1f}¢"),
        ),
        related=(),
        event_us=now_us,
        price=price_of(price),
    )
