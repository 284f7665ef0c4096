"""Does the budget cover whatever a package may spend?"""

from foreshock.core.domain.budgets import FEE_MARGIN, ROUNDING_ROOM, leg_budgets
from tests.trading import A, B, dollars, edge, leg


def test_the_first_leg_may_cost_its_limit_and_twice_its_fee() -> None:
    first, _ = leg_budgets(edge(leg(A, "yes", 45, 10, 100_000), leg(B, "no", 48, 10)))
    assert first == 4_500_000 + FEE_MARGIN * 100_000 + ROUNDING_ROOM


def test_a_later_leg_may_cost_up_to_break_even() -> None:
    wanted = edge(leg(A, "yes", 45, 10), leg(B, "no", 48, 10))
    _, second = leg_budgets(wanted)
    assert second == 4_800_000 + ROUNDING_ROOM + wanted.net
    assert wanted.net == dollars(10) - 9_300_000


def test_a_losing_edge_leaves_no_room() -> None:
    _, second = leg_budgets(edge(leg(A, "yes", 60, 10), leg(B, "no", 48, 10)))
    assert second == 4_800_000 + ROUNDING_ROOM
