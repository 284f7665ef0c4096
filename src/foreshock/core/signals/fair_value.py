"""What is a bet on a coin's price worth, by its spot, how much it moves, and the time left?

Prices are taken for a geometric random walk without drift, of constant volatility until the end:

    P(above) = Phi((ln(spot / strike) - v**2 t / 2) / (v sqrt(t)))

v: volatility per square root of a second; t: seconds left, the age of the spot added. An up/down
market is one whose strike is the price at its start. What this leaves out: jumps, volatility that
changes, and that the market settles on another feed than the spot it is computed from.

Source: F. Black, M. Scholes, "The Pricing of Options and Corporate Liabilities", 1973: the
probability N(d2) of ending above the strike, at a rate of zero.
"""

import math
from collections.abc import Sequence
from itertools import pairwise
from typing import Final

RETURNS_MIN: Final = 30


def realised_volatility(prices: Sequence[float | None], step_s: float) -> float:
    """Root mean square of the log returns, per square root of a second.

    prices: one a step, oldest first; None = not known, and no return is taken across it.
    Returns NaN with fewer than 30 returns: too few to say.
    """
    squares = [
        math.log(now / before) ** 2
        for before, now in pairwise(prices)
        if before is not None and now is not None
    ]
    if len(squares) < RETURNS_MIN:
        return math.nan
    return math.sqrt(math.fsum(squares) / len(squares) / step_s)


def above_probability(spot: float, strike: float, volatility: float, left_s: float) -> float:
    """The probability that the price ends at or above the strike; NaN when volatility is unknown.

    Raises ValueError for prices that are not positive.
    """
    if not (spot > 0 and strike > 0):
        raise ValueError(f"no price: spot {spot}, strike {strike}")
    if math.isnan(volatility):
        return math.nan
    spread = volatility * math.sqrt(max(0.0, left_s))
    if not spread:
        return 1.0 if spot >= strike else 0.0
    return _normal((math.log(spot / strike) - spread * spread / 2) / spread)


def between_probability(
    spot: float, strikes: tuple[float, float], volatility: float, left_s: float
) -> float:
    """The probability that the price ends at or above the first strike and below the second."""
    low, high = strikes
    if high < low:
        raise ValueError(f"strikes {low} and {high} are not in order")
    above_low = above_probability(spot, low, volatility, left_s)
    return max(0.0, above_low - above_probability(spot, high, volatility, left_s))


def _normal(deviations: float) -> float:
    return 0.5 * math.erfc(-deviations / math.sqrt(2.0))
