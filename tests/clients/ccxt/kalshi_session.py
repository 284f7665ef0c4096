"""What ccxt's prediction client does at a Kalshi whose address is in the file named first.

Its documented `urls` setting takes the address.
"""

import asyncio
import json
import sys
from pathlib import Path
from typing import Any

import ccxt.prediction
from ccxt.base.errors import (
    BadRequest,
    BadSymbol,
    ExchangeNotAvailable,
    OrderNotFillable,
)


async def main(addresses: dict[str, str]) -> dict[str, Any]:
    root = addresses["kalshi_url"]
    client = ccxt.prediction.kalshi({
        "apiKey": addresses["key_id"],
        "privateKey": addresses["key"],
        "urls": {"api": {"kalshi": f"{root}/trade-api/v2", "elections": f"{root}/v1"}},
    })
    try:
        return await listing(client, addresses["ticker"]) | await trading(
            client, addresses["ticker"]
        )
    finally:
        await client.close()


async def listing(client: Any, ticker: str) -> dict[str, Any]:
    markets = await client.fetch_markets()
    book = await client.fetch_order_book(ticker)
    other = await client.fetch_order_book(f"{ticker}-NO")
    quote = await client.fetch_ticker(ticker)
    balance = await client.fetch_balance()
    return {
        "status": (await client.fetch_status())["status"],
        "markets": sorted(market["id"] for market in markets),
        "bids": book["bids"],
        "asks": book["asks"],
        "no_bids": other["bids"],
        "touch": [quote["bid"], quote["ask"]],
        "balance": balance["USD"]["total"],
    }


async def trading(client: Any, ticker: str) -> dict[str, Any]:
    partial = await client.create_order(
        ticker, "limit", "buy", 40, 0.55, {"client_order_id": "mine"}
    )
    told: dict[str, Any] = {
        "partial": [partial["status"], partial["filled"], partial["remaining"]],
        "seen": (await client.fetch_order(partial["id"]))["status"],
        "open": [order["id"] for order in await client.fetch_open_orders()] == [partial["id"]],
    }
    told["cancelled"] = (await client.cancel_order(partial["id"], ticker))["status"]
    told["closed"] = len(await client.fetch_closed_orders())
    no = await client.create_order(f"{ticker}-NO", "limit", "buy", 5, 0.55)
    told["no"] = [no["status"], no["filled"]]
    trades = await client.fetch_my_trades()
    told["trades"] = [[t["label"], t["price"], t["amount"], t["fee"]["cost"]] for t in trades]
    told["positions"] = [
        [p["outcomeId"], p["contracts"], p["info"]["position_fp"]]
        for p in await client.fetch_positions()
    ]
    told["public"] = len(await client.fetch_trades(ticker))
    told["errors"] = [
        await failure(client.cancel_order(partial["id"]), BadSymbol),
        await failure(client.create_order(ticker, "limit", "buy", 1, 0.555), BadRequest),
        await failure(
            client.create_order(ticker, "limit", "buy", 2_000, 0.60, {"timeInForce": "FOK"}),
            OrderNotFillable,
        ),
        await failure(
            client.create_order(ticker, "limit", "buy", 1, 0.1, {"client_order_id": "mine"}),
            ExchangeNotAvailable,
        ),
        await failure(
            client.kalshiPrivatePostPortfolioOrdersBatched({"orders": []}), ExchangeNotAvailable
        ),
        await failure(client.kalshiPublicGetHistoricalCutoffTimestamps(), BadSymbol),
    ]
    again = await client.create_order(ticker, "limit", "buy", 1, 0.2)
    edited = await client.edit_order(again["id"], ticker, "limit", "buy", 2, 0.21)
    told["edited"] = [edited["price"], edited["status"], edited["id"] != again["id"]]
    told["all_cancelled"] = len(await client.cancel_all_orders())
    told["settlements"] = len(await client.fetch_settlements())
    return told


async def failure(call: Any, kind: type[Exception]) -> list[str]:
    """The class of what a call raises, and the words of its cause."""
    try:
        await call
    except kind as error:
        return [type(error).__name__, str(error).rpartition('"code":"')[2].partition('"')[0]]
    raise AssertionError("nothing was raised")


given = json.loads(Path(sys.argv[1]).read_text(encoding="utf8"))
given["key"] = Path(given["key_file"]).read_text(encoding="utf8")
print(json.dumps(asyncio.run(main(given))))
