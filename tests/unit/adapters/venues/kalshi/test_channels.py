"""Are answers matched, refusals survived where they can be, and dead streams given up?"""

import pytest

from foreshock.adapters.venues.kalshi.channels import ERRORS, PASSING_ERRORS, TERMINAL_ERRORS
from foreshock.core.domain.messages.market_data import FeedGapped, ShapeUnknown
from tests.unit.adapters.venues.kalshi.builders import (
    SNAPSHOT,
    TICKER_A,
    TICKER_B,
    Driven,
    encoded,
    framed,
    market_of,
)

BOOKS_COMMAND = 2
CHANNELS = {1: "market_lifecycle_v2", 2: "orderbook_delta", 3: "trade", 4: "ticker"}


def answer(command_id: int) -> bytes:
    told = {"channel": CHANNELS[command_id], "sid": command_id}
    return encoded({"type": "subscribed", "id": command_id, "msg": told})


def error(code: int, command_id: int = 0, **msg: object) -> bytes:
    told = {"code": code, "msg": "words of the venue"} | msg
    return encoded({"type": "error", "id": command_id, "msg": told})


def started() -> Driven:
    driven = Driven(market_of(), market_of(ticker=TICKER_B))
    driven.commands()
    return driven


def test_answers_in_any_order_keep_the_stream_alive() -> None:
    driven = started()
    driven.receive(*(answer(command_id) for command_id in (4, 2, 1, 3)))
    driven.receive(
        framed(SNAPSHOT, sid=2), framed(SNAPSHOT, {"market_ticker": TICKER_B}, sid=2, seq=2)
    )
    assert driven.after(60).stream.dead_reason(driven.now_us) is None


def test_silence_to_a_subscribe_ends_the_stream_after_ten_seconds() -> None:
    driven = started()
    driven.receive(answer(1), answer(2), answer(4))
    assert driven.after(9).stream.dead_reason(driven.now_us) is None
    assert driven.after(2).stream.dead_reason(driven.now_us) == "no answer to trade within 10 s"


def test_a_merged_subscription_is_answered_by_ok_and_carries_the_new_books() -> None:
    driven = started()
    driven.receive(*(answer(command_id) for command_id in CHANNELS))
    fresh = market_of(ticker="KXNEW")
    driven.stream.watch([fresh], [])
    ids = [command["id"] for command in driven.commands()]
    told = {"market_tickers": [TICKER_A, TICKER_B, "KXNEW"]}
    driven.receive(encoded({"type": "ok", "id": ids[0], "sid": 2, "seq": 1, "msg": told}))
    driven.after(5)
    driven.receive(framed(SNAPSHOT, sid=2, seq=9))
    (command,) = driven.commands()
    assert set(command["params"]["market_tickers"]) == {TICKER_A, TICKER_B, "KXNEW"}


@pytest.mark.parametrize("code", sorted(TERMINAL_ERRORS))
def test_terminal_errors_end_the_stream(code: int) -> None:
    driven = started()
    (told,) = driven.receive(error(code))
    assert isinstance(told, FeedGapped)
    assert f"error {code}: words of the venue" in str(driven.stream.dead_reason(driven.now_us))


@pytest.mark.parametrize("code", sorted(PASSING_ERRORS))
def test_a_subscribe_that_failed_for_the_moment_is_tried_on_a_new_stream(code: int) -> None:
    driven = started()
    driven.receive(error(code, BOOKS_COMMAND))
    assert driven.stream.dead_reason(driven.now_us) is not None


def test_a_market_limit_is_told_but_the_rest_goes_on() -> None:
    driven = started()
    (told,) = driven.receive(error(26, BOOKS_COMMAND))
    assert isinstance(told, FeedGapped)
    assert driven.stream.dead_reason(driven.now_us) is None
    assert driven.commands() == []


@pytest.mark.parametrize("named", [{"market_ticker": TICKER_A}, {"market_tickers": [TICKER_A]}])
def test_one_refused_market_does_not_keep_the_others_out(named: dict[str, object]) -> None:
    driven = started()
    driven.receive(error(11, BOOKS_COMMAND, **named))
    (again,) = driven.commands()
    assert again["params"]["market_tickers"] == [TICKER_B]
    assert again["params"]["use_yes_price"] is True


def test_an_error_of_no_command_is_told_as_a_shape() -> None:
    driven = started()
    assert driven.receive(error(7)) == [ShapeUnknown("kalshi", "error", "7 words of the venue")]
    assert {6, 16, 17, 29} & ERRORS == set()
    told = driven.receive(error(29))
    assert told[0] == ShapeUnknown("kalshi", "error.code", "29")


def test_a_refused_snapshot_ends_the_stream_as_nothing_else_repairs_a_book() -> None:
    driven = started()
    driven.receive(*(answer(command_id) for command_id in CHANNELS))
    driven.after(11)
    (asked,) = driven.commands()
    assert asked["params"]["action"] == "get_snapshot"
    driven.receive(error(7, asked["id"]))
    assert driven.stream.dead_reason(driven.now_us) is not None


def test_a_snapshot_that_does_not_come_ends_the_stream_only_without_any_book() -> None:
    driven = started()
    driven.receive(*(answer(command_id) for command_id in CHANNELS))
    driven.receive(framed(SNAPSHOT, sid=2))
    driven.after(11)
    assert driven.commands()[0]["params"]["market_tickers"] == [TICKER_B]
    assert driven.after(11).stream.dead_reason(driven.now_us) is None
    driven.receive(b"nonsense")
    assert "get_snapshot" in str(driven.stream.dead_reason(driven.now_us))


def test_a_channel_that_closes_unasked_ends_the_stream() -> None:
    driven = started()
    driven.receive(*(answer(command_id) for command_id in CHANNELS))
    driven.receive(encoded({"type": "unsubscribed", "sid": 3, "seq": 1}))
    assert driven.stream.dead_reason(driven.now_us) == "Kalshi closed the channel trade"
