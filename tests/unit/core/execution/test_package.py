"""Is the package's table complete, and does nothing happen off it?"""

from typing import get_args

import pytest

from foreshock.core.domain.errors import InvariantError
from foreshock.core.domain.messages.decisions import PackageState
from foreshock.core.domain.units import Quantity
from foreshock.core.execution.package import TRANSITIONS, Package, PackageEvent, tradable
from tests.samples import market
from tests.trading import A, B, contracts, filled, order, request


def package() -> Package:
    return Package(request(), [market(A), market(B)])


def test_every_state_has_its_row_and_every_target_is_a_state() -> None:
    assert set(TRANSITIONS) == set(get_args(PackageState))
    for row in TRANSITIONS.values():
        assert set(row) <= set(get_args(PackageEvent))
        assert set(row.values()) <= set(TRANSITIONS)
    assert not TRANSITIONS["closed"]


def test_every_state_leads_to_the_end() -> None:
    reachable = {"closed"}
    for _ in TRANSITIONS:
        reachable |= {s for s, row in TRANSITIONS.items() if reachable & set(row.values())}
    assert reachable == set(TRANSITIONS)


def test_an_event_off_the_table_is_a_bug() -> None:
    with pytest.raises(InvariantError, match="final while first_leg"):
        package().move("final")


def test_nothing_happens_while_an_order_may_trade() -> None:
    opened = package()
    opened.add(0, order("o1"))
    assert opened.next_event() is None
    opened.orders["o1"][1].apply(filled("o1", 1, 10))
    assert opened.next_event() == "filled"


def test_nothing_happens_while_it_rests() -> None:
    opened = package()
    opened.is_resting = True
    assert opened.next_event() is None


@pytest.mark.parametrize(
    ("quantity", "step", "minimum", "expected"),
    [
        (2_500_000, 1_000_000, 1_000_000, 2_000_000),
        (2_500_000, 10_000, 5_000_000, 0),
        (900_000, 1_000_000, 0, 0),
        (0, 10_000, 0, 0),
        (-3_000_000, 10_000, 0, 0),
    ],
)
def test_only_whole_lots_of_the_minimum_can_be_traded(
    quantity: int, step: int, minimum: int, expected: int
) -> None:
    rules = market(A, quantity_step=Quantity(step), quantity_min=Quantity(minimum))
    assert tradable(rules, Quantity(quantity)) == expected


def test_naked_time_adds_up_over_episodes() -> None:
    opened = package()
    opened.add(0, order("o1"))
    opened.add(1, order("o2", market=B))
    first, second = opened.orders["o1"][1], opened.orders["o2"][1]
    for at_us, (folded, fill) in (
        (100, (first, filled("o1", 1, 4))),
        (150, (second, filled("o2", 1, 4))),
        (300, (first, filled("o1", 2, 6))),
        (310, (first, filled("o1", 2, 6))),
        (330, (second, filled("o2", 2, 6))),
        (400, (second, filled("o2", 2, 6))),
    ):
        folded.apply(fill)
        opened.watch_naked(at_us)  # pyright: ignore[reportArgumentType]  # plain numbers read better here
    assert opened.naked_for == 80


def test_the_residual_is_named_exactly() -> None:
    opened = package()
    opened.add(0, order("o1"))
    assert opened.residual_words() == "nothing is unhedged"
    opened.orders["o1"][1].apply(filled("o1", 1, 4))
    assert opened.residual_words() == f"unhedged: 4 yes of {A}"
    assert opened.residual() == contracts(4)
