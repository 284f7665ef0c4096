"""Is every order that must not be taken refused, with the right reason and without a trace?"""

import msgspec
import pytest

from foreshock.adapters.sim.exchange_types import (
    KALSHI_POLICY,
    POLYMARKET_POLICY,
    OrderRefused,
    VenuePolicy,
)
from foreshock.adapters.sim.order_checks import fill_of
from foreshock.core.domain.units import MICRO, Price, parse_quantity
from tests.unit.adapters.sim.exchange_cases import (
    FEES,
    MARKETS,
    POLICIES,
    ask,
    cash_of,
    dollars,
    exchange,
    later,
    listed,
    refused,
    taken,
)
from tests.unit.adapters.sim.test_matching import order

each_venue = pytest.mark.parametrize("policy", POLICIES, ids=lambda policy: policy.venue)


@each_venue
def test_unknown_accounts_and_markets_are_refused(policy: VenuePolicy) -> None:
    venue = exchange(policy)
    assert refused(venue, "buy yes 10", "0.40", account="eve") == "account_unknown"
    assert refused(venue, "buy yes 10", "0.40", native_id="M9") == "market_unknown"


@each_venue
def test_only_open_markets_take_orders(policy: VenuePolicy) -> None:
    venue = exchange(policy)
    venue.list_market(listed(policy, "M3", 3), later(0))
    assert refused(venue, "buy yes 10", "0.40", native_id="M3") == "market_not_open"
    venue.pause("M1", later(1))
    assert refused(venue, "buy yes 10", "0.40") == "market_not_open"
    venue.close("M1", later(2))
    assert refused(venue, "buy yes 10", "0.40") == "market_not_open"


@pytest.mark.parametrize(
    ("what", "at", "code"),
    [
        ("buy yes 10", "0.405", "price_off_grid"),
        ("buy no 10", "0.405", "price_off_grid"),
        ("buy yes 10", "0", "price_off_grid"),
        ("buy yes 10", "1", "price_off_grid"),
        ("buy yes 0.009", "0.40", "quantity_below_min"),
        ("buy yes 10.001", "0.40", "quantity_off_lot"),
    ],
)
def test_terms_off_the_market_are_refused(what: str, at: str, code: str) -> None:
    assert refused(exchange(KALSHI_POLICY), what, at) == code


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


@each_venue
def test_names_are_used_once(policy: VenuePolicy) -> None:
    venue = exchange(policy)
    taken(venue, "buy yes 1", "0.40", order_id="o", client_order_id="c")
    assert refused(venue, "buy yes 1", "0.40", order_id="o") == "duplicate_order_id"
    assert refused(venue, "buy yes 1", "0.40", client_order_id="c") == "duplicate_client_order_id"
    taken(venue, "buy yes 1", "0.40", account="bob", client_order_id="c")


def test_the_name_of_a_killed_order_is_used_up() -> None:
    venue = exchange(KALSHI_POLICY)
    killed = ask(venue, "buy yes 1", "0.40", time_in_force="fok", client_order_id="c")
    assert isinstance(killed, OrderRefused)
    assert killed.code == "fok_shortfall"
    assert refused(venue, "buy yes 1", "0.40", client_order_id="c") == "duplicate_client_order_id"
    assert venue.order_by_client_id("ann", "c") is None


@each_venue
def test_post_only_never_takes(policy: VenuePolicy) -> None:
    venue = exchange(policy)
    taken(venue, "buy no 10", "0.45", account="bob")
    assert refused(venue, "buy yes 1", "0.55", post_only=True) == "post_only_cross"
    assert refused(venue, "buy yes 1", "0.55", account="bob", post_only=True) == "post_only_cross"
    assert taken(venue, "buy yes 1", "0.54", post_only=True).status == "resting"


@each_venue
def test_fill_or_kill_needs_the_whole_quantity(policy: VenuePolicy) -> None:
    venue = exchange(policy)
    taken(venue, "buy no 10", "0.45", account="bob")
    taken(venue, "buy no 5", "0.44", account="bob")
    assert refused(venue, "buy yes 10.01", "0.55", time_in_force="fok") == "fok_shortfall"
    filled = taken(venue, "buy yes 15", "0.56", time_in_force="fok")
    assert (filled.status, filled.filled) == ("executed", 15 * MICRO)


def test_only_what_is_held_can_be_sold_where_nothing_nets() -> None:
    venue = exchange(POLYMARKET_POLICY)
    assert refused(venue, "sell yes 1", "0.40") == "insufficient_balance"
    venue.split("ann", "M1", parse_quantity("10"), later(0))
    taken(venue, "sell yes 8", "0.40")
    assert refused(venue, "sell yes 3", "0.40") == "insufficient_balance"
    taken(venue, "sell no 10", "0.70")


@each_venue
def test_cash_promised_to_one_order_is_not_there_for_another(policy: VenuePolicy) -> None:
    venue = exchange(policy, "10")
    taken(venue, "buy yes 20", "0.40", native_id=MARKETS[1])
    assert refused(venue, "buy yes 6", "0.40") == "insufficient_balance"
    taken(venue, "buy yes 4.99", "0.40")
    assert venue.balances("ann").available < 10_000


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
def test_reduce_only_is_refused_without_anything_to_reduce(policy: VenuePolicy) -> None:
    venue = exchange(policy)
    assert refused(venue, "sell yes 5", "0.40", reduce_only=True) == "reduce_only"
    taken(venue, "buy no 10", "0.60", account="bob")
    taken(venue, "buy yes 10", "0.40")
    assert refused(venue, "buy yes 5", "0.40", reduce_only=True) == "reduce_only"


def test_a_fill_is_told_in_the_outcome_that_the_order_names() -> None:
    fill = fill_of(order(1, ("buy", "no"), 40, 3), 620_000, 3 * MICRO, is_taker=True)
    assert fill.price == Price(380_000)
    assert fill.is_taker
    assert fill.action == "buy"
