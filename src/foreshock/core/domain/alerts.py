"""What is an alert, and how loud is it? One scale for the vocabularies of all detectors."""

from typing import Literal, TypeAlias

import msgspec

from foreshock.core.domain.markets import MarketId
from foreshock.core.domain.units import Instant, Price

Detector: TypeAlias = Literal["volume", "spike", "burst", "oracle gap", "relay"]
Level: TypeAlias = Literal["watch", "elevated", "critical", "notable", "high conviction flow"]
"""watch, elevated, critical are the volume detector's; watch, notable and high conviction flow the
spike detector's."""
Severity: TypeAlias = Literal[1, 2, 3, 4, 5]
SEVERITIES: dict[Level, Severity] = {
    "watch": 1,
    "notable": 2,
    "elevated": 3,
    "high conviction flow": 4,
    "critical": 4,
}
"""5 is left to what threatens the desk itself. 1 is logged, 3 and more are told to a person."""


class Figure(msgspec.Struct, frozen=True):
    """One number that made a detector speak, as it is shown: its name, and its value with unit."""

    name: str
    value: str


class Alert(msgspec.Struct, frozen=True, kw_only=True):
    """Something unusual in one market. alert_id follows from detector, market and time alone.

    words: one sentence that says what fired and why. related: correlated contracts that move too.
    price: YES mid when it fired, None where it was not known.
    """

    alert_id: str
    detector: Detector
    level: Level
    market: MarketId
    words: str
    figures: tuple[Figure, ...]
    related: tuple[MarketId, ...]
    event_us: Instant
    price: Price | None = None

    @property
    def severity(self) -> Severity:
        """Its place on the one scale."""
        return SEVERITIES[self.level]
