"""How much can be lost of what is held, and how likely is that?

    worst loss   everything it is worth: a bet can pay nothing. Sold without holding: up to a dollar
    VaR          quantile x volatility over the horizon x contracts, never more than the worst loss;
                 the worst loss itself where the market may pay before the horizon is over
    score        0..100, weighted mean of named parts; those not known are left out, and it says so

A package whose legs pay together has no price risk. What remains is that a venue voids, disputes or
decides otherwise than the other: its worst loss is what it still pays, its VaR nothing.
"""

from collections.abc import Sequence

import msgspec

from foreshock.core.domain.messages.risk import PartName, PositionRisk, RiskPart, VarBasis
from foreshock.core.domain.positions import Token
from foreshock.core.domain.units import (
    DAY,
    MICRO,
    PAYOUT,
    Duration,
    Instant,
    Money,
    Price,
    Quantity,
    Rounding,
    divide,
    notional,
)
from foreshock.core.risk.volatility import HOUR, Volatility

POINTS_MAX = 100
VOLATILITY_FULL = Price(50_000)
"""Five cents within an hour have all points: a day of it is a quarter of a dollar."""
NEAR, FAR = DAY, Duration(30 * DAY)
"""Contracts that stand alone have all points within a day of the decision, none a month before."""
LOCKED_FULL = Duration(365 * DAY)
"""A package has more points the longer its venues must stand: all of them at a year."""
EXIT_FULL_PPM = 200_000
"""Losing a fifth by selling at once has all points."""
DOUBT_FULL_PPM = 80_000
"""A pair is accepted from a confidence of 92 % on: that much doubt has all points."""
WEIGHTS: dict[PartName, int] = {
    "loss": 30,
    "volatility": 20,
    "time": 20,
    "exit": 20,
    "clauses": 20,
    "platform": 10,
}
"""Contracts that stand alone have no clauses, a package has no volatility: 100 each in all."""


class Measures(msgspec.Struct, frozen=True):
    """With which confidence, and over which time? quantile_ppm: of the normal distribution there.

    At 95 % the heavier tails of real prices lie within the normal ones of the same volatility.
    """

    confidence_ppm: int = 950_000
    quantile_ppm: int = 1_644_854
    horizon: Duration = DAY


class Standing(msgspec.Struct, frozen=True, kw_only=True):
    """What is held, and what is known around it. None = not known.

    may_pay: before the horizon is over. exit_cost: see PositionRisk. doubt_ppm: that its legs are
    not the same bet. loss_full: the loss that has all points. platform_ppm: used of what may be at
    risk at its venue.
    """

    tokens: tuple[Token, ...]
    is_package: bool
    quantity: Quantity
    worth: Money
    worst_loss: Money
    volatility: Volatility
    settles_us: Instant | None
    may_pay: bool
    exit_cost: Money | None
    doubt_ppm: int | None
    loss_full: Money
    platform_ppm: int | None


def worst_loss(quantity: Quantity, price: Price) -> Money:
    """Of contracts at a price: that they pay nothing, or a dollar where they are owed."""
    if quantity < 0:
        return notional(Price(PAYOUT - price), Quantity(-quantity), Rounding.UP)
    return notional(price, quantity, Rounding.UP)


def value_at_risk(standing: Standing, measures: Measures) -> tuple[Money | None, VarBasis]:
    """What is not lost within the horizon with the confidence asked for, and why that much."""
    if standing.is_package:
        return Money(0), "certain"
    if standing.may_pay:
        return standing.worst_loss, "resolution"
    moved = standing.volatility.over(measures.horizon)
    if moved is None:
        return None, "unknown"
    return Money(min(standing.worst_loss, lost(moved, abs(standing.quantity), measures))), "moves"


def lost(moved: int, quantity: int, measures: Measures) -> int:
    """Dollars of so many contracts that the quantile of a movement takes, rounded up."""
    return divide(moved * quantity * measures.quantile_ppm, MICRO * MICRO, Rounding.UP)


def judged(standing: Standing, measures: Measures, now_us: Instant) -> PositionRisk:
    """Everything that is said of a position."""
    at_risk, basis = value_at_risk(standing, measures)
    hourly = None if standing.is_package else standing.volatility.over(HOUR)
    volatility = None if hourly is None else Price(hourly)
    parts = tuple(_parts(standing, volatility, now_us))
    score, known_percent = score_of(parts)
    return PositionRisk(
        tokens=standing.tokens,
        is_package=standing.is_package,
        quantity=standing.quantity,
        worth=standing.worth,
        worst_loss=standing.worst_loss,
        volatility=volatility,
        intervals_count=standing.volatility.intervals_count,
        changes_count=standing.volatility.changes_count,
        value_at_risk=at_risk,
        basis=basis,
        settles_us=standing.settles_us,
        exit_cost=standing.exit_cost,
        parts=parts,
        score=score,
        known_percent=known_percent,
    )


def score_of(parts: Sequence[RiskPart]) -> tuple[int | None, int]:
    """(weighted mean of the known points, rounded up; percent of the weights that are known)."""
    known = [(part.points, part.weight) for part in parts if part.points is not None]
    weight, whole = sum(weight for _, weight in known), sum(part.weight for part in parts)
    if not weight:
        return None, 0
    points = sum(points * weight for points, weight in known)
    return divide(points, weight, Rounding.UP), divide(weight * 100, whole, Rounding.DOWN)


def points_of(value: int, full: int) -> int:
    """0 at nothing, 100 from `full` on, rounded up."""
    if full <= 0:
        return POINTS_MAX if value > 0 else 0
    return max(0, min(POINTS_MAX, divide(value * POINTS_MAX, full, Rounding.UP)))


def _parts(standing: Standing, volatility: Price | None, now_us: Instant) -> list[RiskPart]:
    left = None if standing.settles_us is None else Duration(max(0, standing.settles_us - now_us))
    exit_full = notional(Price(EXIT_FULL_PPM), Quantity(abs(standing.worth)), Rounding.UP)
    doubt, doubt_full = standing.doubt_ppm, DOUBT_FULL_PPM
    return [
        _part("loss", standing.worst_loss, standing.loss_full),
        _part("clauses", doubt, doubt_full)
        if standing.is_package
        else _part("volatility", volatility, VOLATILITY_FULL),
        _time_part(left, is_package=standing.is_package),
        _part("exit", standing.exit_cost, exit_full),
        _part("platform", standing.platform_ppm, MICRO),
    ]


def _part(name: PartName, value: int | None, full: int) -> RiskPart:
    return RiskPart(name, WEIGHTS[name], None if value is None else points_of(value, full), value)


def _time_part(left: Duration | None, *, is_package: bool) -> RiskPart:
    """Near is risk for a bet that stands alone; far is for venues that must stand until then."""
    if left is None:
        return _part("time", None, 1)
    points = points_of(left, LOCKED_FULL) if is_package else points_of(FAR - left, FAR - NEAR)
    return RiskPart("time", WEIGHTS["time"], points, left)
