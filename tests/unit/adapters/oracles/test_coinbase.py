"""Frames as Coinbase documents them (Advanced Trade, read in November 2026), retyped."""

import json

import pytest

from foreshock.adapters.oracles.coinbase import CoinbaseTicker
from foreshock.core.domain.errors import DataError
from foreshock.core.domain.oracles import OracleFrame
from foreshock.core.domain.units import SECOND, Instant

AT = Instant(1_675_974_638 * SECOND)


def ticker(number: int = 0, **changes: object) -> bytes:
    """One frame; `bid`, `ask` and `product` of its only ticker can be replaced too."""
    row = {
        "type": "ticker",
        "product_id": changes.pop("product", "BTC-USD"),
        "price": "21932.98",
        "volume_24_h": "16038.28770938",
        "best_bid": changes.pop("bid", "21931.98"),
        "best_bid_quantity": "8000.21",
        "best_ask": changes.pop("ask", "21933.98"),
        "best_ask_quantity": "8038.07770938",
    }
    frame = {
        "channel": "ticker",
        "client_id": "",
        "timestamp": "2023-02-09T20:30:37.167359596Z",
        "sequence_num": number,
        "events": [{"type": "snapshot", "tickers": [row]}],
    }
    return json.dumps(frame | changes).encode()


def oracle() -> CoinbaseTicker:
    return CoinbaseTicker(("BTC", "ETH"))


def test_asks_for_heartbeats_first_because_idle_channels_are_closed() -> None:
    asked = [json.loads(text) for text in oracle().opening()]
    assert [each["channel"] for each in asked] == ["heartbeats", "ticker"]
    assert all(each["product_ids"] == ["BTC-USD", "ETH-USD"] for each in asked)


def test_reads_the_middle_of_the_best_prices_with_its_time() -> None:
    (report,) = oracle().read(ticker(), AT).reports
    assert (report.symbol, report.value) == ("BTC-USD", 21_932_980_000)
    assert report.event_us == 1_675_974_637_167_359


def test_counts_frames_of_every_channel() -> None:
    found = oracle()
    found.read(ticker(0), AT)
    beat = ticker(1, channel="heartbeats", events=[{"heartbeat_counter": 3049}])
    assert found.read(beat, AT) == OracleFrame()
    assert found.read(ticker(2), AT).skipped == ""
    assert found.read(ticker(2), AT) == OracleFrame()
    assert found.read(ticker(5), AT).skipped == "frames 3 to 4 are missing"


def test_a_refusal_ends_the_stream_and_an_unknown_channel_is_named() -> None:
    refused = oracle().read(b'{"type":"error","message":"rate limit exceeded"}', AT)
    assert refused.ended == "Coinbase refused: rate limit exceeded"
    assert oracle().read(ticker(channel="status"), AT).unknown == "status"


@pytest.mark.parametrize(
    "changes",
    [
        {"bid": "21933.98"},
        {"bid": ""},
        {"ask": "abc"},
        {"bid": "0"},
        {"product": "DOGE-USD"},
        {"timestamp": "2023-02-09T20:30:37"},
        {"timestamp": "yesterday"},
        {"sequence_num": None},
        {"events": {"type": "snapshot"}},
    ],
)
def test_an_impossible_ticker_is_an_error_never_a_value(changes: dict[str, object]) -> None:
    with pytest.raises(DataError):
        oracle().read(ticker(0, **changes), AT)
