"""What is a bet on a coin's price worth, by its spot, how much it moves, and the time left?

Prices are taken for a walk without drift whose moves are spread as Student's t with 4 degrees of
freedom, a little narrower than the last hour's were:

    P(above) = shape((ln(spot / strike) - v**2 t / 2) / (v sqrt(t)))
    shape(z) = T4(sqrt(2) z / 0.9)

v: volatility per square root of a second; t: seconds left, the age of the spot added; sqrt(2) gives
T4 the variance of a normal. An up/down market is one whose strike is the price at its start. What
this leaves out: single jumps, volatility that changes until the end, and that the market settles on
another feed than the spot it is computed from.

The shape was chosen on Bitcoin's quarters of an hour before 20 December 2025 and holds on those
after it and on Bitcoin, Ethereum and Solana of June 2026: `foreshock evaluate fair-value`. With a
normal shape this is the N(d2) of F. Black, M. Scholes, "The Pricing of Options and Corporate
Liabilities", 1973, at a rate of zero.
"""

import math
from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import Final, TypeAlias

Shape: TypeAlias = Callable[[float], float]
"""The share of outcomes below so many standard deviations."""
RETURNS_MIN: Final = 30
NARROWING: Final = 0.9
"""Minutes overstate how far a quarter of an hour goes: some of each move is taken back."""
T_MAX: Final = 1e9
"""Beyond it every chance is 0 or 1."""
UNIT_VARIANCE: Final = math.sqrt(2.0)
"""Of Student's t with 4 degrees of freedom, the standard deviation."""


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


def student(deviations: float) -> float:
    """Student's t with 4 degrees of freedom, of our width: (1 + u)**2 (2 - u) / 4.

    u: t / sqrt(t**2 + 4). Taken from the nearer tail, so that small chances keep their digits.
    """
    t = min(T_MAX, abs(deviations) * UNIT_VARIANCE / NARROWING)
    long = math.hypot(t, 2.0)
    u = t / long
    short = 4.0 / (long * long * (1.0 + u))  # 1 - u, without taking near equals from each other
    tail = short * short * (2.0 + u) / 4.0
    return tail if deviations < 0 else 1.0 - tail


def normal(deviations: float) -> float:
    """What a plain random walk would give."""
    return 0.5 * math.erfc(-deviations / math.sqrt(2.0))


def above_probability(
    spot: float, strike: float, volatility: float, left_s: float, shape: Shape = student
) -> float:
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
    return shape((math.log(spot / strike) - spread * spread / 2) / spread)


def between_probability(
    spot: float, strikes: tuple[float, float], volatility: float, left_s: float
) -> float:
    """The probability that the price ends at or above the first strike and below the second."""
    low, high = strikes
    if high < low:
        raise ValueError(f"strikes {low} and {high} are not in order")
    above_low = above_probability(spot, low, volatility, left_s)
    return max(0.0, above_low - above_probability(spot, high, volatility, left_s))
