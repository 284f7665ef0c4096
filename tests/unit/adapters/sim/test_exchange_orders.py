"""Which terms and names may an order have, and what becomes of it in the odd cases?"""

import msgspec
import pytest

from foreshock.adapters.sim.exchange_types import (
    KALSHI_POLICY,
    POLYMARKET_POLICY,
    LevelChanged,
    OrderRefused,
    Trade,
    VenuePolicy,
)
from foreshock.core.domain.units import MICRO, parse_quantity
from tests.unit.adapters.sim.exchange_cases import (
    FEES,
    POLICIES,
    ask,
    cash_of,
    dollars,
    exchange,
    later,
    level,
    listed,
    refused,
    taken,
)

each_venue = pytest.mark.parametrize("policy", POLICIES, ids=lambda policy: policy.venue)


def test_a_minimum_holds_and_its_multiples_of_the_lot_pass() -> None:
    venue = exchange(POLYMARKET_POLICY)
    made = listed(POLYMARKET_POLICY, "M3", 3)
    market = msgspec.structs.replace(made.market, quantity_min=parse_quantity("5"))
    venue.list_market(msgspec.structs.replace(made, market=market), later(0))
    venue.open_market("M3", later(0))
    assert refused(venue, "buy yes 4.99", "0.40", native_id="M3") == "quantity_below_min"
    taken(venue, "buy yes 5.01", "0.40", native_id="M3")


def test_expiry_belongs_to_gtd_and_lies_ahead() -> None:
    venue = exchange(KALSHI_POLICY)
    assert (
        refused(venue, "buy yes 1", "0.4", expires_us=later(0), time_in_force="gtd")
        == "expiry_in_past"
    )
    assert refused(venue, "buy yes 1", "0.4", time_in_force="gtd") == "expiry_mismatch"
    assert refused(venue, "buy yes 1", "0.4", expires_us=later(9)) == "expiry_mismatch"


def test_the_name_of_a_killed_order_is_used_up() -> None:
    venue = exchange(KALSHI_POLICY)
    killed = ask(venue, "buy yes 1", "0.40", time_in_force="fok", client_order_id="c")
    assert isinstance(killed, OrderRefused)
    assert killed.code == "fok_shortfall"
    assert refused(venue, "buy yes 1", "0.40", client_order_id="c") == "duplicate_client_order_id"
    assert venue.orders("ann") == []


@each_venue
def test_fees_must_be_affordable_too(policy: VenuePolicy) -> None:
    venue = exchange(policy, "5", fees=FEES)
    venue.deposit("bob", dollars("100"))
    taken(venue, "buy no 100", "0.50", account="bob")
    assert refused(venue, "buy yes 10", "0.50", time_in_force="fok") == "insufficient_balance"
    bought = taken(venue, "buy yes 9", "0.50", time_in_force="fok")
    assert bought.taker_fees > 0
    assert cash_of(venue, "ann") == 5_000_000 - 4_500_000 - bought.taker_fees


@each_venue
def test_dated_orders_end_in_the_order_of_their_dates(policy: VenuePolicy) -> None:
    venue = exchange(policy)
    for seconds in (30, 10, 40, 20):
        taken(venue, "buy yes 5", "0.40", time_in_force="gtd", expires_us=later(seconds))
    venue.take_events()
    venue.advance(later(35))
    ended = [e for e in venue.take_events() if isinstance(e, LevelChanged)]
    assert [event.event_us for event in ended] == [later(10), later(20), later(30)]
    assert venue.levels("M1", "bid") == (level("0.40", "5"),)


@each_venue
def test_an_order_that_meets_its_own_account_stops_there(policy: VenuePolicy) -> None:
    venue = exchange(policy)
    taken(venue, "buy no 5", "0.45", account="bob")
    taken(venue, "buy no 5", "0.44")
    stopped = taken(venue, "buy yes 20", "0.60")
    assert (stopped.filled, stopped.cancel_reason) == (5 * MICRO, "self_trade")
    assert venue.levels("M1", "ask") == (level("0.56", "5"),)
    assert not venue.levels("M1", "bid")


def test_reduce_only_sells_what_is_free_where_nothing_nets() -> None:
    venue = exchange(POLYMARKET_POLICY)
    venue.split("ann", "M1", parse_quantity("10"), later(0))
    taken(venue, "sell yes 4", "0.90")
    taken(venue, "buy yes 30", "0.39", account="cyd")
    reduced = taken(venue, "sell yes 25", "0.39", reduce_only=True)
    assert (reduced.filled, reduced.cancel_reason) == (6 * MICRO, "reduce_only")


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


def test_unreported_accounts_make_market_data_only() -> None:
    venue = exchange(KALSHI_POLICY)
    venue.open_account("maker", cash_of(venue, "ann"), is_reported=False, history_max=0)
    made = taken(venue, "buy no 10", "0.45", account="maker")
    assert {type(event) for event in venue.take_events()} == {LevelChanged}
    venue.cancel("maker", made.order_id, later(1))
    assert venue.order(made.order_id) is None


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
