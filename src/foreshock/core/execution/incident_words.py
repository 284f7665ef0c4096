"""What does an incident of a package or of its orders say? What is known, what may be lost."""

from foreshock.core.domain.orders import Order
from foreshock.core.domain.units import dollar_text, format_micros
from foreshock.core.execution.package import Package


def dust_words(package: Package) -> str:
    """What is left unhedged, what it can cost at most, and what a person can do."""
    worst = dollar_text(package.residual_worst())
    words = f"{package.residual_words()}: at worst {worst} is lost"
    for leg, (market, surplus) in enumerate(zip(package.markets, package.surplus(), strict=True)):
        if 0 < surplus < market.quantity_min:
            least = f"{format_micros(market.quantity_min)} {package.edge.legs[leg].outcome}"
            return f"{words}. Hold until it pays, or buy up to {least} at the venue and sell them"
    return f"{words}. Sell it at the venue, or hold until it pays"


def fate_words(order: Order) -> str:
    """What is and what is not known about an order without a final word."""
    placed = order.placed
    known, worst = format_micros(order.matched()), format_micros(order.worst_case())
    return (
        f"no final word: {placed.action} {placed.outcome} of {placed.market},"
        f" {known} known to have traded, at worst {worst}"
    )
