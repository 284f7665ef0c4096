"""Does a maker keep a plausible book around its price, on any grid, and does the crowd take?"""

import random

import pytest

from foreshock.adapters.sim.exchange import Exchange
from foreshock.adapters.sim.exchange_types import KALSHI_POLICY, POLYMARKET_POLICY, VenuePolicy
from foreshock.adapters.sim.listings import GRIDS
from foreshock.adapters.sim.makers import CROWD, HABITS, MAKER_CASH, MarketMaker, snapped, take
from foreshock.adapters.sim.questions import Liquidity, Tick
from foreshock.core.domain.units import MICRO, Price, parse_quantity
from tests.unit.adapters.sim.exchange_cases import POLICIES, T0, dollars, exchange, later, taken

each_venue = pytest.mark.parametrize("policy", POLICIES, ids=lambda policy: policy.venue)
KINDS: tuple[Liquidity, ...] = ("deep", "normal", "thin", "one_sided", "stale")


def made(
    policy: VenuePolicy, liquidity: Liquidity = "normal", tick: Tick = "cent", seed: int = 1
) -> tuple[Exchange, MarketMaker]:
    venue = exchange(policy, "100000")
    venue.change_grid("M1", *GRIDS[tick], T0)
    maker = MarketMaker(venue, "M1", liquidity, random.Random(seed))
    venue.open_account(maker.account, MAKER_CASH, is_reported=False, history_max=0)
    return venue, maker


@each_venue
@pytest.mark.parametrize("liquidity", KINDS)
def test_a_ladder_has_the_levels_and_sides_of_its_kind(
    policy: VenuePolicy, liquidity: Liquidity
) -> None:
    venue, maker = made(policy, liquidity)
    maker.quote(0.5, T0)
    habit = HABITS[liquidity]
    assert len(venue.levels("M1", "bid")) == habit.levels
    assert len(venue.levels("M1", "ask")) == (habit.levels if "ask" in habit.sides else 0)
    sizes = [size for _, size in venue.levels("M1", "bid")]
    assert min(sizes) >= 5 * MICRO
    assert max(sizes) <= habit.contracts[1] * 1.4 * (1 + habit.growth * habit.levels) * MICRO


@pytest.mark.parametrize("tick", GRIDS)
@pytest.mark.parametrize("fair", [0.004, 0.0312, 0.1003, 0.4567, 0.8999, 0.9, 0.996])
def test_quotes_stand_on_the_grid_around_the_fair_price(tick: Tick, fair: float) -> None:
    for seed in range(5):
        venue, maker = made(KALSHI_POLICY, "normal", tick, seed)
        maker.quote(fair, T0)
        grid = GRIDS[tick][0]
        for side in ("bid", "ask"):
            prices = [price for price, _ in venue.levels("M1", side)]
            assert all(grid.accepts(price) for price in prices)
            # A book near an edge may lack a side: no price is left there.
            assert all((price < fair * MICRO) == (side == "bid") for price in prices)


def test_the_spread_is_as_wide_as_the_maker_wants_and_hardly_wider() -> None:
    for seed in range(20):
        venue, maker = made(KALSHI_POLICY, "normal", "tenth", seed)
        maker.quote(0.4567, T0)
        view = venue.market("M1")
        assert view.best_bid is not None
        assert view.best_ask is not None
        spread = view.best_ask - view.best_bid
        assert 0 <= spread - 2 * maker.half_spread * 10_000 <= 2_000


@each_venue
def test_the_ladder_follows_the_price_and_leaves_nothing_behind(policy: VenuePolicy) -> None:
    venue, maker = made(policy)
    for number, fair in enumerate((0.5, 0.53, 0.47, 0.9, 0.1)):
        maker.quote(fair, later(number))
        resting = [order for order in venue.orders(maker.account) if order.remaining]
        assert len(resting) == 2 * HABITS["normal"].levels
    assert venue.totals()[1] == 0  # it never trades with itself


def test_what_did_not_move_stays_in_line() -> None:
    venue, maker = made(KALSHI_POLICY)
    maker.quote(0.5, T0)
    before = {order.order_id for order in venue.orders(maker.account)}
    maker.quote(0.5, later(1))
    assert {order.order_id for order in venue.orders(maker.account)} == before


def test_what_was_taken_is_offered_again() -> None:
    venue, maker = made(KALSHI_POLICY)
    maker.quote(0.5, T0)
    (price, size), *_ = venue.levels("M1", "ask")
    taken(venue, f"buy yes {size // MICRO}", f"{price / MICRO:.2f}", account="ann")
    maker.quote(0.5, later(1))
    again = venue.levels("M1", "ask")[0]
    assert again[0] == price
    assert again[1] > 20 * MICRO


def test_breathing_changes_one_level() -> None:
    venue, maker = made(KALSHI_POLICY)
    maker.quote(0.5, T0)
    before = {side: dict(venue.levels("M1", side)) for side in ("bid", "ask")}
    maker.breathe(later(1))
    after = {side: dict(venue.levels("M1", side)) for side in ("bid", "ask")}
    changed = [
        price
        for side, levels in before.items()
        for price, size in levels.items()
        if after[side].get(price) != size
    ]
    assert len(changed) == 1
    empty_venue, idle = made(KALSHI_POLICY)
    idle.breathe(T0)
    assert not empty_venue.levels("M1", "bid")


def test_a_paused_market_is_quoted_again_afterwards() -> None:
    venue, maker = made(KALSHI_POLICY)
    maker.quote(0.5, T0)
    venue.pause("M1", later(1))
    maker.quote(0.52, later(2))
    venue.open_market("M1", later(3))
    assert not venue.levels("M1", "bid")
    maker.quote(0.52, later(4))
    assert len(venue.levels("M1", "bid")) == HABITS["normal"].levels


@pytest.mark.parametrize(
    ("tick", "price", "on_grid"),
    [
        ("cent", 456_789.9, 450_000),
        ("tenth", 456_789.9, 456_000),
        ("tapered", 456_789.9, 450_000),
        ("tapered", 99_999.0, 99_000),
        ("tapered", 905_500.0, 905_000),
        ("cent", -3.0, 0),
        ("cent", 2_000_000.0, 1_000_000),
    ],
)
def test_prices_snap_down_to_the_grid(tick: Tick, price: float, on_grid: int) -> None:
    assert snapped(GRIDS[tick][0], price) == Price(on_grid)


@each_venue
@pytest.mark.parametrize("sells", [False, True])
def test_the_crowd_takes_the_best_price_of_either_side(policy: VenuePolicy, *, sells: bool) -> None:
    venue, maker = made(policy)
    venue.open_account(CROWD, dollars("10000"), is_reported=False)
    if not policy.nets:
        venue.split(CROWD, "M1", parse_quantity("1000"), T0)
    maker.quote(0.5, T0)
    view = venue.market("M1")
    take(venue, "M1", "bid", 7.77, later(1), sells=sells)
    take(venue, "M1", "ask", 1.0, later(2), sells=sells)
    newest, first = venue.trades("M1", 2)
    assert (first.taker_side, first.price, first.quantity) == ("bid", view.best_ask, 7_770_000)
    assert (newest.taker_side, newest.price, newest.quantity) == ("ask", view.best_bid, 5 * MICRO)
    assert {first.taker_action, newest.taker_action} == {"sell" if sells else "buy"}


def test_the_crowd_leaves_empty_and_closed_markets_alone() -> None:
    venue, maker = made(POLYMARKET_POLICY)
    venue.open_account(CROWD, dollars("10000"), is_reported=False)
    take(venue, "M1", "bid", 7.0, T0)
    maker.quote(0.5, T0)
    venue.pause("M1", later(1))
    take(venue, "M1", "bid", 7.0, later(1))
    assert not venue.trades("M1", 1)
