"""Candles of a baseball game, captured in August 2026 (kalshi-cockpit recordings), retyped."""

import json

import pytest

from foreshock.adapters.venues.kalshi.candles import (
    TICKERS_MAX,
    Candle,
    hours_request,
    minutes_request,
    read_candles,
    recalled,
)
from foreshock.core.domain.errors import DataError
from foreshock.core.domain.markets import MarketId
from foreshock.core.domain.messages.signals import VolumeRecalled
from foreshock.core.domain.units import MICRO, SECOND, Instant, Price, Quantity
from foreshock.core.signals.packed import UNKNOWN, unpack
from foreshock.core.signals.volume_buckets import BUCKET, HISTORY_BUCKETS
from foreshock.core.signals.volume_recall import check

TICKER = "KXMLBGAME-26AUG071840TORPHI-TOR"
MARKET = MarketId(f"kalshi:{TICKER}")
NOW = Instant(1_786_140_000 * SECOND)
"""The beginning of an hour and of a bucket."""
TRADED = {
    "end_period_ts": 1_786_137_900,
    "open_interest_fp": "128107.77",
    "price": {"close_dollars": "0.3400", "mean_dollars": "0.3400", "previous_dollars": "0.3400"},
    "volume_fp": "28.74",
    "yes_ask": {"close_dollars": "0.3400"},
    "yes_bid": {"close_dollars": "0.3300"},
}
QUIET = {"end_period_ts": 1_786_137_960, "price": {"previous_dollars": "0.3400"}, "volume_fp": "0"}


def body(*candles: object) -> bytes:
    found = {"market_ticker": TICKER, "candlesticks": candles}
    return json.dumps({"markets": [found]}).encode()


def candle(end_us: int, contracts: int, cents: int | None = 34) -> Candle:
    close = None if cents is None else Price(cents * 10_000)
    return Candle(Instant(end_us), Quantity(contracts * MICRO), close)


def volumes(told: VolumeRecalled | None) -> list[int]:
    assert told is not None
    check(told)
    found = [v if v == UNKNOWN else v // MICRO for v in unpack(told.volume).tolist()]
    return ([UNKNOWN] * HISTORY_BUCKETS + found)[-HISTORY_BUCKETS:]


def test_requests_stay_below_the_most_candles_an_answer_may_hold() -> None:
    tickers = [f"T{number}" for number in range(TICKERS_MAX)]
    assert TICKERS_MAX * (14 * 24 + 1) <= 10_000
    assert "market_tickers=T0,T1" in hours_request(tickers, NOW).path
    assert "period_interval=60" in hours_request(tickers, NOW).path
    assert f"start_ts={NOW // MICRO - 4 * 3_600}" in minutes_request(tickers, NOW).path
    with pytest.raises(ValueError, match="not 0"):
        hours_request([], NOW)


def test_a_candle_is_read_with_its_close_or_the_one_before() -> None:
    (traded, quiet) = read_candles(body(QUIET, TRADED))[TICKER]
    assert traded == Candle(Instant(1_786_137_900 * SECOND), Quantity(28_740_000), Price(340_000))
    assert (quiet.volume, quiet.close) == (0, 340_000)


@pytest.mark.parametrize(
    "wrong",
    [
        {"end_period_ts": 1},
        {**TRADED, "volume_fp": "-1"},
        {**TRADED, "volume_fp": 28.74},
        {**TRADED, "price": {"close_dollars": "1.5"}},
        {**TRADED, "end_period_ts": -4},
    ],
)
def test_what_cannot_be_read_is_an_error_and_no_candle(wrong: object) -> None:
    with pytest.raises(DataError):
        read_candles(body(wrong))


def test_two_candles_of_one_moment_are_an_error() -> None:
    with pytest.raises(DataError, match="two candles"):
        read_candles(body(TRADED, TRADED))


def test_an_hour_counts_evenly_and_one_without_a_candle_is_unknown() -> None:
    told = recalled(MARKET, [candle(NOW - 3_600 * SECOND, 1_200)], [], NOW)
    found = volumes(told)
    assert found[-24:-12] == [100] * 12
    assert found[-12:] == [UNKNOWN] * 12
    assert len(found) == HISTORY_BUCKETS
    assert told is not None
    assert told.trades == b""


def test_minutes_stand_in_place_of_their_hour_where_a_bucket_is_whole() -> None:
    minutes = [candle(NOW - minute * 60 * SECOND, minute) for minute in range(9, -1, -1)]
    found = volumes(recalled(MARKET, [candle(NOW, 1_200)], minutes[1:], NOW))
    assert found[-1] == sum(range(5))
    assert found[-2] == 100  # one of its minutes is missing
    prices = recalled(MARKET, [], minutes, NOW)
    assert prices is not None
    assert unpack(prices.price)[-1] == 340_000
    assert BUCKET == 300 * SECOND


def test_a_market_without_candles_tells_nothing() -> None:
    assert recalled(MARKET, [], [], NOW) is None
