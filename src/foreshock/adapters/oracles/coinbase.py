"""What does Coinbase say a coin trades at? The middle of its best bid and ask by stream; pure.

Every frame of a connection carries the next number, heartbeats included, so a missing one is seen
whatever it was about.

Source: Coinbase Advanced Trade "WebSocket channels" (ticker, heartbeats), read in November 2026.
"""

from collections.abc import Sequence
from typing import Final

import msgspec

from foreshock.adapters.oracles.values import decoded, instant_of_iso, price
from foreshock.core.domain.errors import DataError
from foreshock.core.domain.messages.signals import OracleReported
from foreshock.core.domain.oracles import NOTHING_SAID, OracleFrame
from foreshock.core.domain.units import SECOND, Duration, Instant

SOURCE: Final = "coinbase"
QUOTE: Final = "USD"
SILENCE_MAX: Final = Duration(10 * SECOND)
"""Heartbeats come every second."""
QUIET_CHANNELS: Final = frozenset({"heartbeats", "subscriptions"})
PRODUCTS_MAX: Final = 100


class _Ticker(msgspec.Struct):
    product_id: str
    best_bid: str
    best_ask: str


class _Event(msgspec.Struct):
    tickers: list[_Ticker] = []


class _Frame(msgspec.Struct):
    channel: str = ""
    timestamp: str = ""
    sequence_num: int | None = None
    events: msgspec.Raw = msgspec.Raw(b"[]")
    type: str = ""
    message: str = ""


class CoinbaseTicker:
    """The best prices of some coins over one connection."""

    name = SOURCE
    path = "/"
    silence_max = SILENCE_MAX
    is_conflated = True

    def __init__(self, coins: Sequence[str]) -> None:
        self.symbols = tuple(symbol_of(coin) for coin in coins)
        self._number: int | None = None

    def opening(self) -> Sequence[str]:
        """Two subscriptions: idle channels are closed, so heartbeats belong to it."""
        products = list(self.symbols)
        return [
            msgspec.json.encode({
                "type": "subscribe",
                "product_ids": products,
                "channel": channel,
            }).decode()
            for channel in ("heartbeats", "ticker")
        ]

    def read(self, body: bytes, recv_us: Instant) -> OracleFrame:
        """One frame. Raises DataError for what cannot be one; it then counts as not received."""
        frame = decoded(body, _Frame)
        if frame.type == "error":
            return OracleFrame(ended=f"Coinbase refused: {frame.message[:100]}")
        if frame.sequence_num is None:
            raise DataError("a frame without a number")
        last = self._number
        if last is not None and frame.sequence_num <= last:
            return NOTHING_SAID
        said = self._said(frame, recv_us)
        self._number = frame.sequence_num
        if last is not None and frame.sequence_num != last + 1:
            skipped = f"frames {last + 1} to {frame.sequence_num - 1} are missing"
            return msgspec.structs.replace(said, skipped=skipped)
        return said

    def _said(self, frame: _Frame, recv_us: Instant) -> OracleFrame:
        if frame.channel in QUIET_CHANNELS:
            return NOTHING_SAID
        if frame.channel != "ticker":
            return OracleFrame(unknown=frame.channel)
        event_us = instant_of_iso(frame.timestamp)
        events = decoded(bytes(frame.events), list[_Event])
        tickers = [ticker for event in events for ticker in event.tickers]
        if len(tickers) > PRODUCTS_MAX:
            raise DataError(f"{len(tickers)} tickers in a frame")
        return OracleFrame(reports=tuple(self._report(t, event_us, recv_us) for t in tickers))

    def _report(self, ticker: _Ticker, event_us: Instant, recv_us: Instant) -> OracleReported:
        if ticker.product_id not in self.symbols:
            raise DataError(f"a price of {ticker.product_id[:20]!r}, which was not asked for")
        bid, ask = price(ticker.best_bid), price(ticker.best_ask)
        if bid >= ask:
            raise DataError(f"{ticker.product_id}: bid {bid} at or above ask {ask}")
        return OracleReported(SOURCE, ticker.product_id, (bid + ask) // 2, event_us, recv_us)


def symbol_of(coin: str) -> str:
    """`BTC` -> `BTC-USD`."""
    return f"{coin}-{QUOTE}"
