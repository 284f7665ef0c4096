"""Which clip sizes are worth pricing?

The net of a package changes its slope only where a leg moves to its next level, so the best clip is
at such a point, at the smallest or largest size allowed, or where a later leg keeps just enough
surplus to be likely to complete. Depth beyond the point where the legs together cost what they pay
only loses, so the search stops there.
"""

import math
from collections.abc import Sequence

import msgspec

from foreshock.core.domain.books import Levels
from foreshock.core.domain.units import (
    MICRO,
    PAYOUT,
    Money,
    Price,
    Quantity,
    Rounding,
    divide,
)
from foreshock.core.pricing.completion import SURPLUS_STEPS
from foreshock.core.pricing.depth import affordable, total

SIZES_MAX = 48
"""Clip sizes priced for one package at most; the largest ones are left out."""


class ClipLimits(msgspec.Struct, frozen=True, kw_only=True):
    """How large a clip may be, and what it must reach to be preferred to a richer one."""

    quantity_max: Quantity
    leg_cost_max: Money
    net_per_contract_min: Money
    completion_ppm_min: int


def common_step(steps: Sequence[Quantity]) -> Quantity:
    """The smallest step that every venue accepts; a step of 0 counts as a millionth."""
    return Quantity(math.lcm(*(max(1, step) for step in steps)))


def order_minimum(
    quantity_min: Quantity, cost_min: Money, best_price: Price, step: Quantity
) -> Quantity:
    """Fewest contracts an order may have, on the common step.

    cost_min: the order must cost at least this at the best price.
    """
    by_cost = divide(cost_min * MICRO, best_price, Rounding.UP)
    needed = max(quantity_min, by_cost, step)
    return Quantity(divide(needed, step, Rounding.UP) * step)


def clip_sizes(
    ladders: Sequence[Levels],
    minimum: Quantity,
    step: Quantity,
    limits: ClipLimits,
    paying_count: int,
) -> list[Quantity]:
    """Sizes to price, smallest first; empty when not one step can be bought.

    ladders: what each leg can buy, in the order in which legs are taken. When depth or limits do
    not reach the minimum, the one size given is what they do reach.
    """
    largest = min(
        limits.quantity_max,
        *(total(ladder) for ladder in ladders),
        *(affordable(ladder, limits.leg_cost_max) for ladder in ladders),
    )
    largest = largest // step * step
    if largest <= minimum:
        return [Quantity(largest)] if largest > 0 else []
    found = {minimum}
    horizon = min(largest, _profitable_depth(ladders, Price(PAYOUT * paying_count)))
    for index, ladder in enumerate(ladders):
        for depth in _cumulative(ladder):
            found.update(_around(depth, horizon, step, is_first=index == 0))
    found.add(Quantity(horizon // step * step))
    return sorted(q for q in found if minimum <= q <= largest)[:SIZES_MAX]


def _around(depth: int, horizon: int, step: int, *, is_first: bool) -> list[Quantity]:
    """Sizes a level border suggests: all of it, and what leaves a surplus on a later leg."""
    ratios = [MICRO] if is_first else [least for least, _ in SURPLUS_STEPS]
    sizes = [divide(depth * MICRO, ratio, Rounding.DOWN) for ratio in ratios]
    return [Quantity(size // step * step) for size in sizes if size <= horizon]


def _cumulative(ladder: Levels) -> list[int]:
    depth, found = 0, list[int]()
    for _, quantity in ladder:
        depth += quantity
        found.append(depth)
    return found


def _profitable_depth(ladders: Sequence[Levels], payout: Price) -> int:
    """Contracts until one more would cost what it pays, fees aside; 0 when the first one does."""
    borders = sorted({depth for ladder in ladders for depth in _cumulative(ladder)})
    reached = 0
    for border in borders:
        prices = [_price_beyond(ladder, reached) for ladder in ladders]
        if None in prices or sum(price for price in prices if price is not None) >= payout:
            break
        reached = border
    return reached


def _price_beyond(ladder: Levels, depth: int) -> Price | None:
    """Price of the next contract after `depth` of them; None beyond the last level."""
    for price, quantity in ladder:
        if depth < quantity:
            return price
        depth -= quantity
    return None
