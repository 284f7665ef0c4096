"""Prices by oracle: where a coin is, where it was at a minute's end, and how much it moves."""

import math

import pytest

from foreshock.core.domain.messages.signals import OracleLost, OracleReported
from foreshock.core.domain.units import MICRO, SECOND, Instant
from foreshock.core.signals.oracle_prices import KEPT_MINUTES, MINUTE, OraclePrices
from tests.trading import START

BEGIN = Instant(START // MINUTE * MINUTE)


def said(source: str, symbol: str, price: float, at_us: int) -> OracleReported:
    at = Instant(at_us)
    return OracleReported(source, symbol, round(price * MICRO), at, at)


def prices() -> OraclePrices:
    return OraclePrices(("coinbase", "binance"))


def test_the_first_preferred_oracle_that_is_fresh_is_asked() -> None:
    found = prices()
    assert found.report(said("binance", "BTC-USDT", 97_500, BEGIN)) == "BTC"
    assert found.report(said("coinbase", "BTC-USD", 97_400, BEGIN)) == "BTC"
    spot = found.spot("BTC", "", BEGIN)
    assert spot is not None
    assert (spot.oracle, spot.price) == ("coinbase BTC-USD", 97_400 * MICRO)
    settling = found.spot("BTC", "binance", BEGIN)
    assert settling is not None
    assert settling.oracle == "binance BTC-USDT"
    assert found.spot("ETH", "", BEGIN) is None


def test_an_old_or_lost_price_is_none() -> None:
    found = prices()
    found.report(said("binance", "BTC-USDT", 97_500, BEGIN))
    assert found.spot("BTC", "", Instant(BEGIN + 10 * SECOND)) is not None
    assert found.spot("BTC", "", Instant(BEGIN + 11 * SECOND)) is None
    found.lose(OracleLost("binance", "BTC-USDT", "silent"))
    assert found.spot("BTC", "", BEGIN) is None


def test_a_minute_ends_at_the_last_price_before_it() -> None:
    found = prices()
    for second, price in ((58, 100.0), (59, 101.0), (61, 102.0)):
        found.report(said("binance", "BTC-USDT", price, BEGIN + second * SECOND))
    spot = found.spot("BTC", "", Instant(BEGIN + 61 * SECOND))
    assert spot is not None
    assert found.at(spot, "BTC", Instant(BEGIN + MINUTE)) == 101 * MICRO
    assert found.at(spot, "BTC", Instant(BEGIN + MINUTE + SECOND)) is None
    assert found.at(spot, "BTC", BEGIN) is None


def test_no_close_is_made_up_across_a_silence() -> None:
    found = prices()
    found.report(said("binance", "BTC-USDT", 100, BEGIN))
    found.report(said("binance", "BTC-USDT", 110, BEGIN + 3 * MINUTE))
    spot = found.spot("BTC", "", Instant(BEGIN + 3 * MINUTE))
    assert spot is not None
    assert [found.at(spot, "BTC", Instant(BEGIN + n * MINUTE)) for n in (1, 2, 3)] == [None] * 3


def test_the_oracles_own_minutes_fill_the_past_and_stand() -> None:
    found = prices()
    for number in range(61):
        price = 100 * math.exp(0.001 * (number % 2))
        at_us = BEGIN - (60 - number) * MINUTE
        assert found.report(said("binance minutes", "BTC-USDT", price, at_us)) is None
    found.report(said("binance", "BTC-USDT", 100, BEGIN + SECOND))
    spot = found.spot("BTC", "", Instant(BEGIN + SECOND))
    assert spot is not None
    assert found.volatility(spot, "BTC") == pytest.approx(0.001 / math.sqrt(60), rel=1e-3)
    found.report(said("binance minutes", "BTC-USDT", 105, BEGIN))
    assert found.at(spot, "BTC", BEGIN) == 105 * MICRO


def test_volatility_is_unknown_until_half_an_hour_is() -> None:
    found = prices()
    for number in range(30):
        found.report(said("binance minutes", "BTC-USDT", 100 + number, BEGIN - number * MINUTE))
    found.report(said("binance", "BTC-USDT", 100, BEGIN + SECOND))
    spot = found.spot("BTC", "", Instant(BEGIN + SECOND))
    assert spot is not None
    assert math.isnan(found.volatility(spot, "BTC"))
    found.report(said("binance minutes", "BTC-USDT", 130, BEGIN - 30 * MINUTE))
    assert not math.isnan(found.volatility(spot, "BTC"))


def test_what_is_no_coin_is_not_kept_and_the_past_is_bounded() -> None:
    found = prices()
    assert found.report(said("noaa", "KNYC F", 53, BEGIN)) is None
    assert found.report(said("other", "BTC-USD", 53, BEGIN)) is None
    for number in range(KEPT_MINUTES * 2):
        found.report(said("binance", "BTC-USDT", 100, BEGIN + number * MINUTE))
    spot = found.spot("BTC", "", Instant(BEGIN + (KEPT_MINUTES * 2 - 1) * MINUTE))
    assert spot is not None
    assert found.at(spot, "BTC", Instant(BEGIN + MINUTE)) is None
