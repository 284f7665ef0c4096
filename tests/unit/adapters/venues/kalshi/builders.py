"""Short real messages of Kalshi, retyped, and what tests build from them.

MARKET, EVENT, SERIES: production REST, `GET /events?with_nested_markets=true` of 2026-08-08 and
`GET /series/{ticker}` of 2026-08-20. SNAPSHOT, DELTA, OK: production WebSocket, 2026-08-07.
TRADE, TICKER: shaped by AsyncAPI 2.0.0 of October 2026.
"""

import copy
import json
from typing import Any

from foreshock.adapters.seams import HttpRequest, HttpResponse
from foreshock.adapters.venues.kalshi import wire
from foreshock.adapters.venues.kalshi.markets import listing
from foreshock.adapters.venues.kalshi.protocol import KalshiStream
from foreshock.core.domain.markets import Market
from foreshock.core.domain.messages.union import Message
from foreshock.core.domain.units import SECOND, Instant

Json = dict[str, Any]
T0 = Instant(1_786_085_188_000_000)
TICKER_A = "KXMLBGAME-26AUG071840NYMPIT-NYM"
TICKER_B = "KXMLBGAME-26AUG071840NYMPIT-PIT"
EVENT_TICKER = "KXMLBGAME-26AUG071840NYMPIT"

MARKET: Json = {
    "can_close_early": True,
    "close_time": "2026-08-10T22:40:00Z",
    "created_time": "2026-08-04T06:05:01.154369Z",
    "event_ticker": EVENT_TICKER,
    "expected_expiration_time": "2026-08-08T01:40:00Z",
    "latest_expiration_time": "2026-08-10T22:40:00Z",
    "market_type": "binary",
    "no_sub_title": "New York M",
    "notional_value_dollars": "1.0000",
    "open_time": "2026-08-04T14:00:00Z",
    "price_level_structure": "linear_cent",
    "price_ranges": [{"end": "1.0000", "start": "0.0000", "step": "0.0100"}],
    "result": "",
    "rules_primary": "If New York M wins the game, then the market resolves to Yes.",
    "rules_secondary": "If the game is not started within 48 hours, it resolves to a fair price.",
    "settlement_timer_seconds": 300,
    "status": "active",
    "strike_type": "structured",
    "ticker": TICKER_A,
    "title": "New York M vs Pittsburgh Winner?",
    "volume_24h_fp": "1963.89",
    "yes_sub_title": "New York M",
}
EVENT: Json = {
    "category": "Sports",
    "collateral_return_type": "MECNET",
    "event_ticker": EVENT_TICKER,
    "mutually_exclusive": True,
    "series_ticker": "KXMLBGAME",
    "settlement_sources": [{"name": "ESPN", "url": "https://www.espn.com"}],
    "sub_title": "NYM vs PIT (Aug 7)",
    "title": "New York M vs Pittsburgh",
}
SERIES: Json = {
    "category": "Sports",
    "fee_multiplier": 0.5,
    "fee_type": "quadratic_with_maker_fees",
    "frequency": "custom",
    "settlement_sources": [{"name": "the Governing League", "url": "https://www.mlb.com/"}],
    "ticker": "KXMLBGAME",
    "title": "Professional Baseball Game",
}
SNAPSHOT: Json = {
    "type": "orderbook_snapshot",
    "sid": 1,
    "seq": 1,
    "msg": {
        "market_ticker": TICKER_A,
        "market_id": "957ed958-0000-4000-8000-000000000001",
        "yes_dollars_fp": [["0.4200", "500.00"], ["0.4300", "2005.35"]],
        "no_dollars_fp": [["0.5500", "12.00"], ["0.5600", "800.00"]],
    },
}
DELTA: Json = {
    "type": "orderbook_delta",
    "sid": 1,
    "seq": 2,
    "msg": {
        "market_ticker": TICKER_A,
        "market_id": "957ed958-0000-4000-8000-000000000001",
        "price_dollars": "0.4300",
        "delta_fp": "-100.00",
        "side": "yes",
        "ts": "2026-08-07T06:46:28.97871Z",
        "ts_ms": 1_786_085_188_978,
    },
}
TRADE: Json = {
    "type": "trade",
    "sid": 2,
    "seq": 1,
    "msg": {
        "trade_id": "d91bc706-ee49-470d-82d8-11418bda6fed",
        "market_ticker": TICKER_A,
        "yes_price_dollars": "0.4400",
        "no_price_dollars": "0.5600",
        "count_fp": "136.50",
        "taker_side": "yes",
        "taker_outcome_side": "yes",
        "taker_book_side": "bid",
        "is_block_trade": False,
        "ts_ms": 1_786_085_189_100,
    },
}
TICKER: Json = {
    "type": "ticker",
    "sid": 3,
    "msg": {
        "market_ticker": TICKER_A,
        "market_id": "957ed958-0000-4000-8000-000000000001",
        "yes_bid_dollars": "0.4300",
        "yes_ask_dollars": "0.4400",
        "yes_bid_size_fp": "2005.35",
        "yes_ask_size_fp": "800.00",
        "ts_ms": 1_786_085_189_100,
    },
}


def changed(sample: Json, **changes: object) -> Json:
    """A copy of a body with some keys replaced; a value of ... takes the key out."""
    body = copy.deepcopy(sample) | changes
    return {key: value for key, value in body.items() if value is not ...}


def framed(sample: Json, msg: Json | None = None, **envelope: object) -> bytes:
    """A frame with some keys of its msg and of its envelope replaced, as bytes."""
    frame = changed(sample, **envelope)
    frame["msg"] = changed(frame["msg"], **(msg or {}))
    return encoded(frame)


def encoded(body: object) -> bytes:
    """Compact JSON, as the venue writes it."""
    return json.dumps(body, separators=(",", ":")).encode()


def market_of(**changes: object) -> Market:
    """The sample market in our words."""
    return listing(
        wire.decoded(encoded(changed(MARKET, **changes)), wire.Market),
        wire.decoded(encoded(EVENT), wire.Event),
        wire.decoded(encoded(SERIES), wire.Series),
    ).market


def lifecycle(seq: int, event_type: str, **msg: object) -> bytes:
    """A life-cycle frame about the sample market."""
    told = {"market_ticker": TICKER_A, "event_type": event_type} | msg
    frame = {"type": "market_lifecycle_v2", "sid": 4, "seq": seq, "msg": told}
    return encoded(frame | {"sending_ts_ms": T0 // 1_000})


class Driven:
    """A stream fed one frame after the other, a millisecond apart."""

    def __init__(self, *markets: Market, no_in_yes_price: bool = False) -> None:
        self.stream = KalshiStream(7, no_in_yes_price=no_in_yes_price)
        self.now_us = T0
        self._frame_seq = 0
        self.stream.opened(markets or (market_of(),), T0)

    def commands(self) -> list[Json]:
        """What the stream wants to send."""
        return [json.loads(text) for text in self.stream.take_outgoing()]

    def after(self, seconds: int) -> "Driven":
        """Let time pass."""
        self.now_us = Instant(self.now_us + seconds * SECOND)
        self.stream.tick(self.now_us)
        return self

    def receive(self, *received: bytes) -> list[Message]:
        """Feed frames, then drain."""
        for frame in received:
            self._frame_seq += 1
            self.now_us = Instant(self.now_us + 1_000)
            self.stream.receive(frame, self._frame_seq, self.now_us)
        return self.stream.drain()


class AnsweringVenue:
    """An HttpTransport that answers by path and keeps the paths. Unknown paths get a 404."""

    def __init__(self, answers: dict[str, object]) -> None:
        self.answers = answers
        self.asked: list[str] = []

    async def send(self, request: HttpRequest) -> HttpResponse:
        self.asked.append(request.path)
        answer = self.answers.get(request.path.removeprefix("/trade-api/v2"))
        if isinstance(answer, HttpResponse):
            return answer
        if answer is None:
            return HttpResponse(404, encoded({"error": {"code": "not_found"}}))
        return HttpResponse(200, encoded(answer))
