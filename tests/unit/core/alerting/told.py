"""Alerts for the tests of alerting, and a router with a clock and timers."""

from collections.abc import Iterable

from foreshock.core.alerting.router import AlertRouter, AlertSettings
from foreshock.core.alerting.tiers import SinkRule
from foreshock.core.domain.alerts import Alert, Detector, Figure, Level
from foreshock.core.domain.markets import MarketId
from foreshock.core.domain.messages.alerting import Notify
from foreshock.core.domain.messages.operations import DeskStarted
from foreshock.core.domain.messages.signals import AlertRaised
from foreshock.core.domain.messages.trading import SetTimer, TimerFired
from foreshock.core.domain.messages.union import Message
from foreshock.core.domain.notices import Notice, Sink
from foreshock.core.domain.units import SECOND, Instant
from tests.trading import START, A

FILE = SinkRule(sink="file", severity_min=1, hourly_max=1_000)
DISCORD = SinkRule(sink="discord", severity_min=1, hourly_max=20)
SLACK = SinkRule(sink="slack", severity_min=3, hourly_max=20)
STARTED = DeskStarted("0.1.0", "abc", "paper", "{}")


def alert(
    number: int = 1,
    level: Level = "notable",
    *,
    detector: Detector = "spike",
    market: MarketId = A,
    at_us: Instant = START,
) -> Alert:
    return Alert(
        alert_id=f"alert-{number}",
        detector=detector,
        level=level,
        market=market,
        words=f"volume is {number} times the usual",
        figures=(Figure("score", f"{number}.5"),),
        related=(),
        event_us=at_us,
    )


class Routed:
    """A router whose timers fire when the test lets time pass."""

    def __init__(self, *sinks: SinkRule, settings: AlertSettings | None = None) -> None:
        self.router = AlertRouter(settings or AlertSettings(sinks=sinks or (FILE, DISCORD, SLACK)))
        self.now_us = START
        self.said: list[Notify] = []
        self._timers: dict[str, int] = {}

    def hear(self, *messages: Message) -> list[Notify]:
        """What the router says of these at once."""
        return [said for message in messages for said in self._take(message)]

    def raise_alerts(self, numbers: Iterable[int], level: Level = "notable") -> list[Notify]:
        """Alerts of as many markets."""
        return self.hear(
            *(AlertRaised(alert(n, level, market=MarketId(f"kalshi:K{n}"))) for n in numbers)
        )

    def later(self, seconds: float) -> list[Notify]:
        """What the router says while time passes, timer by timer."""
        end_us, said = self.now_us + int(seconds * SECOND), list[Notify]()
        while self._timers and min(self._timers.values()) <= end_us:
            timer_id = min(self._timers, key=lambda name: self._timers[name])
            self.now_us = Instant(self._timers.pop(timer_id))
            said += self._take(TimerFired(timer_id))
        self.now_us = Instant(end_us)
        return said

    def by(self, sink: Sink) -> list[Notice]:
        """Everything one channel was to tell so far."""
        return [said.notice for said in self.said if said.sink == sink]

    def _take(self, message: Message) -> list[Notify]:
        found: list[Notify] = []
        if type(message) not in self.router.hears:
            return found
        for answer in self.router.handle(message, self.now_us):
            if isinstance(answer, SetTimer):
                self._timers[answer.timer_id] = self.now_us + answer.after
            elif isinstance(answer, Notify):
                found.append(answer)
        self.said += found
        return found
