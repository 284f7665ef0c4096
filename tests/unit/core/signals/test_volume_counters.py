"""Counters take what venues tell and refuse, with a reason, what cannot be counted."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from foreshock.core.domain.errors import InvariantError
from foreshock.core.domain.units import SECOND, Instant
from foreshock.core.signals.volume_buckets import BUCKET, bucket_end, bucket_of
from foreshock.core.signals.volume_counters import GRACE, VolumeCounters

OPEN = 1000
NOW = Instant(OPEN * BUCKET + SECOND)
NEXT = Instant(NOW + BUCKET)


def trade(counters: VolumeCounters, trade_id: str, dollars: float, at: int = NOW) -> str | None:
    return counters.trade(0, trade_id, dollars, is_taker_yes=True, event_us=Instant(at))


def test_a_duplicate_trade_counts_once() -> None:
    counters = VolumeCounters(2, OPEN)
    assert trade(counters, "a", 5.0) is None
    assert trade(counters, "a", 5.0) == "duplicate"
    flow = counters.close()
    assert flow.volume.tolist() == [5.0, 0.0]
    assert (flow.trades[0], flow.largest[0], flow.taker_yes[0]) == (1, 5.0, 5.0)
    assert counters.refused == {"duplicate": 1}


def test_the_same_id_in_two_markets_is_two_trades() -> None:
    counters = VolumeCounters(2, OPEN)
    trade(counters, "a", 5.0)
    assert counters.trade(1, "a", 3.0, is_taker_yes=False, event_us=NOW) is None
    flow = counters.close()
    assert (flow.volume.tolist(), flow.taker_yes.tolist()) == ([5.0, 3.0], [5.0, 0.0])


@given(order=st.permutations(range(8)))
def test_trades_out_of_order_fall_into_their_own_buckets(order: list[int]) -> None:
    counters = VolumeCounters(1, OPEN)
    for number in order:
        at = NOW if number < 4 else NEXT
        assert trade(counters, str(number), float(2**number), at + number) is None
    assert counters.close().volume[0] == 15.0
    assert counters.close().volume[0] == 240.0


@pytest.mark.parametrize(
    ("dollars", "at", "reason"),
    [
        (-1.0, NOW, "negative"),
        (float("nan"), NOW, "negative"),
        (1.0, NOW - BUCKET, "late"),
        (1.0, NOW + 2 * BUCKET, "ahead"),
    ],
)
def test_what_cannot_be_counted_changes_nothing(dollars: float, at: int, reason: str) -> None:
    counters = VolumeCounters(1, OPEN)
    assert trade(counters, "a", dollars, at) == reason
    assert counters.close().volume[0] == 0.0
    assert sum(counters.refused.values()) == 1


def test_cumulative_differences_count_from_the_second_reading_on() -> None:
    counters = VolumeCounters(1, OPEN)
    assert counters.cumulative(0, 1000.0, NOW) is None
    assert np.isnan(counters.close().volume[0])  # what was traded before it is not known
    assert counters.cumulative(0, 1040.0, NEXT) is None
    assert counters.cumulative(0, 1040.0, NEXT) is None  # told twice
    assert counters.cumulative(0, 1050.0, Instant(NEXT + 1)) is None
    assert counters.close().volume[0] == 50.0


def test_a_total_that_falls_starts_anew_and_its_bucket_is_unknown_not_negative() -> None:
    counters = VolumeCounters(1, OPEN)
    counters.cumulative(0, 1000.0, NOW)
    counters.close()
    assert counters.cumulative(0, 10.0, NEXT) == "reset"
    assert np.isnan(counters.close().volume[0])
    assert counters.cumulative(0, 25.0, Instant(NEXT + BUCKET)) is None
    assert counters.close().volume[0] == 15.0


def test_a_difference_over_hours_says_nothing_about_one_bucket() -> None:
    counters = VolumeCounters(1, OPEN)
    counters.cumulative(0, 1000.0, NOW)
    counters.jump(OPEN + 20)
    later = Instant(NOW + 20 * BUCKET)
    assert counters.cumulative(0, 9000.0, later) == "gap"
    assert np.isnan(counters.close().volume[0])


def test_an_older_reading_is_refused() -> None:
    counters = VolumeCounters(1, OPEN)
    counters.cumulative(0, 1000.0, Instant(NOW + 10))
    assert counters.cumulative(0, 990.0, NOW) == "late"
    assert counters.refused == {"late": 1}


def test_a_market_is_counted_from_one_source_only() -> None:
    counters = VolumeCounters(1, OPEN)
    trade(counters, "a", 5.0)
    assert counters.cumulative(0, 100.0, NOW) == "mixed"
    assert counters.close().volume[0] == 5.0


def test_sides_of_a_cumulative_market_are_unknown() -> None:
    counters = VolumeCounters(1, OPEN)
    counters.cumulative(0, 100.0, NOW)
    assert np.isnan(counters.close().taker_yes[0])


def test_a_bucket_stays_open_for_its_grace() -> None:
    counters = VolumeCounters(1, OPEN)
    assert not counters.is_due(bucket_end(OPEN))
    assert counters.is_due(Instant(bucket_end(OPEN) + GRACE))
    assert bucket_of(bucket_end(OPEN)) == OPEN + 1


def test_the_clock_never_goes_back() -> None:
    with pytest.raises(InvariantError):
        VolumeCounters(1, OPEN).jump(OPEN - 1)


def test_older_prices_are_passed_over() -> None:
    counters = VolumeCounters(1, OPEN)
    counters.price(0, 0.6, NEXT)
    counters.price(0, 0.5, NOW)
    counters.price(0, 1.5, Instant(NEXT + 1))
    assert counters.close().price[0] == 0.6


def test_a_bucket_with_lost_trades_is_unknown_and_one_that_has_not_begun_is_not() -> None:
    counters = VolumeCounters(2, OPEN)
    trade(counters, "a", 5.0)
    counters.miss(0, NOW)
    first, second = counters.close(), counters.close()
    assert np.isnan(first.volume[0])
    assert (first.volume[1], second.volume[0]) == (0.0, 0.0)


def test_what_is_lost_in_the_grace_of_a_bucket_leaves_both_unknown() -> None:
    counters = VolumeCounters(1, OPEN)
    counters.miss(0, NEXT)
    first, second, third = counters.close(), counters.close(), counters.close()
    assert np.isnan(first.volume[0])
    assert np.isnan(second.volume[0])
    assert third.volume[0] == 0.0


def test_what_was_open_when_the_clock_jumped_is_dropped() -> None:
    counters = VolumeCounters(1, OPEN)
    trade(counters, "a", 5.0)
    counters.jump(OPEN + 9)
    assert counters.bucket == OPEN + 9
    assert counters.close().volume[0] == 0.0
