"""Short real order bodies of Kalshi, retyped, and what tests of the order path build from them.

Origin: answers of the demo exchange on 2026-06-11 (creates, refusals, cancels, the order and fill
pages) and, for the private channels, the shapes of AsyncAPI 2.0.0 of October 2026.
"""

import json
from pathlib import Path

import msgspec

from foreshock.adapters.seams import HttpResponse
from foreshock.adapters.venues.kalshi.markets import market_id
from foreshock.adapters.venues.kalshi.orders import PLAIN, Style, client_id, prepare
from foreshock.adapters.venues.order_path import OrderRef, Prepared
from foreshock.core.domain.markets import Market
from foreshock.core.domain.messages.trading import PlaceOrder
from foreshock.core.domain.units import Instant, Price, Quantity
from tests.unit.adapters.venues.kalshi.builders import TICKER_A, Json, encoded, market_of

NOW = Instant(1_786_085_188_000_000)
ORDER_ID = "atomic_arb:edge@1.2/b.0"
VENUE_ORDER_ID = "97ec18b7-10d3-4557-9de0-8598aad625f0"
TRADE_ID = "f4a42159-b500-57c6-efa2-c31d94d916c1"

CREATED: Json = {
    "average_fee_paid": "0.0175",
    "average_fill_price": "0.5200",
    "client_order_id": client_id(ORDER_ID),
    "fill_count": "10.00",
    "order_id": VENUE_ORDER_ID,
    "remaining_count": "0.00",
    "ts_ms": 1_781_159_370_164,
}
NOT_FOUND: Json = {"error": {"code": "not_found", "message": "not found", "service": "exchange"}}
EXISTS: Json = {
    "error": {
        "code": "order_already_exists",
        "message": "order already exists",
        "service": "exchange",
    }
}
POST_ONLY_CROSS: Json = {
    "error": {"code": "invalid_order", "message": "invalid order", "details": "post only cross"}
}
NUMERIC: Json = {
    "code": "bad_request",
    "message": "bad request",
    "details": "json: cannot unmarshal number into Go struct field CreateOrderV2Request.count"
    " of type string",
}
VALIDATION: Json = {
    "msg": "Parameter validation failed for GetMarkets: Key: 'GetMarketsParams.Limit' Error:"
    "Field validation for 'Limit' failed on the 'lte' tag"
}
TOO_MANY: Json = {"error": "too many requests"}
CANCELLED: Json = {"order_id": VENUE_ORDER_ID, "reduced_by": "1.00", "ts_ms": 1_781_159_364_112}
ORDER: Json = {
    "action": "buy",
    "book_side": "bid",
    "client_order_id": client_id(ORDER_ID),
    "created_time": "2026-06-11T06:29:30.164956Z",
    "fill_count_fp": "10.00",
    "initial_count_fp": "10.00",
    "last_update_time": "2026-06-11T06:29:30.164956Z",
    "maker_fees_dollars": "0.000000",
    "maker_fill_cost_dollars": "0.000000",
    "no_price_dollars": "0.5800",
    "order_id": VENUE_ORDER_ID,
    "outcome_side": "yes",
    "remaining_count_fp": "0.00",
    "self_trade_prevention_type": "taker_at_cross",
    "side": "yes",
    "status": "executed",
    "subaccount_number": 0,
    "taker_fees_dollars": "0.017500",
    "taker_fill_cost_dollars": "0.420000",
    "ticker": TICKER_A,
    "type": "limit",
    "user_id": "f50604b8-0000-4000-8000-ce5b48ffcad0",
    "yes_price_dollars": "0.4200",
}
FILL: Json = {
    "action": "buy",
    "book_side": "bid",
    "count_fp": "10.00",
    "created_time": "2026-06-11T06:29:30.164956Z",
    "fee_cost": "0.017500",
    "fill_id": TRADE_ID,
    "is_taker": True,
    "market_ticker": TICKER_A,
    "no_price_dollars": "0.5900",
    "order_id": VENUE_ORDER_ID,
    "outcome_side": "yes",
    "side": "yes",
    "subaccount_number": 0,
    "ticker": TICKER_A,
    "trade_id": TRADE_ID,
    "ts": 1_781_159_370,
    "yes_price_dollars": "0.4100",
}


def place_order(**changes: object) -> PlaceOrder:
    """10 contracts of YES at 0.42, to be taken or to die, with some fields replaced."""
    order = PlaceOrder(
        order_id=ORDER_ID,
        package_id="atomic_arb:edge@1.2",
        market=market_id(TICKER_A),
        outcome="yes",
        action="buy",
        limit=Price(420_000),
        quantity=Quantity(10_000_000),
        time_in_force="ioc",
        purpose="enter",
        edge_id="edge",
        book_epoch=1,
        decided_us=NOW,
    )
    return msgspec.structs.replace(order, **changes)


def prepared(style: Style = PLAIN, market: Market | None = None, **changes: object) -> Prepared:
    """That order as it would leave."""
    return prepare(place_order(**changes), market or market_of(), style, NOW)


def sent(of: Prepared) -> Json:
    """The body of a request."""
    return json.loads(of.request.body)


def ref(venue_order_id: str | None = VENUE_ORDER_ID, order_id: str = ORDER_ID) -> OrderRef:
    """How to speak of an order."""
    return OrderRef(order_id, client_id(order_id), venue_order_id, market_id(TICKER_A))


def answer(status: int, body: object = b"", **headers: str) -> HttpResponse:
    """An answer; what is not bytes is encoded."""
    named = tuple((name.replace("_", "-"), value) for name, value in headers.items())
    return HttpResponse(status, body if isinstance(body, bytes) else encoded(body), named)


def recorded(shared_wire: Path, prefix: str) -> list[tuple[str, Json, HttpResponse]]:
    """Name, what was asked, and the answer, of the demo recordings of June 2026."""
    folder = shared_wire / "kalshi" / "fortuna_demo_2026-06-11"
    found: list[tuple[str, Json, HttpResponse]] = []
    for path in sorted(folder.glob(f"{prefix}*.meta.json")):
        body = path.with_name(path.name.replace(".meta.json", ".json"))
        asked: Json = json.loads(path.read_text(encoding="utf8"))
        if "status" not in asked:  # the notes on the session as a whole
            continue
        reply = HttpResponse(int(asked["status"]), body.read_bytes())
        found.append((path.name.removesuffix(".meta.json"), asked, reply))
    assert found, f"no recordings {prefix}* in {folder}"
    return found
