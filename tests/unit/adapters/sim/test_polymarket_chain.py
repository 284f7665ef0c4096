"""Is what happens on the chain beside trades told as the wallet's activity?"""

import json

import pytest

from foreshock.adapters.seams import HttpRequest
from foreshock.adapters.sim.polymarket_chain import DEEDS_KEPT_MAX
from foreshock.adapters.sim.polymarket_data import DataFace
from foreshock.adapters.sim.polymarket_face import ClobFace
from foreshock.core.domain.units import MICRO, SECOND, Price, Quantity
from tests.unit.adapters.sim.face_scenario import (
    CONDITIONS,
    polymarket_exchange,
    rest_some,
)
from tests.unit.adapters.sim.polymarket_trader import Json, Trader

ALONE = CONDITIONS[2]


@pytest.fixture
def trader() -> Trader:
    exchange = polymarket_exchange()
    rest_some(exchange, ALONE)
    return Trader(ClobFace(exchange), exchange)


def activity(trader: Trader, query: str = "") -> list[Json]:
    data = DataFace(trader.exchange, trader.face.private)
    path = f"/v2/activity?user={trader.maker}{query}"
    return json.loads(data.handle(HttpRequest("GET", path), trader.now).body)["data"]


def shown(rows: list[Json]) -> list[tuple[str, float, float]]:
    return [(row["type"], row["size"], row["usdc_size"]) for row in rows]


def test_sets_trades_and_payouts_are_told_newest_first(trader: Trader) -> None:
    account, chain = trader.maker.lower(), trader.face.private.chain
    chain.split(account, ALONE, Quantity(20 * MICRO), trader.now)
    trader.wait(1)
    trader.place("SELL", "0.45", "5")
    trader.wait(60)
    chain.merge(account, ALONE, Quantity(10 * MICRO), trader.now)
    trader.exchange.close(ALONE, trader.now)
    trader.exchange.propose(ALONE, Price(0), trader.now)
    trader.wait(1)
    trader.exchange.settle(ALONE, trader.now)
    trader.wait(1)
    rows = activity(trader)
    assert shown(rows) == [
        ("REDEEM", 15, 10),
        ("MERGE", 10, 10),
        ("TRADE", 5, 2.25),
        ("SPLIT", 20, 20),
    ]
    assert len({row["transaction_hash"] for row in rows}) == 4
    assert rows[0]["outcome_index"] == 999


def test_activity_is_filtered_by_kind_and_time(trader: Trader) -> None:
    account, chain = trader.maker.lower(), trader.face.private.chain
    chain.split(account, ALONE, Quantity(20 * MICRO), trader.now)
    trader.wait(10)
    chain.merge(account, ALONE, Quantity(5 * MICRO), trader.now)
    now_s = trader.now // SECOND
    for query, kinds in (
        ("&type=SPLIT", ["SPLIT"]),
        ("&type=SPLIT,MERGE", ["MERGE", "SPLIT"]),
        (f"&start={now_s}", ["MERGE"]),
        (f"&end={now_s - 1}", ["SPLIT"]),
        ("&condition_id=0x1", []),
    ):
        assert [row["type"] for row in activity(trader, query)] == kinds


def test_what_is_not_there_cannot_become_sets_or_dollars(trader: Trader) -> None:
    account, chain = trader.maker.lower(), trader.face.private.chain
    with pytest.raises(ValueError, match="split"):
        chain.split(account, ALONE, Quantity(2_000 * MICRO), trader.now)
    with pytest.raises(ValueError, match="merge"):
        chain.merge(account, ALONE, Quantity(MICRO), trader.now)
    assert activity(trader) == []


def test_only_the_newest_deeds_are_kept(trader: Trader) -> None:
    account, chain = trader.maker.lower(), trader.face.private.chain
    for _ in range(DEEDS_KEPT_MAX // 2 + 1):
        chain.split(account, ALONE, Quantity(10_000), trader.now)
        chain.merge(account, ALONE, Quantity(10_000), trader.now)
    assert len(list(chain.of(account))) == DEEDS_KEPT_MAX
