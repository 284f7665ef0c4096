"""Private frames as AsyncAPI 2.0.0 of October 2026 shapes them; no recording of them is public."""

from foreshock.adapters.venues.kalshi.orders import client_id
from tests.unit.adapters.venues.kalshi.builders import TICKER_A, Json
from tests.unit.adapters.venues.kalshi.order_samples import ORDER_ID, TRADE_ID, VENUE_ORDER_ID

FILL_FRAME: Json = {
    "type": "fill",
    "sending_ts_ms": 1_786_085_188_123,
    "sid": 13,
    "msg": {
        "trade_id": TRADE_ID,
        "order_id": VENUE_ORDER_ID,
        "client_order_id": client_id(ORDER_ID),
        "market_ticker": TICKER_A,
        "exchange_index": 2,
        "is_taker": True,
        "side": "yes",
        "yes_price_dollars": "0.4100",
        "count_fp": "2.50",
        "fee_cost": "0.021200",
        "action": "buy",
        "ts": 1_786_085_188,
        "ts_ms": 1_786_085_188_100,
        "post_position_fp": "500.00",
        "purchased_side": "yes",
        "outcome_side": "yes",
        "book_side": "bid",
        "subaccount": 3,
    },
}
ORDER_FRAME: Json = {
    "type": "user_order",
    "sending_ts_ms": 1_786_085_188_123,
    "sid": 22,
    "msg": {
        "order_id": VENUE_ORDER_ID,
        "user_id": "a1b2c3d4-e5f6-7890-abcd-ef1234567890",
        "ticker": TICKER_A,
        "exchange_index": 2,
        "status": "resting",
        "side": "yes",
        "is_yes": True,
        "outcome_side": "yes",
        "book_side": "bid",
        "yes_price_dollars": "0.4200",
        "fill_count_fp": "0.00",
        "remaining_count_fp": "10.00",
        "initial_count_fp": "10.00",
        "taker_fill_cost_dollars": "0.000000",
        "maker_fill_cost_dollars": "0.000000",
        "taker_fees_dollars": "0.000000",
        "maker_fees_dollars": "0.000000",
        "client_order_id": client_id(ORDER_ID),
        "order_group_id": "og_123",
        "self_trade_prevention_type": "taker_at_cross",
        "created_time": "2026-08-07T06:46:28Z",
        "created_ts_ms": 1_786_085_188_000,
        "subaccount_number": 0,
    },
}
POSITION_FRAME: Json = {
    "type": "market_position",
    "sending_ts_ms": 1_786_085_188_123,
    "sid": 14,
    "msg": {
        "user_id": "user123",
        "market_ticker": TICKER_A,
        "position_fp": "-100.00",
        "position_cost_dollars": "50.0000",
        "realized_pnl_dollars": "10.0000",
        "fees_paid_dollars": "1.0000",
        "position_fee_cost_dollars": "0.5000",
        "volume_fp": "15.00",
    },
}
GROUP_FRAME: Json = {
    "type": "order_group_updates",
    "sending_ts_ms": 1_786_085_188_123,
    "sid": 21,
    "seq": 1,
    "msg": {
        "event_type": "limit_updated",
        "order_group_id": "og_123",
        "contracts_limit_fp": "150.00",
        "ts_ms": 1_786_085_188_000,
    },
}
