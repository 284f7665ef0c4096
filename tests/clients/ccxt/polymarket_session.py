"""What ccxt's prediction client does at a Polymarket whose addresses are in the file named first.

Its documented `urls` setting takes the addresses; the account is an EOA, so its signature type and
its funder are given through the documented options.
"""

import asyncio
import json
import sys
from pathlib import Path
from typing import Any

import ccxt.prediction
from ccxt.base.errors import BaseError

PATIENCE_S = 10.0


async def main(addresses: dict[str, Any]) -> dict[str, Any]:
    account = addresses["polymarket_account"]
    stream = addresses["clob_url"].replace("http", "ws", 1)
    client = ccxt.prediction.polymarket({
        "privateKey": account["private_key"],
        "walletAddress": account["funder"],
        "options": {"signatureType": account["signature_type"]},
        "urls": {
            "api": {
                "gamma": addresses["gamma_url"],
                "clob": addresses["clob_url"],
                "data": addresses["data_url"],
                "ws": f"{stream}/ws/market",
                "wsUser": f"{stream}/ws/user",
            }
        },
    })
    try:
        told = await listing(client, addresses["token"])
        told |= await trading(client, addresses["token"])
    finally:
        await client.close()
    return told


async def listing(client: Any, token: str) -> dict[str, Any]:
    markets = await client.fetch_markets()
    book = await client.fetch_order_book(token)
    streamed = await asyncio.wait_for(client.watch_order_book(token), PATIENCE_S)
    return {
        "markets": len(markets),
        "bids": book["bids"],
        "asks": book["asks"][:1],
        "streamed": streamed["bids"][0],
        "balance": (await client.fetch_balance())["USDC"]["total"],
    }


async def trading(client: Any, token: str) -> dict[str, Any]:
    partial = await client.create_order(token, "limit", "buy", 40, 0.55)
    told: dict[str, Any] = {"partial": [partial["status"], partial["amount"]]}
    seen = await client.fetch_order(partial["id"])
    told["seen"] = [seen["status"], seen["filled"], seen["remaining"]]
    told["open"] = [order["id"] for order in await client.fetch_open_orders()] == [partial["id"]]
    told["cancelled"] = (await client.cancel_order(partial["id"]))["status"]
    told["killed"] = await failure(
        client.create_order(token, "limit", "buy", 5_000, 0.60, {"timeInForce": "FOK"})
    )
    told["off_tick"] = await failure(client.create_order(token, "limit", "buy", 10, 1.5))
    resting = await client.create_order(token, "limit", "buy", 10, 0.30, {"postOnly": True})
    told["all_cancelled"] = [o["id"] for o in await client.cancel_all_orders()] == [resting["id"]]
    trades = await until(client.fetch_my_trades)
    told["trades"] = [[t["side"], t["price"], t["amount"], t["takerOrMaker"]] for t in trades]
    told["positions"] = await failure(client.fetch_positions())
    return told


async def until(read: Any) -> Any:
    """What a read that trails the writes says once it says anything."""
    deadline = asyncio.get_running_loop().time() + PATIENCE_S
    while True:
        found = await read()
        if found or asyncio.get_running_loop().time() > deadline:
            return found
        await asyncio.sleep(0.1)


async def failure(call: Any) -> str:
    """The class of what a call raises."""
    try:
        await call
    except BaseError as error:
        return type(error).__name__
    return "nothing was raised"


print(json.dumps(asyncio.run(main(json.loads(Path(sys.argv[1]).read_text(encoding="utf8"))))))
