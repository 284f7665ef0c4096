"""A trading session with the venue's own client, exactly as its users write it.

Run in the client's own environment, never in the project's: `python session.py ADDRESSES.json`.
Prints what happened as one line of JSON. The addresses are given through the client's environment
configuration; nothing else of it is touched.
"""

import asyncio
import dataclasses
import json
import sys
import time
import urllib.request
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

from eth_abi import abi
from polymarket import AsyncSecureClient, RelayerApiKey, SecureClient
from polymarket._internal.wallet import (
    derive_beacon_deposit_wallet_address,
    derive_proxy_wallet_address,
    derive_safe_wallet_address,
)
from polymarket.environments import PRODUCTION, _create_environment
from polymarket.errors import RequestRejectedError
from polymarket.streams import MarketSpec, UserSpec

NOWHERE = "http://127.0.0.1:9"  # to trade, the chain itself is never asked
PATIENCE_S = 15.0


def environment(urls: dict[str, Any]) -> Any:
    stream = urls["clob_url"].replace("http", "ws", 1)
    config = dataclasses.replace(
        PRODUCTION._config,
        clob_url=urls["clob_url"],
        gamma_url=urls["gamma_url"],
        data_url=urls["data_url"],
        clob_market_ws_url=f"{stream}/ws/market",
        clob_user_ws_url=f"{stream}/ws/user",
        relayer_url=urls["relayer_url"],
        rpc_url=urls.get("rpc_url", NOWHERE),
        relayer_poll_frequency_ms=200,
    )
    return _create_environment(name="simulated", config=config)


def order_by_hand(urls: dict[str, Any], lever: str, body: dict[str, Any]) -> Any:
    """What another trader, or the chain, does meanwhile."""
    request = urllib.request.Request(
        f"{urls['control_url']}/sim/control/clob/{lever}", json.dumps(body).encode(), method="POST"
    )
    return json.loads(urllib.request.urlopen(request, timeout=5).read())


def wait_for(look: Any) -> Any:
    end = time.monotonic() + PATIENCE_S
    while time.monotonic() < end:
        if found := look():
            return found
        time.sleep(0.1)
    raise TimeoutError("nothing came of it")


def trade(urls: dict[str, Any], account: dict[str, Any]) -> dict[str, Any]:
    told: dict[str, Any] = {}
    with SecureClient.create(
        private_key=account["private_key"], wallet=account["funder"], environment=environment(urls)
    ) as client:
        told["wallet"] = str(client.wallet_type)
        told["keys"] = len(client.fetch_api_keys())
        markets = client.list_markets(page_size=10).first_page().items
        market = next(m for m in markets if not m.state.neg_risk)
        told["question"] = market.question
        token = market.outcomes.yes.token_id
        book = client.get_order_book(asset_id=token)
        told["best"] = [str(book.bids[-1].price), str(book.asks[-1].price)]

        resting = client.place_limit_order(asset_id=token, price="0.50", size="20", side="BUY")
        told["resting"] = resting.status
        order_by_hand(
            urls, "trade", {"token_id": token, "side": "SELL", "price": "0.50", "size": "8"}
        )
        order = wait_for(lambda: client.get_order(order_id=resting.order_id))
        told["partly"] = str(order.size_matched)
        told["open"] = len(client.list_open_orders().first_page().items)

        taken = client.place_market_order(
            asset_id=token, side="BUY", amount="5.5", max_price="0.55", order_type="FAK"
        )
        told["taken"] = [taken.status, str(taken.making_amount), str(taken.taking_amount)]
        settled = client.wait_for_order_fill_settlement(taken)
        told["settled"] = len(settled)
        try:
            client.place_market_order(
                asset_id=token, side="BUY", amount="999", max_price="0.55", order_type="FOK"
            )
            told["killed"] = "filled"
        except Exception as error:
            told["killed"] = type(error).__name__
        crossing = client.create_limit_order(
            asset_id=token, price="0.60", size="10", side="BUY", post_only=True
        )
        try:
            told["crossing"] = client.post_order(crossing).message
        except RequestRejectedError as error:
            told["crossing"] = str(error)
        canceled = client.cancel_order(order_id=resting.order_id)
        told["canceled"] = [len(canceled.canceled), canceled.not_canceled]
        again = client.cancel_order(order_id=resting.order_id)
        told["again"] = [len(again.canceled), list(again.not_canceled.values())]
        beat = client.send_order_heartbeat()
        told["heartbeat"] = bool(client.send_order_heartbeat(heartbeat_id=beat.heartbeat_id))

        fills = wait_for(
            lambda: (
                [
                    t
                    for t in client.list_account_trades().first_page().items
                    if t.status == "CONFIRMED"
                ]
                if len(client.list_account_trades().first_page().items) > 1
                else None
            )
        )
        told["fills"] = sorted([f.trader_side, str(f.size), str(f.price)] for f in fills)
        position = wait_for(lambda: client.list_positions().first_page().items)[0]
        told["position"] = [str(position.current_size), position.outcome]
        activity = client.list_activity().first_page().items
        told["activity"] = len(activity)
        held = client.get_balance_allowance(asset_type="CONDITIONAL", asset_id=token)
        told["held"] = held.balance
    return told


async def listen(urls: dict[str, Any], account: dict[str, Any], token: str) -> dict[str, Any]:
    told: dict[str, Any] = {}
    client = await AsyncSecureClient.create(
        private_key=account["private_key"], wallet=account["funder"], environment=environment(urls)
    )
    async with client:
        books = await client.subscribe(MarketSpec(asset_ids=[token], custom_feature_enabled=True))
        own = await client.subscribe(UserSpec())
        first = await asyncio.wait_for(anext(aiter(books)), PATIENCE_S)
        told["stream_book"] = type(first).__name__
        placed = await client.place_limit_order(asset_id=token, price="0.55", size="6", side="BUY")
        told["stream_placed"] = placed.status
        kinds: set[str] = set()
        async with asyncio.timeout(PATIENCE_S):
            async for event in own:
                status = getattr(event.payload, "status", None)
                kinds.add(f"{event.type}:{getattr(status, 'value', status)}")
                if "trade:CONFIRMED" in kinds:
                    break
        told["stream_own"] = sorted(kinds)
        await books.close()
        await own.close()
    return told


def trade_by_wallets(urls: dict[str, Any], account: dict[str, Any]) -> dict[str, Any]:
    """An order from each kind of wallet that an owner signs for."""
    derivation = PRODUCTION._config.wallet_derivation
    told: dict[str, Any] = {}
    for kind, derive in (
        (1, derive_proxy_wallet_address),
        (2, derive_safe_wallet_address),
        (3, derive_beacon_deposit_wallet_address),
    ):
        wallet = derive(account["address"], derivation)
        funded = {"owner": account["address"], "wallet": wallet, "signature_type": kind}
        order_by_hand(urls, "account", funded | {"cash": "100"})
        named = None if kind == 3 else wallet  # the deposit wallet is the client's default
        with SecureClient.create(
            private_key=account["private_key"], wallet=named, environment=environment(urls)
        ) as client:
            placed = client.place_limit_order(
                asset_id=urls["token"], price="0.40", size="10", side="BUY"
            )
            (found,) = client.list_open_orders().first_page().items
            canceled = client.cancel_order(order_id=placed.order_id).canceled
            told[client.wallet_type] = [placed.status, found.maker_address == wallet, len(canceled)]
    return {"wallets": told}


def chain_of(data_url: str) -> type[BaseHTTPRequestHandler]:
    """The two answers of a chain that wallet transactions need: the time, and what is held."""

    def balances(data: str) -> str:
        owners, tokens = abi.decode(["address[]", "uint256[]"], bytes.fromhex(data[10:]))
        url = f"{data_url}/v2/positions?user={owners[0]}"
        rows = json.loads(urllib.request.urlopen(url, timeout=5).read())["data"]
        held = {int(row["token_id"]): round(row["current_size"] * 10**6) for row in rows}
        sizes = [held.get(token, 0) for token in tokens]
        return "0x" + abi.encode(["uint256[]"], [sizes]).hex()

    class Chain(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            told: dict[str, Any] = {"jsonrpc": "2.0", "id": asked["id"]}
            if asked["method"] == "eth_call":
                told["result"] = balances(asked["params"][0]["data"])
            elif asked["method"] == "eth_getBlockByNumber":
                told["result"] = {"timestamp": hex(int(time.time()))}
            else:
                told["error"] = {"code": -32601, "message": "not simulated"}
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.end_headers()
            self.wfile.write(json.dumps(told).encode())

        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - http.server's name
            """Say nothing."""

    return Chain


def move_sets(urls: dict[str, Any], account: dict[str, Any]) -> dict[str, Any]:
    """Splits, merges and redeems from each kind of wallet, each in a market of its own."""
    told: dict[str, Any] = {}
    chain = ThreadingHTTPServer(("127.0.0.1", 0), chain_of(urls["data_url"]))
    Thread(target=chain.serve_forever, daemon=True).start()
    known = urls | {"rpc_url": f"http://127.0.0.1:{chain.server_port}"}
    for kind, derive in (
        (1, derive_proxy_wallet_address),
        (2, derive_safe_wallet_address),
        (3, derive_beacon_deposit_wallet_address),
    ):
        wallet = derive(account["address"], PRODUCTION._config.wallet_derivation)
        owned = {"owner": account["address"], "wallet": wallet, "signature_type": kind}
        key = order_by_hand(urls, "account", owned)["relayer_key"]
        order_by_hand(urls, "standing", {"wallet": wallet, "redeems_itself": True})
        with SecureClient.create(
            private_key=account["private_key"],
            wallet=None if kind == 3 else wallet,
            environment=environment(known),
            api_key=RelayerApiKey(key=key, address=account["address"]),
        ) as client:
            told[client.wallet_type] = move_one_set(client, urls, is_neg_risk=kind != 1)
    chain.shutdown()
    chain.server_close()
    return {"sets": told}


def move_one_set(client: Any, urls: dict[str, Any], *, is_neg_risk: bool) -> list[Any]:
    """After each step: whether it has a hash, contracts of YES, dollars."""
    markets = client.list_markets(closed=False, page_size=10).first_page().items
    market = next(m for m in markets if bool(m.state.neg_risk) is is_neg_risk)
    condition, token = market.condition_id, market.outcomes.yes.token_id
    steps: list[Any] = []

    def note(handle: Any) -> None:
        done = bool(handle.wait().transaction_hash)
        held = client.get_balance_allowance(asset_type="CONDITIONAL", asset_id=token)
        cash = client.get_balance_allowance(asset_type="COLLATERAL")
        steps.append([done, held.balance // 10**6, cash.balance // 10**6])

    note(client.split_position(condition_id=condition, amount=10_000_000))
    note(client.merge_positions(condition_id=condition, amount=4_000_000))
    order_by_hand(urls, "market", {"condition_id": condition, "action": "resolve"})
    note(client.redeem_positions(condition_id=condition))
    return steps


def main() -> None:
    urls = json.loads(Path(sys.argv[1]).read_text())
    account = urls["polymarket_account"]
    pace = {"step_us_min": 200_000, "step_us_max": 400_000}
    order_by_hand(urls, "settlement", {"pace": pace})
    told = trade(urls, account)
    told |= trade_by_wallets(urls, account)
    told |= asyncio.run(listen(urls, account, urls["token"]))
    told |= move_sets(urls, account)
    print(json.dumps(told))


if __name__ == "__main__":
    main()
