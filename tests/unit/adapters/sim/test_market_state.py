"""Does a market take only the steps its life knows, and publish what happened?"""

import itertools

import pytest

from foreshock.adapters.sim.exchange_types import KALSHI_POLICY
from foreshock.adapters.sim.market_state import TRANSITIONS, MarketState
from foreshock.core.domain.errors import InvariantError
from foreshock.core.domain.markets import MarketStatus, SeriesFee, uniform_grid
from foreshock.core.domain.units import MICRO, Price
from tests.unit.adapters.sim.exchange_cases import T0, later, listed, taken
from tests.unit.adapters.sim.exchange_cases import exchange as make_exchange

ALLOWED = {
    ("listed", "open"),
    ("listed", "closed"),
    ("open", "paused"),
    ("open", "closed"),
    ("paused", "open"),
    ("paused", "closed"),
    ("closed", "open"),
    ("closed", "proposed"),
    ("proposed", "disputed"),
    ("proposed", "settled"),
    ("disputed", "proposed"),
    ("disputed", "settled"),
}
STATUSES: tuple[MarketStatus, ...] = tuple(TRANSITIONS)


def market_at(status: MarketStatus) -> MarketState:
    market = MarketState(listed(KALSHI_POLICY, "M1"), T0)
    market.status = status
    return market


@pytest.mark.parametrize(("before", "after"), list(itertools.product(STATUSES, STATUSES)))
def test_only_the_steps_of_the_life_cycle_are_taken(
    before: MarketStatus, after: MarketStatus
) -> None:
    market = market_at(before)
    if (before, after) in ALLOWED:
        assert market.move_to(after, later(5)) == before
        assert market.view().status == after == market.listing.market.status
        assert market.view().updated_us == later(5)
    else:
        with pytest.raises(InvariantError, match=f"from {before} to {after}"):
            market.move_to(after, later(5))
        assert market.status == before


def test_moments_of_the_end_are_kept() -> None:
    market = market_at("open")
    for number, status in enumerate(STATUSES[3:], start=1):
        market.move_to(status, later(number))
    view = market.view()
    assert (view.closed_us, view.proposed_us, view.settled_us) == (later(1), later(2), later(4))
    assert view.was_disputed


def test_grid_and_fee_are_published_with_the_listing() -> None:
    market = market_at("open")
    market.regrid(uniform_grid(Price(1_000)), "deci_cent", later(1))
    market.refee(SeriesFee("quadratic", 2 * MICRO), later(2))
    view = market.view()
    assert view.listing.grid_label == "deci_cent"
    assert view.listing.market.grid.finest() == 1_000
    assert view.fee_is_override
    assert view.updated_us == later(2)
    market.refee(market.listed_fee, later(3))
    assert not market.view().fee_is_override


def test_ticks_count_the_events_of_one_market() -> None:
    market = market_at("open")
    assert [market.tick() for _ in range(3)] == [1, 2, 3]
    assert market.view().clock == 3


def test_the_view_tells_touch_volume_and_open_interest() -> None:
    venue = make_exchange(KALSHI_POLICY)
    taken(venue, "buy yes 10", "0.40")
    taken(venue, "buy no 30", "0.45")
    taken(venue, "buy yes 12", "0.55", account="bob")
    view = venue.market("M1")
    assert (view.best_bid, view.bid_size) == (400_000, 10 * MICRO)
    assert (view.best_ask, view.ask_size) == (550_000, 18 * MICRO)
    assert (view.last_price, view.last_taker_side) == (550_000, "bid")
    assert view.volume == view.open_interest == 12 * MICRO
    assert view.volume_cost == 6_600_000
