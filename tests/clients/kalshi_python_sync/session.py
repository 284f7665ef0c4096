"""What Kalshi's own client does at a Kalshi whose address is in the file named by the first argument.

It is generated from the venue's OpenAPI document and refuses any answer that strays from it, so
every read here also judges the shape of what was answered.
"""

import json
import sys
from pathlib import Path
from typing import Any

import kalshi_python_sync as official
from kalshi_python_sync import models
from kalshi_python_sync.exceptions import ApiException

GTC = "good_till_canceled"


def main(addresses: dict[str, str]) -> dict[str, Any]:
    settings = official.Configuration(host=addresses["kalshi_url"] + "/trade-api/v2")
    settings.api_key_id = addresses["key_id"]
    settings.private_key_pem = Path(addresses["key_file"]).read_text(encoding="utf8")
    client = official.KalshiClient(settings)
    ticker = addresses["ticker"]
    return listing(client, ticker) | trading(client, ticker) | groups(client, ticker)


def listing(client: Any, ticker: str) -> dict[str, Any]:
    exchange, market = official.ExchangeApi(client), official.MarketApi(client)
    account, events = official.AccountApi(client), official.EventsApi(client)
    history = official.HistoricalApi(client)
    for read in (
        exchange.get_exchange_schedule,
        exchange.get_user_data_timestamp,
        exchange.get_series_fee_changes,
        market.get_series_list,
        market.get_trades,
        account.get_account_endpoint_costs,
        history.get_historical_cutoff,
        history.get_historical_orders,
        history.get_fills_historical,
    ):
        read()
    return {
        "is_trading": exchange.get_exchange_status().trading_active,
        "markets": len(market.get_markets().markets),
        "events": len(events.get_events(with_nested_markets=True).events),
        "market": market.get_market(ticker).market.ticker == ticker,
        "book": market.get_market_orderbook(ticker).orderbook_fp.yes_dollars,
        "balance": official.PortfolioApi(client).get_balance().balance_dollars,
        "tier": account.get_account_api_limits().usage_tier,
    }


def trading(client: Any, ticker: str) -> dict[str, Any]:
    orders, own = official.OrdersApi(client), official.PortfolioApi(client)
    partial = place(orders, ticker, "bid", "40.00", "0.5500", client_order_id="mine")
    told: dict[str, Any] = {
        "partial": [partial.fill_count, partial.remaining_count, partial.average_fill_price],
        "seen": orders.get_order(partial.order_id).order.status,
        "ahead": orders.get_order_queue_position(partial.order_id).queue_position_fp,
        "queue": len(orders.get_order_queue_positions(market_tickers=ticker).queue_positions),
    }
    amended = orders.amend_order_v2(
        partial.order_id, ticker=ticker, side="bid", price="0.5400", count="40.00"
    )
    told["amended"] = amended.order_id == partial.order_id
    less = orders.decrease_order_v2(partial.order_id, reduce_by="2.00")
    told["decreased"] = less.remaining_count
    told["cancelled"] = orders.cancel_order_v2(partial.order_id, market_ticker=ticker).reduced_by
    told["again"] = failure(lambda: orders.cancel_order_v2(partial.order_id))
    told["reuse"] = failure(
        lambda: place(orders, ticker, "bid", "1", "0.10", client_order_id="mine")
    )
    sold = place(orders, ticker, "ask", "5.00", "0.4500", time_in_force="fill_or_kill")
    told["sold"] = [sold.fill_count, sold.average_fill_price]
    told |= batches(orders, ticker)
    told["fills"] = [[f.count_fp, f.book_side, f.is_taker] for f in own.get_fills().fills]
    positions = own.get_positions()
    told["position"] = positions.market_positions[0].position_fp
    told["event"] = positions.event_positions[0].total_cost_shares_fp
    told["orders"] = [o.status for o in orders.get_orders(limit=2).orders]
    told["settlements"] = own.get_settlements().settlements
    return told


def batches(orders: Any, ticker: str) -> dict[str, Any]:
    made = orders.batch_create_orders_v2(orders=[body(ticker, "0.10"), body(ticker, "0.105")])
    ended = orders.batch_cancel_orders_v2(orders=[{"order_id": made.orders[0].order_id}])
    orders.cancel_all_orders()
    return {
        "batch": [item.error.code if item.error else "" for item in made.orders],
        "batch_cancelled": [item.reduced_by for item in ended.orders],
    }


def body(ticker: str, price: str) -> Any:
    return models.CreateOrderV2Request(
        ticker=ticker,
        side="bid",
        count="1.00",
        price=price,
        time_in_force=GTC,
        self_trade_prevention_type="maker",
    )


def place(orders: Any, ticker: str, side: str, count: str, price: str, **more: Any) -> Any:
    terms = {"time_in_force": GTC, "self_trade_prevention_type": "taker_at_cross"} | more
    return orders.create_order_v2(ticker=ticker, side=side, count=count, price=price, **terms)


def groups(client: Any, ticker: str) -> dict[str, Any]:
    groups, orders = official.OrderGroupsApi(client), official.OrdersApi(client)
    name = groups.create_order_group(contracts_limit=5).order_group_id
    placed = place(orders, ticker, "bid", "2.00", "0.20", order_group_id=name)
    told = {"group": groups.get_order_group(name).orders == [placed.order_id]}
    groups.update_order_group_limit(name, contracts_limit=6)
    groups.trigger_order_group(name)
    groups.reset_order_group(name)
    told["groups"] = [g.contracts_limit_fp for g in groups.get_order_groups().order_groups]
    groups.delete_order_group(name)
    return told | {"group_order": orders.get_order(placed.order_id).order.status}


def failure(call: Any) -> list[Any]:
    """Status and code of what a call is refused with."""
    try:
        call()
    except ApiException as error:
        return [error.status, json.loads(error.body)["error"]["code"]]
    raise AssertionError("nothing was raised")


print(json.dumps(main(json.loads(Path(sys.argv[1]).read_text(encoding="utf8"))), default=str))
