"""Does silence cancel, and only for those who once vouched for their orders?"""

import json

import pytest

from foreshock.adapters.sim.polymarket_face import ClobFace
from foreshock.adapters.sim.polymarket_heartbeats import SILENCE_MAX, SWEEP
from foreshock.core.domain.units import SECOND
from tests.unit.adapters.sim.face_scenario import polymarket_exchange
from tests.unit.adapters.sim.polymarket_trader import OTHER_KEY, Trader

LATEST_S = (SILENCE_MAX + SWEEP) // SECOND


@pytest.fixture
def trader() -> Trader:
    exchange = polymarket_exchange()
    return Trader(ClobFace(exchange), exchange)


def beat(trader: Trader, heartbeat_id: str) -> str:
    return trader.ask("POST", "/v1/heartbeats", {"heartbeat_id": heartbeat_id})["heartbeat_id"]


def count(trader: Trader) -> int:
    return trader.ask("GET", "/data/orders")["count"]


def test_nothing_happens_before_the_first_heartbeat(trader: Trader) -> None:
    trader.place("BUY", "0.50", "10")
    trader.wait(3_600)
    assert count(trader) == 1


def test_a_chain_of_heartbeats_keeps_orders_and_silence_ends_them(trader: Trader) -> None:
    trader.place("BUY", "0.50", "10")
    heartbeat_id = beat(trader, "")
    for _ in range(10):
        trader.wait(5)
        following = beat(trader, heartbeat_id)
        assert following != heartbeat_id
        heartbeat_id = following
    assert count(trader) == 1
    trader.wait(9)
    assert count(trader) == 1
    trader.wait(LATEST_S - 9)
    assert count(trader) == 0


def test_a_wrong_id_is_told_the_right_one_and_buys_no_time(trader: Trader) -> None:
    trader.place("BUY", "0.50", "10")
    heartbeat_id = beat(trader, "")
    trader.wait(8)
    answer = trader.send("POST", "/v1/heartbeats", {"heartbeat_id": "stale"})
    told = {"error_msg": "Invalid Heartbeat ID", "heartbeat_id": heartbeat_id}
    assert (answer.status, json.loads(answer.body)) == (400, told)
    trader.wait(LATEST_S - 8)
    assert count(trader) == 0


def test_after_it_struck_the_watch_begins_anew(trader: Trader) -> None:
    old = beat(trader, "")
    trader.wait(LATEST_S)
    trader.place("BUY", "0.50", "10")
    trader.wait(3_600)
    assert count(trader) == 1
    assert trader.send("POST", "/v1/heartbeats", {"heartbeat_id": old}).status == 400
    assert beat(trader, "")


def test_others_keep_their_orders(trader: Trader) -> None:
    other = Trader(trader.face, trader.exchange, OTHER_KEY)
    other.place("BUY", "0.50", "10")
    trader.place("BUY", "0.50", "10")
    beat(trader, "")
    trader.wait(LATEST_S)
    other.now = trader.now
    assert (count(trader), count(other)) == (0, 1)


def test_a_body_that_is_no_heartbeat_is_refused(trader: Trader) -> None:
    assert trader.send("POST", "/v1/heartbeats", []).status == 400
