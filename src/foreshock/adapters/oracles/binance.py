"""What does Binance say a coin trades at? Trades by stream, minutes by REST; pure.

Trades of one coin carry consecutive numbers, so one that is missing is seen. The minutes fill the
hour before the desk started: without them nothing could be said of volatility for half an hour.
Prices are in USDT, which is not quite a dollar: symbols say so.

Source: Binance's "WebSocket Streams" and "Market data endpoints" of the spot API, July 2026.
"""

from collections.abc import Sequence
from itertools import pairwise
from typing import Final

import msgspec

from foreshock.adapters.oracles.values import decoded, instant_of_ms, price
from foreshock.core.domain.errors import DataError
from foreshock.core.domain.messages.signals import OracleReported
from foreshock.core.domain.oracles import NOTHING_SAID, OracleFrame
from foreshock.core.domain.units import SECOND, Duration, Instant

SOURCE: Final = "binance"
MINUTES_SOURCE: Final = "binance minutes"
QUOTE: Final = "USDT"
STREAM_SILENCE_MAX: Final = Duration(20 * SECOND)
MINUTES_SILENCE_MAX: Final = Duration(300 * SECOND)
MINUTES_COUNT: Final = 90
ROW_LENGTH_MIN, CLOSE, CLOSE_TIME = 7, 4, 6
"""Of a row of minutes: open time, open, high, low, close, volume, close time, ..."""


class _Trade(msgspec.Struct):
    """One price of an aggregate trade. a: number, consecutive per coin. T: when it traded, ms."""

    s: str
    a: int
    p: str
    T: int


class _Frame(msgspec.Struct):
    """A combined stream's envelope, an answer to a request, or an event without a stream."""

    stream: str = ""
    data: msgspec.Raw = msgspec.Raw(b"null")
    e: str = ""
    error: msgspec.Raw = msgspec.Raw(b"")


class _Event(msgspec.Struct):
    e: str = ""


class BinanceTrades:
    """The trades of some coins over one connection."""

    name = SOURCE
    silence_max = STREAM_SILENCE_MAX
    is_conflated = True

    def __init__(self, coins: Sequence[str]) -> None:
        self.symbols = tuple(symbol_of(coin) for coin in coins)
        streams = "/".join(f"{coin.lower()}{QUOTE.lower()}@aggTrade" for coin in coins)
        self.path = f"/stream?streams={streams}"
        self._known = {f"{coin}{QUOTE}": symbol_of(coin) for coin in coins}
        self._numbers: dict[str, int] = {}

    def opening(self) -> Sequence[str]:
        """The path says everything."""
        return ()

    def read(self, body: bytes, recv_us: Instant) -> OracleFrame:
        """One trade. Raises DataError for what cannot be one."""
        frame = decoded(body, _Frame)
        if refused := bytes(frame.error):
            words = refused[:100].decode(errors="replace")
            return OracleFrame(ended=f"Binance refused: {words}")
        kind = frame.e or (decoded(bytes(frame.data), _Event).e if frame.stream else "")
        if kind == "serverShutdown":
            return OracleFrame(ended="Binance is about to restart")
        if kind == "aggTrade":
            return self._trade(decoded(bytes(frame.data), _Trade), recv_us)
        return OracleFrame(unknown=kind) if kind or frame.stream else NOTHING_SAID

    def _trade(self, trade: _Trade, recv_us: Instant) -> OracleFrame:
        symbol = self._known.get(trade.s)
        if symbol is None:
            raise DataError(f"a trade of {trade.s[:20]!r}, which was not asked for")
        report = OracleReported(SOURCE, symbol, price(trade.p), instant_of_ms(trade.T), recv_us)
        last = self._numbers.get(symbol)
        if last is not None and trade.a <= last:
            return NOTHING_SAID
        self._numbers[symbol] = trade.a
        if last is not None and trade.a != last + 1:
            skipped = f"{symbol}: trades {last + 1} to {trade.a - 1} are missing"
            return OracleFrame(reports=(report,), skipped=skipped)
        return OracleFrame(reports=(report,))


class BinanceMinutes:
    """The closes of the last minutes of one coin, asked for again and again."""

    name = MINUTES_SOURCE
    silence_max = MINUTES_SILENCE_MAX
    is_conflated = False

    def __init__(self, coin: str) -> None:
        self.symbols = (symbol_of(coin),)
        self.path = f"/api/v3/klines?symbol={coin}{QUOTE}&interval=1m&limit={MINUTES_COUNT}"

    def opening(self) -> Sequence[str]:
        """Nothing is sent: it is asked by REST."""
        return ()

    def read(self, body: bytes, recv_us: Instant) -> OracleFrame:
        """The minutes that have ended. Raises DataError for rows that are none, or out of order."""
        rows = decoded(body, list[list[object]])
        if len(rows) > MINUTES_COUNT:
            raise DataError(f"{len(rows)} minutes, {MINUTES_COUNT} were asked for")
        reports = [self._minute(row, recv_us) for row in rows]
        if any(b.event_us <= a.event_us for a, b in pairwise(reports)):
            raise DataError("minutes out of order")
        return OracleFrame(reports=tuple(r for r in reports if r.event_us <= recv_us))

    def _minute(self, row: Sequence[object], recv_us: Instant) -> OracleReported:
        if len(row) < ROW_LENGTH_MIN:
            raise DataError(f"a minute of {len(row)} fields")
        close, closes_ms = row[CLOSE], row[CLOSE_TIME]
        if not isinstance(close, str) or not isinstance(closes_ms, int):
            raise DataError(f"no minute: {close!r} at {closes_ms!r}")
        # The last millisecond of the minute counts as its end.
        event_us = instant_of_ms(closes_ms + 1)
        return OracleReported(MINUTES_SOURCE, self.symbols[0], price(close), event_us, recv_us)


def symbol_of(coin: str) -> str:
    """`BTC` -> `BTC-USDT`."""
    return f"{coin}-{QUOTE}"
