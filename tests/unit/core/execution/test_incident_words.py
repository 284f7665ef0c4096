"""An incident says what is known, what it can cost, and what a person can do."""

import pytest

from foreshock.core.domain.orders import Order
from foreshock.core.execution.incident_words import dust_words, fate_words
from foreshock.core.execution.package import Package
from tests.samples import market
from tests.trading import A, B, contracts, filled, order, request


@pytest.mark.parametrize(
    ("minimum", "advice"),
    [
        (5, "Hold until it pays, or buy up to 5 yes at the venue and sell them"),
        (2, "Sell it at the venue, or hold until it pays"),
    ],
)
def test_what_is_left_is_named_with_its_cost_and_a_way_out(minimum: int, advice: str) -> None:
    package = Package(request(), [market(A, quantity_min=contracts(minimum)), market(B)])
    placed = order("r1/0.0")
    package.add(0, placed)
    package.orders[placed.order_id][1].apply(filled("r1/0.0", 1, 2, fee=20_000))
    assert dust_words(package) == f"unhedged: 2 yes of {A}: at worst $0.92 is lost. {advice}"


def test_an_order_without_an_end_counts_at_its_worst() -> None:
    open_order = Order(order())
    open_order.apply(filled("o1", 1, 4))
    assert fate_words(open_order) == (
        f"no final word: buy yes of {A}, 4 known to have traded, at worst 10"
    )
