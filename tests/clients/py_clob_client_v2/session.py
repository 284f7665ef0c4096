"""A trading session with the older client of the order book, exactly as its users write it.

Run in the client's own environment, never in the project's: `python session.py ADDRESSES.json`.
Prints what happened as one line of JSON. The host is the client's own first argument. It knows
neither streams nor positions: holdings are read as balances of the outcome token.
"""

import json
import sys
import time
import urllib.request
from pathlib import Path
from typing import Any

from py_clob_client_v2.client import ClobClient
from py_clob_client_v2.clob_types import (
    AssetType,
    BalanceAllowanceParams,
    MarketOrderArgsV2,
    OpenOrderParams,
    OrderArgsV2,
    OrderMarketCancelParams,
    OrderPayload,
    OrderType,
    PostOrdersV2Args,
)
from py_clob_client_v2.exceptions import PolyApiException

POLYGON = 137
PATIENCE_S = 15.0


def order_by_hand(urls: dict[str, Any], lever: str, body: dict[str, Any]) -> None:
    """What another trader, or the chain, does meanwhile."""
    request = urllib.request.Request(
        f"{urls['control_url']}/sim/control/clob/{lever}", json.dumps(body).encode(), method="POST"
    )
    urllib.request.urlopen(request, timeout=5).read()


def wait_for(look: Any) -> Any:
    end = time.monotonic() + PATIENCE_S
    while time.monotonic() < end:
        if found := look():
            return found
        time.sleep(0.1)
    raise TimeoutError("nothing came of it")


def trade(urls: dict[str, Any], account: dict[str, Any]) -> dict[str, Any]:
    told: dict[str, Any] = {}
    client = ClobClient(
        urls["clob_url"],
        POLYGON,
        key=account["private_key"],
        signature_type=account["signature_type"],
        funder=account["funder"],
    )
    client.set_api_creds(client.create_or_derive_api_key())
    told["keys"] = len(client.get_api_keys()["apiKeys"])
    told["version"] = client.get_version()
    markets = client.get_markets()["data"]
    market = next(m for m in markets if not m["neg_risk"])
    told["markets"] = len(markets)
    token = market["tokens"][0]["token_id"]
    book = client.get_order_book(token)
    told["hash"] = book["hash"] == client.get_order_book_hash(_summary(book))
    told["best"] = [book["bids"][-1]["price"], book["asks"][-1]["price"]]

    resting = client.create_and_post_order(
        OrderArgsV2(token_id=token, price=0.50, size=20, side="BUY")
    )
    told["resting"] = resting["status"]
    order_by_hand(urls, "trade", {"token_id": token, "side": "SELL", "price": "0.50", "size": "8"})
    told["partly"] = wait_for(lambda: client.get_order(resting["orderID"]))["size_matched"]
    told["open"] = len(client.get_open_orders(OpenOrderParams(market=market["condition_id"])))

    taken = client.create_and_post_market_order(
        MarketOrderArgsV2(token_id=token, amount=5.5, side="BUY", price=0.55),
        order_type=OrderType.FAK,
    )
    told["taken"] = [taken["status"], taken["makingAmount"], taken["takingAmount"]]
    told["settled"] = len(taken["transactionsHashes"])
    try:
        client.create_and_post_market_order(
            MarketOrderArgsV2(token_id=token, amount=999, side="BUY", price=0.55),
            order_type=OrderType.FOK,
        )
        told["killed"] = "filled"
    except PolyApiException as error:
        told["killed"] = [error.status_code, error.error_msg["error"]]

    other = next(m for m in markets if m["neg_risk"])["tokens"][0]["token_id"]
    batch = [
        PostOrdersV2Args(
            order=client.create_order(OrderArgsV2(token_id=id_, price=0.40, size=size, side="BUY")),
            orderType=OrderType.GTC,
        )
        for id_, size in ((other, 10), (token, 3), (token, 10))
    ]
    told["batch"] = [[leg["status"], bool(leg["errorMsg"])] for leg in client.post_orders(batch)]

    told["canceled"] = len(client.cancel_order(OrderPayload(resting["orderID"]))["canceled"])
    again = client.cancel_order(OrderPayload(resting["orderID"]))
    told["again"] = list(again["not_canceled"].values())
    in_market = OrderMarketCancelParams(market=market["condition_id"])
    told["canceled_in_market"] = len(client.cancel_market_orders(in_market)["canceled"])
    told["canceled_all"] = len(client.cancel_all()["canceled"])
    beat = client.post_heartbeat()
    told["heartbeat"] = bool(client.post_heartbeat(beat["heartbeat_id"])["heartbeat_id"])

    wait_for(lambda: all("CONFIRMED" in fill["status"] for fill in client.get_trades()))
    told["fills"] = sorted([f["trader_side"], f["size"], f["price"]] for f in client.get_trades())
    held = client.get_balance_allowance(
        BalanceAllowanceParams(asset_type=AssetType.CONDITIONAL, token_id=token, signature_type=0)
    )
    told["held"] = held["balance"]
    return told


def _summary(book: dict[str, Any]) -> Any:
    from py_clob_client_v2.utilities import parse_raw_orderbook_summary

    return parse_raw_orderbook_summary(book)


def main() -> None:
    urls = json.loads(Path(sys.argv[1]).read_text())
    pace = {"step_us_min": 200_000, "step_us_max": 400_000}
    order_by_hand(urls, "settlement", {"pace": pace})
    print(json.dumps(trade(urls, urls["polymarket_account"])))


if __name__ == "__main__":
    main()
