"""Does one side of a book keep order, and does a plan foresee what a match will do?"""

from foreshock.adapters.sim.exchange_types import SelfTrade
from foreshock.adapters.sim.matching import Order, Side, plan_matches
from foreshock.core.domain.units import Price
from tests.unit.adapters.sim.exchange_scene import contracts, price, request
from tests.unit.adapters.sim.face_scenario import T0


def order(number: int, words: str, account: str = "ann", /, **changes: object) -> Order:
    return Order(request(words, account, **changes), number, f"o{number}", T0)


def asks(*orders: Order) -> Side:
    side = Side(is_bid=False)
    for resting in orders:
        side.insert(resting)
    return side


def test_an_order_for_no_stands_on_the_yes_book() -> None:
    no = order(1, "buy no 10 at 0.60")
    assert (no.is_bid, no.yes_price, no.rank) == (False, price(0.40), price(0.60))
    sold = order(2, "sell no 10 at 0.60")
    assert (sold.is_bid, sold.yes_price, sold.rank) == (True, price(0.40), price(0.40))


def test_a_side_shows_its_best_first_and_forgets_empty_levels() -> None:
    near, far = order(1, "sell yes 10 at 0.41"), order(2, "sell yes 5 at 0.43")
    side = asks(far, near)
    assert side.top(None) == ((price(0.41), contracts(10)), (price(0.43), contracts(5)))
    assert side.top(1) == ((price(0.41), contracts(10)),)
    assert side.top(0) == ()
    assert side.shrink(near, contracts(10)) == 0
    assert (side.best(), side.best_size()) == (price(0.43), contracts(5))
    side.shrink(far, contracts(5))
    assert (side.best(), side.best_size(), side.ranks) == (None, 0, [])


def test_a_plan_takes_the_best_first_and_stops_at_the_limit() -> None:
    near, far = order(1, "sell yes 4 at 0.41", "bob"), order(2, "sell yes 4 at 0.42", "bob")
    side = asks(far, near)
    plan = plan_matches(order(3, "buy yes 6 at 0.42"), side)
    assert plan.fills == [(near, contracts(4)), (far, contracts(2))]
    assert plan_matches(order(4, "buy yes 6 at 0.41"), side).quantity == contracts(4)
    assert plan_matches(order(5, "buy yes 6 at 0.40"), side).fills == []
    assert near.remaining == contracts(4), "a plan changes nothing"


def test_a_plan_foresees_meeting_oneself() -> None:
    own, behind = order(1, "sell yes 4 at 0.41"), order(2, "sell yes 4 at 0.42", "bob")
    side = asks(own, behind)
    blocked = plan_matches(order(3, "buy yes 6 at 0.42"), side)
    assert (blocked.is_blocked, blocked.fills, blocked.displaced) == (True, [], [])
    yielding: SelfTrade = "maker"
    through = plan_matches(order(4, "buy yes 6 at 0.42", self_trade=yielding), side)
    assert (through.is_blocked, through.fills) == (False, [(behind, contracts(4))])
    assert through.displaced == [own]


def test_a_status_follows_from_the_quantities() -> None:
    placed = order(1, "buy yes 4 at 0.41")
    assert placed.status() == "resting"
    placed.remaining = 0
    assert placed.status() == "executed"
    placed.cancel_reason = "user"
    assert placed.state().status == "canceled"
    assert placed.state().yes_price == Price(410_000)
