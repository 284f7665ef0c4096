"""Can orders be amended in place, moved in the queue, and contracts moved by hand, honestly?"""

from random import Random

import pytest

from foreshock.adapters.sim.exchange import Exchange
from foreshock.adapters.sim.exchange_desk import ExchangeDesk
from foreshock.adapters.sim.exchange_types import (
    KALSHI_POLICY,
    OrderRefused,
    OrderState,
    OrderUpdated,
)
from foreshock.adapters.sim.matching import Amendment
from foreshock.core.domain.errors import InvariantError
from foreshock.core.domain.units import MICRO, Instant, Price, Quantity
from tests.unit.adapters.sim.exchange_scene import (
    MARKET,
    at,
    contracts,
    exchange,
    placed,
    real_fees,
    refused,
    request,
)

CASH = 3_000_000_000_000


@pytest.fixture
def venue() -> Exchange:
    return exchange(KALSHI_POLICY)


def amended(
    venue: Exchange,
    order: OrderState,
    price: float,
    count: float,
    expires_us: Instant | None = None,
    name: str | None = None,
) -> OrderState | OrderRefused:
    change = Amendment(
        price=Price(round(price * MICRO)),
        quantity=contracts(count),
        expires_us=expires_us,
        client_order_id=name,
    )
    return venue.amend(order.account, order.order_id, change, at(2))


def ahead(venue: Exchange, order: OrderState) -> float:
    found = venue.desk.ahead_of(order.order_id)
    assert found is not None
    return found / MICRO


def two_bids(venue: Exchange) -> tuple[OrderState, OrderState]:
    first = placed(venue.place(request("buy yes 10 at 0.40"), at(1)))
    second = placed(venue.place(request("buy yes 5 at 0.40", "bob"), at(1)))
    return first, second


def test_the_desk_shares_the_exchanges_state(venue: Exchange) -> None:
    assert isinstance(venue.desk, ExchangeDesk)
    first, second = two_bids(venue)
    assert (ahead(venue, first), ahead(venue, second)) == (0, 10)
    better = placed(venue.place(request("buy yes 3 at 0.41", "cy"), at(1)))
    assert (ahead(venue, better), ahead(venue, first), ahead(venue, second)) == (0, 3, 13)
    assert [o.order_id for o in venue.desk.resting("ann")] == [first.order_id]
    assert venue.desk.ahead_of("unknown") is None


def test_a_smaller_size_keeps_the_place_and_a_larger_one_loses_it(venue: Exchange) -> None:
    first, second = two_bids(venue)
    smaller = amended(venue, first, 0.40, 4)
    assert isinstance(smaller, OrderState)
    assert (smaller.remaining, smaller.quantity) == (contracts(4), contracts(4))
    assert (ahead(venue, first), ahead(venue, second)) == (0, 4)
    amended(venue, first, 0.40, 6)
    assert (ahead(venue, second), ahead(venue, first)) == (0, 5)
    assert venue.levels(MARKET, "bid") == ((400_000, contracts(11)),)


def test_a_new_price_goes_behind_the_others_there(venue: Exchange) -> None:
    first, second = two_bids(venue)
    other = placed(venue.place(request("buy yes 7 at 0.39", "cy"), at(1)))
    moved = amended(venue, first, 0.39, 10)
    assert isinstance(moved, OrderState)
    assert moved.status == "resting"
    assert moved.order_id == first.order_id
    assert (ahead(venue, second), ahead(venue, other), ahead(venue, first)) == (0, 5, 12)


def test_an_expiry_alone_keeps_the_place_and_holds(venue: Exchange) -> None:
    first, second = two_bids(venue)
    amended(venue, first, 0.40, 10, expires_us=at(10))
    assert ahead(venue, second) == 10
    venue.advance(at(9))
    assert venue.desk.ahead_of(first.order_id) == 0
    amended(venue, first, 0.40, 10)  # and can be taken away again
    venue.advance(at(11))
    assert venue.desk.ahead_of(first.order_id) == 0
    amended(venue, first, 0.40, 10, expires_us=at(20))
    venue.advance(at(21))
    state = venue.order(first.order_id)
    assert state is not None
    assert (state.status, state.cancel_reason) == ("canceled", "expired")


def test_an_amendment_that_crosses_trades(venue: Exchange) -> None:
    first, _ = two_bids(venue)
    placed(venue.place(request("sell yes 4 at 0.50", "cy"), at(1)))
    crossed = amended(venue, first, 0.50, 10)
    assert isinstance(crossed, OrderState)
    assert (crossed.filled, crossed.remaining) == (contracts(4), contracts(6))
    assert venue.levels(MARKET, "bid")[0] == (500_000, contracts(6))
    assert sum(venue.totals()) == CASH


def test_a_post_only_order_that_would_cross_after_an_amendment_ends(venue: Exchange) -> None:
    first = placed(venue.place(request("buy yes 10 at 0.40", post_only=True), at(1)))
    placed(venue.place(request("sell yes 4 at 0.50", "cy"), at(1)))
    ended = amended(venue, first, 0.50, 10)
    assert isinstance(ended, OrderState)
    assert (ended.status, ended.cancel_reason) == ("canceled", "post_only_cross")
    assert venue.balances("ann").reserved == 0


def test_what_cannot_be_amended_stays_as_it_was(venue: Exchange) -> None:
    first, second = two_bids(venue)
    placed(venue.place(request("buy yes 1 at 0.30", client_order_id="taken"), at(1)))
    assert refused(amended(venue, first, 0.405, 10)) == "price_off_grid"
    assert refused(amended(venue, first, 0.40, 10_000_000)) == "insufficient_balance"
    assert refused(amended(venue, first, 0.40, 10, expires_us=at(1))) == "expiry_in_past"
    assert refused(amended(venue, first, 0.40, 10, name="taken")) == "duplicate_client_order_id"
    placed(venue.place(request("sell yes 2 at 0.40", "cy"), at(1)))
    assert refused(amended(venue, first, 0.40, 2)) == "quantity_below_min"
    assert (ahead(venue, first), ahead(venue, second)) == (0, 8)
    venue.cancel("ann", first.order_id, at(2))
    assert refused(amended(venue, first, 0.40, 20)) == "order_not_found"
    venue.close(MARKET, at(3))
    assert sum(venue.totals()) == CASH


@pytest.mark.parametrize("seed", range(4))
def test_amending_anything_anyhow_loses_no_dollar(seed: int) -> None:
    venue, rng = exchange(KALSHI_POLICY, real_fees()), Random(seed)
    for step in range(300):
        account = rng.choice(("ann", "bob", "cy"))
        resting = venue.desk.resting(account)
        price, count = rng.randrange(30, 71) / 100, rng.randrange(1, 2_000) / 100
        if resting and rng.random() < 0.6:
            amended(venue, rng.choice(resting), price, count)
        else:
            words = f"buy {rng.choice(('yes', 'no'))} {count} at {price}"
            venue.place(request(words, account, self_trade="maker"), at(step / 1000))
        assert sum(venue.totals()) == CASH
        bids, asks = venue.levels(MARKET, "bid", 1), venue.levels(MARKET, "ask", 1)
        assert not bids or not asks or bids[0][0] < asks[0][0]
    for account in venue.accounts():
        resting = venue.desk.resting(account)
        assert venue.balances(account).reserved >= 0
        venue.cancel_all(account, at(3))
        assert venue.balances(account).reserved == 0 == venue.desk.collateral(account)
        assert all(order.filled <= order.quantity for order in resting)
    events = [e for e in venue.take_events() if isinstance(e, OrderUpdated)]
    assert {e.order.status for e in events} == {"resting", "canceled", "executed"}


def test_collateral_is_what_opening_orders_cost(venue: Exchange) -> None:
    placed(venue.place(request("buy yes 10 at 0.40"), at(1)))
    assert venue.desk.collateral("ann") == 4 * MICRO
    placed(venue.place(request("buy no 10 at 0.45", "bob"), at(1)))
    placed(venue.place(request("buy no 10 at 0.60", "bob"), at(1)))
    placed(venue.place(request("buy no 5 at 0.30"), at(1)))  # closes half of ann's position
    assert venue.desk.collateral("ann") == 0


# ---- order groups


def group_of_two(venue: Exchange) -> tuple[OrderState, OrderState]:
    venue.desk.open_group("ann", "g", contracts(10), at(1))
    return (
        placed(venue.place(request("buy yes 8 at 0.40", group="g"), at(1))),
        placed(venue.place(request("buy yes 8 at 0.39", group="g"), at(1))),
    )


def test_a_group_that_matched_its_limit_is_cancelled_whole(venue: Exchange) -> None:
    first, second = group_of_two(venue)
    lone = placed(venue.place(request("buy yes 1 at 0.30"), at(1)))
    placed(venue.place(request("sell yes 8 at 0.40", "bob"), at(2)))
    assert venue.desk.ahead_of(second.order_id) is not None
    placed(venue.place(request("sell yes 3 at 0.39", "bob"), at(3)))
    states = [venue.order(o.order_id) for o in (first, second, lone)]
    assert [s.status for s in states if s] == ["executed", "canceled", "resting"]
    assert refused(venue.place(request("buy yes 1 at 0.20", group="g"), at(4))) == "group_triggered"
    (group,) = venue.desk.groups("ann")
    venue.desk.reset_group(group, at(5))
    assert placed(venue.place(request("buy yes 1 at 0.20", group="g"), at(5))).group == "g"


def test_matches_older_than_the_window_do_not_count(venue: Exchange) -> None:
    _, second = group_of_two(venue)
    placed(venue.place(request("sell yes 8 at 0.40", "bob"), at(2)))
    placed(venue.place(request("sell yes 3 at 0.39", "bob"), at(17)))
    assert venue.desk.ahead_of(second.order_id) is not None
    (group,) = venue.desk.groups("ann")
    assert group.matched(at(17)) == contracts(3)
    venue.desk.limit_group(group, contracts(3), at(17))
    assert venue.desk.ahead_of(second.order_id) is None


def test_groups_can_be_triggered_and_deleted_by_hand(venue: Exchange) -> None:
    first, _ = group_of_two(venue)
    (group,) = venue.desk.groups("ann")
    venue.desk.trigger_group(group, at(2))
    assert venue.desk.resting("ann") == []
    venue.desk.reset_group(group, at(3))
    again = placed(venue.place(request("buy yes 1 at 0.20", group="g"), at(3)))
    venue.desk.delete_group(group, at(4))
    ended = [venue.order(o.order_id) for o in (first, again)]
    assert [o.cancel_reason for o in ended if o] == ["group", "group"]
    assert refused(venue.place(request("buy yes 1 at 0.20", group="g"), at(5))) == "group_unknown"


def test_nobody_trades_in_anothers_group(venue: Exchange) -> None:
    venue.desk.open_group("ann", "g", contracts(10), at(1))
    theirs = request("buy yes 1 at 0.20", "bob", group="g")
    assert refused(venue.place(theirs, at(1))) == "group_unknown"
    with pytest.raises(InvariantError, match="exists"):
        venue.desk.open_group("bob", "g", contracts(1), at(1))


# ---- by hand


@pytest.mark.parametrize("moves", [(5,), (-5,), (5, -3), (-5, 9), (2, -2)])
def test_contracts_moved_by_hand_change_no_cash_of_the_taker(
    venue: Exchange, moves: tuple[int, ...]
) -> None:
    placed(venue.place(request("buy yes 4 at 0.40", "cy"), at(1)))
    placed(venue.place(request("buy no 4 at 0.60"), at(1)))
    before = venue.balances("ann").cash
    for moved in moves:
        venue.desk.move_contracts("bob", "ann", MARKET, moved * MICRO, at(2))
        assert sum(venue.totals()) == CASH
    (position,) = venue.positions("ann")
    assert position.net == (sum(moves) - 4) * MICRO
    assert not position.yes or not position.no
    assert venue.balances("ann").cash == before
    interest = sum(p.yes for name in venue.accounts() for p in venue.positions(name))
    assert venue.market(MARKET).open_interest == Quantity(interest)
    venue.close(MARKET, at(3))
    venue.propose(MARKET, Price(MICRO), at(4))
    venue.settle(MARKET, at(5))
    assert sum(venue.totals()) == CASH
    assert venue.totals()[1] == 0
