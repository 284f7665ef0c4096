"""What becomes of an order: does it fill, rest and end as its terms say, and is each step told?"""

import pytest

from foreshock.adapters.sim.exchange_types import (
    KALSHI_POLICY,
    POLYMARKET_POLICY,
    Filled,
    LevelChanged,
    OrderUpdated,
    Trade,
    VenuePolicy,
)
from foreshock.core.domain.markets import SeriesFee
from foreshock.core.domain.units import MICRO, parse_quantity
from tests.unit.adapters.sim.exchange_cases import (
    FEES,
    POLICIES,
    cash_of,
    exchange,
    later,
    level,
    refused,
    taken,
)

each_venue = pytest.mark.parametrize("policy", POLICIES, ids=lambda policy: policy.venue)


@each_venue
def test_the_taker_gets_the_makers_price(policy: VenuePolicy) -> None:
    venue = exchange(policy)
    taken(venue, "buy no 10", "0.45", account="bob")
    taken(venue, "buy no 10", "0.46", account="cyd")
    bought = taken(venue, "buy yes 15", "0.60")
    assert bought.status == "executed"
    assert bought.taker_cost == 10 * 540_000 + 5 * 550_000
    assert venue.levels("M1", "ask") == (level("0.55", "5"),)
    assert cash_of(venue, "ann") == 1_000_000_000 - 8_150_000
    assert cash_of(venue, "cyd") == 1_000_000_000 - 4_600_000


@each_venue
def test_what_does_not_fill_rests_at_its_own_price(policy: VenuePolicy) -> None:
    venue = exchange(policy)
    taken(venue, "buy no 10", "0.45", account="bob")
    rest = taken(venue, "buy yes 15", "0.56")
    assert (rest.status, rest.filled, rest.remaining) == ("resting", 10 * MICRO, 5 * MICRO)
    assert venue.levels("M1", "bid") == (level("0.56", "5"),)


@each_venue
def test_what_an_immediate_order_cannot_fill_is_cancelled(policy: VenuePolicy) -> None:
    venue = exchange(policy)
    taken(venue, "buy no 10", "0.45", account="bob")
    ended = taken(venue, "buy yes 15", "0.56", time_in_force="ioc")
    assert (ended.status, ended.cancel_reason) == ("canceled", "remainder")
    assert (ended.filled, ended.remaining) == (10 * MICRO, 0)
    assert not venue.levels("M1", "bid")


@each_venue
def test_a_dated_order_ends_at_its_own_moment(policy: VenuePolicy) -> None:
    venue = exchange(policy)
    dated = taken(venue, "buy yes 5", "0.40", time_in_force="gtd", expires_us=later(10))
    venue.advance(later(9.999))
    assert venue.levels("M1", "bid")
    venue.take_events()
    venue.advance(later(60))
    ended = venue.order(dated.order_id)
    assert ended is not None
    assert (ended.cancel_reason, ended.updated_us) == ("expired", later(10))
    assert {event.event_us for event in venue.take_events()} == {later(10)}
    assert venue.balances("ann").reserved == 0


@each_venue
def test_an_expired_order_meets_nobody_who_comes_later(policy: VenuePolicy) -> None:
    venue = exchange(policy)
    taken(venue, "buy no 5", "0.45", account="bob", time_in_force="gtd", expires_us=later(10))
    assert taken(venue, "buy yes 5", "0.55", now_us=later(10)).filled == 0


@each_venue
def test_an_order_that_meets_its_own_account_stops_there(policy: VenuePolicy) -> None:
    venue = exchange(policy)
    taken(venue, "buy no 5", "0.45", account="bob")
    taken(venue, "buy no 5", "0.44")
    stopped = taken(venue, "buy yes 20", "0.60")
    assert (stopped.filled, stopped.cancel_reason) == (5 * MICRO, "self_trade")
    assert venue.levels("M1", "ask") == (level("0.56", "5"),)
    assert not venue.levels("M1", "bid")


@each_venue
def test_the_resting_order_yields_when_asked_to(policy: VenuePolicy) -> None:
    venue = exchange(policy)
    own = taken(venue, "buy no 5", "0.45")
    taken(venue, "buy no 5", "0.45", account="bob")
    bought = taken(venue, "buy yes 5", "0.60", self_trade="maker")
    assert bought.status == "executed"
    yielded = venue.order(own.order_id)
    assert yielded is not None
    assert yielded.cancel_reason == "self_trade"


def test_reduce_only_stops_at_nothing_held_where_contracts_net() -> None:
    venue = exchange(KALSHI_POLICY)
    taken(venue, "buy no 10", "0.60", account="bob")
    taken(venue, "buy yes 10", "0.40")
    taken(venue, "buy yes 30", "0.39", account="cyd")
    reduced = taken(venue, "sell yes 25", "0.39", reduce_only=True)
    assert (reduced.filled, reduced.cancel_reason) == (10 * MICRO, "reduce_only")
    assert venue.positions("ann")[0].net == 0


def test_reduce_only_sells_what_is_free_where_nothing_nets() -> None:
    venue = exchange(POLYMARKET_POLICY)
    venue.split("ann", "M1", parse_quantity("10"), later(0))
    taken(venue, "sell yes 4", "0.90")
    taken(venue, "buy yes 30", "0.39", account="cyd")
    reduced = taken(venue, "sell yes 25", "0.39", reduce_only=True)
    assert (reduced.filled, reduced.cancel_reason) == (6 * MICRO, "reduce_only")


@each_venue
def test_a_smaller_order_keeps_its_place(policy: VenuePolicy) -> None:
    venue = exchange(policy)
    first = taken(venue, "buy no 10", "0.45", account="bob")
    taken(venue, "buy no 10", "0.45", account="cyd")
    venue.decrease("bob", first.order_id, parse_quantity("4"), later(1))
    taken(venue, "buy yes 5", "0.55")
    fills = {account: venue.fills(account) for account in ("bob", "cyd")}
    assert fills["bob"][0].quantity == 4 * MICRO
    assert fills["cyd"][0].quantity == MICRO
    unchanged = venue.decrease("cyd", fills["cyd"][0].order_id, parse_quantity("50"), later(1))
    assert getattr(unchanged, "remaining", None) == 9 * MICRO


def test_minting_merging_and_passing_on_can_be_told_apart() -> None:
    venue = exchange(POLYMARKET_POLICY)
    taken(venue, "buy no 10", "0.45", account="bob")
    taken(venue, "buy yes 10", "0.55")
    assert venue.market("M1").open_interest == 10 * MICRO
    assert venue.totals()[1] == 10 * MICRO
    taken(venue, "sell yes 4", "0.50")
    taken(venue, "buy yes 4", "0.50", account="cyd")
    assert venue.market("M1").open_interest == 10 * MICRO
    taken(venue, "sell no 6", "0.40", account="bob")
    taken(venue, "sell yes 6", "0.60")
    assert venue.market("M1").open_interest == 4 * MICRO
    made = [event for event in venue.take_events() if isinstance(event, Trade)]
    assert [
        (t.taker_action, t.taker_outcome, t.maker_action, t.maker_outcome, t.taker_side)
        for t in made
    ] == [
        ("buy", "yes", "buy", "no", "bid"),
        ("buy", "yes", "sell", "yes", "bid"),
        ("sell", "yes", "sell", "no", "ask"),
    ]


def test_netting_pays_out_each_closed_set() -> None:
    venue = exchange(KALSHI_POLICY)
    taken(venue, "buy no 10", "0.45", account="bob")
    taken(venue, "buy yes 10", "0.55")
    taken(venue, "buy yes 10", "0.70", account="cyd")
    taken(venue, "buy no 10", "0.30")
    assert cash_of(venue, "ann") == 1_000_000_000 - 5_500_000 + 7_000_000
    assert venue.positions("ann")[0].net == 0
    assert venue.positions("ann")[0].realized == 1_500_000
    assert venue.market("M1").open_interest == 10 * MICRO


@each_venue
def test_events_tell_a_trade_in_order(policy: VenuePolicy) -> None:
    venue = exchange(policy)
    taken(venue, "buy no 10", "0.45", account="bob")
    venue.take_events()
    taken(venue, "buy yes 4", "0.55", client_order_id="mine")
    events = venue.take_events()
    assert [type(event) for event in events] == [
        Trade,
        Filled,
        Filled,
        LevelChanged,
        OrderUpdated,
        OrderUpdated,
    ]
    assert [event.clock for event in events] == list(
        range(events[0].clock, events[0].clock + len(events))
    )
    maker, taker = (event for event in events if isinstance(event, Filled))
    assert (maker.account, maker.is_taker, maker.price) == ("bob", False, 450_000)
    assert (taker.client_order_id, taker.price, taker.cash) == ("mine", 550_000, -2_200_000)
    changed = next(event for event in events if isinstance(event, LevelChanged))
    assert (changed.side, changed.total, changed.delta) == ("ask", 6 * MICRO, -4 * MICRO)
    assert not venue.take_events()


def test_unreported_accounts_make_market_data_only() -> None:
    venue = exchange(KALSHI_POLICY)
    venue.open_account("maker", cash_of(venue, "ann"), is_reported=False, history_max=0)
    made = taken(venue, "buy no 10", "0.45", account="maker")
    assert {type(event) for event in venue.take_events()} == {LevelChanged}
    venue.cancel("maker", made.order_id, later(1))
    assert venue.order(made.order_id) is None


def test_history_forgets_the_oldest() -> None:
    venue = exchange(KALSHI_POLICY)
    venue.open_account("dan", cash_of(venue, "ann"), history_max=2)
    ids = [taken(venue, "buy yes 1", "0.40", account="dan").order_id for _ in range(3)]
    for order_id in ids:
        venue.cancel("dan", order_id, later(1))
    assert venue.order(ids[0]) is None
    assert [order.order_id for order in venue.orders("dan")] == [ids[2], ids[1]]


@each_venue
def test_fees_of_an_order_are_the_sum_over_its_fills(policy: VenuePolicy) -> None:
    venue = exchange(policy, fees=FEES)
    for cents in ("0.45", "0.46", "0.47"):
        taken(venue, "buy no 3.33", cents, account="bob")
    bought = taken(venue, "buy yes 9.99", "0.60")
    fills = venue.fills("ann")
    assert len(fills) == len(bought.trades) == 3
    assert sum(fill.fee for fill in fills) == bought.taker_fees > 0
    paid = sum(fill.fee for fill in [*fills, *venue.fills("bob")])
    assert paid == venue.totals()[2]
    assert any(fill.fee for fill in venue.fills("bob")) == policy.nets


@each_venue
def test_orders_get_numbers_and_the_venues_name(policy: VenuePolicy) -> None:
    venue = exchange(policy)
    first, second = (taken(venue, "buy yes 1", "0.40") for _ in range(2))
    assert (first.order_id, second.order_id) == (f"{policy.venue}-1", f"{policy.venue}-2")


def test_dearer_fees_cancel_what_can_no_longer_be_paid() -> None:
    venue = exchange(KALSHI_POLICY, "5.15", fees=FEES)
    made = taken(venue, "buy yes 10", "0.50")
    dearer = SeriesFee("quadratic_with_maker_fees", 40 * MICRO)
    venue.change_fee("M1", dearer, later(1))
    ended = venue.order(made.order_id)
    assert ended is not None
    assert ended.cancel_reason == "fee"
    assert refused(venue, "buy yes 10", "0.50") == "insufficient_balance"
