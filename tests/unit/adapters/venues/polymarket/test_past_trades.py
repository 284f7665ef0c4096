"""Trades as the data host tells them (fields of version 2, November 2026), retyped."""

import json

import pytest

from foreshock.adapters.seams import HttpResponse
from foreshock.adapters.venues.polymarket.past_trades import (
    LATE,
    PastTrade,
    read_trades,
    recalled,
    trades_request,
)
from foreshock.core.domain.errors import DataError
from foreshock.core.domain.markets import MarketId
from foreshock.core.domain.units import DAY, MICRO, SECOND, Instant, Price, Quantity
from foreshock.core.signals.packed import unpack
from foreshock.core.signals.volume_buckets import BUCKET
from foreshock.core.signals.volume_recall import check

MARKET = MarketId("polymarket:0xabc")
NOW = Instant(1_795_000_200 * SECOND + LATE)
END = NOW - LATE
ROW = {
    "proxy_wallet": "0x1",
    "side": "BUY",
    "token_id": "1",
    "condition_id": "0xabc",
    "size": 12.5,
    "price": 0.62,
    "timestamp": 1_794_999_000,
    "outcome": "Yes",
    "outcome_index": 0,
}


def page(*rows: object, cursor: str | None = None) -> HttpResponse:
    marks = {"limit": 1000, "offset": 0, "has_more": cursor is not None, "next_cursor": cursor}
    return HttpResponse(200, json.dumps({"data": rows, "pagination": marks}).encode())


def trade(before_s: int, contracts: int, *, is_yes: bool = True) -> PastTrade:
    at_us = Instant(END - before_s * SECOND)
    return PastTrade(at_us, Quantity(contracts * MICRO), Price(620_000), is_yes)


def test_a_question_names_the_market_and_the_last_fourteen_days() -> None:
    path = trades_request("0xabc", NOW).path
    assert "condition_id=0xabc" in path
    assert f"start={(NOW - 14 * DAY) // MICRO}" in path
    assert "cursor=c" in trades_request("0xabc", NOW, "c").path


@pytest.mark.parametrize(
    ("change", "price", "is_yes"),
    [
        ({}, 620_000, True),
        ({"side": "SELL"}, 620_000, False),
        ({"outcome_index": 1}, 380_000, False),
        ({"outcome_index": 1, "side": "SELL"}, 380_000, True),
    ],
)
def test_a_print_is_told_in_yes_whatever_was_traded(
    change: dict[str, object], price: int, is_yes: bool
) -> None:
    (found,), cursor = read_trades(page({**ROW, **change}))
    assert (found.price, found.is_yes, found.quantity) == (price, is_yes, 12_500_000)
    assert cursor is None


@pytest.mark.parametrize(
    "change", [{"side": "HOLD"}, {"outcome_index": 999}, {"price": 1.2}, {"size": -1}]
)
def test_a_row_that_cannot_be_is_an_error(change: dict[str, object]) -> None:
    with pytest.raises(DataError):
        read_trades(page({**ROW, **change}))


def test_prints_fall_into_buckets_and_quiet_ones_are_quiet_when_everything_was_read() -> None:
    told = recalled(MARKET, [trade(10, 5), trade(20, 7, is_yes=False)], NOW, is_whole=True)
    assert told is not None
    check(told)
    assert unpack(told.volume)[-3:].tolist() == [0, 0, 12 * MICRO]
    assert unpack(told.volume)[0] == 0
    assert told.first_bucket <= (NOW - 13 * DAY) // BUCKET
    assert unpack(told.taker_yes)[-1] == 5 * MICRO
    assert unpack(told.trades)[-1] == 2
    assert unpack(told.largest)[-1] == 7 * MICRO


def test_what_lies_before_the_oldest_page_is_unknown() -> None:
    bucket_s = BUCKET // SECOND
    told = recalled(MARKET, [trade(3 * bucket_s - 10, 5), trade(10, 7)], NOW, is_whole=False)
    assert told is not None
    assert unpack(told.volume).tolist() == [0, 7 * MICRO]


def test_a_market_without_trades_is_not_called_quiet() -> None:
    assert recalled(MARKET, [], NOW, is_whole=True) is None
