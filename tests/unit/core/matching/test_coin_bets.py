"""Titles as both venues word them (July to October 2026), and what must be left alone."""

import json
from pathlib import Path

import pytest

from foreshock.core.domain.coin_bets import CoinBet
from foreshock.core.domain.markets import Market
from foreshock.core.domain.units import SECOND, Duration, Instant
from foreshock.core.matching.coin_bets import coin_bet
from tests.samples import market

OCT_5_2315 = Instant(1_791_242_100 * SECOND)
JUL_9_NOON_ET = Instant(1_783_612_800 * SECOND)
QUARTER = Duration(900 * SECOND)
HOUR = Duration(3_600 * SECOND)
MINUTE = Duration(60 * SECOND)
YES_NO = ("Yes", "No")
UP_DOWN = ("Up", "Down")
BY_BINANCE = (
    'This market will resolve to "Yes" if the Binance 1 minute candle for BTC/USDT on the date '
    "specified has a final Close price higher. The resolution source for this market is Binance."
)


def listed(title: str, closes_us: int, labels: tuple[str, str] = YES_NO, **more: object) -> Market:
    native = str(more.pop("native_id", "0xa"))
    venue = "kalshi" if native.startswith("KX") else "polymarket"
    return market(
        f"{venue}:{native}",
        title=title,
        closes_us=Instant(closes_us) if venue == "kalshi" else None,
        settles_us=Instant(closes_us + (MINUTE if venue == "kalshi" else 0)),
        outcome_labels=labels,
        rules=more.pop("rules", ""),
        resolution_source="",
    )


def bet_of(title: str, closes_us: int, labels: tuple[str, str] = YES_NO, **more: object) -> CoinBet:
    found = coin_bet(listed(title, closes_us, labels, **more))
    assert found is not None
    return found


def test_a_quarter_of_an_hour_by_its_clock_times() -> None:
    found = bet_of("Bitcoin Up or Down - October 5, 7:00PM-7:15PM ET", OCT_5_2315, UP_DOWN)
    assert found == CoinBet(coin="BTC", ends_us=OCT_5_2315, starts_us=Instant(OCT_5_2315 - QUARTER))


def test_the_recorded_market_is_read_with_its_average(shared_wire: Path) -> None:
    path = shared_wire / "polymarket" / "live_2026-10-05" / "gamma-market-v1-btc15m.json"
    body = json.loads(path.read_bytes())
    found = bet_of(body["question"], OCT_5_2315, UP_DOWN, rules=body["description"])
    assert (found.starts_us, found.averaged) == (OCT_5_2315 - QUARTER, MINUTE)
    assert found.settles_by == ""  # Chainlink, which we do not hear


def test_an_hour_by_its_first_clock_time() -> None:
    closes_us = OCT_5_2315 + 45 * MINUTE
    found = bet_of("Ethereum Up or Down - October 5, 7PM ET", closes_us, UP_DOWN)
    assert (found.coin, found.starts_us) == ("ETH", closes_us - HOUR)


def test_a_series_of_quarters_by_its_words_or_ticker() -> None:
    words = bet_of(
        "Bitcoin price up in next 15 mins?", OCT_5_2315, native_id="KXBTC15M-26OCT1915-15"
    )
    assert words.starts_us == OCT_5_2315 - QUARTER
    ticker = bet_of("SOL price up?", OCT_5_2315, native_id="KXSOL15M-26OCT1915-15")
    assert (ticker.coin, ticker.starts_us) == ("SOL", OCT_5_2315 - QUARTER)


def test_the_side_that_is_called_down_is_the_opposite() -> None:
    title = "Bitcoin Up or Down - October 5, 7:00PM-7:15PM ET"
    assert bet_of(title, OCT_5_2315, ("Down", "Up")).is_inverted
    assert not bet_of(title, OCT_5_2315, UP_DOWN).is_inverted


@pytest.mark.parametrize(
    ("title", "low", "high"),
    [
        ("Will the price of Bitcoin be above $99,000 on July 9?", 99_000, None),
        ("Will the price of Bitcoin be less than $98,000 on July 9?", None, 98_000),
        ("Will the price of Bitcoin be between $98,000 and $100,000 on July 9?", 98_000, 100_000),
    ],
)
def test_strikes_on_a_day(title: str, low: int | None, high: int | None) -> None:
    found = bet_of(title, JUL_9_NOON_ET, rules=BY_BINANCE)
    assert (found.low, found.high) == tuple(n and n * 1_000_000 for n in (low, high))
    assert (found.starts_us, found.settles_by, found.averaged) == (None, "binance", 0)


def test_a_kalshi_strike_stands_in_its_label() -> None:
    found = bet_of(
        "Ethereum price at Jul 9, 2026 at 12pm EDT?",
        JUL_9_NOON_ET,
        ("$4,000 or above", "Below"),
        native_id="KXETHD-26JUL0912-T3999.99",
        rules="If the simple average of the sixty seconds of CF Benchmarks' index is above 3999.99",
    )
    assert (found.coin, found.low, found.high) == ("ETH", 4_000_000_000, None)
    assert found.averaged == MINUTE


@pytest.mark.parametrize(
    "title",
    [
        "Will Bitcoin hit $150k by December 31?",
        "Will Bitcoin reach $110,000 in July?",
        "Will Bitcoin dip to $80,000 in July?",
        "MicroStrategy sells any Bitcoin by March 31, 2026?",
        "Will Bitcoin outperform Ethereum in July?",
        "Will the market cap of Bitcoin be above $2T on July 9?",
        "Will the Bitcoin Reserve be above $1,000 on July 9?",
        "Will Bitcoin ETF inflows be above $200 million on July 9?",
        "Will Bitcoin be above $99,000 on July 9 and Ethereum above $3,000?",
        "Will Bitcoin be above 99,000 points on July 9?",
        "Bitcoin Up or Down on July 9?",
        "Bitcoin Up or Down this week?",
        "Will Dogecoin be above $1 on July 9?",
        "Will Bitcoin be above $99,000 in July?",
        "Will Bitcoin be above $99,000 on July 10?",
        "Will Bitcoin be above $99,000 on July 9 at 5pm ET?",
        "Bitcoin Up or Down - July 9, 11:00AM-11:15AM ET",
        "Bitcoin Up or Down - July 9, 11:20AM-12:00PM ET",
        "Bitcoin Up or Down - July 9, 5PM ET",
    ],
)
def test_every_other_bet_is_left_alone(title: str) -> None:
    assert coin_bet(listed(title, JUL_9_NOON_ET)) is None


def test_a_market_that_does_not_say_when_it_closes_is_left_alone() -> None:
    title = "Will Bitcoin be above $99,000 on July 9?"
    assert coin_bet(market("polymarket:0xa", title=title, closes_us=None, settles_us=None)) is None
