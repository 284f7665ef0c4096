"""How sure is a verdict, given how such verdicts fared on labelled pairs?

Counted on the decided rows of the labelled development file of 2026-11-20 by `foreshock evaluate
matching`: in-sample, since the rules were written with these rows in sight. The confidence is the
mean of the Jeffreys posterior, (right + 1/2) / (seen + 1), so few cases never make it certain.
"""

from typing import Final, Literal, TypeAlias

from foreshock.core.domain.units import MICRO

Tier: TypeAlias = Literal["stated", "inferred", "game", "review", "reject"]
"""stated: every clause agrees as written. inferred: some clause rests on a ticker or a default.
game: two teams and one kick-off. review, reject: what it was called."""

COUNTS: Final[dict[Tier, tuple[int, int]]] = {
    "stated": (40, 40),
    "inferred": (24, 24),
    "game": (60, 60),
    "review": (10, 60),
    "reject": (1400, 1400),
}
"""Tier -> (verdicts that were right, verdicts). For review: how many were the same bet."""


def confidence_ppm(tier: Tier) -> int:
    """Chance that a verdict of this tier is right."""
    right, seen = COUNTS[tier]
    return (2 * right + 1) * MICRO // (2 * (seen + 1))
