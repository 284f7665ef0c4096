"""How does a market end, who is paid what, and who may undo what?"""

import pytest

from foreshock.adapters.sim.exchange_types import (
    KALSHI_POLICY,
    POLYMARKET_POLICY,
    OrderRefused,
    Resolved,
    StatusChanged,
    VenuePolicy,
)
from foreshock.core.domain.errors import InvariantError
from foreshock.core.domain.units import MICRO, Price, parse_quantity
from tests.unit.adapters.sim.exchange_cases import (
    MARKETS,
    POLICIES,
    T0,
    cash_of,
    dollars,
    exchange,
    later,
    level,
    taken,
)

each_venue = pytest.mark.parametrize("policy", POLICIES, ids=lambda policy: policy.venue)


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


@each_venue
def test_only_its_owner_cancels_an_order(policy: VenuePolicy) -> None:
    venue = exchange(policy)
    made = taken(venue, "buy yes 2", "0.31", client_order_id="mine")
    for account in ("bob", "eve"):
        answer = venue.cancel(account, made.order_id, later(1))
        assert isinstance(answer, OrderRefused)
        assert answer.code == "order_not_found"
    ended = venue.cancel("ann", made.order_id, later(1))
    assert ended == venue.order(made.order_id)
    assert venue.orders("ann") == [ended]
    assert isinstance(venue.cancel("ann", made.order_id, later(2)), OrderRefused)


def test_cancelling_all_can_keep_to_one_market() -> None:
    venue = exchange(KALSHI_POLICY)
    for market in (*MARKETS, MARKETS[0]):
        taken(venue, "buy yes 2", "0.31", native_id=market)
    assert len(venue.cancel_all("ann", later(1), MARKETS[0])) == 2
    assert len(venue.cancel_all("ann", later(1))) == 1
    assert not venue.cancel_all("ann", later(1))


@each_venue
def test_what_was_paid_stays_what_is_shown(policy: VenuePolicy) -> None:
    venue = exchange(policy)
    venue.close("M1", later(1))
    venue.propose("M1", Price(MICRO), later(2))
    venue.settle("M1", later(3))
    with pytest.raises(InvariantError):
        venue.propose("M1", Price(0), later(4))
    assert venue.market("M1").yes_payout == MICRO
