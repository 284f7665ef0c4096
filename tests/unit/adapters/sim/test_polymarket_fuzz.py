"""Does the simulated Polymarket answer whatever anybody sends, and never fall over?"""

import json
from urllib.parse import quote

from hypothesis import given, settings
from hypothesis import strategies as st

from foreshock.adapters.seams import HttpRequest
from foreshock.adapters.sim.control import ControlHost, Controlled
from foreshock.adapters.sim.faults import Faults
from foreshock.adapters.sim.polymarket_data import DataFace
from foreshock.adapters.sim.polymarket_face import ClobFace
from foreshock.adapters.sim.polymarket_levers import PolymarketLevers
from tests.unit.adapters.sim.face_scenario import (
    CONDITIONS,
    T0,
    TOKENS,
    polymarket_exchange,
    rest_some,
)
from tests.unit.adapters.sim.polymarket_trader import Json, Trader

TEXT = st.one_of(
    st.sampled_from(["", "0", "-1", "9" * 5_000, "1e309", "²", "LTE=", "0x", CONDITIONS[2]]),
    st.text(max_size=8),
)
VALUE = st.one_of(
    TEXT, st.none(), st.booleans(), st.integers(-(2**70), 2**70), st.lists(TEXT, max_size=2)
)
METHODS = st.sampled_from(["GET", "POST", "DELETE", "PUT"])
PATHS = st.sampled_from([
    "order", "orders", "cancel-all", "cancel-market-orders", "v1/heartbeats", "data/orders",
    "data/order/0x1", "data/trades", "balance-allowance", "order-scoring", "orders-scoring",
    "auth/api-key", "auth/derive-api-key", "auth/api-keys", "notifications", "api/geoblock", "book",
    "books", "markets", "",
])  # fmt: skip
PARAMETERS = st.dictionaries(
    st.sampled_from([
        "id", "market", "asset_id", "asset_type", "token_id", "signature_type", "after", "before",
        "next_cursor", "limit", "offset", "cursor", "user", "side", "condition_id",
    ]),
    TEXT,
    max_size=3,
)  # fmt: skip
ORDER_FIELDS = st.sampled_from([
    "salt", "maker", "signer", "tokenId", "makerAmount", "takerAmount", "side", "expiration",
    "signatureType", "timestamp", "metadata", "builder", "signature",
])  # fmt: skip
LEVERS = st.sampled_from([
    "account", "allowance", "standing", "trade", "position", "leak", "partial", "condition",
    "restart", "settlement", "lag", "market", "fee", "limits", "sets", "requests", "frames", "streams",
])  # fmt: skip
LEVER_FIELDS = st.sampled_from([
    "owner", "wallet", "cash", "amount", "token_id", "side", "price", "size", "condition_id",
    "action", "yes_payout", "rate_ppm", "for_us", "name", "effect", "count",
])  # fmt: skip


def scene() -> Trader:
    exchange = polymarket_exchange()
    rest_some(exchange, CONDITIONS[2])
    return Trader(ClobFace(exchange), exchange)


def query(parameters: dict[str, str]) -> str:
    return "&".join(f"{name}={quote(value)}" for name, value in parameters.items())


@settings(max_examples=150)
@given(METHODS, PATHS, PARAMETERS, VALUE)
def test_every_request_gets_an_answer(
    method: str, path: str, parameters: dict[str, str], body: object
) -> None:
    trader = scene()
    answer = trader.send(method, f"/{path}?{query(parameters)}", body)
    assert 200 <= answer.status < 500, answer
    json.loads(answer.body)
    data = DataFace(trader.exchange, trader.face.private)
    what = path if path.startswith("v2") else "v2/trades"
    found = data.handle(HttpRequest(method, f"/{what}?{query(parameters)}"), T0)
    assert 200 <= found.status < 500


@settings(max_examples=150)
@given(st.dictionaries(ORDER_FIELDS, VALUE, max_size=3), st.dictionaries(TEXT, VALUE, max_size=2))
def test_a_spoiled_order_is_refused_or_still_the_order_that_was_signed(
    spoiled: Json, extra: Json
) -> None:
    trader = scene()
    body = trader.body(trader.terms("BUY", "0.50", "10"))
    body["order"] |= spoiled
    answer = trader.post(extra | body)
    if answer["http"] == 200:
        (row,) = trader.ask("GET", "/data/orders")["data"]
        assert (row["price"], row["original_size"], row["asset_id"]) == (
            "0.5",
            "10",
            TOKENS[CONDITIONS[2]][0],
        )
    else:
        assert answer["http"] in {400, 404}
        assert trader.ask("GET", "/data/orders")["data"] == []


@settings(max_examples=150)
@given(LEVERS, st.dictionaries(LEVER_FIELDS, VALUE, max_size=4))
def test_every_lever_answers_whatever_it_is_told(lever: str, body: Json) -> None:
    trader = scene()
    levers = PolymarketLevers(trader.exchange, trader.face.private).levers()
    control = ControlHost({"clob": Controlled(Faults(), levers)})
    raw = json.dumps(body).encode()
    answer = control.handle(HttpRequest("POST", f"/sim/control/clob/{lever}", (), raw), T0)
    assert answer.status in {200, 400, 404}
    trader.wait(60)


@settings(max_examples=100)
@given(st.text(max_size=40), st.dictionaries(TEXT, VALUE, max_size=3))
def test_nothing_said_on_a_stream_breaks_it(text: str, body: Json) -> None:
    trader = scene()
    trader.listen()
    trader.face.open(2, "/ws/market", (), T0)
    for connection in (1, 2):
        for said in (text, json.dumps(body), json.dumps(body | {"operation": "subscribe"})):
            trader.face.receive(connection, said, T0)
    trader.place("BUY", "0.50", "10")
    assert any(frame["event_type"] == "order" for frame in trader.told())
