"""What does a typical bot do with the same bytes? Floats in dictionaries, best by max() and min().

Written to be good of its kind: one book a token, only the pair that changed is looked at again.
"""

import json
from collections.abc import Sequence
from math import ceil
from typing import Any, cast

from benchmarks.stream import KALSHI, Arrival, Stream

POLYMARKET_RATE = 0.04
KALSHI_RATE = 0.07
DUST = 1e-9
Body = dict[str, Any]
Side = dict[float, float]
"""Size by price."""


class TokenBook:
    """What rests in one token of Polymarket, or in both legs of a Kalshi market."""

    def __init__(self) -> None:
        self.bids: Side = {}
        self.asks: Side = {}


class Bot:
    """Folds frames and tells the edge of a pair after fees, in dollars a contract."""

    def __init__(self, stream: Stream) -> None:
        self.books: dict[str, TokenBook] = {}
        self.edges: dict[int, float] = {}
        self._pairs: list[tuple[TokenBook, TokenBook, TokenBook]] = []
        markets = {m.id: m for wired in stream.connections for m in wired.markets}
        for pair in stream.pairs:
            yes, no = markets[pair.a].outcome_ids
            names = (yes, no, markets[pair.b].native_id)
            first, second, third = (self.books.setdefault(name, TokenBook()) for name in names)
            self._pairs.append((first, second, third))
        self._kalshi = {w.connection for w in stream.connections if w.venue == KALSHI}

    def on_frame(self, arrival: Arrival) -> bool:
        """Fold one frame; whether a book changed."""
        data = json.loads(arrival.payload)
        if arrival.connection in self._kalshi:
            return self._on_kalshi(data)
        if type(data) is dict:
            return self._on_polymarket(cast("Body", data))
        for event in data:
            self._on_polymarket(event)
        return True

    def check(self, number: int) -> None:
        """The better of both packages of a pair."""
        yes, no, kalshi = self._pairs[number]
        if not (yes.asks and no.asks and kalshi.bids and kalshi.asks):
            return
        yes_ask, no_ask = min(yes.asks), min(no.asks)
        kalshi_yes_ask, kalshi_no_ask = min(kalshi.asks), 1 - max(kalshi.bids)
        self.edges[number] = max(
            _net(yes_ask, kalshi_no_ask),
            _net(no_ask, kalshi_yes_ask),
        )

    def _on_polymarket(self, event: Body) -> bool:
        kind = event["event_type"]
        if kind == "price_change":
            for change in event["price_changes"]:
                book = self.books[change["asset_id"]]
                side = book.bids if change["side"] == "BUY" else book.asks
                price, size = float(change["price"]), float(change["size"])
                if size == 0:
                    side.pop(price, None)
                else:
                    side[price] = size
            return True
        if kind == "book":
            book = self.books[event["asset_id"]]
            book.bids = {float(level["price"]): float(level["size"]) for level in event["bids"]}
            book.asks = {float(level["price"]): float(level["size"]) for level in event["asks"]}
            return True
        return False

    def _on_kalshi(self, frame: Body) -> bool:
        kind, body = frame["type"], frame["msg"]
        if kind == "orderbook_delta":
            book = self.books[body["market_ticker"]]
            side = book.bids if body["side"] == "yes" else book.asks
            price = float(body["price_dollars"])
            size = side.get(price, 0.0) + float(body["delta_fp"])
            if size < DUST:
                side.pop(price, None)
            else:
                side[price] = size
            return True
        if kind == "orderbook_snapshot":
            book = self.books[body["market_ticker"]]
            book.bids = _leg(body.get("yes_dollars_fp", ()))
            book.asks = _leg(body.get("no_dollars_fp", ()))
            return True
        return False


def _leg(levels: Sequence[Sequence[str]]) -> Side:
    return {float(price): float(size) for price, size in levels}


def _net(polymarket: float, kalshi: float) -> float:
    """What a dollar's worth of both outcomes leaves after taker fees."""
    fees = POLYMARKET_RATE * polymarket * (1 - polymarket)
    fees += ceil(KALSHI_RATE * kalshi * (1 - kalshi) * 10_000) / 10_000
    return 1 - polymarket - kalshi - fees
