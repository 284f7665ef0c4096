"""What kalshi-sdk does at a Kalshi whose address is in the file named by the first argument.

Its configuration takes both addresses. It checks the sequence numbers of the stream and repairs a
gap by itself, so the session also loses a frame on purpose.
"""

import asyncio
import json
import sys
import urllib.request
from pathlib import Path
from typing import Any

from kalshi import AsyncKalshiClient, KalshiConfig
from kalshi.errors import KalshiError
from kalshi.models.orders import AmendOrderV2Request, CreateOrderV2Request, DecreaseOrderV2Request
from pydantic import ValidationError

WAIT_S_MAX = 10.0


async def main(addresses: dict[str, str]) -> dict[str, Any]:
    root = addresses["kalshi_url"]
    config = KalshiConfig(
        base_url=f"{root}/trade-api/v2",
        ws_base_url=root.replace("http", "ws", 1) + "/trade-api/ws/v2",
        max_retries=0,
    )
    client = AsyncKalshiClient(
        key_id=addresses["key_id"], private_key_path=addresses["key_file"], config=config
    )
    async with client, asyncio.timeout(WAIT_S_MAX * 3):
        told = await listing(client, addresses["ticker"])
        async with client.ws.connect() as stream:
            told |= await streaming(client, stream, addresses)
    return told


async def listing(client: Any, ticker: str) -> dict[str, Any]:
    book = await client.markets.orderbook(ticker)
    return {
        "is_trading": (await client.exchange.status()).trading_active,
        "markets": await failure(client.markets.list(status="open"), ValidationError),
        "series": len(await client.series.list()),
        "bid": str(book.yes[-1].price),
        "balance": str((await client.portfolio.balance()).balance),
    }


async def streaming(client: Any, stream: Any, addresses: dict[str, str]) -> dict[str, Any]:
    ticker = addresses["ticker"]
    fills = await stream.subscribe_fill()
    orders = await stream.subscribe_user_orders()
    positions = await stream.subscribe_market_positions()
    books = await stream.orderbook(ticker)
    first = await anext(books)
    told: dict[str, Any] = {"snapshot": str(first.yes[0].price), "asks": len(first.no)}
    told |= await trading(client, ticker)
    fill, order, position = [(await anext(source)).msg for source in (fills, orders, positions)]
    told["fill"] = [str(fill.count), fill.book_side, str(fill.yes_price)]
    told["order"] = [order.status, str(order.fill_count)]
    told["position"] = str(position.position)
    lose_a_frame(addresses)
    await place(client, ticker, "bid", "1.00", "0.4100")
    await place(client, ticker, "bid", "1.00", "0.4200")
    async with asyncio.timeout(WAIT_S_MAX):
        while True:
            try:
                book = await anext(books)
            except KalshiError:
                continue  # the book is down between a gap and its repair
            if len(book.yes) == 4:
                break
    told["repaired"] = sorted(str(level.price) for level in book.yes)
    return told


def lose_a_frame(addresses: dict[str, str]) -> None:
    order = {"effect": "drop", "containing": "orderbook_delta", "count": 1}
    url = f"{addresses['control_url']}/sim/control/kalshi/frames"
    request = urllib.request.Request(url, json.dumps(order).encode(), method="POST")
    urllib.request.urlopen(request, timeout=WAIT_S_MAX).read()


async def trading(client: Any, ticker: str) -> dict[str, Any]:
    partial = await place(client, ticker, "bid", "40.00", "0.5500", "mine")
    told: dict[str, Any] = {"partial": [str(partial.fill_count), str(partial.remaining_count)]}
    change = AmendOrderV2Request(ticker=ticker, side="bid", price="0.5400", count="40.00")
    await client.orders.amend_v2(partial.order_id, request=change)
    less = DecreaseOrderV2Request(reduce_by="2.00", market_ticker=ticker)
    await client.orders.decrease_v2(partial.order_id, request=less)
    seen = await client.orders.get(partial.order_id)
    told["seen"] = [seen.status, str(seen.remaining_count)]
    ended = await client.orders.cancel_v2(partial.order_id, market_ticker=ticker)
    told["cancelled"] = str(ended.reduced_by)
    told["refused"] = [
        await failure(client.orders.cancel_v2(partial.order_id)),
        await failure(place(client, ticker, "bid", "1.00", "0.1000", "mine")),
        await failure(place(client, ticker, "bid", "99999.00", "0.1000")),
        await failure(place(client, ticker, "bid", "1.00", "0.1050")),
    ]
    told["fills"] = len([fill async for fill in client.portfolio.fills_all()])
    held = [row async for row in client.portfolio.positions_all()]
    told["held"] = [str(row.position) for row in held if getattr(row, "ticker", "") == ticker]
    return told


async def place(client: Any, ticker: str, side: str, count: str, price: str, name: str = "") -> Any:
    request = CreateOrderV2Request(
        ticker=ticker,
        client_order_id=name or f"{side}-{count}-{price}",
        side=side,
        count=count,
        price=price,
        time_in_force="good_till_canceled",
        self_trade_prevention_type="taker_at_cross",
    )
    return await client.orders.create_v2(request=request)


async def failure(call: Any, kind: type[Exception] = KalshiError) -> str:
    """The class of what a call raises."""
    try:
        await call
    except kind as error:
        return type(error).__name__
    raise AssertionError("nothing was raised")


given = json.loads(Path(sys.argv[1]).read_text(encoding="utf8"))
print(json.dumps(asyncio.run(main(given)), default=str))
