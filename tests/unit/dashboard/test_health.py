"""A venue's health is that of its connections, and a badge says which clock is out of bounds."""

import msgspec

from foreshock.core.domain.markets import MarketId
from foreshock.core.domain.messages import market_data as m
from foreshock.core.domain.units import MICRO
from foreshock.dashboard import health
from foreshock.dashboard.views import BadgeView, VenueView
from tests.samples import market
from tests.trading import A, B, book
from tests.unit.dashboard.told import Told, measured, opened, started, watching

A2 = MarketId("polymarket:0xa2")


def polymarket(told: Told) -> VenueView:
    return next(v for v in told.model.health(told.now_us) if v.venue == "polymarket")


def badge_of(told: Told, market_id: MarketId = A) -> BadgeView:
    shown = told.model.book(market_id, told.now_us)
    assert shown is not None
    return shown.badge


def test_a_fresh_book_on_a_fresh_connection_is_live() -> None:
    assert badge_of(watching()).state == "LIVE"


def test_a_book_without_changes_is_quiet_while_its_link_is_proven() -> None:
    told = watching().later(180)
    told.tell(measured(at_us=told.now_us))
    assert badge_of(told).words == "QUIET 3 m (link ok)"


def test_a_silent_connection_makes_its_books_stale_however_fresh_they_look() -> None:
    told = watching().later(41)
    told.tell(book(A, 44, 46, at_us=told.now_us))
    assert badge_of(told).words == "STALE 41 s - not traded"


def test_a_silent_account_channel_says_nothing_of_the_books() -> None:
    told = watching()
    told.tell(m.ConnectionOpened(2, "polymarket", "polymarket-user", ()))
    told.tell(msgspec.structs.replace(measured(at_us=0), connection=2, checked_at_us=None))
    told.later(120).tell(measured(at_us=told.now_us))
    shown = polymarket(told)
    assert shown.badge.state == "LIVE"
    assert shown.data_at_us == told.now_us
    assert shown.connections_open_count == 1


def test_late_messages_make_a_book_late() -> None:
    told = watching()
    told.tell(measured(p95_us=2_600_000))
    assert badge_of(told).words == "LATE 2.6 s"


def test_a_lost_book_is_a_gap_until_a_later_epoch() -> None:
    told = watching().later(1)
    told.tell(m.BookLost(A, 1, "gap"))
    lost_us = told.now_us
    assert badge_of(told).state == "GAP"
    assert polymarket(told).books_valid_count == 0
    told.later(2).tell(m.BookLost(A, 1, "again"), book(A, 40, 50, epoch=1))
    gap = badge_of(told)
    assert (gap.state, gap.age_us) == ("GAP", told.now_us - lost_us)
    told.tell(book(A, 44, 45, epoch=2, at_us=told.now_us))
    assert badge_of(told).state == "LIVE"
    assert polymarket(told).books_valid_count == 1


def test_a_lost_book_still_shows_its_last_levels_beside_the_badge() -> None:
    told = watching()
    told.tell(m.BookLost(A, 1, "gap"))
    shown = told.model.book(A, told.now_us)
    assert shown is not None
    assert shown.bids == [(440_000, 100 * MICRO)]


def test_a_gap_of_the_connection_ends_when_every_book_was_read_again() -> None:
    told = watching()
    told.tell(m.FeedGapped("polymarket", 1, "3 then 5"), m.BookLost(A, 1, "gap"))
    assert polymarket(told).badge.state == "GAP"
    told.tell(book(A, 44, 45, epoch=2))
    assert polymarket(told).badge.state == "LIVE"


def test_polled_books_are_shown_as_polled() -> None:
    told = watching()
    told.tell(opened(3, "kalshi", B, feed="kalshi-polled"))
    told.tell(book(B, 51, 52, quality="polled", epoch=2))
    assert badge_of(told, B).state == "POLLED"
    assert [v.badge.state for v in told.model.health(told.now_us)] == ["LIVE", "POLLED"]


def test_a_closed_connection_leaves_its_markets_in_a_gap_until_another_carries_them() -> None:
    told = watching().later(5)
    told.tell(m.ConnectionClosed(1, "polymarket", "reset"))
    assert badge_of(told).state == "GAP"
    view = polymarket(told)
    assert (view.connections_open_count, view.badge.state) == (0, "GAP")
    told.tell(opened(7, "polymarket", A), book(A, 44, 45, epoch=2, at_us=told.now_us))
    view = polymarket(told)
    assert (view.connections_open_count, view.badge.state) == (1, "LIVE")
    assert (view.reconnects_count, view.markets_watched_count) == (1, 1)
    assert badge_of(told).state == "LIVE"


def test_a_closed_connection_that_carried_nothing_is_no_gap() -> None:
    told = watching()
    told.tell(opened(7, "polymarket", A), m.ConnectionClosed(1, "polymarket", "done"))
    assert polymarket(told).badge.state == "LIVE"


def test_counts_of_closed_connections_stay_in_the_sum() -> None:
    told = watching()
    told.tell(m.ConnectionClosed(1, "polymarket", "reset"), opened(7, "polymarket", A))
    told.tell(measured(connection=7))
    view = polymarket(told)
    assert (view.frames_count, view.gaps_count, view.conflated_count) == (100, 4, 10)


def test_a_venue_is_as_fresh_as_its_worst_connection() -> None:
    told = watching()
    told.tell(m.MarketListed(market(A2)), opened(5, "polymarket", A2))
    told.later(20).tell(measured(at_us=told.now_us))
    assert polymarket(told).badge.state == "STALE"
    assert polymarket(told).data_at_us == told.now_us


def test_a_venue_that_was_never_reached_says_why() -> None:
    told = Told([started(), m.ConnectionFailed("kalshi", "connection refused", 3)])
    view = told.model.health(told.now_us)[0]
    assert view.badge.words == "OFF - connection refused"
    assert (view.message_age_p95_us, view.data_at_us) == (None, None)


def test_watched_markets_move_between_connections() -> None:
    told = watching()
    told.tell(m.MarketListed(market(A2)), m.MarketsWatched(1, (A2,), ()))
    assert polymarket(told).markets_watched_count == 2
    told.tell(m.MarketsWatched(1, (), (A,)))
    assert polymarket(told).markets_watched_count == 1
    told.later(1).tell(book(A, 44, 45, epoch=2, at_us=told.now_us))
    assert badge_of(told).state == "OFF"


def test_a_market_that_is_over_is_no_book_that_lacks() -> None:
    told = watching()
    told.tell(m.MarketListed(market(A2)), m.MarketsWatched(1, (A2,), ()))
    told.tell(m.MarketStatusChanged(A2, "closed", told.now_us), m.BookLost(A2, 1, "closed"))
    view = polymarket(told)
    assert (view.books_valid_count, view.markets_watched_count) == (1, 1)
    told.tell(m.MarketStatusChanged(A, "closed", told.now_us))
    view = polymarket(told)
    assert (view.books_valid_count, view.markets_watched_count) == (0, 0)


def test_what_was_not_understood_is_counted_by_shape_within_bounds() -> None:
    told = watching()
    for number in range(health.SHAPES_MAX + 20):
        told.tell(m.ShapeUnknown("polymarket", "event_type", f"new{number}"))
    told.tell(m.ShapeUnknown("polymarket", "event_type", "new0"))
    told.tell(m.PayloadQuarantined("polymarket", 1, 3, "no price"))
    view = polymarket(told)
    assert len(view.unknown_shapes) == health.SHAPES_MAX + 1
    assert view.unknown_shapes["event_type: new0"] == 2
    assert view.unknown_shapes[health.OTHER_SHAPES] == 20
    assert view.quarantined_count == 1


def test_reconnecting_for_ever_does_not_grow() -> None:
    told = watching()
    told.tell(m.ConnectionClosed(1, "polymarket", "cut"))
    for number in range(10, 10 + 3 * health.CONNECTIONS_MAX):
        told.tell(opened(number, "polymarket", A), m.ConnectionClosed(number, "polymarket", "cut"))
    view = polymarket(told)
    assert view.reconnects_count == 3 * health.CONNECTIONS_MAX
    assert (view.connections_open_count, view.markets_watched_count) == (0, 1)
