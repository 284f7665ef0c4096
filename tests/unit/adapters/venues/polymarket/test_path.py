"""The order path of one account, end to end without a network."""

import json

import msgspec
import pytest

from foreshock.adapters.seams import HttpResponse
from foreshock.adapters.venues.order_path import Answer, OrderPath, OrderRef
from foreshock.adapters.venues.polymarket.path import CANCELS_MAX, PolymarketPath
from foreshock.adapters.venues.polymarket.placement import Style
from foreshock.core.domain.errors import InvariantError
from foreshock.core.domain.messages.trading import OrderAccepted, OrderClosed
from tests.unit.adapters.venues.polymarket.builders import NOW, condition, market, token
from tests.unit.adapters.venues.polymarket.orders import (
    CURVE,
    HOLDER,
    PACK,
    SENT,
    place_order,
    signer,
)

HASH = "0x" + "1" * 64


def path() -> PolymarketPath:
    return PolymarketPath(HOLDER, PACK)


def ref(n: int = 1) -> OrderRef:
    return OrderRef(f"package-{n}/0.0", str(n), f"0x{n:064x}", market().id)


def test_it_is_an_order_path() -> None:
    found: OrderPath = path()
    assert found.venue == "polymarket"


def test_an_order_goes_out_comes_back_and_is_found_again() -> None:
    desk, of = path(), market(fee=CURVE)
    prepared = desk.place(place_order(), of, SENT)
    assert signer().sign(prepared.request, SENT).body
    body = {"success": True, "errorMsg": "", "orderID": prepared.venue_order_id, "status": "live"}
    answer = desk.placed(prepared, HttpResponse(200, msgspec.json.encode(body)), SENT)
    assert answer.facts == (OrderAccepted(prepared.order_id, str(prepared.venue_order_id)),)
    asked = OrderRef(prepared.order_id, prepared.client_id, prepared.venue_order_id, of.id)
    assert len(desk.lookups(asked, NOW)) == 2
    row = {
        "id": prepared.venue_order_id,
        "status": "CANCELED",
        "asset_id": token(1, "yes"),
        "side": "BUY",
        "original_size": "10",
        "size_matched": "2.5",
        "price": "0.52",
    }
    found = desk.looked_up(asked, 0, HttpResponse(200, msgspec.json.encode(row)), SENT)
    assert isinstance(found.facts[1], OrderClosed)
    assert found.facts[1].filled == 2_500_000


def test_a_placed_order_makes_its_market_known() -> None:
    desk = path()
    desk.place(place_order(), market(), SENT)
    assert desk.ours.token(token(1, "no")) == (market(), "no")


def test_an_order_can_be_made_to_rest_only() -> None:
    style = Style("GTC", is_post_only=True)
    prepared = path().place_as(place_order(), market(), style, SENT)
    assert json.loads(prepared.request.body)["postOnly"] is True


def test_one_order_and_many_are_cancelled_by_their_hashes() -> None:
    desk = path()
    one, many = desk.cancel([ref(1)], SENT), desk.cancel([ref(1), ref(2)], SENT)
    assert (one.method, one.path) == ("DELETE", "/order")
    assert json.loads(one.body) == {"orderID": ref(1).venue_order_id}
    assert (many.method, many.path) == ("DELETE", "/orders")
    assert json.loads(many.body) == [ref(1).venue_order_id, ref(2).venue_order_id]


def test_everything_and_a_market_are_cancelled_without_hashes() -> None:
    everything, one_market = path().cancel_all(), path().cancel_market(market().id)
    assert (everything.path, everything.body) == ("/cancel-all", b"")
    assert one_market.path == "/cancel-market-orders"
    assert json.loads(one_market.body) == {"market": condition(1)}


def test_every_cancel_is_signed() -> None:
    desk = path()
    for unsigned in (
        desk.cancel([ref()], SENT),
        desk.cancel([ref(1), ref(2)], SENT),
        desk.cancel_all(),
        desk.cancel_market(market().id),
    ):
        assert signer().sign(unsigned, SENT).body == unsigned.body


@pytest.mark.parametrize("count", [0, CANCELS_MAX + 1])
def test_a_cancel_of_none_or_too_many_is_a_bug(count: int) -> None:
    with pytest.raises(InvariantError, match="in one cancel"):
        path().cancel([ref()] * count, SENT)


def test_no_order_ends_by_the_answer_to_its_cancel() -> None:
    body = msgspec.json.encode({"canceled": [ref().venue_order_id], "not_canceled": {}})
    assert path().cancelled([ref()], HttpResponse(200, body), SENT) == Answer()
