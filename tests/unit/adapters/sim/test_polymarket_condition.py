"""Does the venue refuse in each of its conditions what it must, and still allow the rest?"""

import json

import pytest

from foreshock.adapters.sim.polymarket_condition import (
    CANCEL_ONLY,
    DISABLED,
    GEOBLOCKED,
    POST_ONLY,
    RESTARTING,
    ConditionName,
)
from foreshock.adapters.sim.polymarket_face import ClobFace
from foreshock.core.domain.units import SECOND
from tests.unit.adapters.sim.face_scenario import CONDITIONS, polymarket_exchange, rest_some
from tests.unit.adapters.sim.polymarket_trader import Trader


@pytest.fixture
def trader() -> Trader:
    exchange = polymarket_exchange()
    rest_some(exchange, CONDITIONS[2])
    return Trader(ClobFace(exchange), exchange)


@pytest.mark.parametrize(
    ("name", "status", "words", "may_cancel"),
    [
        ("cancel_only", 503, CANCEL_ONLY, True),
        ("disabled", 503, DISABLED, False),
        ("geoblocked", 403, GEOBLOCKED, True),
    ],
)
def test_conditions_refuse_orders_and_maybe_cancels(
    trader: Trader, name: ConditionName, status: int, words: str, may_cancel: bool
) -> None:
    trader.place("BUY", "0.50", "10")
    condition = trader.face.private.desk.condition
    condition.name = name
    assert trader.place("BUY", "0.50", "10") == {"http": status, "error": words}
    bodies = [trader.body(trader.terms("BUY", "0.50", "10"))]
    assert trader.send("POST", "/orders", bodies).status == status
    assert trader.send("DELETE", "/cancel-all").status == (200 if may_cancel else status)
    assert trader.ask("GET", "/data/trades")["data"] == []  # reads always work
    geoblock = trader.ask("GET", "/api/geoblock")
    assert geoblock["blocked"] == (name == "geoblocked")
    condition.name = "open"
    assert trader.place("BUY", "0.50", "10")["http"] == 200


def test_a_restart_ends_in_two_minutes_of_post_only_mode(trader: Trader) -> None:
    trader.face.private.desk.condition.restart(30 * SECOND, trader.now)
    body = trader.body(trader.terms("BUY", "0.50", "10"))
    away = trader.send("POST", "/order", body)
    assert (away.status, json.loads(away.body)) == (425, {"error": RESTARTING})
    assert dict(away.headers)["retry-after"] == "31"
    assert trader.send("DELETE", "/cancel-all").status == 425
    trader.wait(30)
    assert trader.place("BUY", "0.50", "10") == {
        "http": 503,
        "error": POST_ONLY,
        "code": "post_only_mode",
        "retry_after_seconds": 121,
    }
    assert trader.place("BUY", "0.50", "10", postOnly=True)["status"] == "live"
    assert trader.send("DELETE", "/cancel-all").status == 200
    trader.wait(120)
    assert trader.place("BUY", "0.50", "10")["status"] == "live"
