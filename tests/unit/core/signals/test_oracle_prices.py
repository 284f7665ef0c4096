"""Prices by oracle: where a coin is, where it was at a minute's end, and how much it moves."""

import math

import pytest

from foreshock.core.domain.messages.signals import OracleLost, OracleReported
from foreshock.core.domain.units import MICRO, SECOND, Instant
from foreshock.core.signals.oracle_prices import KEPT_MINUTES, MINUTE, OraclePrices, Spot
from tests.trading import START

BEGIN = Instant(START // MINUTE * MINUTE)


def said(source: str, symbol: str, price: float, at_us: int) -> OracleReported:
    at = Instant(at_us)
    return OracleReported(source, symbol, round(price * MICRO), at, at)


def prices() -> OraclePrices:
    return OraclePrices(("coinbase", "binance"))


def spot_of(found: OraclePrices, at_us: int) -> Spot:
    """The price of Bitcoin then."""
    return found.spots("BTC", "", Instant(at_us))[0]


def test_oracles_that_are_fresh_are_asked_by_preference() -> None:
    found = prices()
    assert found.report(said("binance", "BTC-USDT", 97_500, BEGIN)) == "BTC"
    assert found.report(said("coinbase", "BTC-USD", 97_400, BEGIN)) == "BTC"
    names = [spot.oracle for spot in found.spots("BTC", "", BEGIN)]
    assert names == ["coinbase BTC-USD", "binance BTC-USDT"]
    assert spot_of(found, BEGIN).price == 97_400 * MICRO
    settling = found.spots("BTC", "binance", BEGIN)
    assert [spot.oracle for spot in settling] == names[::-1]
    assert found.spots("ETH", "", BEGIN) == []


def test_an_old_or_lost_price_is_none() -> None:
    found = prices()
    found.report(said("binance", "BTC-USDT", 97_500, BEGIN))
    assert found.spots("BTC", "", Instant(BEGIN + 10 * SECOND))
    assert not found.spots("BTC", "", Instant(BEGIN + 11 * SECOND))
    found.lose(OracleLost("binance", "BTC-USDT", "silent"))
    assert not found.spots("BTC", "", BEGIN)


def test_a_minute_ends_at_the_last_price_before_it() -> None:
    found = prices()
    for second, price in ((58, 100.0), (59, 101.0), (61, 102.0)):
        found.report(said("binance", "BTC-USDT", price, BEGIN + second * SECOND))
    spot = spot_of(found, BEGIN + 61 * SECOND)
    assert found.at(spot, "BTC", Instant(BEGIN + MINUTE)) == 101 * MICRO
    assert found.at(spot, "BTC", Instant(BEGIN + MINUTE + SECOND)) is None
    assert found.at(spot, "BTC", BEGIN) is None


def test_no_close_is_made_up_across_a_silence() -> None:
    found = prices()
    found.report(said("binance", "BTC-USDT", 100, BEGIN))
    found.report(said("binance", "BTC-USDT", 110, BEGIN + 3 * MINUTE))
    spot = spot_of(found, BEGIN + 3 * MINUTE)
    assert [found.at(spot, "BTC", Instant(BEGIN + n * MINUTE)) for n in (1, 2, 3)] == [None] * 3


def with_an_hour(found: OraclePrices) -> None:
    """Binance's own minutes of the last hour, up and down by a thousandth."""
    for number in range(61):
        price = 100 * math.exp(0.001 * (number % 2))
        at_us = BEGIN - (60 - number) * MINUTE
        assert found.report(said("binance minutes", "BTC-USDT", price, at_us)) is None


def test_the_oracles_own_minutes_fill_the_past_and_stand() -> None:
    found = prices()
    with_an_hour(found)
    found.report(said("binance", "BTC-USDT", 100, BEGIN + SECOND))
    spot = spot_of(found, BEGIN + SECOND)
    assert found.volatility(spot, "BTC") == pytest.approx(0.001 / math.sqrt(60), rel=1e-3)
    found.report(said("binance minutes", "BTC-USDT", 105, BEGIN))
    assert found.at(spot, "BTC", BEGIN) == 105 * MICRO


def test_how_much_a_coin_moves_may_come_from_another_oracle_where_it_was_may_not() -> None:
    found = prices()
    with_an_hour(found)
    found.report(said("coinbase", "BTC-USD", 100, BEGIN + SECOND))
    spot = spot_of(found, BEGIN + SECOND)
    assert spot.oracle == "coinbase BTC-USD"
    assert found.volatility(spot, "BTC") == pytest.approx(0.001 / math.sqrt(60), rel=1e-3)
    assert found.at(spot, "BTC", BEGIN) is None


def test_volatility_is_unknown_until_half_an_hour_is() -> None:
    found = prices()
    for number in range(30):
        found.report(said("binance minutes", "BTC-USDT", 100 + number, BEGIN - number * MINUTE))
    found.report(said("binance", "BTC-USDT", 100, BEGIN + SECOND))
    spot = spot_of(found, BEGIN + SECOND)
    assert math.isnan(found.volatility(spot, "BTC"))
    found.report(said("binance minutes", "BTC-USDT", 130, BEGIN - 30 * MINUTE))
    assert not math.isnan(found.volatility(spot, "BTC"))


def test_what_is_no_coin_is_not_kept_and_the_past_is_bounded() -> None:
    found = prices()
    assert found.report(said("noaa", "KNYC F", 53, BEGIN)) is None
    assert found.report(said("other", "BTC-USD", 53, BEGIN)) is None
    for number in range(KEPT_MINUTES * 2):
        found.report(said("binance", "BTC-USDT", 100, BEGIN + number * MINUTE))
    spot = spot_of(found, BEGIN + (KEPT_MINUTES * 2 - 1) * MINUTE)
    assert found.at(spot, "BTC", Instant(BEGIN + MINUTE)) is None
