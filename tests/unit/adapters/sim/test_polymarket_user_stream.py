"""Does the user stream tell each trader its own, in the documented order and words?"""

import json
from pathlib import Path

import pytest

from foreshock.adapters.sim.polymarket_face import USER_STREAM, ClobFace
from foreshock.adapters.sim.polymarket_order_checks import FOK_UNFILLED
from tests.unit.adapters.sim.face_scenario import (
    CONDITIONS,
    TOKENS,
    order,
    polymarket_exchange,
    rest_some,
)
from tests.unit.adapters.sim.polymarket_trader import OTHER_KEY, Json, Trader

ALONE = CONDITIONS[2]


@pytest.fixture
def trader() -> Trader:
    exchange = polymarket_exchange()
    rest_some(exchange, ALONE)
    return Trader(ClobFace(exchange), exchange)


def shown(frames: list[Json]) -> list[tuple[str, str, str | None]]:
    return [(f["type"], f["status"], f.get("size_matched", f.get("size"))) for f in frames]


def test_an_order_from_placement_to_cancellation(trader: Trader) -> None:
    trader.listen()
    order_id = trader.place("BUY", "0.50", "20")["orderID"]
    order(trader.exchange, ALONE, ("sell", "yes"), ("0.50", "8"), account="bob")
    trader.ask("DELETE", "/cancel-all")
    frames = trader.told()
    assert shown(frames) == [
        ("PLACEMENT", "LIVE", "0"),
        ("TRADE", "MATCHED", "8"),
        ("UPDATE", "LIVE", "8"),
        ("CANCELLATION", "CANCELED", "8"),
    ]
    orders = [frame for frame in frames if frame["event_type"] == "order"]
    assert {frame["id"] for frame in orders} == {order_id}
    assert orders[0]["associate_trades"] is None
    assert orders[1]["associate_trades"] == [frames[1]["id"]]
    assert all(len(frame["timestamp"]) == 13 for frame in frames)


def test_a_maker_finds_itself_among_the_maker_orders(trader: Trader) -> None:
    """YES bought against NO bought: the top is the taker's, in the other token."""
    trader.listen()
    order_id = trader.place("BUY", "0.50", "20")["orderID"]
    order(trader.exchange, ALONE, ("buy", "no"), ("0.50", "8"), account="bob")
    trade = next(f for f in trader.told() if f["event_type"] == "trade")
    assert (trade["trader_side"], trade["asset_id"]) == ("MAKER", TOKENS[ALONE][1])
    (own,) = trade["maker_orders"]
    assert own["order_id"] == order_id
    assert (own["asset_id"], own["price"], own["matched_amount"]) == (TOKENS[ALONE][0], "0.5", "8")
    assert own["fee_rate_bps"] == ""
    assert trade["taker_order_id"].startswith("0x")


def test_one_taker_order_over_two_makers_is_two_trades_of_one_transaction(trader: Trader) -> None:
    trader.listen()
    trader.place("BUY", "0.60", "40")
    trader.wait(60)
    mined = [f for f in trader.told() if f.get("status") == "MINED"]
    assert sorted(f["bucket_index"] for f in mined) == [0, 1]
    assert len({f["transaction_hash"] for f in mined}) == 1
    assert len({f["id"] for f in mined}) == 2


def test_only_the_markets_asked_for_are_told(trader: Trader) -> None:
    trader.listen(1, [CONDITIONS[0]])
    trader.place("BUY", "0.50", "10")
    assert trader.told() == []
    trader.face.receive(1, json.dumps({"operation": "subscribe", "markets": [ALONE]}), trader.now)
    trader.place("BUY", "0.50", "10")
    assert len(trader.told()) == 1
    trader.face.receive(1, json.dumps({"operation": "unsubscribe", "markets": [ALONE]}), trader.now)
    trader.place("BUY", "0.50", "10")
    assert trader.told() == []


def test_strangers_and_the_unnamed_hear_nothing(trader: Trader) -> None:
    other = Trader(trader.face, trader.exchange, OTHER_KEY)
    other.listen(2)
    assert trader.face.open(3, USER_STREAM, (), trader.now) is None
    trader.place("BUY", "0.50", "10")
    assert trader.face.take_frames(trader.now) == []


def test_bad_keys_end_the_stream(trader: Trader) -> None:
    trader.secret, good = "wrong", trader.secret
    trader.listen()
    assert trader.face.take_cuts() == [1]
    assert trader.face.take_cuts() == []
    trader.face.close(1)
    trader.secret = good
    trader.listen(2)
    assert trader.face.take_cuts() == []


def test_keep_alives_are_answered_and_nonsense_is_not(trader: Trader) -> None:
    trader.listen()
    for text in ("PING", "nonsense", "[]", '{"operation":"dance"}'):
        trader.face.receive(1, text, trader.now)
    assert trader.face.take_frames(trader.now) == [(1, "PONG")]


def test_a_closed_stream_is_forgotten(trader: Trader) -> None:
    trader.listen()
    trader.face.close(1)
    trader.place("BUY", "0.50", "10")
    assert trader.told() == []


def test_a_killed_order_is_told_with_its_reason_and_empty_texts(trader: Trader) -> None:
    """The shape of a frame recorded in production in May 2026."""
    trader.listen()
    trader.spend("999", "0.55", "FOK")
    (frame,) = trader.told()
    assert frame["status"] == f"CANCELED_{FOK_UNFILLED}"
    assert (frame["type"], frame["order_type"]) == ("CANCELLATION", "FOK")
    assert (frame["size_matched"], frame["outcome"], frame["created_at"]) == ("", "", "")
    assert len(frame["id"]) == 66


RECORDED = "polymarket/nautilus_trader/crates/adapters/polymarket/test_data"


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("ws_user_order_placement", "PLACEMENT"),
        ("ws_user_order_update", "UPDATE"),
        ("ws_user_order_cancellation", "CANCELLATION"),
        ("ws_user_order_fok_killed", "CANCELLATION"),
        ("ws_user_trade", "TRADE"),
    ],
)
def test_frames_have_every_key_of_recorded_ones(
    trader: Trader, shared_wire: Path, name: str, kind: str
) -> None:
    recorded: Json = json.loads((shared_wire / RECORDED / f"{name}.json").read_text())
    trader.listen()
    trader.place("BUY", "0.55", "40")
    trader.ask("DELETE", "/cancel-all")
    frame = next(f for f in trader.told() if f["type"] == kind)
    assert set(recorded) <= set(frame)
    if kind == "TRADE":
        assert set(recorded["maker_orders"][0]) <= set(frame["maker_orders"][0])


@pytest.mark.parametrize(
    ("name", "path"), [("http_open_order", "/data/orders"), ("http_trade_report", "/data/trades")]
)
def test_reads_have_every_key_of_recorded_ones(
    trader: Trader, shared_wire: Path, name: str, path: str
) -> None:
    recorded: Json = json.loads((shared_wire / RECORDED / f"{name}.json").read_text())
    trader.place("BUY", "0.55", "40")
    (row,) = trader.ask("GET", path)["data"]
    assert set(recorded) <= set(row)
