import msgspec

from foreshock.core.domain.markets import MarketId
from foreshock.core.domain.messages.market_data import (
    ConnectionClosed,
    ConnectionOpened,
    MarketsWatched,
)
from foreshock.core.domain.units import Instant
from foreshock.core.signals.volume_markets import CATEGORY_PEERS_MAX, Coverage, VolumeMarkets
from tests.samples import market
from tests.unit.core.signals.signal_feed import BEGIN, MINUTE

A, B, C = MarketId("kalshi:A"), MarketId("kalshi:B"), MarketId("kalshi:C")


def test_markets_get_columns_in_the_order_in_which_they_come_until_there_are_none() -> None:
    markets = VolumeMarkets(2)
    assert [markets.cover(name) for name in (A, B, A, C)] == [0, 1, 0, None]
    assert markets.ids == [A, B]
    assert markets.refused_count == 1
    assert markets.column(C) is None


def test_contracts_of_one_event_are_stated_and_those_of_one_category_are_learned() -> None:
    markets = VolumeMarkets(10)
    for name, event in ((A, "e"), (B, "e"), (C, "other")):
        markets.list_market(market(name, event_id=event))
        markets.cover(name)
    stated, candidates = markets.take_links()
    assert stated == [(1, 0)]
    assert candidates == [(1, 0), (2, 0), (2, 1)]
    assert markets.take_links() == ([], [])


def test_markets_that_an_earlier_run_carried_are_linked_when_their_terms_come() -> None:
    markets = VolumeMarkets(10)
    for name in (A, B):
        markets.cover(name)
    assert markets.take_links() == ([], [])
    for name in (A, B, A):
        markets.list_market(market(name, event_id="e"))
    assert markets.take_links() == ([(1, 0)], [(1, 0)])


def test_a_relation_counts_whichever_market_comes_first() -> None:
    markets = VolumeMarkets(10)
    markets.relate(A, B)
    markets.cover(A)
    markets.cover(B)
    assert markets.take_links()[0] == [(1, 0)]
    markets.cover(C)
    markets.relate(A, C)
    assert markets.take_links()[0] == [(0, 2)]


def test_a_crowded_category_links_only_the_last_ones() -> None:
    markets = VolumeMarkets(200)
    for number in range(100):
        listed = market(f"kalshi:{number}")
        markets.list_market(listed)
        markets.cover(listed.id)
    candidates = markets.take_links()[1]
    assert sum(a == 99 for a, _ in candidates) == CATEGORY_PEERS_MAX


def test_a_market_that_does_not_trade_is_over_until_it_opens_again() -> None:
    markets = VolumeMarkets(2)
    markets.list_market(market(A))
    assert not markets.is_over(A)
    markets.change(A, "paused")
    assert markets.is_over(A)
    markets.list_market(msgspec.structs.replace(market(A), status="open"))
    assert not markets.is_over(A)


def test_a_bucket_counts_only_when_trades_came_from_its_beginning_on() -> None:
    coverage = Coverage(2, ("kalshi",))
    opened = ConnectionOpened(1, "kalshi", "kalshi", (A, B))
    assert coverage.open(opened) == (A, B)
    coverage.begin(0, BEGIN)
    coverage.begin(1, Instant(BEGIN + MINUTE))
    assert coverage.missed(BEGIN).tolist() == [False, True]
    coverage.end(0)
    assert coverage.missed(BEGIN + MINUTE).tolist() == [True, False]


def test_a_feed_of_books_alone_tells_no_trades() -> None:
    coverage = Coverage(2, ("kalshi",))
    assert coverage.open(ConnectionOpened(1, "kalshi", "kalshi-polled", (A,))) == ()
    assert not coverage.tells(1)
    assert coverage.watch(MarketsWatched(1, (B,), ())) == ()


def test_a_connection_carries_what_was_added_and_not_what_was_removed() -> None:
    coverage = Coverage(3, ("kalshi",))
    coverage.open(ConnectionOpened(1, "kalshi", "kalshi", (A, B)))
    assert coverage.watch(MarketsWatched(1, (C,), (A,))) == (C,)
    assert coverage.carried(1) == (B, C)
    assert coverage.close(ConnectionClosed(1, "kalshi", "gone")) == (B, C)
    assert coverage.carried(1) == ()
