"""Does whatever a client sends get an answer, and never an exception?"""

import json
from urllib.parse import urlencode

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from foreshock.adapters.seams import HttpRequest
from tests.unit.adapters.sim.kalshi_scene import FED, ORDERS, ROOT, Scene, order

REFUSED = {400, 404, 405, 409, 410}
WRITES = (
    ("POST", ORDERS),
    ("POST", f"{ORDERS}/batched"),
    ("DELETE", f"{ORDERS}/batched"),
    ("POST", f"{ORDERS}/some-id/amend"),
    ("POST", f"{ORDERS}/some-id/decrease"),
    ("POST", "/portfolio/order_groups/create"),
    ("PUT", "/portfolio/order_groups/some-id/limit"),
    ("POST", "/portfolio/intra_exchange_instance_transfer"),
)
READS = (
    "/portfolio/orders",
    "/portfolio/orders/queue_positions",
    "/portfolio/fills",
    "/portfolio/positions",
    "/portfolio/settlements",
    "/portfolio/balance",
    "/historical/orders",
    "/markets",
    "/markets/trades",
    "/events",
)
PARAMETERS = (
    "limit",
    "cursor",
    "min_ts",
    "max_ts",
    "exchange_index",
    "ticker",
    "event_ticker",
    "status",
    "count_filter",
    "settlement_status",
    "market_tickers",
    "depth",
)
VENUE = Scene()
ANY_JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False)
    | st.text(max_size=20)
    | st.sampled_from((FED, "bid", "10.00", "0.5000", "good_till_canceled", "taker_at_cross")),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.text(max_size=8) | st.sampled_from(tuple(order("bid 1 at 1 gtc"))), inner
        )
    ),
    max_leaves=12,
)


@given(
    st.sampled_from(WRITES), st.binary(max_size=60) | ANY_JSON.map(lambda j: json.dumps(j).encode())
)
@settings(max_examples=120)
def test_no_body_upsets_a_write(call: tuple[str, str], body: bytes) -> None:
    answer = VENUE.call(call[0], call[1], body)
    assert answer.status in REFUSED | {200, 201}


@given(
    st.fixed_dictionaries(
        dict.fromkeys(order("bid 1 at 0.40 gtc"), ANY_JSON)
        | {"expiration_time": ANY_JSON, "post_only": ANY_JSON, "exchange_index": ANY_JSON}
    )
)
@settings(max_examples=120)
def test_no_value_of_a_field_upsets_an_order(body: dict[str, object]) -> None:
    assert VENUE.call("POST", ORDERS, body).status in REFUSED | {201}


@given(
    st.sampled_from(READS),
    st.dictionaries(st.sampled_from(PARAMETERS), st.text(max_size=12) | st.integers().map(str)),
)
@settings(max_examples=120)
def test_no_query_upsets_a_read(path: str, query: dict[str, str]) -> None:
    answer = VENUE.call("GET", f"{path}?{urlencode(query)}")
    assert answer.status in REFUSED | {200}


@pytest.mark.parametrize("body", [b"[" * 100_000, b'{"a":' * 50_000, b"\xff\xfe", b"1" * 5_000])
def test_monstrous_bodies_are_refused(body: bytes) -> None:
    assert VENUE.call("POST", ORDERS, body).status == 400


def test_monstrous_numbers_are_refused() -> None:
    digits = "9" * 5_000
    for path in (
        f"/portfolio/orders?limit={digits}",
        f"/portfolio/balance?exchange_index={digits}",
    ):
        assert VENUE.call("GET", path).status == 400
    assert VENUE.call("GET", f"/portfolio/orders?min_ts={digits}").status in {200, 400}
    stamp = ("KALSHI-ACCESS-TIMESTAMP", digits)
    headers = (*VENUE.signed("GET", f"{ROOT}/portfolio/balance", "ann"), stamp)
    request = HttpRequest("GET", f"{ROOT}/portfolio/balance", headers)
    assert VENUE.face.handle(request, VENUE.now_us).status == 401
    assert VENUE.post(f"bid {digits} at 0.40 gtc").status == 400


@given(st.text(max_size=60) | ANY_JSON.map(json.dumps))
@settings(max_examples=120)
def test_no_frame_upsets_a_stream(text: str) -> None:
    VENUE.connect("user_orders")
    VENUE.face.receive(1, text, VENUE.now_us)
    assert all(isinstance(frame, dict) for frame in VENUE.told())


def test_a_monstrous_frame_is_answered_with_an_error() -> None:
    VENUE.connect("user_orders")
    VENUE.face.receive(1, "[" * 100_000, VENUE.now_us)
    assert [frame["type"] for frame in VENUE.told()] == ["error"]


def test_paths_that_nobody_knows_are_not_found() -> None:
    for path in ("/", "//", "/portfolio", f"{ROOT}/portfolio", f"{ROOT}/portfolio/%2e%2e", "/x?y"):
        headers = VENUE.signed("GET", path, "ann")
        answer = VENUE.face.handle(HttpRequest("GET", path, headers), VENUE.now_us)
        assert answer.status == 404
