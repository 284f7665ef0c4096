"""Do the signed reads show what they should, page by page, and no more than they may?"""

import pytest

from foreshock.adapters.sim.polymarket_account_reads import ORDERS_PAGE
from foreshock.adapters.sim.polymarket_clob import LAST_PAGE
from foreshock.adapters.sim.polymarket_face import ClobFace
from foreshock.core.domain.units import MICRO, SECOND, Money
from tests.unit.adapters.sim.face_scenario import (
    CONDITIONS,
    TOKENS,
    polymarket_exchange,
    rest_some,
)
from tests.unit.adapters.sim.polymarket_trader import Json, Trader

ALONE = CONDITIONS[2]
YES = TOKENS[ALONE][0]


@pytest.fixture
def trader() -> Trader:
    exchange = polymarket_exchange()
    rest_some(exchange, ALONE)
    return Trader(ClobFace(exchange), exchange)


def all_pages(trader: Trader, path: str) -> list[Json]:
    rows: list[Json] = []
    cursor = ""
    while cursor != LAST_PAGE:
        page = trader.ask("GET", f"{path}?next_cursor={cursor}")
        assert page["count"] == len(page["data"]) <= page["limit"]
        rows += page["data"]
        cursor = page["next_cursor"]
    return rows


def test_orders_come_in_pages_newest_first(trader: Trader) -> None:
    ids = [trader.place("BUY", "0.10", "5")["orderID"] for _ in range(ORDERS_PAGE + 3)]
    assert [row["id"] for row in all_pages(trader, "/data/orders")] == ids[::-1]


def test_an_order_reads_as_documented(trader: Trader) -> None:
    order_id = trader.place("BUY", "0.50", "10")["orderID"]
    assert trader.ask("GET", f"/data/order/{order_id}") == {
        "id": order_id,
        "status": "LIVE",
        "owner": trader.api_key,
        "maker_address": trader.maker,
        "market": ALONE,
        "asset_id": YES,
        "side": "BUY",
        "original_size": "10",
        "size_matched": "0",
        "price": "0.5",
        "outcome": "Yes",
        "expiration": "0",
        "order_type": "GTC",
        "associate_trades": [],
        "created_at": trader.now // SECOND,
    }


def test_orders_are_filtered(trader: Trader) -> None:
    first = trader.place("BUY", "0.40", "10")["orderID"]
    second = trader.place("BUY", "0.40", "10", token=TOKENS[CONDITIONS[0]][0])["orderID"]
    for query, ids in (
        (f"id={first}", [first]),
        (f"market={ALONE}", [first]),
        (f"asset_id={TOKENS[CONDITIONS[0]][0]}", [second]),
        ("market=0x1", []),
    ):
        found = trader.ask("GET", f"/data/orders?{query}")["data"]
        assert [row["id"] for row in found] == ids


@pytest.mark.parametrize("end", ["cancelled", "traded", "never"])
def test_the_order_reads_see_active_orders_only(trader: Trader, end: str) -> None:
    """However an order ended, it is absent in the same words: absent proves nothing."""
    order_id = "0x" + "0" * 64
    if end != "never":
        order_id = trader.place("BUY", "0.50" if end == "cancelled" else "0.55", "10")["orderID"]
    trader.ask("DELETE", "/cancel-all")
    assert trader.send("GET", f"/data/order/{order_id}").body == b"null"
    assert trader.ask("GET", f"/data/orders?id={order_id}")["data"] == []


def test_reads_lag_behind_writes_when_asked_to(trader: Trader) -> None:
    lag = trader.face.private.lag
    lag.shortest_us = lag.longest_us = 2 * SECOND
    order_id = trader.place("BUY", "0.50", "10")["orderID"]
    assert trader.send("GET", f"/data/order/{order_id}").body == b"null"
    trader.place("BUY", "0.55", "10")
    assert trader.ask("GET", "/data/trades")["data"] == []
    trader.wait(2)
    assert trader.ask("GET", f"/data/order/{order_id}")["status"] == "LIVE"
    assert trader.ask("GET", "/data/trades")["count"] == 1
    trader.ask("DELETE", "/cancel-all")
    assert trader.ask("GET", f"/data/order/{order_id}")["status"] == "LIVE"  # not told yet
    trader.wait(2)
    assert trader.send("GET", f"/data/order/{order_id}").body == b"null"


def test_trades_are_filtered_by_taker_token_and_time(trader: Trader) -> None:
    trade_id = trader.place("BUY", "0.55", "10")["tradeIDs"][0]
    now_s = trader.now // SECOND
    for query, count in (
        ("", 1),
        (f"id={trade_id}", 1),
        ("id=another", 0),
        (f"asset_id={YES}", 1),
        (f"asset_id={TOKENS[ALONE][1]}", 0),
        (f"market={ALONE}", 1),
        (f"maker_address={trader.maker.lower()}", 1),
        (f"after={now_s - 1}&before={now_s + 1}", 1),
        (f"after={now_s}", 0),
        (f"before={now_s}", 0),
    ):
        assert trader.ask("GET", f"/data/trades?{query}")["count"] == count, query


def test_balances_are_of_the_wallet_that_the_signature_type_names(trader: Trader) -> None:
    wallets = trader.face.private.desk.wallets
    wallets.fund("0x" + "cd" * 20, trader.signer, 2, wallets_cash(7))
    collateral = "/balance-allowance?asset_type=COLLATERAL"
    assert trader.ask("GET", collateral)["balance"] == str(1_000 * MICRO)
    assert trader.ask("GET", f"{collateral}&signature_type=2")["balance"] == str(7 * MICRO)
    nobody = trader.ask("GET", f"{collateral}&signature_type=1")
    assert nobody == {"balance": "0", "allowances": {}}
    refreshed = "/balance-allowance/update?asset_type=COLLATERAL"
    assert trader.send("GET", refreshed).status == 200
    assert len(trader.ask("GET", collateral)["allowances"]) == 3


def wallets_cash(dollars: int) -> Money:
    return Money(dollars * MICRO)


@pytest.mark.parametrize("query", ["", "asset_type=GOLD", "asset_type=CONDITIONAL&token_id=7"])
def test_balances_of_nothing_known_are_refused(trader: Trader, query: str) -> None:
    assert trader.send("GET", f"/balance-allowance?{query}").status == 400


def test_resting_orders_score(trader: Trader) -> None:
    order_id = trader.place("BUY", "0.50", "10")["orderID"]
    assert trader.ask("GET", f"/order-scoring?order_id={order_id}") == {"scoring": True}
    assert trader.ask("POST", "/orders-scoring", [order_id, "0x1"]) == {
        order_id: True,
        "0x1": False,
    }
    assert trader.send("POST", "/orders-scoring", {}).status == 400


def test_lists_without_content_are_empty_pages(trader: Trader) -> None:
    for path in ("/data/pre-migration-orders", "/builder/trades"):
        assert trader.ask("GET", path)["data"] == []
    assert trader.send("GET", "/notifications").body == b"[]"
    assert trader.send("DELETE", "/notifications?ids=1").body == b'"OK"'
