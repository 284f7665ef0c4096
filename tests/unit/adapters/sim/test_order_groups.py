"""Does an order group count what it matched within fifteen seconds, and nothing else?"""

from foreshock.adapters.sim.order_groups import WINDOW, OrderGroup
from foreshock.core.domain.units import Instant, Quantity


def test_a_match_leaves_the_window_after_fifteen_seconds() -> None:
    group = OrderGroup("g", "ann", Quantity(10))
    group.record(Instant(0), 6)
    group.record(Instant(WINDOW - 1), 3)
    assert group.matched(Instant(WINDOW - 1)) == 9
    assert not group.is_due(Instant(WINDOW - 1))
    assert group.matched(WINDOW_END) == 3
    group.record(WINDOW_END, 7)
    assert group.is_due(WINDOW_END)


def test_a_reset_group_counts_from_nothing() -> None:
    group = OrderGroup("g", "ann", Quantity(10))
    group.record(Instant(0), 10)
    group.is_triggered = True
    assert not group.is_due(Instant(1))
    group.reset()
    assert group.matched(Instant(1)) == 0
    assert not group.is_triggered


WINDOW_END = Instant(WINDOW)
