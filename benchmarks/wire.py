"""How would the venues write it? Frames of the documented shapes for synthetic changes."""

import json
from hashlib import sha1
from random import Random
from typing import Any

from benchmarks.ladder import CENTS, Change, Ladder
from foreshock.core.domain.markets import Market
from foreshock.core.domain.units import format_micros

Body = dict[str, Any]
"""A JSON object as it is built here: keys and values as the venue has them."""

HUNDREDTH = 10_000
ORDER_SIZE_MIN = "5"


def encoded(body: Body | list[Body]) -> bytes:
    """Compact JSON, as both venues send it."""
    return json.dumps(body, separators=(",", ":")).encode()


# ---- Polymarket ----------------------------------------------------------------------------


def price_change(
    market: Market, ladder: Ladder, change: Change, stamp_ms: int, rng: Random
) -> Body:
    """One changed level, told for both tokens as the documentation shows it."""
    yes, no = market.outcome_ids
    order = f"0x{rng.getrandbits(160):040x}"
    size = _decimal(change.size)
    bid, ask = ladder.best("bid"), ladder.best("ask")
    is_bid = change.side == "bid"

    def entry(token: str, cents: int, side: str, touch: tuple[int, int]) -> Body:
        best_bid, best_ask = touch
        return {
            "asset_id": token,
            "price": _price(cents),
            "size": size,
            "side": side,
            "hash": order,
            "best_bid": _price(best_bid),
            "best_ask": _price(best_ask),
        }

    return {
        "market": market.native_id,
        "price_changes": [
            entry(yes, change.cents, "BUY" if is_bid else "SELL", (bid, ask)),
            entry(
                no,
                CENTS - change.cents,
                "SELL" if is_bid else "BUY",
                (CENTS - ask, CENTS - bid),
            ),
        ],
        "timestamp": str(stamp_ms),
        "event_type": "price_change",
    }


def polymarket_book(market: Market, ladder: Ladder, stamp_ms: int, *, is_yes: bool) -> Body:
    """The book of one token with its hash; bids ascend and asks descend."""
    body = polymarket_rest_book(market, ladder, stamp_ms, is_yes=is_yes)
    del body["min_order_size"], body["neg_risk"]
    return body | {"event_type": "book"}


def polymarket_rest_book(market: Market, ladder: Ladder, stamp_ms: int, *, is_yes: bool) -> Body:
    """The same from REST: also with the market's own terms, all of which are hashed."""
    bids, asks = ladder.bids, ladder.asks
    if not is_yes:
        bids, asks = (
            {CENTS - cents: size for cents, size in levels.items()} for levels in (asks, bids)
        )
    body: Body = {
        "market": market.native_id,
        "asset_id": market.outcome_ids[0 if is_yes else 1],
        "timestamp": str(stamp_ms),
        "hash": "",
        "bids": [_level(cents, bids[cents]) for cents in sorted(bids)],
        "asks": [_level(cents, asks[cents]) for cents in sorted(asks, reverse=True)],
        "min_order_size": ORDER_SIZE_MIN,
        "tick_size": "0.01",
        "neg_risk": False,
        "last_trade_price": "0.500",
    }
    body["hash"] = sha1(encoded(body), usedforsecurity=False).hexdigest()
    return body


def polymarket_trade(market: Market, ladder: Ladder, stamp_ms: int, rng: Random) -> Body:
    """A buyer takes a little of the best offer of YES."""
    return {
        "market": market.native_id,
        "asset_id": market.outcome_ids[0],
        "price": _price(ladder.best("ask")),
        "size": str(rng.randrange(1, 50)),
        "fee_rate_bps": "0",
        "side": "BUY",
        "timestamp": str(stamp_ms),
        "event_type": "last_trade_price",
        "transaction_hash": f"0x{rng.getrandbits(256):064x}",
    }


# ---- Kalshi --------------------------------------------------------------------------------


def delta(market: Market, change: Change, clock: int, stamp_ms: int) -> Body:
    """One level's change; orders for NO are told in prices of YES, as our subscription asks."""
    return {
        "market_ticker": market.native_id,
        "market_id": market.outcome_ids[0],
        "price_dollars": _dollars(change.cents),
        "delta_fp": _count(change.size - change.before),
        "side": "yes" if change.side == "bid" else "no",
        "clock": clock,
        "ts_ms": stamp_ms,
    }


def snapshot(market: Market, ladder: Ladder) -> Body:
    """The whole book, best level of each leg last, NO in prices of YES."""
    no = sorted(ladder.asks.items(), reverse=True)
    return {
        "market_ticker": market.native_id,
        "market_id": market.outcome_ids[0],
        "clock": 0,
        "yes_dollars_fp": _leg(sorted(ladder.bids.items())),
        "no_dollars_fp": _leg(no),
    }


def kalshi_rest_books(market: Market, ladder: Ladder) -> Body:
    """A REST answer with one book, where NO is always in prices of NO."""
    no = sorted((CENTS - cents, size) for cents, size in ladder.asks.items())
    legs = {"yes_dollars": _leg(sorted(ladder.bids.items())), "no_dollars": _leg(no)}
    return {"orderbooks": [{"ticker": market.native_id, "orderbook_fp": legs}]}


def kalshi_trade(market: Market, ladder: Ladder, stamp_ms: int, rng: Random) -> Body:
    """A buyer takes a little of the best offer of YES."""
    cents = ladder.best("ask")
    return {
        "trade_id": f"{rng.getrandbits(128):032x}",
        "market_ticker": market.native_id,
        "yes_price_dollars": _dollars(cents),
        "no_price_dollars": _dollars(CENTS - cents),
        "count_fp": _count(rng.randrange(1, 5_000)),
        "taker_side": "yes",
        "taker_outcome_side": "yes",
        "taker_book_side": "bid",
        "is_block_trade": False,
        "ts": stamp_ms // 1_000,
        "ts_ms": stamp_ms,
    }


def kalshi_frame(kind: str, sid: int, seq: int, body: Body, stamp_ms: int) -> bytes:
    """A sequenced frame of the stream."""
    return encoded({
        "type": kind,
        "sid": sid,
        "seq": seq,
        "sending_ts_ms": stamp_ms,
        "msg": body,
    })


def _leg(levels: list[tuple[int, int]]) -> list[list[str]]:
    return [[_dollars(cents), _count(size)] for cents, size in levels]


def _level(cents: int, size: int) -> Body:
    return {"price": _price(cents), "size": _decimal(size)}


def _price(cents: int) -> str:
    """As Polymarket writes it: no trailing zeros."""
    return format_micros(cents * HUNDREDTH)


def _decimal(hundredths: int) -> str:
    return format_micros(hundredths * HUNDREDTH)


def _dollars(cents: int) -> str:
    return format_micros(cents * HUNDREDTH, 4)


def _count(hundredths: int) -> str:
    return format_micros(hundredths * HUNDREDTH, 2)
