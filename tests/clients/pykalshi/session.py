"""What pykalshi 2.x does at a Kalshi whose address is in the file named by the first argument.

It has no setting for the stream's address, so the constant that holds it is set here; nothing else
of the client is touched.
"""

import json
import sys
import time
from pathlib import Path
from typing import Any

import pykalshi.feed
from pykalshi import Action, KalshiClient, Side
from pykalshi.enums import MarketStatus, OrderStatus
from pykalshi.exceptions import KalshiAPIError, ResourceNotFoundError

WAIT_S_MAX = 10.0
CHANNELS = ("orderbook_delta", "trade", "ticker", "fill", "user_orders", "market_positions")


def main(addresses: dict[str, str]) -> dict[str, Any]:
    pykalshi.feed.DEFAULT_WS_BASE = (
        addresses["kalshi_url"].replace("http", "ws", 1) + "/trade-api/ws/v2"
    )
    client = KalshiClient(
        addresses["key_id"],
        addresses["key_file"],
        api_base=addresses["kalshi_url"] + "/trade-api/v2",
        max_retries=0,
    )
    ticker = addresses["ticker"]
    with client:
        told = listing(client, ticker)
        with client.feed() as feed:
            heard: dict[str, list[Any]] = {channel: [] for channel in CHANNELS}
            for channel in CHANNELS:
                feed.on(channel, heard[channel].append)
                feed.subscribe(channel, market_ticker=ticker)
            until(lambda: heard["orderbook_delta"])
            told |= trading(client, ticker)
            until(lambda: heard["market_positions"] and len(heard["fill"]) >= 2)
            told["heard"] = {
                channel: sorted({type(message).__name__ for message in messages})
                for channel, messages in heard.items()
            }
            told["fill_heard"] = heard["fill"][0].count_fp
            told["snapshot"] = heard["orderbook_delta"][0].yes_dollars_fp
        told |= groups(client, ticker)
    return told


def listing(client: KalshiClient, ticker: str) -> dict[str, Any]:
    market = client.get_market(ticker)
    return {
        "is_trading": client.exchange.is_trading(),
        "markets": [m.ticker for m in client.get_markets(status=MarketStatus.OPEN)],
        "events": [e.event_ticker for e in client.get_events(limit=10)],
        "touch": [market.yes_bid_dollars, market.yes_ask_dollars],
        "book": [market.get_orderbook().best_yes_bid, market.get_orderbook().best_yes_ask],
        "balance": client.portfolio.get_balance().balance,
    }


def trading(client: KalshiClient, ticker: str) -> dict[str, Any]:
    own = client.portfolio
    partial = own.place_order(
        ticker, Action.BUY, Side.YES, "40", yes_price_dollars="0.55", client_order_id="mine"
    )
    told: dict[str, Any] = {"filled": partial.fill_count_fp, "left": partial.remaining_count_fp}
    partial.refresh()
    told["status"] = partial.status.value
    told["amended"] = partial.amend(price_dollars="0.54").refresh().yes_price_dollars
    told["decreased"] = partial.decrease("4").refresh().remaining_count_fp
    told["resting"] = [o.order_id for o in own.get_orders(status=OrderStatus.RESTING)] == [
        partial.order_id
    ]
    told["ahead"] = own.get_queue_position(partial.order_id).queue_position_fp
    told["cancelled"] = partial.cancel().refresh().status.value
    sold = own.place_order(ticker, book_side="ask", price_dollars="0.45", count_fp="5")
    told["sold"] = sold.fill_count_fp
    told["fills"] = [[f.count_fp, f.book_side.value, f.is_taker] for f in own.get_fills()]
    (position,) = own.get_positions()
    told["position"] = [position.position_fp, position.fees_paid_dollars]
    try:
        partial.cancel()
    except ResourceNotFoundError as error:
        told["cancel_again"] = [error.status_code, error.error_code]
    try:
        own.place_order(
            ticker, Action.BUY, Side.YES, "1", yes_price_dollars="0.10", client_order_id="mine"
        )
    except KalshiAPIError as error:
        told["reuse"] = [error.status_code, error.error_code]
    told["settlements"] = len(own.get_settlements())
    return told


def groups(client: KalshiClient, ticker: str) -> dict[str, Any]:
    own = client.portfolio
    made = own.create_order_group("5")
    placed = own.place_order(
        ticker,
        Action.BUY,
        Side.YES,
        "2",
        yes_price_dollars="0.20",
        order_group_id=made.id,
    )
    own.trigger_order_group(made.id)
    status = own.get_order(placed.order_id).status.value
    batch = own.batch_place_orders([
        {"ticker": ticker, "book_side": "bid", "count_fp": "1", "price_dollars": "0.1"},
        {"ticker": ticker, "book_side": "bid", "count_fp": "1", "price_dollars": "0.2"},
    ])
    ended = own.batch_cancel_orders([order.order_id for order in batch])
    return {
        "group_triggered": status,
        "batch": [len(batch), len(ended)],
        "left_resting": len(own.get_orders(status=OrderStatus.RESTING)),
    }


def until(is_so: Any) -> None:
    deadline = time.monotonic() + WAIT_S_MAX
    while not is_so():
        if time.monotonic() > deadline:
            raise TimeoutError("the stream does not say what it should")
        time.sleep(0.02)


print(json.dumps(main(json.loads(Path(sys.argv[1]).read_text(encoding="utf8")))))
