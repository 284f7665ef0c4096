"""What may a package cost at worst, leg by leg?

The guardian reserves these amounts and the executor never spends beyond them, so the reservation
bounds the spending whatever happens in between.
"""

from foreshock.core.domain.edges import Edge
from foreshock.core.domain.units import Money, Rounding, notional

FEE_MARGIN = 2
"""Fees are quoted at the prices of the walk; a fill at another of them may cost more."""
ROUNDING_ROOM = Money(10_000)
"""A leg filled in pieces is rounded piece by piece: a cent covers it."""


def leg_budgets(edge: Edge) -> tuple[Money, ...]:
    """Ceiling of cost plus fee for each leg, in the order of the legs.

    Everything at the worst price of the walk; a later leg may also spend what the package would
    have earned, because completing it is worth its price up to break-even.
    """
    room = max(0, edge.net + edge.lockup + edge.hedge_risk)
    budgets: list[Money] = []
    for place, leg in enumerate(edge.legs):
        at_limit = notional(leg.limit, leg.quantity, Rounding.UP)
        fees = FEE_MARGIN * leg.fee + ROUNDING_ROOM
        budgets.append(Money(at_limit + fees + (room if place else 0)))
    return tuple(budgets)
