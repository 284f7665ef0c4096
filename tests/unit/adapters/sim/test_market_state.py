"""Does a market follow its life-cycle and publish what it is?"""

from itertools import pairwise

import pytest

from foreshock.adapters.sim.market_state import TRADES_KEPT_MAX, TRANSITIONS, MarketState
from foreshock.core.domain.errors import InvariantError
from foreshock.core.domain.markets import MarketStatus
from foreshock.core.domain.units import MICRO
from tests.unit.adapters.sim.exchange_scene import MARKET, POLICIES, exchange, request
from tests.unit.adapters.sim.face_scenario import T0, TENTH, event_info, listing


def state() -> MarketState:
    listed = listing("kalshi", MARKET, 1, event_info(1, "E", exclusive=False), None)
    return MarketState(listed, T0)


STATIONS = tuple(TRANSITIONS)
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


@pytest.mark.parametrize("station", STATIONS)
def test_only_the_steps_of_the_table_are_possible(station: MarketStatus) -> None:
    for goal in STATIONS:
        market = state()
        market.status = station
        if (station, goal) in ALLOWED:
            assert market.move_to(goal, T0) == station
            assert market.view().listing.market.status == goal
        else:
            with pytest.raises(InvariantError):
                market.move_to(goal, T0)


def test_every_station_leads_to_payment() -> None:
    reached: set[MarketStatus] = {"settled"}
    for _ in STATIONS:
        reached |= {station for station in STATIONS if reached & set(TRANSITIONS[station])}
    assert reached == set(STATIONS)


def test_another_grid_and_fee_are_published() -> None:
    market = state()
    market.regrid(TENTH, "deci_cent", T0)
    view = market.view()
    assert (view.listing.market.grid, view.listing.grid_label) == (TENTH, "deci_cent")
    assert not view.fee_is_override


def test_only_the_newest_trades_are_kept() -> None:
    venue = exchange(POLICIES[0])
    venue.place(request(f"buy no {TRADES_KEPT_MAX + 5} at 0.60", "bob"), T0)
    for _ in range(TRADES_KEPT_MAX + 5):
        venue.place(request("buy yes 1 at 0.40"), T0)
    trades = venue.trades(MARKET, 10 * TRADES_KEPT_MAX)
    assert (len(trades), trades[0].number) == (TRADES_KEPT_MAX, TRADES_KEPT_MAX + 5)
    assert all(newer.number == older.number + 1 for newer, older in pairwise(trades))
    assert venue.market(MARKET).volume == (TRADES_KEPT_MAX + 5) * MICRO
