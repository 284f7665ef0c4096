"""Is it known which feed vouches for which market?"""

from foreshock.core.domain.markets import MarketId
from foreshock.core.domain.messages.market_data import (
    ConnectionClosed,
    ConnectionOpened,
    FeedMeasured,
    MarketsWatched,
)
from foreshock.core.domain.units import SECOND, Duration, Instant
from foreshock.core.signals.feed_health import FeedHealth

NOW = Instant(1_795_219_200_000_000)
A, B = MarketId("kalshi:A"), MarketId("kalshi:B")


def measured(age_ms: int | None, silent_s: int = 0) -> FeedMeasured:
    age = None if age_ms is None else Duration(age_ms * SECOND // 1_000)
    data_at = Instant(NOW - silent_s * SECOND)
    return FeedMeasured("kalshi", 1, age, age, data_at, None, 0, 0, 0)


def health() -> FeedHealth:
    found = FeedHealth(Duration(2 * SECOND), Duration(8 * SECOND), Duration(10 * SECOND))
    found.watch(ConnectionOpened(1, "kalshi", "ws", (A, B)))
    return found


def test_a_change_of_health_names_every_market_once() -> None:
    feed = health()
    assert feed.measure(measured(100), NOW) == ()
    assert feed.measure(measured(2_500), NOW) == (A, B)
    assert feed.measure(measured(3_000), NOW) == ()
    assert feed.ailment(A) == "its messages come 3 s late"
    assert feed.measure(measured(100), NOW) == (A, B)
    assert feed.ailment(A) == ""


def test_a_feed_that_stays_ill_names_its_markets_again() -> None:
    feed = health()
    ill = [s for s in range(31) if feed.measure(measured(2_500), Instant(NOW + s * SECOND))]
    assert ill == [0, 10, 20, 30]


def test_a_silent_feed_is_ill_even_without_messages() -> None:
    feed = health()
    feed.measure(measured(None, silent_s=8), NOW)
    assert feed.ailment(A) == ""
    feed.measure(measured(None, silent_s=9), NOW)
    assert feed.ailment(A) == "its feed has been silent for 9 s"


def test_an_unknown_market_has_no_ailment() -> None:
    assert health().ailment(MarketId("kalshi:C")) == ""


def test_a_close_loses_the_feed() -> None:
    feed = health()
    assert feed.lose(ConnectionClosed(1, "kalshi", "gone")) == (A, B)
    assert feed.lose(ConnectionClosed(1, "kalshi", "gone")) == ()


def test_the_watch_list_can_change() -> None:
    feed = health()
    feed.watch(MarketsWatched(1, (MarketId("kalshi:C"),), (A,)))
    assert feed.lose(ConnectionClosed(1, "kalshi", "gone")) == (B, "kalshi:C")
