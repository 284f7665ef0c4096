"""Are callers known by their signatures, and refused in the documented words?"""

import json

import pytest

from foreshock.adapters.sim.polymarket_face import ClobFace
from foreshock.adapters.sim.polymarket_keys import BAD_L1, BAD_L2, SKEW_S_MAX
from foreshock.core.domain.units import SECOND
from tests.unit.adapters.sim.face_scenario import polymarket_exchange
from tests.unit.adapters.sim.polymarket_trader import OTHER_KEY, Trader


@pytest.fixture
def trader() -> Trader:
    exchange = polymarket_exchange()
    return Trader(ClobFace(exchange), exchange)


def test_keys_are_created_once_and_derived_ever_after(trader: Trader) -> None:
    created = trader.l1("POST", "/auth/api-key", nonce=7)
    assert created.status == 200
    assert set(json.loads(created.body)) == {"apiKey", "secret", "passphrase"}
    assert trader.l1("POST", "/auth/api-key", nonce=7).status == 400
    assert trader.l1("GET", "/auth/derive-api-key", nonce=7).body == created.body
    assert trader.l1("GET", "/auth/derive-api-key", nonce=8).status == 400


def test_a_signature_proves_only_its_own_address_nonce_and_time(trader: Trader) -> None:
    exchange = polymarket_exchange()
    other = Trader(trader.face, exchange, OTHER_KEY)
    other.signer = trader.signer
    refused = [
        other.l1("GET", "/auth/derive-api-key"),
        trader.l1("GET", "/auth/derive-api-key", skew_s=SKEW_S_MAX + 1),
        trader.l1("GET", "/auth/derive-api-key", skew_s=-SKEW_S_MAX - 1),
    ]
    for answer in refused:
        assert (answer.status, json.loads(answer.body)) == (400, {"error": BAD_L1})
    assert trader.l1("GET", "/auth/derive-api-key", skew_s=SKEW_S_MAX).status == 200


@pytest.mark.parametrize(
    "spoiled",
    [
        {"poly_api_key": "unknown"},
        {"poly_passphrase": "wrong"},
        {"poly_signature": "wrong"},
        {"poly_signature": "ümlaut"},
        {"poly_address": "0x" + "1" * 40},
        {"poly_timestamp": "yesterday"},
    ],
)
def test_a_spoiled_header_is_unauthorized(trader: Trader, spoiled: dict[str, str]) -> None:
    answer = trader.send("GET", "/data/orders", None, **spoiled)
    assert (answer.status, json.loads(answer.body)) == (401, {"error": BAD_L2})


@pytest.mark.parametrize("skew_s", [-10, 10])
def test_ten_seconds_of_clock_skew_are_unauthorized(trader: Trader, skew_s: int) -> None:
    stamp = str(trader.now // SECOND + skew_s)
    assert trader.send("GET", "/data/orders", None, poly_timestamp=stamp).status == 401


def test_the_query_is_not_signed_and_the_body_is(trader: Trader) -> None:
    assert trader.send("GET", "/data/orders?market=0x1").status == 200
    stamp = str(trader.now // SECOND)
    good = trader.send("DELETE", "/orders", ["0x1"], poly_timestamp=stamp)
    assert good.status == 200


def test_a_revoked_key_is_good_no_more(trader: Trader) -> None:
    assert trader.ask("GET", "/auth/api-keys") == {"apiKeys": [trader.api_key]}
    assert trader.send("DELETE", "/auth/api-key").body == b'"OK"'
    assert trader.send("GET", "/auth/api-keys").status == 401
    assert trader.l1("POST", "/auth/api-key").status == 200
    assert trader.send("GET", "/auth/api-keys").status == 200


def test_public_reads_need_no_key_and_unknown_paths_are_not_found(trader: Trader) -> None:
    assert trader.send("GET", "/time", None, poly_api_key="unknown").status == 200
    assert trader.send("POST", "/nowhere").status == 404
