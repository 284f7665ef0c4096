"""Does the exchange take, match, refuse and end orders, and move markets, as a venue would?"""

import pytest

from foreshock.adapters.sim.exchange import Exchange
from foreshock.adapters.sim.exchange_types import (
    KALSHI_POLICY,
    POLYMARKET_POLICY,
    FeeChanged,
    Filled,
    GridChanged,
    LevelChanged,
    OrderUpdated,
    Resolved,
    StatusChanged,
    Trade,
    VenuePolicy,
)
from foreshock.core.domain.errors import InvariantError
from foreshock.core.domain.markets import SeriesFee, uniform_grid
from foreshock.core.domain.units import MICRO, Instant, Money, Price, Quantity
from tests.unit.adapters.sim.exchange_scene import (
    MARKET,
    POLICIES,
    RICH,
    at,
    check_book,
    check_money,
    contracts,
    dollars,
    exchange,
    placed,
    price,
    real_fees,
    refused,
    request,
)
from tests.unit.adapters.sim.face_scenario import T0, TENTH, event_info, free, listing

both_venues = pytest.mark.parametrize("policy", POLICIES, ids=lambda policy: policy.venue)


# ---- matching ------------------------------------------------------------------------------


@both_venues
def test_a_crossing_order_trades_at_the_makers_price(policy: VenuePolicy) -> None:
    venue = exchange(policy)
    venue.place(request("buy no 10 at 0.60", "bob"), T0)
    taken = placed(venue.place(request("buy yes 8 at 0.45"), at(1)))
    assert (taken.status, taken.filled, taken.taker_cost) == (
        "executed",
        contracts(8),
        dollars(3.2),
    )
    assert venue.levels(MARKET, "ask") == ((price(0.40), contracts(2)),)
    assert venue.balances("ann").cash == RICH - dollars(3.2)
    assert venue.balances("bob").cash == RICH - dollars(4.8)


@both_venues
def test_better_price_first_then_earlier_order(policy: VenuePolicy) -> None:
    venue = exchange(policy)
    late = placed(venue.place(request("buy no 5 at 0.59", "bob"), T0))
    first = placed(venue.place(request("buy no 5 at 0.60", "cy"), at(1)))
    second = placed(venue.place(request("buy no 5 at 0.60", "bob"), at(2)))
    venue.take_events()
    venue.place(request("buy yes 12 at 0.41"), at(3))
    trades = [e for e in venue.take_events() if isinstance(e, Trade)]
    assert [(t.maker_order, t.quantity, t.price) for t in trades] == [
        (first.order_id, contracts(5), price(0.40)),
        (second.order_id, contracts(5), price(0.40)),
        (late.order_id, contracts(2), price(0.41)),
    ]
    assert [t.number for t in venue.trades(MARKET, 2)] == [3, 2]


@both_venues
def test_a_decreased_order_keeps_its_place(policy: VenuePolicy) -> None:
    venue = exchange(policy)
    first = placed(venue.place(request("buy yes 10 at 0.40", "bob"), T0))
    venue.place(request("buy yes 10 at 0.40", "cy"), at(1))
    assert placed(venue.decrease("bob", first.order_id, contracts(6), at(2))).remaining == 6 * MICRO
    venue.place(request("buy no 6 at 0.60"), at(3))
    assert venue.trades(MARKET, 1)[0].maker_account == "bob"
    assert venue.levels(MARKET, "bid") == ((price(0.40), contracts(10)),)


def test_polymarket_mints_transfers_and_merges() -> None:
    venue = exchange(POLYMARKET_POLICY)
    venue.place(request("buy yes 10 at 0.40", "bob"), T0)
    venue.place(request("buy no 10 at 0.60"), T0)  # mint
    assert venue.market(MARKET).open_interest == contracts(10)
    venue.place(request("buy yes 10 at 0.50", "cy"), T0)
    venue.place(request("sell yes 10 at 0.50", "bob"), T0)  # transfer
    assert venue.market(MARKET).open_interest == contracts(10)
    venue.place(request("sell yes 10 at 0.55", "cy"), T0)
    venue.place(request("sell no 10 at 0.45"), T0)  # merge
    assert venue.market(MARKET).open_interest == 0
    assert [t.taker_action + t.maker_action for t in venue.trades(MARKET, 3)] == [
        "sellsell",
        "sellbuy",
        "buybuy",
    ]
    check_money(venue, 3 * RICH)


def test_kalshi_nets_opposite_contracts_into_cash() -> None:
    """The two-account recording of 2026-07-06: +1 at 0.48, closed at 0.52, gains 0.04."""
    venue = exchange(KALSHI_POLICY)
    venue.place(request("buy yes 1 at 0.48"), T0)
    venue.place(request("sell yes 1 at 0.48", "bob"), T0)
    assert venue.positions("bob")[0].net == -MICRO
    assert venue.balances("bob").cash == RICH - dollars(0.52)
    venue.place(request("buy no 1 at 0.48"), T0)
    venue.place(request("buy yes 1 at 0.52", "bob"), T0)
    (ann,) = venue.positions("ann")
    assert (ann.net, ann.realized, ann.traded) == (0, dollars(0.04), dollars(0.96))
    assert venue.balances("ann").cash == RICH + dollars(0.04)
    assert venue.balances("bob").cash == RICH - dollars(0.04)


def test_fees_are_the_venues_own_and_reported_per_fill() -> None:
    """Kalshi's fee schedule of July 2026: taker 0.07, maker 0.0175 of C x p(1-p)."""
    venue = exchange(KALSHI_POLICY, real_fees())
    maker = placed(venue.place(request("buy no 100 at 0.50", "bob"), T0))
    taker = placed(venue.place(request("buy yes 100 at 0.50"), at(1)))
    assert taker.taker_fees == dollars(1.75)
    made = venue.order(maker.order_id)
    assert made is not None
    assert made.maker_fees == dollars(0.4375)
    (fill,) = venue.fills("ann")
    assert (fill.fee, fill.cash, fill.position) == (dollars(1.75), dollars(-51.75), 100 * MICRO)
    assert venue.totals()[2] == dollars(1.75 + 0.4375)


# ---- kinds of order ------------------------------------------------------------------------


@both_venues
def test_immediate_orders_never_rest(policy: VenuePolicy) -> None:
    venue = exchange(policy)
    venue.place(request("buy no 10 at 0.60", "bob"), T0)
    part = placed(venue.place(request("buy yes 15 at 0.40", time_in_force="ioc"), T0))
    assert (part.status, part.cancel_reason, part.filled) == (
        "canceled",
        "remainder",
        contracts(10),
    )
    none = placed(venue.place(request("buy yes 15 at 0.40", time_in_force="ioc"), T0))
    assert (none.status, none.filled, none.remaining) == ("canceled", 0, 0)
    assert venue.levels(MARKET, "bid") == ()


@both_venues
def test_fill_or_kill_fills_whole_or_changes_nothing(policy: VenuePolicy) -> None:
    venue = exchange(policy)
    venue.place(request("buy no 10 at 0.60", "bob"), T0)
    venue.take_events()
    killed = request("buy yes 11 at 0.40", time_in_force="fok", client_order_id="x")
    assert refused(venue.place(killed, T0)) == "fok_shortfall"
    assert venue.take_events() == []
    assert refused(venue.place(killed, T0)) == "duplicate_client_order_id"
    whole = placed(venue.place(request("buy yes 10 at 0.40", time_in_force="fok"), T0))
    assert whole.status == "executed"


@both_venues
def test_post_only_refuses_to_take(policy: VenuePolicy) -> None:
    venue = exchange(policy)
    venue.place(request("buy no 10 at 0.60", "bob"), T0)
    crossing = request("buy yes 10 at 0.40", post_only=True)
    assert refused(venue.place(crossing, T0)) == "post_only_cross"
    assert placed(venue.place(request("buy yes 10 at 0.39", post_only=True), T0)).remaining


@both_venues
def test_meeting_oneself_stops_the_taker_or_removes_the_maker(policy: VenuePolicy) -> None:
    venue = exchange(policy)
    own = placed(venue.place(request("buy no 10 at 0.60"), T0))
    venue.place(request("buy no 5 at 0.61", "bob"), T0)
    stopped = placed(venue.place(request("buy yes 20 at 0.45"), T0))
    assert (stopped.filled, stopped.cancel_reason) == (contracts(5), "self_trade")
    assert venue.order(own.order_id) == own
    through = placed(venue.place(request("buy yes 7 at 0.45", self_trade="maker"), T0))
    assert (through.status, through.filled) == ("resting", 0)
    gone = venue.order(own.order_id)
    assert gone is not None
    assert gone.cancel_reason == "self_trade"
    check_book(venue)


@both_venues
def test_orders_expire_at_their_own_moment(policy: VenuePolicy) -> None:
    venue = exchange(policy)
    gtd = {"time_in_force": "gtd"}
    venue.place(request("buy yes 10 at 0.40", expires_us=at(5), **gtd), T0)
    venue.place(request("buy yes 10 at 0.41", expires_us=at(3), **gtd), T0)
    venue.take_events()
    venue.advance(at(4))
    assert [level for level, _ in venue.levels(MARKET, "bid")] == [price(0.40)]
    venue.advance(at(60))
    moments = [e.event_us for e in venue.take_events() if isinstance(e, LevelChanged)]
    assert moments == [at(3), at(5)]
    late = request("buy yes 10 at 0.40", expires_us=at(60), **gtd)
    assert refused(venue.place(late, at(60))) == "expiry_in_past"
    assert refused(venue.place(request("buy yes 10 at 0.40", **gtd), at(60))) == "expiry_mismatch"


@both_venues
def test_an_expired_order_cannot_be_hit_by_a_later_one(policy: VenuePolicy) -> None:
    venue = exchange(policy)
    terms = {"time_in_force": "gtd", "expires_us": at(3)}
    venue.place(request("buy no 10 at 0.60", "bob", **terms), T0)
    assert placed(venue.place(request("buy yes 10 at 0.40"), at(3))).filled == 0


def test_reduce_only_never_opens() -> None:
    venue = exchange(KALSHI_POLICY)
    venue.place(request("buy yes 4 at 0.40"), T0)
    venue.place(request("buy no 4 at 0.60", "bob"), T0)
    venue.place(request("buy yes 10 at 0.40", "cy"), T0)
    terms = {"time_in_force": "ioc", "reduce_only": True}
    assert refused(venue.place(request("buy yes 5 at 0.40", **terms), T0)) == "reduce_only"
    capped = placed(venue.place(request("sell yes 10 at 0.40", **terms), T0))
    assert (capped.filled, capped.cancel_reason) == (contracts(4), "reduce_only")
    assert venue.positions("ann")[0].net == 0


@both_venues
@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"account": "nobody"}, "account_unknown"),
        ({"native_id": "nothing"}, "market_unknown"),
        ({"price": Price(405_000)}, "price_off_grid"),
        ({"price": Price(0)}, "price_off_grid"),
        ({"price": Price(MICRO)}, "price_off_grid"),
        ({"quantity": Quantity(0)}, "quantity_below_min"),
        ({"quantity": Quantity(-MICRO)}, "quantity_below_min"),
        ({"quantity": Quantity(10 * MICRO + 5_000)}, "quantity_off_lot"),
        ({"expires_us": at(9)}, "expiry_mismatch"),
        ({"quantity": contracts(3_000_000)}, "insufficient_balance"),
    ],
)
def test_impossible_orders_are_refused_and_change_nothing(
    policy: VenuePolicy, changes: dict[str, object], code: str
) -> None:
    venue = exchange(policy)
    assert refused(venue.place(request("buy yes 10 at 0.40", **changes), T0)) == code
    assert venue.take_events() == []
    check_money(venue, 3 * RICH)


@both_venues
def test_names_of_orders_are_used_once(policy: VenuePolicy) -> None:
    venue = exchange(policy)
    named = {"order_id": "0xabc", "client_order_id": "mine"}
    placed(venue.place(request("buy yes 10 at 0.40", **named), T0))
    again = request("buy yes 10 at 0.40", order_id="0xabc")
    assert refused(venue.place(again, T0)) == "duplicate_order_id"
    again = request("buy yes 10 at 0.40", client_order_id="mine")
    assert refused(venue.place(again, T0)) == "duplicate_client_order_id"
    assert [order.order_id for order in venue.orders("ann")] == ["0xabc"]
    placed(venue.place(request("buy yes 10 at 0.40", "bob", client_order_id="mine"), T0))


def test_polymarket_sells_only_free_tokens() -> None:
    venue = exchange(POLYMARKET_POLICY)
    assert refused(venue.place(request("sell yes 10 at 0.40"), T0)) == "insufficient_balance"
    venue.split("ann", MARKET, contracts(10), T0)
    placed(venue.place(request("sell yes 6 at 0.40"), T0))
    assert refused(venue.place(request("sell yes 5 at 0.45"), T0)) == "insufficient_balance"
    with pytest.raises(ValueError, match="cannot merge"):
        venue.merge("ann", MARKET, contracts(5), T0)
    venue.merge("ann", MARKET, contracts(4), T0)
    assert venue.balances("ann").cash == RICH - dollars(6)
    check_money(venue, 3 * RICH)


# ---- cancelling ----------------------------------------------------------------------------


@both_venues
def test_cancel_frees_what_was_promised(policy: VenuePolicy) -> None:
    venue = exchange(policy)
    order = placed(venue.place(request("buy yes 10 at 0.40"), T0))
    assert venue.balances("ann").reserved >= dollars(4)
    assert refused(venue.cancel("bob", order.order_id, T0)) == "order_not_found"
    gone = placed(venue.cancel("ann", order.order_id, at(1)))
    assert (gone.status, gone.cancel_reason, gone.updated_us) == ("canceled", "user", at(1))
    assert refused(venue.cancel("ann", order.order_id, T0)) == "order_not_found"
    assert venue.balances("ann").reserved == 0


@both_venues
def test_cancel_all_takes_one_account_only(policy: VenuePolicy) -> None:
    venue = exchange(policy)
    for level in ("0.40", "0.41"):
        venue.place(request(f"buy yes 10 at {level}"), T0)
        venue.place(request(f"buy yes 10 at {level}", "bob"), T0)
    assert len(venue.cancel_all("ann", at(1), MARKET)) == 2
    assert venue.cancel_all("ann", at(1)) == []
    assert [size for _, size in venue.levels(MARKET, "bid")] == [contracts(10)] * 2


def test_history_forgets_the_oldest() -> None:
    venue = exchange(KALSHI_POLICY)
    venue.open_account("short", RICH, history_max=2)
    names = [
        placed(venue.place(request("buy yes 1 at 0.40", "short", time_in_force="ioc"), T0)).order_id
        for _ in range(3)
    ]
    assert [venue.order(name) is None for name in names] == [True, False, False]
    assert [order.order_id for order in venue.orders("short")] == names[:0:-1]


# ---- events --------------------------------------------------------------------------------


def test_events_tell_the_story_in_order() -> None:
    venue = exchange(KALSHI_POLICY)
    venue.open_account("quiet", RICH, is_reported=False)
    venue.place(request("buy no 10 at 0.60", "quiet"), T0)
    venue.place(request("buy yes 15 at 0.40"), at(1))
    events = venue.take_events()
    assert [type(event) for event in events] == [
        LevelChanged,
        Trade,
        Filled,
        LevelChanged,
        LevelChanged,
        OrderUpdated,
    ]
    clocks = [event.clock for event in events]
    assert clocks == list(range(clocks[0], clocks[0] + len(clocks)))
    assert venue.take_events() == []
    resting = events[4]
    assert isinstance(resting, LevelChanged)
    assert (resting.side, resting.price, resting.total, resting.delta) == (
        "bid",
        price(0.40),
        contracts(5),
        5 * MICRO,
    )


def test_time_never_runs_backwards() -> None:
    venue = exchange(KALSHI_POLICY)
    venue.place(request("buy yes 1 at 0.40"), at(9))
    late = placed(venue.place(request("buy yes 1 at 0.40"), at(2)))
    assert late.created_us == at(9)


# ---- life-cycle ----------------------------------------------------------------------------


@both_venues
def test_a_market_lives_from_listing_to_payment(policy: VenuePolicy) -> None:
    venue = exchange(policy)
    venue.place(request("buy yes 10 at 0.40"), T0)
    venue.place(request("buy no 10 at 0.60", "bob"), T0)
    venue.place(request("buy yes 10 at 0.30", "cy"), T0)
    venue.close(MARKET, at(1))
    assert venue.levels(MARKET, "bid") == ()
    assert refused(venue.place(request("buy yes 1 at 0.40"), at(2))) == "market_not_open"
    venue.propose(MARKET, Price(0), at(3))
    venue.dispute(MARKET, at(4))
    venue.propose(MARKET, Price(MICRO), at(5))
    venue.settle(MARKET, at(6))
    events = venue.take_events()
    assert [e.status for e in events if isinstance(e, StatusChanged)] == [
        "closed",
        "proposed",
        "disputed",
        "proposed",
        "settled",
    ]
    assert isinstance(events[-1], Resolved)
    assert venue.balances("ann").cash == RICH + dollars(6)
    assert venue.balances("bob").cash == RICH - dollars(6)
    assert venue.balances("cy").cash == RICH
    (settlement,) = venue.settlements("ann")
    assert (settlement.revenue, settlement.yes_cost) == (dollars(10), dollars(4))
    view = venue.market(MARKET)
    assert (view.status, view.was_disputed, view.open_interest) == ("settled", True, 0)
    assert (view.closed_us, view.proposed_us, view.settled_us) == (at(1), at(5), at(6))


def test_a_tie_pays_both_sides_half() -> None:
    venue = exchange(POLYMARKET_POLICY)
    venue.place(request("buy yes 10 at 0.40"), T0)
    venue.place(request("buy no 10 at 0.60", "bob"), T0)
    venue.close(MARKET, T0)
    venue.propose(MARKET, price(0.5), T0)
    venue.settle(MARKET, T0)
    assert venue.balances("ann").cash == RICH + dollars(1)
    assert venue.balances("bob").cash == RICH - dollars(1)


def test_pausing_keeps_what_resuming_at_kalshi_clears() -> None:
    for policy, left in ((KALSHI_POLICY, ()), (POLYMARKET_POLICY, ((price(0.40), contracts(10)),))):
        venue = exchange(policy)
        venue.place(request("buy yes 10 at 0.40"), T0)
        venue.place(request("buy yes 10 at 0.41", cancel_on_pause=True), T0)
        venue.pause(MARKET, at(1))
        assert venue.levels(MARKET, "bid") == ((price(0.40), contracts(10)),)
        assert refused(venue.place(request("buy yes 1 at 0.40"), at(2))) == "market_not_open"
        venue.open_market(MARKET, at(3))
        assert venue.levels(MARKET, "bid") == left


def test_steps_that_a_market_cannot_take_are_bugs() -> None:
    venue = exchange(KALSHI_POLICY)
    with pytest.raises(InvariantError, match="from open to settled"):
        venue.settle(MARKET, T0)
    with pytest.raises(InvariantError, match="impossible payout"):
        venue.propose(MARKET, Price(333_333), T0)


@both_venues
def test_another_grid_holds_for_new_orders_only(policy: VenuePolicy) -> None:
    venue = exchange(policy)
    venue.change_grid(MARKET, TENTH, "deci_cent", at(1))
    fine = placed(venue.place(request("buy yes 10 at 0.405"), at(2)))
    venue.change_grid(MARKET, uniform_grid(Price(10_000)), "linear_cent", at(3))
    assert venue.order(fine.order_id) == fine
    assert refused(venue.place(request("buy yes 10 at 0.405"), at(4))) == "price_off_grid"
    assert venue.market(MARKET).listing.grid_label == "linear_cent"
    assert len([e for e in venue.take_events() if isinstance(e, GridChanged)]) == 2
    check_book(venue)


def test_a_fee_override_counts_from_now_on_and_can_be_lifted() -> None:
    venue = exchange(KALSHI_POLICY, real_fees())
    listed = venue.market(MARKET).listing.market.fee
    venue.change_fee(MARKET, SeriesFee("quadratic", 0), at(1))
    assert venue.market(MARKET).fee_is_override
    venue.place(request("buy no 100 at 0.50", "bob"), at(2))
    assert placed(venue.place(request("buy yes 100 at 0.50"), at(2))).taker_fees == 0
    venue.change_fee(MARKET, None, at(3))
    assert venue.market(MARKET).listing.market.fee == listed
    flags = [e.is_override for e in venue.take_events() if isinstance(e, FeeChanged)]
    assert flags == [True, False]


def test_a_dearer_fee_cancels_orders_that_can_no_longer_pay() -> None:
    venue = exchange(KALSHI_POLICY, real_fees(), cash=dollars(50.5))
    order = placed(venue.place(request("buy yes 100 at 0.50"), T0))
    venue.change_fee(MARKET, SeriesFee("quadratic_with_maker_fees", 5 * MICRO), at(1))
    gone = venue.order(order.order_id)
    assert gone is not None
    assert gone.cancel_reason == "fee"
    check_money(venue, 3 * dollars(50.5))


@both_venues
def test_a_cleared_book_is_empty(policy: VenuePolicy) -> None:
    venue = exchange(policy)
    venue.place(request("buy yes 10 at 0.40"), T0)
    venue.place(request("buy no 10 at 0.50", "bob"), T0)
    venue.clear_book(MARKET, at(1))
    assert venue.levels(MARKET, "bid") == venue.levels(MARKET, "ask") == ()
    assert venue.balances("ann").reserved == 0


# ---- reading -------------------------------------------------------------------------------


def test_markets_are_found_by_id_event_and_outcome() -> None:
    venue = exchange(KALSHI_POLICY)
    assert venue.native_ids() == (MARKET,)
    assert [event.id for event in venue.events()] == ["EVENT"]
    assert venue.markets_of_event("EVENT") == (MARKET,)
    assert venue.native_of(f"{MARKET}:no") == (MARKET, 1)
    assert venue.has_market(MARKET)
    assert not venue.has_market("other")
    with pytest.raises(KeyError):
        venue.market("other")


def test_levels_come_best_first_and_counted() -> None:
    venue = exchange(KALSHI_POLICY)
    for level in ("0.40", "0.42", "0.41"):
        venue.place(request(f"buy yes 10 at {level}"), T0)
    best = [level for level, _ in venue.levels(MARKET, "bid", 2)]
    assert best == [price(0.42), price(0.41)]
    assert venue.market(MARKET).best_bid == price(0.42)
    assert venue.market(MARKET).best_ask is None


def test_a_listing_that_would_make_fractions_is_a_bug() -> None:
    venue = Exchange(KALSHI_POLICY, free)
    good = listing("kalshi", "A", 1, event_info(1, "E", exclusive=False), None)
    venue.list_market(good, T0)
    with pytest.raises(InvariantError, match="exists"):
        venue.list_market(good, T0)
    with pytest.raises(InvariantError, match="whole micro-dollar"):
        venue.change_grid("A", uniform_grid(Price(10)), "too fine", Instant(T0))


def test_accounts_open_once_and_never_with_debt() -> None:
    venue = exchange(KALSHI_POLICY)
    with pytest.raises(InvariantError, match="exists"):
        venue.open_account("ann", RICH)
    with pytest.raises(ValueError, match="negative deposit"):
        venue.deposit("ann", Money(-1))
