"""Does the exchange run a market's whole life, and show only what is true?"""

import pytest

from foreshock.adapters.sim.exchange_types import (
    KALSHI_POLICY,
    POLYMARKET_POLICY,
    FeeChanged,
    GridChanged,
    MarketCreated,
    OrderRefused,
    Resolved,
    StatusChanged,
    VenuePolicy,
)
from foreshock.core.domain.errors import InvariantError
from foreshock.core.domain.markets import CurveFee, uniform_grid
from foreshock.core.domain.units import MICRO, Money, Price, parse_quantity
from tests.unit.adapters.sim.exchange_cases import (
    ACCOUNTS,
    FEES,
    MARKETS,
    POLICIES,
    T0,
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


# ---- the end of a market -------------------------------------------------------------------


@each_venue
@pytest.mark.parametrize(("payout", "won"), [(MICRO, "4.50"), (0, "-5.50"), (400_000, "-1.50")])
def test_settlement_pays_the_named_outcome(policy: VenuePolicy, payout: int, won: str) -> None:
    venue = exchange(policy)
    taken(venue, "buy no 10", "0.45", account="bob")
    taken(venue, "buy yes 10", "0.55")
    venue.close("M1", later(1))
    venue.propose("M1", Price(payout), later(2))
    venue.settle("M1", later(3))
    gain = cash_of(venue, "ann") - dollars("1000")
    assert gain == round(float(won) * MICRO)
    assert cash_of(venue, "bob") - dollars("1000") == -gain
    assert venue.totals() == (3 * dollars("1000"), 0, 0)
    settlement = venue.settlements("ann")[0]
    assert (settlement.yes, settlement.yes_cost) == (10 * MICRO, 5_500_000)
    assert settlement.settled_us == later(3)
    assert not venue.positions("ann")


def test_a_dispute_can_change_the_outcome() -> None:
    venue = exchange(POLYMARKET_POLICY)
    venue.split("ann", "M1", parse_quantity("5"), T0)
    venue.close("M1", later(1))
    venue.propose("M1", Price(MICRO), later(2))
    venue.dispute("M1", later(3))
    venue.propose("M1", Price(0), later(4))
    venue.settle("M1", later(5))
    view = venue.market("M1")
    assert view.was_disputed
    assert view.yes_payout == 0
    told = venue.take_events()
    assert [e.status for e in told if isinstance(e, StatusChanged)] == [
        "closed",
        "proposed",
        "disputed",
        "proposed",
        "settled",
    ]
    assert [e.yes_payout for e in told if isinstance(e, Resolved)] == [0]


def test_a_payout_in_fractions_of_a_micro_dollar_is_impossible() -> None:
    venue = exchange(KALSHI_POLICY)
    venue.close("M1", later(1))
    for payout in (333_333, MICRO + 100, -100):
        with pytest.raises(InvariantError, match="impossible payout"):
            venue.propose("M1", Price(payout), later(2))
    assert venue.market("M1").status == "closed"


@each_venue
def test_closing_cancels_every_order(policy: VenuePolicy) -> None:
    venue = exchange(policy)
    made = [taken(venue, f"buy {side} 5", "0.30") for side in ("yes", "no")]
    venue.close("M1", later(1))
    reasons = {order.cancel_reason for order in venue.orders("ann")}
    assert reasons == {"closed"}
    assert venue.balances("ann").reserved == 0
    assert isinstance(venue.cancel("ann", made[0].order_id, later(2)), OrderRefused)


def test_nothing_settles_without_a_close() -> None:
    venue = exchange(KALSHI_POLICY)
    with pytest.raises(InvariantError, match="from open to settled"):
        venue.settle("M1", later(1))
    with pytest.raises(InvariantError, match="from open to proposed"):
        venue.propose("M1", Price(0), later(1))
    assert venue.market("M1").status == "open"


# ---- pause, grid, fees ---------------------------------------------------------------------


@each_venue
def test_a_pause_cancels_what_asked_for_it_and_resuming_what_the_venue_says(
    policy: VenuePolicy,
) -> None:
    venue = exchange(policy)
    taken(venue, "buy yes 1", "0.30", cancel_on_pause=True)
    taken(venue, "buy yes 2", "0.31")
    venue.pause("M1", later(1))
    assert venue.levels("M1", "bid") == (level("0.31", "2"),)
    venue.open_market("M1", later(2))
    kept = () if policy.cancels_on_resume else (level("0.31", "2"),)
    assert venue.levels("M1", "bid") == kept


def test_another_grid_rules_new_orders_and_leaves_the_old() -> None:
    venue = exchange(POLYMARKET_POLICY)
    assert refused(venue, "buy yes 1", "0.305") == "price_off_grid"
    venue.change_grid("M1", uniform_grid(Price(1_000)), "deci_cent", later(1))
    taken(venue, "buy yes 1", "0.305")
    venue.change_grid("M1", uniform_grid(Price(10_000)), "linear_cent", later(2))
    assert venue.levels("M1", "bid") == (level("0.305", "1"),)
    told = [event for event in venue.take_events() if isinstance(event, GridChanged)]
    assert [(e.before.finest(), e.grid.finest()) for e in told] == [
        (10_000, 1_000),
        (1_000, 10_000),
    ]
    with pytest.raises(InvariantError, match="whole micro-dollar"):
        venue.change_grid("M1", uniform_grid(Price(10)), "too fine", later(3))


def test_a_fee_override_charges_and_ends() -> None:
    venue = exchange(POLYMARKET_POLICY, fees=FEES)
    taken(venue, "buy no 30", "0.50", account="bob")
    venue.change_fee("M1", CurveFee(0, 1), later(1))
    assert venue.market("M1").fee_is_override
    assert taken(venue, "buy yes 10", "0.50").taker_fees == 0
    venue.change_fee("M1", None, later(2))
    assert not venue.market("M1").fee_is_override
    assert taken(venue, "buy yes 10", "0.50").taker_fees == 125_000  # 10 x 0.05 x 0.25
    told = [event for event in venue.take_events() if isinstance(event, FeeChanged)]
    assert [event.is_override for event in told] == [True, False]


def test_a_cleared_book_is_empty_and_open() -> None:
    venue = exchange(POLYMARKET_POLICY)
    taken(venue, "buy yes 2", "0.31")
    venue.clear_book("M1", later(1))
    assert not venue.levels("M1", "bid")
    assert venue.orders("ann")[0].cancel_reason == "cleared"
    taken(venue, "buy yes 2", "0.31")


# ---- accounts ------------------------------------------------------------------------------


def test_sets_are_made_and_unmade_for_a_dollar() -> None:
    venue = exchange(POLYMARKET_POLICY)
    venue.split("ann", "M1", parse_quantity("10"), T0)
    assert venue.balances("ann").cash == dollars("990")
    assert venue.totals() == (dollars("2990"), dollars("10"), 0)
    taken(venue, "sell yes 4", "0.60")
    with pytest.raises(ValueError, match="cannot merge"):
        venue.merge("ann", "M1", parse_quantity("7"), T0)
    venue.merge("ann", "M1", parse_quantity("6"), T0)
    assert venue.totals() == (dollars("2996"), dollars("4"), 0)
    with pytest.raises(ValueError, match="cannot split"):
        venue.split("ann", "M1", parse_quantity("5000"), T0)


def test_accounts_open_once_and_deposits_add() -> None:
    venue = exchange(KALSHI_POLICY, "10")
    venue.deposit("ann", dollars("5"))
    assert venue.balances("ann").available == dollars("15")
    assert venue.has_account("ann")
    assert not venue.has_account("eve")
    assert venue.accounts() == ACCOUNTS
    with pytest.raises(InvariantError, match="exists"):
        venue.open_account("ann", Money(0))
    with pytest.raises(ValueError, match="negative"):
        venue.deposit("ann", Money(-1))


@each_venue
def test_only_its_owner_cancels_an_order(policy: VenuePolicy) -> None:
    venue = exchange(policy)
    made = taken(venue, "buy yes 2", "0.31", client_order_id="mine")
    for account in ("bob", "eve"):
        answer = venue.cancel(account, made.order_id, later(1))
        assert isinstance(answer, OrderRefused)
        assert answer.code == "order_not_found"
    ended = venue.cancel("ann", made.order_id, later(1))
    assert ended == venue.order(made.order_id) == venue.order_by_client_id("ann", "mine")
    assert isinstance(venue.cancel("ann", made.order_id, later(2)), OrderRefused)


def test_cancelling_all_can_keep_to_one_market() -> None:
    venue = exchange(KALSHI_POLICY)
    for market in (*MARKETS, MARKETS[0]):
        taken(venue, "buy yes 2", "0.31", native_id=market)
    assert len(venue.cancel_all("ann", later(1), MARKETS[0])) == 2
    assert len(venue.cancel_all("ann", later(1))) == 1
    assert not venue.cancel_all("ann", later(1))


# ---- listing and reading -------------------------------------------------------------------


def test_a_listing_is_told_once_and_found_by_every_name() -> None:
    venue = exchange(POLYMARKET_POLICY)
    made = listed(POLYMARKET_POLICY, "M3", 3)
    venue.list_market(made, later(1))
    told = venue.take_events()
    assert [e.listing for e in told if isinstance(e, MarketCreated)] == [made]
    assert venue.native_ids() == ("M1", "M2", "M3")
    assert venue.has_market("M3")
    assert venue.native_of("M3:no") == ("M3", 1)
    assert [event.id for event in venue.events()] == ["E1"]
    assert venue.markets_of_event("E1") == ("M1", "M2", "M3")
    with pytest.raises(InvariantError, match="exists"):
        venue.list_market(made, later(2))


def test_time_never_runs_backwards() -> None:
    venue = exchange(KALSHI_POLICY)
    taken(venue, "buy yes 2", "0.31", now_us=later(5))
    made = taken(venue, "buy yes 2", "0.31", now_us=later(3))
    assert made.created_us == later(5)


def test_levels_and_trades_are_bounded_by_the_count_asked_for() -> None:
    venue = exchange(KALSHI_POLICY)
    for at in ("0.30", "0.32", "0.31"):
        taken(venue, "buy yes 2", at, account="bob")
    assert venue.levels("M1", "bid", 2) == (level("0.32", "2"), level("0.31", "2"))
    for _ in range(3):
        taken(venue, "sell yes 1", "0.30")
    assert [trade.number for trade in venue.trades("M1", 2)] == [3, 2]
