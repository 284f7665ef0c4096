"""What do pages show of the risk of everything held? Money and prices in millionths."""

from typing import Literal

import msgspec


class RiskPartView(msgspec.Struct, frozen=True):
    """One part of a score. points: 0 to 100, None where what it needs is not known."""

    name: str
    title: str
    words: str
    weight: int
    points: int | None


class RiskLegView(msgspec.Struct, frozen=True):
    """One token of what is judged."""

    market: str
    venue: str
    title: str
    outcome: Literal["yes", "no"]


class PositionRiskView(msgspec.Struct, frozen=True, kw_only=True):
    """Contracts that stand alone, or packages whose legs pay together.

    volatility_micros: of the mid within an hour. value_at_risk_micros: None where too little was
    seen of the price. *_words: why it is so much. known_percent: of the score's weights.
    """

    id: str
    is_package: bool
    legs: list[RiskLegView]
    quantity_micros: int
    worth_micros: int
    worst_loss_micros: int
    volatility_micros: int | None
    volatility_words: str
    value_at_risk_micros: int | None
    basis: Literal["moves", "resolution", "certain", "unknown"]
    basis_words: str
    settles_us: int | None
    exit_cost_micros: int | None
    score: int | None
    known_percent: int
    parts: list[RiskPartView]


class PositionsRiskView(msgspec.Struct, frozen=True, kw_only=True):
    """Everything held, the highest score first.

    unknown_count: positions that count in the value at risk with all that can be lost of them.
    """

    confidence_percent: float
    horizon_us: int
    value_at_risk_micros: int
    worst_loss_micros: int
    unknown_count: int
    measured_us: int
    positions: list[PositionRiskView]
