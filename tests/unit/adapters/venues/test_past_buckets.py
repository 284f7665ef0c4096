from foreshock.adapters.venues.past_buckets import PastBuckets
from foreshock.core.domain.markets import MarketId
from foreshock.core.domain.units import SECOND, Instant, Price, Quantity
from foreshock.core.signals.packed import UNKNOWN, unpack
from foreshock.core.signals.volume_buckets import BUCKET, HISTORY_BUCKETS, bucket_of
from foreshock.core.signals.volume_recall import check

NOW = Instant(1_795_000_200 * SECOND)
"""The beginning of a bucket: the one before it is the last that is told."""
MARKET = MarketId("kalshi:A")


def before(buckets: int) -> Instant:
    return Instant(NOW - buckets * BUCKET)


def last(past: PastBuckets, count: int) -> list[int]:
    told = past.told("a test")
    assert told is not None
    check(told)
    found = unpack(told.volume).tolist()
    assert told.first_bucket == bucket_of(NOW) - len(found)
    return ([UNKNOWN] * HISTORY_BUCKETS + found)[-count:]


def test_nothing_known_is_nothing_told() -> None:
    assert PastBuckets(MARKET, NOW).told("a test") is None


def test_an_hour_is_spread_and_what_reaches_beyond_either_end_is_cut() -> None:
    past = PastBuckets(MARKET, NOW)
    past.spread(before(2), Instant(NOW + 2 * BUCKET), Quantity(400))
    past.spread(before(HISTORY_BUCKETS + 5), before(HISTORY_BUCKETS - 1), Quantity(600))
    assert last(past, 3) == [UNKNOWN, 100, 100]
    assert last(past, HISTORY_BUCKETS)[:2] == [100, UNKNOWN]


def test_a_bucket_told_whole_replaces_its_share_of_an_hour() -> None:
    past = PastBuckets(MARKET, NOW)
    past.spread(before(2), NOW, Quantity(400))
    past.total(before(1), [Quantity(1), Quantity(2)])
    assert last(past, 2) == [200, 3]


def test_prints_count_only_where_every_print_is_told() -> None:
    past = PastBuckets(MARKET, NOW)
    past.observe(before(3))
    for buckets, quantity in ((3, 5), (1, 7), (1, 2)):
        past.print_(before(buckets), Quantity(quantity), Price(400_000 + quantity), is_yes=True)
    assert last(past, 3) == [UNKNOWN, 0, 9]
    told = past.told("a test")
    assert told is not None
    assert unpack(told.largest)[-1] == 7
    assert unpack(told.price)[-1] == 400_002
    assert unpack(told.trades)[-2:].tolist() == [0, 2]
