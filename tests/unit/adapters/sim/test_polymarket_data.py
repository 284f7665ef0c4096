"""Does the data host tell of wallets what the chain knows, and only that?"""

import json

import pytest

from foreshock.adapters.seams import HttpRequest
from foreshock.adapters.sim.polymarket_data import DataFace
from foreshock.adapters.sim.polymarket_face import ClobFace
from foreshock.core.domain.units import MICRO, Price
from tests.unit.adapters.sim.face_scenario import (
    CONDITIONS,
    TOKENS,
    polymarket_exchange,
    rest_some,
)
from tests.unit.adapters.sim.polymarket_trader import OTHER_KEY, Json, Trader

ALONE = CONDITIONS[2]
YES, NO = TOKENS[ALONE]


class Scene:
    """A trader at the CLOB, and the data host beside it."""

    def __init__(self) -> None:
        exchange = polymarket_exchange()
        rest_some(exchange, ALONE)
        clob = ClobFace(exchange)
        self.trader = Trader(clob, exchange)
        self.data = DataFace(exchange, clob.private)

    def read(self, path: str, status: int = 200) -> Json:
        answer = self.data.handle(HttpRequest("GET", path), self.trader.now)
        assert answer.status == status, answer
        return json.loads(answer.body)

    def rows(self, what: str, query: str = "") -> list[Json]:
        return self.read(f"/v2/{what}?user={self.trader.maker}{query}")["data"]


@pytest.fixture
def scene() -> Scene:
    return Scene()


def test_a_match_appears_once_it_is_confirmed(scene: Scene) -> None:
    scene.trader.place("BUY", "0.55", "10")
    for what in ("positions", "trades", "activity"):
        assert scene.rows(what) == []
    scene.trader.wait(60)
    (position,) = scene.rows("positions")
    assert (position["token_id"], position["opposite_token_id"]) == (YES, NO)
    assert (position["current_size"], position["avg_price"]) == (10, 0.55)
    assert (position["current_price"], position["current_value"]) == (0.5, 5)
    assert position["unrealized_pnl"] == -0.5
    assert position["status"] == "OPEN"
    (trade,) = scene.rows("trades")
    assert (trade["side"], trade["size"], trade["price"]) == ("BUY", 10, 0.55)
    assert trade["transaction_hash"].startswith("0x")
    (deed,) = scene.rows("activity")
    assert (deed["type"], deed["usdc_size"]) == ("TRADE", 5.5)
    value = scene.read(f"/v2/value?user={scene.trader.maker}")["data"]
    assert value == {"user": scene.trader.maker.lower(), "value": 5}


def test_a_failed_match_never_appears(scene: Scene) -> None:
    scene.trader.face.private.desk.settlements.fates.append("fail")
    scene.trader.place("BUY", "0.55", "10")
    scene.trader.wait(60)
    for what in ("positions", "trades", "activity"):
        assert scene.rows(what) == []


def test_dust_is_hidden_and_strangers_have_nothing(scene: Scene) -> None:
    scene.trader.hold("0.05")
    assert scene.rows("positions") == []
    stranger = "0x" + "77" * 20
    assert scene.read(f"/v2/positions?user={stranger}")["data"] == []
    assert scene.read(f"/v2/value?user={stranger}")["data"]["value"] == 0


def test_lists_are_filtered_and_paged(scene: Scene) -> None:
    scene.trader.hold("9")
    for _ in range(3):
        scene.trader.place("BUY", "0.55", "6")
    scene.trader.place("SELL", "0.45", "6")
    scene.trader.wait(60)
    assert [row["side"] for row in scene.rows("trades", "&side=SELL")] == ["SELL"]
    assert scene.rows("trades", "&condition_id=0x1") == []
    assert len(scene.rows("trades", f"&condition_id={ALONE}")) == 4
    seen: list[Json] = []
    cursor: str | None = ""
    while cursor is not None:
        path = f"/v2/trades?user={scene.trader.maker}&limit=3&cursor={cursor}"
        page = scene.read(path)
        assert page["pagination"]["has_more"] == (page["pagination"]["next_cursor"] is not None)
        seen += page["data"]
        cursor = page["pagination"]["next_cursor"]
    assert seen == scene.rows("trades")
    assert scene.rows("trades", "&offset=3") == seen[3:]


def test_a_paid_market_leaves_the_positions(scene: Scene) -> None:
    scene.trader.hold("10")
    exchange = scene.trader.exchange
    exchange.close(ALONE, scene.trader.now)
    exchange.propose(ALONE, Price(MICRO), scene.trader.now)
    assert scene.rows("positions")[0]["redeemable"] is False
    exchange.settle(ALONE, scene.trader.now)
    assert scene.rows("positions") == []


def test_what_is_no_read_of_version_two_is_refused(scene: Scene) -> None:
    scene.read("/positions?user=0x1", 404)
    scene.read("/v2/positions?user=me", 400)
    scene.read("/v2/leaderboard", 404)
    answer = scene.data.handle(HttpRequest("POST", "/v2/positions"), scene.trader.now)
    assert answer.status == 405
    assert scene.data.open(1, "/ws", (), scene.trader.now) is not None
    assert scene.data.take_frames(scene.trader.now) == []
    assert scene.data.take_cuts() == []


def test_each_wallet_sees_its_own_side(scene: Scene) -> None:
    other = Trader(scene.trader.face, scene.trader.exchange, OTHER_KEY)
    scene.trader.place("BUY", "0.50", "10")
    other.hold("10")
    other.place("SELL", "0.50", "10")
    other.wait(60)
    assert [row["side"] for row in scene.rows("trades")] == ["BUY"]
    theirs = scene.read(f"/v2/trades?user={other.maker}")["data"]
    assert [row["side"] for row in theirs] == ["SELL"]
