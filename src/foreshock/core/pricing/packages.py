"""Which contracts, bought together, pay the same whatever happens?

identity    YES_A + NO_B  or  NO_A + YES_B      pays one dollar
complement  YES_A + YES_B  or  NO_A + NO_B      pays one dollar
one market  YES + NO                            pays one dollar
whole set   YES of each of its markets          pays one dollar, when exactly one must win
"""

from collections.abc import Sequence
from typing import TypeAlias

from foreshock.core.domain.markets import Market, MarketId, Outcome, Pair, opposite
from foreshock.core.pricing.edge import Package

LegChoice: TypeAlias = tuple[MarketId, Outcome]
Legs: TypeAlias = tuple[LegChoice, ...]

SET_LEGS_MAX = 64
"""Larger sets are not priced as a whole."""


def pair_packages(pair: Pair, venue_order: Sequence[str]) -> list[tuple[Package, Legs]]:
    """Both packages of a pair, legs of the venue that stands first in `venue_order` first."""
    found: list[tuple[Package, Legs]] = []
    sides: tuple[Outcome, Outcome] = ("yes", "no")
    for of_a in sides:
        of_b = opposite(of_a) if pair.relation == "identity" else of_a
        package = Package(f"{pair.id}:{of_a}-{of_b}", pair.id, pair.label)
        found.append((package, in_order(((pair.a, of_a), (pair.b, of_b)), venue_order)))
    return found


def both_outcomes(market: Market) -> tuple[Package, Legs]:
    """YES and NO of one market."""
    package = Package(f"{market.id}:yes+no", market.id, market.title)
    return package, ((market.id, "yes"), (market.id, "no"))


def set_id(market: Market) -> str:
    """Id of the exclusive set a market belongs to, unique across venues."""
    return f"{market.venue}:{market.exclusive_group}"


def whole_set_id(market: Market) -> str:
    """Id of the package of all YES of a market's exclusive set."""
    return f"{set_id(market)}:all-yes"


def whole_set(markets: Sequence[Market]) -> tuple[Package, Legs] | None:
    """YES of every market of an exclusive set; None unless the venue vouches for all of them."""
    first = markets[0]
    vouched = {market.exclusive_count for market in markets} == {len(markets)}
    if not vouched or not 1 < len(markets) <= SET_LEGS_MAX:
        return None
    label = f"{first.event_id}: all {len(markets)} outcomes"
    package = Package(whole_set_id(first), set_id(first), label)
    return package, tuple((m.id, "yes") for m in markets)


def in_order(legs: Legs, venue_order: Sequence[str]) -> Legs:
    """Legs of the venue that stands first in `venue_order` first, of unknown venues last."""

    def place(leg: LegChoice) -> int:
        venue = leg[0].split(":", 1)[0]
        return venue_order.index(venue) if venue in venue_order else len(venue_order)

    return tuple(sorted(legs, key=place))
