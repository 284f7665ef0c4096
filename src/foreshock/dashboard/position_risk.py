"""How risky is what is held, and why? The newest measurement in the words of the pages."""

from foreshock.core.domain.messages.risk import PartName, PositionRisk, PositionsMeasured, RiskPart
from foreshock.core.domain.positions import Token, venue_of
from foreshock.core.domain.units import DAY, SECOND, dollar_text
from foreshock.dashboard.markets import Markets
from foreshock.dashboard.position_views import (
    PositionRiskView,
    PositionsRiskView,
    RiskLegView,
    RiskPartView,
)

HOUR = 3_600 * SECOND
MICROS_A_CENT = PPM_A_PERCENT = 10_000
INTERVALS_NEEDED, CHANGES_NEEDED = 30, 5
"""As `core/risk/volatility.py` needs them before it says anything."""
TITLES: dict[PartName, str] = {
    "loss": "Size",
    "volatility": "Volatility",
    "time": "Time until it pays",
    "exit": "Way out",
    "clauses": "Same bet",
    "platform": "Venue",
}
UNKNOWN: dict[PartName, str] = {
    "loss": "not known",
    "volatility": "not known yet",
    "time": "the venue names no day",
    "exit": "no fresh book says what selling now would bring",
    "clauses": "the rules did not compare these markets, or did not find them to be one bet",
    "platform": "no limit of this venue is known",
}


class PositionRisks:
    """The fold: one measurement replaces the other."""

    def __init__(self, markets: Markets) -> None:
        self._markets = markets
        self._measured: PositionsMeasured | None = None

    def measure(self, message: PositionsMeasured) -> None:
        """Everything held was judged anew."""
        self._measured = message

    def view(self) -> PositionsRiskView | None:
        """None before the first measurement, and in recordings older than it."""
        measured = self._measured
        if measured is None:
            return None
        views = [self._view(risk, measured.horizon) for risk in measured.positions]
        views.sort(key=lambda view: -1 if view.score is None else view.score, reverse=True)
        return PositionsRiskView(
            confidence_percent=measured.confidence_ppm / PPM_A_PERCENT,
            horizon_us=measured.horizon,
            value_at_risk_micros=measured.value_at_risk,
            worst_loss_micros=measured.worst_loss,
            unknown_count=measured.unknown_count,
            measured_us=measured.measured_us,
            positions=views,
        )

    def _view(self, risk: PositionRisk, horizon: int) -> PositionRiskView:
        return PositionRiskView(
            id=" + ".join(f"{market}/{outcome}" for market, outcome in risk.tokens),
            is_package=risk.is_package,
            legs=[self._leg(token) for token in risk.tokens],
            quantity_micros=risk.quantity,
            worth_micros=risk.worth,
            worst_loss_micros=risk.worst_loss,
            volatility_micros=risk.volatility,
            volatility_words=volatility_words(risk),
            value_at_risk_micros=risk.value_at_risk,
            basis=risk.basis,
            basis_words=basis_words(risk, horizon),
            settles_us=risk.settles_us,
            exit_cost_micros=risk.exit_cost,
            score=risk.score,
            known_percent=risk.known_percent,
            parts=[_part(part, risk) for part in risk.parts],
        )

    def _leg(self, token: Token) -> RiskLegView:
        market, outcome = token
        return RiskLegView(market, venue_of(market), self._markets.title(market), outcome)


def volatility_words(risk: PositionRisk) -> str:
    """What the volatility rests on, or what it still needs."""
    if risk.is_package:
        return "its legs pay together whatever their prices do"
    if risk.volatility is not None:
        cents = f"{risk.volatility / MICROS_A_CENT:.2f}"
        return f"{cents} c an hour, from {risk.intervals_count} five-minute intervals"
    if risk.intervals_count < INTERVALS_NEEDED:
        seen = f"{risk.intervals_count} of {INTERVALS_NEEDED}"
        return f"not known yet: {seen} five-minute intervals were seen"
    moved = f"its mid moved in {risk.changes_count} minutes only, {CHANGES_NEEDED} are needed"
    return f"not known: {moved}"


def basis_words(risk: PositionRisk, horizon: int) -> str:
    """Why the value at risk is what it is."""
    hours = horizon // HOUR
    return {
        "moves": f"as its price moved in the last two hours, carried on for {hours} h",
        "resolution": f"it may pay within {hours} h: all of it can be lost at once",
        "certain": "its legs pay the same whatever happens; what is left is that a venue voids, "
        "disputes or decides otherwise than the other",
        "unknown": f"{volatility_words(risk)}; it is no more than the worst loss",
    }[risk.basis]


def _part(part: RiskPart, risk: PositionRisk) -> RiskPartView:
    words = UNKNOWN[part.name] if part.value is None else _words(part.name, part.value, risk)
    if part.name == "volatility":
        words = volatility_words(risk)
    return RiskPartView(part.name, TITLES[part.name], words, part.weight, part.points)


def _words(name: PartName, value: int, risk: PositionRisk) -> str:
    if name == "time":
        return _time_words(value)
    percent = f"{value / PPM_A_PERCENT:.1f} %"
    lost = dollar_text(-(-value // MICROS_A_CENT) * MICROS_A_CENT)
    return {
        "loss": f"at worst {lost} of it is lost",
        "volatility": "",
        "exit": f"selling now would lose {lost}, fees aside",
        "clauses": f"{percent} doubt that its legs are one bet"
        if value
        else "one venue decides all of its legs",
        "platform": f"{percent} of what may be at risk at {_venues(risk)} is used",
    }[name]


def _venues(risk: PositionRisk) -> str:
    venues = list(dict.fromkeys(venue_of(market) for market, _ in risk.tokens))
    return venues[0] if len(venues) == 1 else "the fuller of its venues"


def _time_words(left: int) -> str:
    if left <= 0:
        return "it may pay any moment"
    if left < 2 * DAY:
        return f"{-(-left // HOUR)} hours"
    return f"{left // DAY} days"
