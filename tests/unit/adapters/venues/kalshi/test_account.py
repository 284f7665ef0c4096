"""Are pages of the account read exactly, and is what we do not understand refused?"""

import json
from pathlib import Path

import pytest

from foreshock.adapters.venues.kalshi.account import (
    KalshiReader,
    Settlement,
    order_reading,
    queue_reading,
    read_balances,
    read_fills,
    read_freshness,
    read_orders,
    read_positions,
    read_queue,
    read_settlements,
    settlements_reading,
)
from foreshock.adapters.venues.kalshi.markets import market_id
from foreshock.adapters.venues.kalshi.orders import client_id
from foreshock.adapters.venues.order_path import AccountReader
from foreshock.core.domain.accounts import AccountPart, VenueFill, VenueOrder, VenuePosition
from foreshock.core.domain.errors import DataError, VenueUnavailableError
from foreshock.core.domain.units import Instant, Money, Price, Quantity
from tests.unit.adapters.venues.kalshi.builders import TICKER_A, Json, changed, encoded
from tests.unit.adapters.venues.kalshi.order_samples import (
    FILL,
    NOW,
    ORDER,
    ORDER_ID,
    TOO_MANY,
    TRADE_ID,
    VENUE_ORDER_ID,
    answer,
    recorded,
)

READER: AccountReader = KalshiReader()
BALANCE: Json = {
    "balance": 9801,
    "balance_breakdown": [{"balance": "98.0186", "exchange_index": 0}],
    "balance_dollars": "98.0186",
    "portfolio_value": 198,
    "updated_ts": 1_781_159_348,
}
SETTLEMENT: Json = {
    "event_ticker": "KXTRUMPSAY-REDACTED001",
    "fee_cost": "0.202100",
    "market_result": "yes",
    "no_count_fp": "0.00",
    "no_total_cost_dollars": "0.000000",
    "revenue": 1500,
    "settled_time": "2026-08-17T14:00:00Z",
    "ticker": "KXTRUMPSAY-REDACTED000",
    "value": 100,
    "yes_count_fp": "15.00",
    "yes_total_cost_dollars": "11.100000",
}


def orders_of(*rows: Json, cursor: str = "") -> bytes:
    return encoded({"orders": rows, "cursor": cursor})


def fills_of(*rows: Json) -> bytes:
    return encoded({"fills": rows, "cursor": ""})


@pytest.mark.parametrize(
    ("part", "path"),
    [
        ("orders", "/portfolio/orders?limit=1000&status=resting"),
        ("fills", "/portfolio/fills?limit=1000&min_ts=1786085188"),
        ("positions", "/portfolio/positions?limit=1000&count_filter=position"),
        ("balance", "/portfolio/balance"),
    ],
)
def test_each_part_is_read_by_one_request(part: AccountPart, path: str) -> None:
    found = READER.read(part, NOW, None)
    assert (found.method, found.kind, found.path) == ("GET", "read", f"/trade-api/v2{path}")


def test_a_further_page_keeps_its_filters() -> None:
    found = KalshiReader(subaccount=4).read("fills", NOW, "CgsI==")
    assert found.path.endswith("limit=1000&min_ts=1786085188&subaccount=4&cursor=CgsI%3D%3D")


def test_an_order_is_stated_as_a_purchase() -> None:
    page = read_orders(answer(200, orders_of(ORDER, cursor="next")))
    assert page.cursor == "next"
    assert page.orders == (
        VenueOrder(
            venue_order_id=VENUE_ORDER_ID,
            client_id=client_id(ORDER_ID),
            market=market_id(TICKER_A),
            outcome="yes",
            action="buy",
            limit=Price(420_000),
            quantity=Quantity(10_000_000),
            filled=Quantity(10_000_000),
            is_open=False,
        ),
    )
    asked = changed(ORDER, book_side="ask", outcome_side="no")
    (sale,) = read_orders(answer(200, orders_of(asked))).orders
    assert (sale.outcome, sale.action, sale.limit) == ("no", "buy", 580_000)


def test_only_what_can_still_trade_is_an_open_order() -> None:
    resting = changed(ORDER, status="resting", fill_count_fp="1.00", remaining_count_fp="9.00")
    found = READER.heard("orders", answer(200, orders_of(ORDER, resting)))
    assert [(order.is_open, order.filled) for order in found.orders] == [(True, 1_000_000)]
    assert found.cursor is None


def test_an_amended_order_is_as_large_as_what_it_may_trade() -> None:
    for filled, left, quantity in (("10.00", "5.00", 15_000_000), ("1.00", "2.00", 3_000_000)):
        row = changed(ORDER, status="resting", fill_count_fp=filled, remaining_count_fp=left)
        (order,) = read_orders(answer(200, orders_of(row))).orders
        assert order.quantity == quantity


def test_a_fill_is_final_at_once_and_exact() -> None:
    (fill,) = read_fills(answer(200, fills_of(FILL))).fills
    assert fill == VenueFill(
        id=TRADE_ID,
        venue_order_id=VENUE_ORDER_ID,
        market=market_id(TICKER_A),
        outcome="yes",
        action="buy",
        quantity=Quantity(10_000_000),
        price=Price(410_000),
        fee=Money(17_500),
        status="settled",
        event_us=Instant(1_781_159_370_164_956),
    )
    older = changed(FILL, created_time=..., outcome_side="no", book_side="ask")
    (fill,) = read_fills(answer(200, fills_of(older))).fills
    assert (fill.outcome, fill.price, fill.event_us) == ("no", 590_000, 1_781_159_370_000_000)


ODD_ORDERS: list[Json] = [
    {"status": "pending"},
    {"status": ...},
    {"remaining_count_fp": "1.00"},
    {"fill_count_fp": "0.00"},
    {"fill_count_fp": ...},
    {"fill_count_fp": 10},
    {"yes_price_dollars": "0.4300"},
    {"yes_price_dollars": "1.4200"},
    {"book_side": "ask"},
    {"book_side": ...},
    {"outcome_side": "maybe"},
    {"order_id": ""},
    {"client_order_id": ...},
    {"ticker": ...},
    {"initial_count_fp": ...},
]


@pytest.mark.parametrize("odd", ODD_ORDERS)
def test_an_order_we_cannot_read_for_certain_is_refused(odd: Json) -> None:
    with pytest.raises(DataError):
        READER.heard("orders", answer(200, orders_of(changed(ORDER, **odd))))


ODD_FILLS: list[Json] = [
    {"count_fp": "0.00"},
    {"count_fp": ...},
    {"fee_cost": ...},
    {"fee_cost": 0.0175},
    {"created_time": ..., "ts": ...},
    {"created_time": "yesterday"},
    {"trade_id": ...},
    {"no_price_dollars": "0.4200"},
    {"outcome_side": ...},
]


@pytest.mark.parametrize("odd", ODD_FILLS)
def test_a_fill_we_cannot_read_for_certain_is_refused(odd: Json) -> None:
    with pytest.raises(DataError):
        READER.heard("fills", answer(200, fills_of(changed(FILL, **odd))))


@pytest.mark.parametrize("part", ["orders", "fills", "positions", "balance"])
@pytest.mark.parametrize("status", [201, 204, 301, 401, 404, 429, 500, 503])
def test_only_a_200_is_a_reading(part: AccountPart, status: int) -> None:
    with pytest.raises(VenueUnavailableError, match=str(status)):
        READER.heard(part, answer(status, TOO_MANY))


@pytest.mark.parametrize("part", ["orders", "fills", "positions", "balance"])
@pytest.mark.parametrize("body", [b"", b"{}", b"[]", b"<html>", b'{"cursor":""}', b"\xff"])
def test_an_unknown_shape_is_no_empty_account(part: AccountPart, body: bytes) -> None:
    with pytest.raises(DataError):
        READER.heard(part, answer(200, body))


def test_the_sign_of_a_position_is_its_outcome() -> None:
    rows = [
        {"ticker": "A", "position_fp": "3.00"},
        {"ticker": "B", "position_fp": "-0.50"},
        {"ticker": "C", "position_fp": "0.00"},
    ]
    found = READER.heard("positions", answer(200, {"market_positions": rows, "cursor": ""}))
    assert found.positions == (
        VenuePosition(market_id("A"), "yes", Quantity(3_000_000)),
        VenuePosition(market_id("B"), "no", Quantity(500_000)),
    )


def test_balances_are_read_exactly_and_by_shard() -> None:
    body = changed(
        BALANCE,
        balance_dollars="98.0187",
        balance_breakdown=[
            {"balance": "98.0186", "exchange_index": 0},
            {"balance": "0.0001", "exchange_index": 2},
        ],
    )
    found = read_balances(answer(200, body))
    assert (found.cash, found.by_shard) == (98_018_700, {0: 98_018_600, 2: 100})
    assert READER.heard("balance", answer(200, body)).cash == 98_018_700
    locked = read_balances(answer(200, changed(BALANCE, balance_breakdown=...)))
    assert (locked.cash, locked.by_shard) == (98_018_600, {})
    twice = changed(BALANCE, balance_breakdown=body["balance_breakdown"][:1] * 2)
    with pytest.raises(DataError, match="twice"):
        read_balances(answer(200, twice))


def test_a_settlement_is_in_cents_on_the_wire() -> None:
    (found,), cursor = read_settlements(answer(200, {"settlements": [SETTLEMENT], "cursor": "c"}))
    assert cursor == "c"
    assert found == Settlement(
        market=market_id("KXTRUMPSAY-REDACTED000"),
        result="yes",
        yes=Quantity(15_000_000),
        no=Quantity(0),
        revenue=Money(15_000_000),
        payout=Price(1_000_000),
        fees=Money(202_100),
        settled_us=Instant(1_786_975_200_000_000),
    )


@pytest.mark.parametrize("odd", [{"market_result": "void"}, {"value": 101}, {"revenue": -1}])
def test_a_settlement_that_cannot_be_is_refused(odd: Json) -> None:
    body = {"settlements": [changed(SETTLEMENT, **odd)], "cursor": ""}
    with pytest.raises(DataError):
        read_settlements(answer(200, body))


def test_queue_positions_are_contracts_ahead() -> None:
    rows = [{"order_id": "a", "market_ticker": TICKER_A, "queue_position_fp": "12.50"}]
    assert read_queue(answer(200, {"queue_positions": rows})) == {"a": 12_500_000}
    assert queue_reading(("A", "B")).path.endswith("queue_positions?market_tickers=A,B")


def test_freshness_is_an_instant() -> None:
    body = {"as_of_time": "2026-08-07T06:46:28Z"}
    assert read_freshness(answer(200, body)) == 1_786_085_188_000_000


def test_other_readings_name_what_they_read() -> None:
    assert order_reading("a/b").path == "/trade-api/v2/portfolio/orders/a%2Fb"
    assert settlements_reading(NOW, "c").path.endswith("limit=1000&min_ts=1786085188&cursor=c")


def test_recorded_pages_are_read_whole(shared_wire: Path) -> None:
    pages = {name: reply for name, _, reply in recorded(shared_wire, "")}
    orders = read_orders(pages["portfolio__orders_list"]).orders
    assert {order.is_open for order in orders} == {False}
    assert sum(order.filled for order in orders) > 0
    fills = read_fills(pages["fills__after_taker"]).fills
    assert {fill.fee for fill in fills} == {17_500, 700}
    (position,) = read_positions(pages["portfolio__positions"]).positions
    assert (position.outcome, position.quantity) == ("yes", 3_000_000)
    assert read_balances(pages["auth__balance_ok"]).cash == 98_018_600
    assert read_settlements(pages["settlements__page"]) == ((), None)


def test_redacted_production_pages_are_read_whole(shared_wire: Path) -> None:
    folder = shared_wire / "kalshi" / "josephsapinoso_kalshi-cockpit_2026-08"

    def payload(name: str) -> Json:
        return json.loads((folder / name).read_text(encoding="utf8"))["payload"]

    fills = payload("portfolio_fills_redacted.json")
    read = read_fills(answer(200, fills | {"cursor": ""})).fills
    assert len(read) == len(fills["fills"]) > 10
    assert all(0 <= fill.fee < fill.quantity and fill.quantity % 10_000 == 0 for fill in read)
    settlements = payload("portfolio_settlements_redacted.json")
    rows, _ = read_settlements(answer(200, settlements))
    assert len(rows) == len(settlements["settlements"]) > 3
    for row in rows:
        paid = {"yes": row.yes, "no": row.no}.get(row.result)
        assert paid is None or row.revenue <= paid
