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
    "stated": (44, 44),
    "inferred": (25, 25),
    "game": (59, 59),
    "review": (9, 64),
    "reject": (1488, 1488),
}
"""Tier -> (right, seen). Accepted and reviewed are right when it was the same bet."""


def confidence_ppm(tier: Tier) -> int:
    """Chance that a verdict of this tier is right."""
    return posterior_ppm(*COUNTS[tier])


def posterior_ppm(right: int, seen: int) -> int:
    """Mean of the Jeffreys posterior after `right` of `seen`."""
    return (2 * right + 1) * MICRO // (2 * (seen + 1))
