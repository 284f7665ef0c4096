"""Orders of ours as bytes for the venue."""

import json
from collections.abc import Mapping
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from foreshock.adapters.venues.order_path import Prepared
from foreshock.adapters.venues.polymarket.eip712 import hex_text
from foreshock.adapters.venues.polymarket.exchange import NEG_RISK, POSITIONS, STANDARD, order_hash
from foreshock.adapters.venues.polymarket.placement import (
    EXPIRY_MIN,
    Style,
    WirePlacement,
    prepare,
    salt_of,
    style_of,
    terms_of,
)
from foreshock.core.domain.errors import InvariantError, OrderRejectedError
from foreshock.core.domain.markets import Market, uniform_grid
from foreshock.core.domain.messages.trading import PlaceOrder
from foreshock.core.domain.units import Instant, Price, Quantity
from tests.unit.adapters.venues.polymarket.builders import NOW, market, token
from tests.unit.adapters.venues.polymarket.orders import HOLDER, PROXY, SENT, place_order
from tests.unit.adapters.venues.polymarket.vectors import ADDRESS, POSITION, WALLET

GTC = Style("GTC")


def prepared(order: PlaceOrder | None = None, style: Style | None = None) -> Prepared:
    order = order or place_order()
    return prepare(order, market(), style or style_of(order), HOLDER, SENT)


def body(of: Prepared) -> Mapping[str, Any]:
    return json.loads(of.request.body)


def test_a_resting_order_has_the_documented_body() -> None:
    found = prepared(place_order(time_in_force="gtc"), Style("GTC", is_post_only=True))
    order = {
        "salt": salt_of("package-1/0.0"),
        "maker": ADDRESS,
        "signer": ADDRESS,
        "tokenId": token(1, "yes"),
        "makerAmount": "5200000",
        "takerAmount": "10000000",
        "side": "BUY",
        "expiration": "0",
        "signatureType": 0,
        "timestamp": str(NOW // 1_000),
        "metadata": "0x" + "00" * 32,
        "builder": "0x" + "00" * 32,
        "signature": "",
    }
    body = {"deferExec": False, "order": order, "orderType": "GTC", "owner": "", "postOnly": True}
    assert found.request.body.decode() == json.dumps(body, separators=(",", ":"))
    assert (found.request.method, found.request.path) == ("POST", "/order")
    assert found.request.kind == "place"
    assert found.request.spend == 5_200_000
    assert not found.may_rest


def test_post_only_is_only_said_when_true() -> None:
    assert "postOnly" not in body(prepared(style=GTC))


def test_the_hash_is_known_before_the_send() -> None:
    found = prepared(style=GTC)
    wire = msgspec.json.decode(found.request.body, type=WirePlacement)
    assert found.venue_order_id == hex_text(order_hash(terms_of(wire.order), STANDARD))


def test_preparing_again_gives_the_same_order_and_hash_later_too() -> None:
    order = place_order()
    again = prepare(order, market(), style_of(order), HOLDER, Instant(SENT + 1_000_000))
    assert again == prepared(order)


def test_another_order_has_another_salt_and_hash() -> None:
    one, other = prepared(), prepared(place_order(order_id="package-1/0.1"))
    assert one.client_id != other.client_id
    assert one.venue_order_id != other.venue_order_id


@given(st.text(max_size=200))
def test_a_salt_fits_a_double_exactly(order_id: str) -> None:
    assert 0 <= salt_of(order_id) < 1 << 53


@pytest.mark.parametrize(
    ("terms", "order_type", "maker", "taker", "side"),
    [
        ({"time_in_force": "gtc"}, "GTC", 5_200_000, 10_000_000, "BUY"),
        ({"time_in_force": "ioc"}, "GTD", 5_200_000, 10_000_000, "BUY"),
        ({"time_in_force": "ioc", "action": "sell"}, "FAK", 10_000_000, 5_200_000, "SELL"),
        ({"time_in_force": "fok"}, "FOK", 5_200_000, 10_000_000, "BUY"),
        ({"time_in_force": "fok", "action": "sell"}, "FOK", 10_000_000, 5_200_000, "SELL"),
    ],
)
def test_each_time_in_force_has_its_order_type(
    terms: dict[str, Any], order_type: str, maker: int, taker: int, side: str
) -> None:
    found = prepared(place_order(**terms))
    order = body(found)["order"]
    assert body(found)["orderType"] == order_type
    assert (order["makerAmount"], order["takerAmount"]) == (str(maker), str(taker))
    assert order["side"] == side
    assert found.request.spend == (maker if side == "BUY" else 0)
    assert found.may_rest == (order_type == "GTD")
    assert (order["expiration"] != "0") == (order_type == "GTD")


def test_a_purchase_that_should_not_rest_targets_contracts_and_ends_by_itself() -> None:
    order = body(prepared())["order"]
    assert order["takerAmount"] == "10000000"
    left_s = int(order["expiration"]) - SENT // 1_000_000
    assert EXPIRY_MIN // 1_000_000 <= left_s <= 300


@pytest.mark.parametrize("outcome", ["yes", "no"])
def test_each_outcome_has_its_token(outcome: str) -> None:
    assert body(prepared(place_order(outcome=outcome)))["order"]["tokenId"] == token(1, outcome)


@pytest.mark.parametrize(
    ("of", "contract"),
    [
        (market(), STANDARD.contract),
        (market(exclusive_group="0xabc"), NEG_RISK.contract),
        (market(outcome_ids=(str(POSITION), str(POSITION + 1))), POSITIONS.contract),
    ],
)
def test_each_market_has_its_contract(of: Market, contract: str) -> None:
    order = place_order(of)
    found = prepare(order, of, style_of(order), HOLDER, SENT)
    assert found.request.signed_for == contract


def test_a_proxy_order_is_made_by_the_wallet_and_signed_by_the_key() -> None:
    order = place_order()
    wire = body(prepare(order, market(), style_of(order), PROXY, SENT))["order"]
    assert (wire["maker"], wire["signer"], wire["signatureType"]) == (WALLET, ADDRESS, 1)


@pytest.mark.parametrize(
    ("terms", "style", "words"),
    [
        ({"limit": Price(525_000)}, GTC, "no price"),
        ({"limit": Price(0)}, GTC, "no price"),
        ({"limit": Price(1_000_000)}, GTC, "no price"),
        ({"quantity": Quantity(10_001_000)}, GTC, "lot size"),
        ({"quantity": Quantity(0)}, GTC, "lot size"),
        ({"quantity": Quantity(4_990_000)}, GTC, "minimum of 5"),
        ({"limit": Price(90_000)}, Style("FOK"), "1 dollar"),
        ({"limit": Price(90_000), "time_in_force": "ioc"}, None, "1 dollar"),
        ({}, Style("FAK", is_post_only=True), "post-only"),
        ({}, Style("GTD"), "expiry"),
        ({}, Style("GTC", Instant(NOW + 10**12)), "expiry"),
        ({}, Style("GTD", Instant(SENT + EXPIRY_MIN - 1)), "sooner"),
        (
            {"action": "sell", "limit": Price(10_000), "quantity": Quantity(10_000)},
            Style("FAK"),
            None,
        ),
    ],
)
def test_what_the_venue_never_takes_is_refused_before_it_leaves(
    terms: dict[str, Any], style: Style | None, words: str | None
) -> None:
    given: dict[str, Any] = {"time_in_force": "gtc"} | terms
    order = place_order(**given)
    if words is None:
        assert prepared(order, style).request.spend == 0
        return
    with pytest.raises(OrderRejectedError, match=words):
        prepared(order, style)


def test_a_sale_worth_nothing_in_the_venues_decimals_is_refused() -> None:
    of = market(grid=uniform_grid(Price(100)))
    order = place_order(
        of, action="sell", limit=Price(100), quantity=Quantity(10_000), time_in_force="fok"
    )
    with pytest.raises(OrderRejectedError, match="too small"):
        prepare(order, of, style_of(order), HOLDER, SENT)


def test_an_order_for_another_market_is_a_bug() -> None:
    with pytest.raises(InvariantError, match="is for"):
        prepare(place_order(market(2)), market(1), GTC, HOLDER, SENT)
