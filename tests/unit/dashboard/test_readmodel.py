"""What the pages show is what the desk heard and said, and nothing grows without end."""

from typing import get_args

import msgspec

from foreshock.core.domain.markets import MarketId
from foreshock.core.domain.messages import decisions as d
from foreshock.core.domain.messages import market_data as m
from foreshock.core.domain.messages import trading as t
from foreshock.core.domain.messages.operations import LoopLagged
from foreshock.core.domain.messages.union import Message
from foreshock.core.domain.units import MICRO, Duration, Price
from foreshock.dashboard import accounts, edges, orders, packages, risk
from foreshock.dashboard.readmodel import LAG_SHOWN_FOR_US
from tests.samples import market
from tests.trading import A, B, book, closed, contracts, dollars, edge, filled, order, request
from tests.unit.dashboard.told import (
    PAIR,
    REFUSAL,
    SETTLED,
    Told,
    measured,
    one_of_each,
    package_closed,
    started,
    watching,
)


def every_view(told: Told) -> list[object]:
    model, now_us = told.model, told.now_us
    return [
        model.state(now_us),
        model.edges(now_us),
        model.edge("edge-1", now_us),
        model.pairs(now_us),
        model.packages(now_us),
        model.orders(now_us),
        model.risk(now_us),
        model.health(now_us),
        model.audit(),
        model.why("r1"),
        model.book(A, now_us),
    ]


def test_one_of_each_is_every_message_of_the_union() -> None:
    assert {type(message) for message in one_of_each()} == set(get_args(Message))


def test_every_message_folds_and_every_view_can_be_encoded_after_it() -> None:
    told = Told()
    for message in one_of_each():
        told.tell(message)
        for view in every_view(told):
            assert msgspec.json.encode(view)


def test_before_the_start_money_is_unknown_and_not_zero() -> None:
    state = Told().model.state(Told().now_us)
    assert (state.value_micros, state.value_start_micros, state.accounts) == (None, None, [])


def test_the_band_the_mode_and_the_capital_come_from_the_start_message() -> None:
    told = Told([started("paper")])
    state = told.model.state(told.now_us)
    assert (state.band, state.mode, state.build) == ("SIMULATED", "paper", "abcdef")
    assert state.value_start_micros == state.value_micros == 1_000 * MICRO
    assert [a.venue for a in state.accounts] == ["polymarket", "kalshi"]


def test_a_fill_moves_cash_into_a_position_valued_at_the_best_bid() -> None:
    told = watching()
    told.tell(d.TradeApproved(request(), dollars(10)), d.PackageOpened("r1", request()), order())
    told.tell(filled("o1", 1, 4, fee=30_000))
    state = told.model.state(told.now_us)
    account = state.accounts[0]
    assert account.cash_micros == 500 * MICRO - 4 * 450_000 - 30_000
    assert (account.held_cost_micros, account.provisional_cost_micros) == (1_800_000, 0)
    assert state.fees_paid_micros == 30_000
    assert state.value_micros == 1_000 * MICRO - 4 * 10_000 - 30_000
    assert [p.quantity_micros for p in told.model.risk(told.now_us).positions] == [4 * MICRO]


def test_no_outcomes_are_valued_at_the_bid_for_no() -> None:
    told = watching()
    told.tell(order(market=B, outcome="no", limit=480_000), filled("o1", 1, 10, 48))
    # Who bids 48 cents for NO asks 52 for YES.
    assert told.model.state(told.now_us).value_micros == 1_000 * MICRO


def test_a_position_whose_book_is_lost_makes_the_value_unknown() -> None:
    told = watching()
    told.tell(order(), filled("o1", 1, 4), m.BookLost(A, 1, "gap"))
    assert told.model.state(told.now_us).value_micros is None
    told.tell(book(A, 44, 45, epoch=2))
    assert told.model.state(told.now_us).value_micros == 1_000 * MICRO - 40_000


def test_provisional_fills_stand_apart_until_they_are_settled_or_reverted() -> None:
    told = watching()
    told.tell(order(), filled("o1", 1, 4, final=False))
    account = told.model.state(told.now_us).accounts[0]
    assert (account.held_cost_micros, account.provisional_cost_micros) == (0, 1_800_000)
    assert told.model.orders(told.now_us)[0].provisional_micros == 4 * MICRO
    told.tell(t.FillReverted("o1", "o1#1", "the chain said no"))
    account = told.model.state(told.now_us).accounts[0]
    assert (account.cash_micros, account.provisional_cost_micros) == (500 * MICRO, 0)


def test_a_reservation_shrinks_as_it_is_spent_and_ends_with_the_package() -> None:
    told = watching()
    told.tell(d.TradeApproved(request(), dollars(10)), d.PackageOpened("r1", request()), order())
    before = told.model.state(told.now_us).accounts[0].reserved_micros
    told.tell(filled("o1", 1, 4, fee=10_000))
    after = told.model.state(told.now_us).accounts[0].reserved_micros
    assert before - after == 4 * 450_000 + 10_000
    told.tell(package_closed())
    assert told.model.state(told.now_us).accounts[0].reserved_micros == 0


def test_an_order_of_unknown_fate_counts_at_its_worst_and_stands_first() -> None:
    told = watching()
    told.tell(order("o1"), filled("o1", 1, 4), t.OrderUnknown("o1", "silence"), order("o2"))
    state, shown = told.model.state(told.now_us), told.model.orders(told.now_us)
    assert [o.id for o in shown] == ["o1", "o2"]
    assert state.orders_unknown_count == 1
    assert state.accounts[0].unknown_micros == 6 * 450_000
    told.tell(closed("o1", 4))
    assert told.model.state(told.now_us).accounts[0].unknown_micros == 0
    assert [o.id for o in told.model.orders(told.now_us)] == ["o2", "o1"]


def test_the_average_price_is_none_before_the_first_fill_and_weighted_after() -> None:
    told = watching()
    told.tell(order())
    assert told.model.orders(told.now_us)[0].price_average_micros is None
    told.tell(filled("o1", 1, 2, 44), filled("o1", 2, 6, 40))
    assert told.model.orders(told.now_us)[0].price_average_micros == 410_000


def test_a_package_is_followed_from_opening_to_its_result() -> None:
    told = watching()
    told.tell(d.PackageOpened("r1", request()), order("o1"), filled("o1", 1, 10), closed("o1", 10))
    told.tell(d.PackageMoved("r1", "second_leg", "filled"))
    running = told.model.packages(told.now_us)[0]
    assert (running.state, running.outcome, running.realised_micros) == ("second_leg", None, None)
    assert (running.paid_micros, running.locked_micros) == (4_500_000, 0)
    told.tell(order("o2", market=B, outcome="no", limit=480_000), filled("o2", 1, 6, 48))
    half = told.model.packages(told.now_us)[0]
    assert (half.quantity_micros, half.locked_micros) == (6 * MICRO, 6 * MICRO)
    told.later(1).tell(package_closed())
    ended = told.model.packages(told.now_us)[0]
    assert (ended.state, ended.outcome, ended.realised_micros) == ("closed", "hedged", 500_000)
    assert (ended.closed_us, [o.id for o in ended.orders]) == (told.now_us, ["o1", "o2"])
    state = told.model.state(told.now_us)
    assert (state.packages_hedged_count, state.packages_open_count) == (1, 0)
    assert (state.realised_micros, state.first_package_closed_us) == (500_000, told.now_us)


def test_a_package_that_was_missed_says_what_became_of_its_order() -> None:
    told = Told([d.PackageOpened("r1", request()), order("o1")])
    told.tell(t.OrderRejected("o1", "not enough balance"), d.PackageMoved("r1", "closed", "missed"))
    assert told.model.packages(told.now_us)[0].reason == "missed"
    told.tell(package_closed("missed"))
    assert told.model.packages(told.now_us)[0].reason == "not enough balance"


def test_a_close_told_twice_counts_once() -> None:
    told = Told([d.PackageOpened("r1", request()), package_closed(), package_closed()])
    state = told.model.state(told.now_us)
    assert (state.packages_hedged_count, state.realised_micros) == (1, 500_000)


def test_edges_stand_best_first_and_withdrawn_ones_last_with_their_last_numbers() -> None:
    told = watching()
    best = edge(id="best", net=dollars(3))
    told.tell(d.EdgeQuoted(edge(id="good", net=dollars(1)), ()))
    told.tell(d.EdgeQuoted(edge(id="gone", net=dollars(9)), ()), d.EdgeQuoted(best, (REFUSAL,)))
    told.tell(d.EdgeWithdrawn("gone", "pair-1", "A is B", REFUSAL))
    shown = told.model.edges(told.now_us)
    assert [(e.id, e.status) for e in shown] == [
        ("best", "refused"),
        ("good", "open"),
        ("gone", "withdrawn"),
    ]
    assert (shown[2].net_micros, shown[2].refusals[0].code) == (9 * MICRO, "DAILY_LOSS")
    assert [e.id for e in told.model.edges(told.now_us, status="open")] == ["good"]
    assert told.model.edges(told.now_us, pair="another") == []


def test_an_edge_that_was_never_priced_is_not_shown_with_invented_numbers() -> None:
    told = watching()
    told.tell(d.EdgeWithdrawn("edge-1", "pair-1", "A is B", REFUSAL))
    assert told.model.edges(told.now_us) == []
    assert told.model.edge("edge-1", told.now_us) is None


def test_an_edge_quoted_again_keeps_the_time_it_was_first_seen() -> None:
    told = watching()
    told.tell(d.EdgeQuoted(edge(), ()))
    first_us = told.now_us
    told.later(5).tell(d.EdgeQuoted(edge(), (REFUSAL,)))
    shown = told.model.edges(told.now_us)[0]
    assert (shown.first_seen_us, shown.quoted_us) == (first_us, told.now_us)


def test_cents_a_contract_are_the_micros_divided_and_nothing_more() -> None:
    told = Told([d.EdgeQuoted(edge(net_per_contract=-123_456), ())])
    assert told.model.edges(told.now_us)[0].net_cents_per_contract == -12.3456


def test_an_edge_carries_the_sum_and_the_books_of_its_legs() -> None:
    told = watching()
    told.tell(d.EdgeQuoted(edge(), ()))
    detail = told.model.edge("edge-1", told.now_us)
    assert detail is not None
    assert [b.market for b in detail.books] == [A, B]
    shown = detail.edge
    assert shown.package == "YES Polymarket + NO Kalshi"
    assert shown.net_micros == shown.payout_micros - shown.cost_micros - shown.fees_micros


def test_a_pair_shows_both_books_and_its_best_package() -> None:
    told = watching()
    told.tell(d.EdgeQuoted(edge(id="worse", net_per_contract=1), ()))
    told.tell(d.EdgeQuoted(edge(id="better", net_per_contract=2), ()))
    pair = told.model.pairs(told.now_us)[0]
    assert (pair.id, pair.best_edge_id, pair.best_net_per_contract_micros) == (PAIR.id, "better", 2)
    assert pair.a is not None
    assert pair.a.bids == [(440_000, 100 * MICRO)]


def test_a_pair_of_markets_not_listed_yet_shows_no_books() -> None:
    told = Told([d.PairListed(PAIR)])
    pair = told.model.pairs(told.now_us)[0]
    assert (pair.a, pair.b, pair.a_id, pair.best_edge_id) == (None, None, A, None)


def test_halts_stand_until_exactly_their_scope_is_resumed() -> None:
    told = watching()
    told.tell(d.Halted("all", "dashboard", "first"), d.Halted("all", "guardian", "second"))
    told.tell(d.Halted("kalshi", "guardian", "rejects"), d.Resumed("all", "dashboard"))
    halts = told.model.state(told.now_us).halts
    assert [(h.scope, h.reason) for h in halts] == [("kalshi", "rejects")]
    assert [v.badge.state for v in told.model.health(told.now_us)] == ["LIVE", "HALTED"]
    halted_book = told.model.book(B, told.now_us)
    assert halted_book is not None
    assert halted_book.badge.state == "HALTED"


def test_a_second_halt_of_a_scope_keeps_the_first_reason() -> None:
    told = Told([d.Halted("all", "dashboard", "first"), d.Halted("all", "guardian", "second")])
    assert [h.reason for h in told.model.state(told.now_us).halts] == ["first"]


def test_an_incident_about_an_order_dissolves_when_its_fate_is_known() -> None:
    told = watching()
    told.tell(order(), t.OrderUnknown("o1", "silence"), d.IncidentOpened("i1", "o1", "look"))
    assert told.model.state(told.now_us).incidents_open_count == 1
    told.tell(closed("o1", 0))
    assert told.model.state(told.now_us).incidents_open_count == 0
    assert [i.id for i in told.model.risk(told.now_us).incidents] == ["i1"]


def test_a_residual_stays_an_incident() -> None:
    told = Told([d.PackageOpened("r1", request()), d.IncidentOpened("i1", "r1", "4 contracts")])
    told.tell(package_closed("residual"))
    assert told.model.state(told.now_us).incidents_open_count == 1


def test_limits_and_vetoes_are_shown_in_words() -> None:
    told = Told([
        d.LimitsMeasured("cautious", (d.LimitUse("DAILY_LOSS", "all", 3, 10, "money"),)),
        d.TradeRefused(request("r1"), REFUSAL),
        d.TradeRefused(request("r2"), REFUSAL),
    ])
    view = told.model.risk(told.now_us)
    assert (view.profile, view.limits[0].words) == ("cautious", "lost today")
    assert (view.limits[0].used, view.limits[0].limit, view.limits[0].unit) == (
        3,
        10,
        "micro-dollars",
    )
    assert [r.request_id for r in view.refusals] == ["r2", "r1"]


def test_a_settled_market_turns_the_position_into_cash() -> None:
    told = watching()
    told.tell(order(), filled("o1", 1, 4), SETTLED)
    assert told.model.risk(told.now_us).positions == []
    assert told.model.state(told.now_us).value_micros == 1_000 * MICRO - 4 * 450_000 + 4 * MICRO


def test_loop_lag_is_told_while_it_is_news() -> None:
    told = Told([LoopLagged(Duration(150_000))])
    assert told.model.state(told.now_us).loop_lag_us == 150_000
    told.later(LAG_SHOWN_FOR_US // MICRO + 1)
    assert told.model.state(told.now_us).loop_lag_us is None


def test_terms_that_change_are_shown() -> None:
    told = watching()
    told.tell(m.MarketStatusChanged(A, "paused", told.now_us))
    shown = told.model.book(A, told.now_us)
    assert shown is not None
    assert (shown.status, shown.badge.words) == ("paused", "PAUSED by polymarket")
    told.tell(m.MarketResolved(A, Price(MICRO), told.now_us))
    shown = told.model.book(A, told.now_us)
    assert shown is not None
    assert shown.status == "settled"


def test_the_value_is_noted_every_two_seconds_and_ever_coarser() -> None:
    told = watching()
    for _ in range(3 * accounts.POINTS_MAX):
        told.later(1).tell(measured(at_us=told.now_us))
        assert len(told.model.state(told.now_us).value_history) <= accounts.POINTS_MAX
    history = told.model.state(told.now_us).value_history
    times = [at_us for at_us, _ in history]
    assert times == sorted(set(times))
    assert times[0] < times[1] <= times[0] + 8 * MICRO
    assert len(history) > accounts.POINTS_MAX // 4
    assert told.model.state(told.now_us).value_high_micros == 1_000 * MICRO


def test_edges_beyond_the_ceiling_push_out_withdrawn_ones_first() -> None:
    told = Told()
    for number in range(edges.EDGES_MAX):
        told.tell(d.EdgeQuoted(edge(id=f"e{number}"), ()))
    told.tell(d.EdgeWithdrawn("e7", "pair-1", "A is B", REFUSAL))
    told.tell(d.EdgeQuoted(edge(id="new"), ()))
    shown = {e.id for e in told.model.edges(told.now_us)}
    assert len(shown) == edges.EDGES_MAX
    assert "e7" not in shown
    assert {"e0", "new"} <= shown
    told.tell(d.EdgeQuoted(edge(id="newer"), ()))
    assert "e0" not in {e.id for e in told.model.edges(told.now_us)}


def test_final_orders_beyond_the_ceiling_are_forgotten_and_their_money_is_not() -> None:
    told = watching()
    told.tell(order("open"))
    for number in range(orders.ORDERS_MAX + 10):
        told.tell(order(f"o{number}"), filled(f"o{number}", 1, 1), closed(f"o{number}", 1))
    shown = told.model.orders(told.now_us)
    assert len(shown) == orders.ORDERS_SHOWN_MAX
    position = told.model.risk(told.now_us).positions[0]
    assert position.quantity_micros == contracts(orders.ORDERS_MAX + 10)
    told.tell(t.OrderUnknown("open", "silence"))
    assert told.model.orders(told.now_us)[0].id == "open"


def test_closed_packages_vetoes_and_incidents_stay_below_their_ceilings() -> None:
    told = Told([d.PackageOpened("running", request("running"))])
    for number in range(packages.PACKAGES_MAX + 10):
        name = f"r{number}"
        told.tell(d.PackageOpened(name, request(name)), package_closed(package_id=name))
        told.tell(d.TradeRefused(request(name), REFUSAL), d.IncidentOpened(name, name, "look"))
    shown, view = told.model.packages(told.now_us), told.model.risk(told.now_us)
    assert len(shown) == packages.PACKAGES_MAX
    assert shown[-1].id == "running"
    assert (len(view.refusals), len(view.incidents)) == (risk.REFUSALS_MAX, risk.INCIDENTS_MAX)
    assert told.model.state(told.now_us).packages_hedged_count == packages.PACKAGES_MAX + 10


def test_books_of_markets_nobody_listed_are_not_kept() -> None:
    told = Told([book(MarketId("kalshi:STRANGE"), 1, 2)])
    assert told.model.book(MarketId("kalshi:STRANGE"), told.now_us) is None
    told.tell(m.MarketListed(market("kalshi:STRANGE")))
    shown = told.model.book(MarketId("kalshi:STRANGE"), told.now_us)
    assert shown is not None
    assert (shown.bids, shown.epoch, shown.badge.state) == ([], None, "OFF")


def test_venues_are_those_with_capital_or_a_feed() -> None:
    told = Told([started(), m.ConnectionFailed("another", "refused", 1)])
    assert told.model.venues() == ["polymarket", "kalshi", "another"]


def test_what_cannot_be_becomes_an_incident_and_does_not_stop_the_desk() -> None:
    told = Told([started(), SETTLED, SETTLED])
    assert [one.about for one in told.model.risk(told.now_us).incidents] == ["dashboard"]
    assert told.model.state(told.now_us).incidents_open_count == 1


def test_a_desk_that_only_watches_has_no_account() -> None:
    told = Told([msgspec.structs.replace(started(), mode="watch")])
    state = told.model.state(told.now_us)
    assert state.mode == "watch"
    assert (state.value_micros, state.value_start_micros, state.accounts) == (None, None, [])
