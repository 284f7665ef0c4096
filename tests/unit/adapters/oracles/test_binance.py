"""Frames as Binance documents them (spot API documentation, July 2026), retyped."""

import pytest

from foreshock.adapters.oracles.binance import BinanceMinutes, BinanceTrades
from foreshock.core.domain.errors import DataError
from foreshock.core.domain.oracles import OracleFrame
from foreshock.core.domain.units import SECOND, Instant

AT = Instant(1_672_515_783 * SECOND)
TRADE = (
    b'{"stream":"btcusdt@aggTrade","data":{"e":"aggTrade","E":1672515782136,"s":"BTCUSDT","a":%d,'
    b'"p":"97400.12000000","q":"0.01","f":100,"l":105,"T":1672515782136,"m":true,"M":true}}'
)
MINUTE = (
    b'[[1499040000000,"0.01634790","0.80000000","0.01575800","0.01577100","148976.11427815",'
    b'1499040059999,"2434.19055334",308,"1756.87402397","28.46694368","0"]]'
)


def trades() -> BinanceTrades:
    return BinanceTrades(("BTC", "ETH"))


def test_asks_for_the_trades_of_every_coin() -> None:
    assert trades().path == "/stream?streams=btcusdt@aggTrade/ethusdt@aggTrade"
    assert trades().symbols == ("BTC-USDT", "ETH-USDT")


def test_reads_a_trade_with_its_own_time() -> None:
    (report,) = trades().read(TRADE % 7, AT).reports
    assert report.symbol == "BTC-USDT"
    assert report.value == 97_400_120_000
    assert report.event_us == 1_672_515_782_136_000
    assert report.recv_us == AT


def test_sees_missing_and_repeated_trades() -> None:
    oracle = trades()
    assert oracle.read(TRADE % 7, AT).skipped == ""
    assert oracle.read(TRADE % 8, AT).skipped == ""
    assert oracle.read(TRADE % 8, AT) == OracleFrame()
    assert oracle.read(TRADE % 11, AT).skipped == "BTC-USDT: trades 9 to 10 are missing"


def test_a_restart_and_a_refusal_end_the_stream() -> None:
    assert "restart" in trades().read(b'{"e":"serverShutdown","E":1770123456789}', AT).ended
    wrapped = b'{"stream":"!","data":{"e":"serverShutdown","E":1770123456789}}'
    assert "restart" in trades().read(wrapped, AT).ended
    refused = trades().read(b'{"error":{"code":2,"msg":"Invalid request"},"id":1}', AT)
    assert "Invalid request" in refused.ended


def test_an_acknowledgement_says_nothing_and_other_events_are_named() -> None:
    assert trades().read(b'{"result":null,"id":1}', AT) == OracleFrame()
    other = b'{"stream":"btcusdt@kline_1s","data":{"e":"kline"}}'
    assert trades().read(other, AT) == OracleFrame(unknown="kline")


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (b'"BTCUSDT"', b'"DOGEUSDT"'),
        (b'"97400.12000000"', b'"0"'),
        (b'"97400.12000000"', b'"-1"'),
        (b'"97400.12000000"', b'"NaN"'),
        (b'"97400.12000000"', b'"1e30"'),
        (b'"97400.12000000"', b"97400.12"),
        (b'"T":1672515782136', b'"T":1672515782136000'),
        (b'"T":1672515782136,', b""),
    ],
)
def test_an_impossible_trade_is_an_error_never_a_value(before: bytes, after: bytes) -> None:
    with pytest.raises(DataError):
        trades().read((TRADE % 7).replace(before, after), AT)


def test_reads_the_close_of_a_minute_at_its_end() -> None:
    body = MINUTE.replace(b"0.01577100", b"97000.50000000")
    (report,) = BinanceMinutes("BTC").read(body, AT).reports
    assert (report.value, report.event_us) == (97_000_500_000, 1_499_040_060_000_000)


@pytest.mark.parametrize("body", [b'[["a"]]', b'[[1,"1","1","1",2,"1",1499040059999]]', MINUTE])
def test_impossible_minutes_are_errors(body: bytes) -> None:
    doubled = body[:-1] + b"," + body[1:]
    with pytest.raises(DataError):
        BinanceMinutes("BTC").read(doubled, AT)
