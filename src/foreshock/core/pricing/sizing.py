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
    horizon = min(largest, _profitable_depth(ladders, Price(PAYOUT * paying_count)))
    if horizon <= minimum:
        return [minimum]
    found = {minimum, Quantity(horizon // step * step)}
    surpluses = _surpluses(limits.completion_ppm_min)
    for index, ladder in enumerate(ladders):
        for depth in _cumulative(ladder, horizon * surpluses[-1] // MICRO):
            wanted = surpluses if index else surpluses[:1]
            sizes = [depth * MICRO // surplus // step * step for surplus in wanted]
            found.update(Quantity(size) for size in sizes if minimum < size <= horizon)
    return sorted(found)[:SIZES_MAX]


def _surpluses(completion_ppm_min: int) -> list[int]:
    """None beyond the clip, the least that may pass, and one step more; smallest first."""
    passing = [least for least, chance in SURPLUS_STEPS if chance >= completion_ppm_min]
    return sorted({MICRO, *passing[-2:]})


def _cumulative(ladder: Levels, depth_max: int) -> list[int]:
    """Depth at the end of each level, as far as `depth_max`."""
    depth, found = 0, list[int]()
    for _, quantity in ladder:
        depth += quantity
        if depth > depth_max:
            break
        found.append(depth)
    return found


def _profitable_depth(ladders: Sequence[Levels], payout: Price) -> int:
    """Contracts until one more would cost what it pays, fees aside; 0 when the first one does."""
    reached = 0
    while True:
        heads = [_level_beyond(ladder, reached) for ladder in ladders]
        present = [head for head in heads if head is not None]
        if len(present) < len(heads) or sum(price for price, _ in present) >= payout:
            return reached
        reached = min(end for _, end in present)


def _level_beyond(ladder: Levels, depth: int) -> tuple[Price, int] | None:
    """Price of the contract after `depth` of them and where its level ends; None at the end."""
    end = 0
    for price, quantity in ladder:
        end += quantity
        if depth < end:
            return price, end
    return None
