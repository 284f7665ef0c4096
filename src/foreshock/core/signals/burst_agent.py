"""Do more prints come than chance explains, or do whales come together, and does the price follow?

Five-minute windows, one rolling state a market: how many prints a window usually has, how large
they are, how many are a whale's. Without a price effect, or enough history, nothing is told.
"""

from collections import OrderedDict
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import msgspec
import numpy as np

from foreshock.core.domain.alerts import SEVERITIES, Alert, Figure, Level
from foreshock.core.domain.market_facts import STATUS_FACTS, StatusFact, status_of
from foreshock.core.domain.markets import MarketId
from foreshock.core.domain.messages.market_data import Traded
from foreshock.core.domain.messages.operations import DeskStarted
from foreshock.core.domain.messages.signals import AlertRaised
from foreshock.core.domain.messages.trading import SetTimer, TimerFired
from foreshock.core.domain.messages.union import Message
from foreshock.core.domain.units import MICRO, SECOND, Duration, Instant
from foreshock.core.signals.bursts import (
    UNREST,
    WHALE_MULTIPLE,
    burst_sigma,
    poisson_surprise,
    whale_cluster,
)
from foreshock.core.signals.cooldown import Cooldown
from foreshock.core.signals.volume_levels import IMPACT_MIN, TRADES_MIN
from foreshock.core.signals.volume_markets import TRADING
from foreshock.core.signals.volume_telling import price_of

TIMER = "bursts:window"
MARKETS_MAX = 50_000
SIZES_MAX = 2_000
"""Prints of one window whose sizes are kept; more are counted only."""
MEMORY_WINDOWS = 288
WINDOWS_MIN = 36
"""Nothing is called unusual before three hours of a market were seen."""
BURST_SURPRISE, LOUD_SURPRISE = 6.0, 12.0
"""Once in a million windows by chance alone, and once in a million million."""


class BurstSettings(msgspec.Struct, frozen=True, kw_only=True):
    """How long a window is, how often a market is told, and how many alerts at once."""

    window: Duration = Duration(300 * SECOND)
    cooldown: Duration = Duration(3_600 * SECOND)
    alerts_max: int = 20


class _Window(msgspec.Struct):
    """What came since the last close. lean: contracts of takers of YES less those of NO."""

    prints: int = 0
    contracts: float = 0.0
    lean: float = 0.0
    sizes: list[float] = msgspec.field(default_factory=list[float])
    first_price: float = 0.0
    last_price: float = 0.0
    ids: set[str] = msgspec.field(default_factory=set[str])


class _Usual(msgspec.Struct):
    """What windows of a market are like. closed: number of the window taken in last."""

    prints: float
    size: float
    whales: float
    closed: int
    seen: int = 1

    def forget(self, window: int) -> None:
        """Windows without a print passed since the last one."""
        idle = window - self.closed - 1
        if idle > 0:
            kept = (1 - 1 / MEMORY_WINDOWS) ** idle
            self.prints *= kept
            self.whales *= kept
            self.seen += idle

    def learn(self, seen: _Window, whales: int, window: int) -> None:
        """Take in a window."""
        weight = max(1 / MEMORY_WINDOWS, 1 / (self.seen + 1))
        self.prints += weight * (seen.prints - self.prints)
        self.whales += weight * (whales - self.whales)
        self.size += weight * (seen.contracts / seen.prints - self.size)
        self.seen += 1
        self.closed = window


class BurstAgent:
    """Watches the prints of every market that trades."""

    name = "bursts"

    def __init__(self, settings: BurstSettings) -> None:
        self._settings = settings
        self._windows: dict[MarketId, _Window] = {}
        self._usual: OrderedDict[MarketId, _Usual] = OrderedDict()
        self._over: set[MarketId] = set()
        self._cooldown = Cooldown(settings.cooldown)
        self._number = 0
        self._handlers: dict[type[Message], Callable[[Any, Instant], Iterable[Message]]] = {
            DeskStarted: self._begin,
            TimerFired: self._fire,
            Traded: self._count,
            **dict.fromkeys(STATUS_FACTS, self._note),
        }
        self.hears = frozenset(self._handlers)

    def handle(self, message: Message, now_us: Instant) -> Iterable[Message]:
        """Answer a message."""
        handler = self._handlers.get(type(message))
        return () if handler is None else handler(message, now_us)

    def _begin(self, _started: DeskStarted, _now_us: Instant) -> tuple[Message, ...]:
        return (SetTimer(TIMER, self._settings.window),)

    def _note(self, fact: StatusFact, _now_us: Instant) -> tuple[Message, ...]:
        market, status = status_of(fact)
        if status in TRADING:
            self._over.discard(market)
        else:
            self._over.add(market)
            self._windows.pop(market, None)
        return ()

    def _count(self, trade: Traded, _now_us: Instant) -> tuple[Message, ...]:
        if trade.market in self._over:
            return ()
        window = self._windows.get(trade.market)
        if window is None:
            window = self._windows[trade.market] = _Window(first_price=trade.price / MICRO)
        if trade.trade_id in window.ids:
            return ()
        window.ids.add(trade.trade_id)
        contracts = trade.quantity / MICRO
        window.prints += 1
        window.contracts += contracts
        window.lean += contracts if trade.taker == "yes" else -contracts
        window.last_price = trade.price / MICRO
        if len(window.sizes) < SIZES_MAX:
            window.sizes.append(contracts)
        return ()

    def _fire(self, message: TimerFired, now_us: Instant) -> Iterator[Message]:
        if message.timer_id != TIMER:
            return
        self._number += 1
        windows, self._windows = self._windows, {}
        left = self._settings.alerts_max
        for market, window in windows.items():
            alert = self._close(market, window, now_us)
            if alert is None or not left:
                continue
            if self._cooldown.take(market, SEVERITIES[alert.level], now_us):
                left -= 1
                yield AlertRaised(alert)
        yield SetTimer(TIMER, self._settings.window)

    def _close(self, market: MarketId, window: _Window, now_us: Instant) -> Alert | None:
        usual = self._usual.get(market)
        if usual is None:
            size = window.contracts / window.prints
            self._usual[market] = _Usual(float(window.prints), size, 0.0, self._number)
            if len(self._usual) > MARKETS_MAX:
                self._usual.popitem(last=False)
            return None
        usual.forget(self._number)
        alert = None
        if usual.seen >= WINDOWS_MIN and _has_impact(window):
            alert = _alert(market, window, usual, now_us)
        usual.learn(window, _whales(window, usual), self._number)
        return alert


def _has_impact(window: _Window) -> bool:
    """The price moved toward the side that took: neither wash nor a whale alone does that."""
    move = window.last_price - window.first_price
    return move * np.sign(window.lean) >= IMPACT_MIN


def _whales(window: _Window, usual: _Usual) -> int:
    return sum(size >= WHALE_MULTIPLE * usual.size for size in window.sizes)


def _alert(market: MarketId, window: _Window, usual: _Usual, now_us: Instant) -> Alert | None:
    expected = usual.prints * (1 + UNREST)
    burst = poisson_surprise(window.prints, expected) if window.prints >= TRADES_MIN else 0.0
    whales = whale_cluster(window.sizes, usual.size, usual.whales)
    surprise = max(burst, whales or 0.0)
    if whales is None and burst < BURST_SURPRISE:
        return None
    level: Level = "notable" if whales is not None or burst >= LOUD_SURPRISE else "watch"
    sigma = float(burst_sigma(np.array([window.prints]), np.array([usual.prints]))[0])
    count = _whales(window, usual)
    move = (window.last_price - window.first_price) * 100
    kind = f"{count} prints of {WHALE_MULTIPLE:.0f} times the usual size or more" if whales else ""
    words = kind or f"{window.prints} prints where {usual.prints:.1f} are usual"
    return Alert(
        alert_id=f"burst:{market}:{now_us // MICRO}",
        detector="burst",
        level=level,
        market=market,
        words=f"{words} within five minutes, and the price moved {move:+.1f}¢ toward the takers",
        figures=(
            Figure("score", f"{surprise:.1f}"),
            Figure("prints", f"{window.prints}, usually {usual.prints:.1f}"),
            Figure("burst", f"{sigma:.1f} sigma"),
            Figure("whales", f"{count}, usually {usual.whales:.2f}"),
            Figure("typical print", f"{usual.size:,.0f} contracts"),
            Figure("price move", f"{move:+.1f}¢"),
        ),
        related=(),
        event_us=now_us,
        price=price_of(window.last_price),
    )
