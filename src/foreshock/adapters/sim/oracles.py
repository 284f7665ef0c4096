"""What do Binance and Coinbase look like from outside, in a world that we know? Two hosts; pure.

Both show the same walk, one price a second: the trades of a coin are numbered by their seconds, the
frames of a Coinbase connection one after the other. So a client can tell whether it missed any.
"""

from collections.abc import Iterator
from datetime import timedelta
from typing import Final

import msgspec

from foreshock.adapters.seams import HttpRequest, HttpResponse
from foreshock.adapters.sim.coin_paths import COINS, CoinPaths
from foreshock.adapters.sim.wire_text import EPOCH, Query, answer
from foreshock.core.domain.units import SECOND, Instant, format_micros

MINUTE_S: Final = 60
MILLISECOND: Final = 1_000
KLINES_MAX: Final = 1_000
CATCH_UP_S_MAX: Final = 60
"""Seconds told at once after the host was not asked for a while."""
STREAMS_MAX: Final = 1_024
SPREAD: Final = 10_000
"""Bid and ask lie so far from the price, in millionths of a dollar."""
QUOTE: Final = "USDT"


class BinanceFace:
    """Market data of Binance: combined streams of trades, and minutes by REST."""

    heartbeat: bytes | None = b""

    def __init__(self, paths: CoinPaths) -> None:
        self._paths = paths
        self._streams: dict[int, tuple[str, ...]] = {}
        self._frames: list[tuple[int, str]] = []
        self._cuts: list[int] = []
        self._seconds = _Seconds()

    def handle(self, request: HttpRequest, now_us: Instant) -> HttpResponse:
        """`/api/v3/klines` and `/api/v3/time`."""
        query = Query(request)
        match query.parts:
            case ("api", "v3", "time"):
                return answer(200, {"serverTime": now_us // MILLISECOND})
            case ("api", "v3", "klines"):
                return self._klines(query, now_us)
            case _:
                return answer(404, {"code": -1, "msg": "Not found"})

    def open(
        self,
        connection: int,
        path: str,
        headers: tuple[tuple[str, str], ...],
        now_us: Instant,
    ) -> HttpResponse | None:
        """`/stream?streams=a/b`, trades only."""
        query = Query(HttpRequest("GET", path))
        names = query.text("streams").split("/")
        coins = tuple(coin for name in names if (coin := _coin_of_stream(name)))
        if query.parts != ("stream",) or len(coins) != len(names) or len(names) > STREAMS_MAX:
            return answer(404, {"code": -1, "msg": "Unknown stream"})
        self._streams[connection] = coins
        return None

    def receive(self, connection: int, text: str, now_us: Instant) -> None:
        """Requests on the stream are answered, and change nothing."""
        self._frames.append((connection, '{"result":null,"id":1}'))

    def close(self, connection: int) -> None:
        """The stream ended."""
        self._streams.pop(connection, None)

    def take_frames(self, now_us: Instant) -> list[tuple[int, str]]:
        """A trade of every coin for each second since the last call."""
        frames, self._frames = self._frames, []
        for second in self._seconds.since(now_us):
            at_us = Instant(second * SECOND)
            for connection, coins in self._streams.items():
                frames += [(connection, self._trade(coin, at_us)) for coin in coins]
        return frames

    def take_cuts(self) -> list[int]:
        """Streams that were told to end."""
        cuts, self._cuts = self._cuts, []
        return cuts

    def shut_down(self) -> None:
        """Announce a restart on every stream, then hang up."""
        for connection in self._streams:
            body = {"e": "serverShutdown", "E": 0}
            self._frames.append((connection, msgspec.json.encode(body).decode()))
            self._cuts.append(connection)

    def _trade(self, coin: str, at_us: Instant) -> str:
        number = at_us // SECOND
        price = format_micros(self._paths.price(coin, at_us), 8)
        body = {
            "stream": f"{coin.lower()}{QUOTE.lower()}@aggTrade",
            "data": {
                "e": "aggTrade",
                "E": at_us // MILLISECOND,
                "s": f"{coin}{QUOTE}",
                "a": number,
                "p": price,
                "q": "0.01000000",
                "f": number,
                "l": number,
                "T": at_us // MILLISECOND,
                "m": False,
                "M": True,
            },
        }
        return msgspec.json.encode(body).decode()

    def _klines(self, query: Query, now_us: Instant) -> HttpResponse:
        coin = query.text("symbol").removesuffix(QUOTE)
        if coin not in COINS or query.text("interval") != "1m":
            return answer(400, {"code": -1121, "msg": "Invalid symbol."})
        text = query.text("limit") or "500"
        if not (text.isdecimal() and 1 <= int(text[:9]) <= KLINES_MAX):
            return answer(400, {"code": -1100, "msg": "Illegal characters found in 'limit'."})
        newest = now_us // SECOND // MINUTE_S
        oldest = max(newest - int(text) + 1, -(-self._paths.begins_us // SECOND // MINUTE_S))
        return answer(200, [self._kline(coin, m, now_us) for m in range(oldest, newest + 1)])

    def _kline(self, coin: str, minute: int, now_us: Instant) -> list[object]:
        """The newest minute is still open, as at the venue: its close is the price now."""
        opens_s = minute * MINUTE_S
        ends_us = min(now_us, (opens_s + MINUTE_S) * SECOND)
        seconds = range(opens_s, max(opens_s + 1, ends_us // SECOND))
        prices = [self._paths.price(coin, Instant(s * SECOND)) for s in seconds]
        prices.append(self._paths.price(coin, Instant(ends_us)))
        texts = [format_micros(p, 8) for p in (prices[0], max(prices), min(prices), prices[-1])]
        closes_ms = (opens_s + MINUTE_S) * 1_000 - 1
        tail = ["1.0", closes_ms, "1.0", len(prices), "0.5", "0.5", "0"]
        return [opens_s * 1_000, *texts, *tail]


class CoinbaseFace:
    """Coinbase Advanced Trade: tickers and heartbeats, every frame of a connection numbered."""

    heartbeat: bytes | None = None

    def __init__(self, paths: CoinPaths) -> None:
        self._paths = paths
        self._products: dict[int, dict[str, list[str]]] = {}
        self._numbers: dict[int, int] = {}
        self._frames: list[tuple[int, str]] = []
        self._seconds = _Seconds()

    def handle(self, request: HttpRequest, now_us: Instant) -> HttpResponse:
        """Nothing is asked here by REST."""
        return answer(404, {"error": "NOT_FOUND", "message": "not found"})

    def open(
        self,
        connection: int,
        path: str,
        headers: tuple[tuple[str, str], ...],
        now_us: Instant,
    ) -> HttpResponse | None:
        """Everybody may open a stream."""
        self._products[connection] = {}
        self._numbers[connection] = 0
        return None

    def receive(self, connection: int, text: str, now_us: Instant) -> None:
        """A subscription; what is none is answered with an error."""
        try:
            asked = msgspec.json.decode(text, type=_Subscribe)
        except (msgspec.MsgspecError, UnicodeDecodeError):
            self._frames.append((connection, '{"type":"error","message":"malformed request"}'))
            return
        unknown = [p for p in asked.product_ids if p.removesuffix("-USD") not in COINS]
        if asked.channel not in {"ticker", "heartbeats"} or unknown:
            self._frames.append((
                connection,
                '{"type":"error","message":"unknown channel or product"}',
            ))
            return
        self._products[connection][asked.channel] = asked.product_ids
        self._say(connection, "subscriptions", [{"subscriptions": {asked.channel: []}}], now_us)
        if asked.channel == "ticker":
            self._tickers(connection, "snapshot", now_us)

    def close(self, connection: int) -> None:
        """The stream ended."""
        self._products.pop(connection, None)
        self._numbers.pop(connection, None)

    def take_frames(self, now_us: Instant) -> list[tuple[int, str]]:
        """A ticker and a heartbeat for each second since the last call."""
        for second in self._seconds.since(now_us):
            at_us = Instant(second * SECOND)
            for connection, channels in self._products.items():
                if "ticker" in channels:
                    self._tickers(connection, "update", at_us)
                if "heartbeats" in channels:
                    beat = {"current_time": _iso(at_us), "heartbeat_counter": str(second)}
                    self._say(connection, "heartbeats", [beat], at_us)
        frames, self._frames = self._frames, []
        return frames

    def take_cuts(self) -> list[int]:
        """This host never hangs up by itself."""
        return []

    def _tickers(self, connection: int, kind: str, at_us: Instant) -> None:
        tickers = [self._ticker(p, at_us) for p in self._products[connection]["ticker"]]
        self._say(connection, "ticker", [{"type": kind, "tickers": tickers}], at_us)

    def _ticker(self, product: str, at_us: Instant) -> dict[str, str]:
        price = self._paths.price(product.removesuffix("-USD"), at_us)
        return {
            "type": "ticker",
            "product_id": product,
            "price": format_micros(price, 2),
            "best_bid": format_micros(price - SPREAD, 2),
            "best_bid_quantity": "1.5",
            "best_ask": format_micros(price + SPREAD, 2),
            "best_ask_quantity": "0.7",
        }

    def _say(self, connection: int, channel: str, events: list[object], at_us: Instant) -> None:
        number = self._numbers[connection]
        self._numbers[connection] = number + 1
        body = {
            "channel": channel,
            "client_id": "",
            "timestamp": _iso(at_us),
            "sequence_num": number,
            "events": events,
        }
        self._frames.append((connection, msgspec.json.encode(body).decode()))


class _Subscribe(msgspec.Struct):
    type: str
    channel: str
    product_ids: list[str]


class _Seconds:
    """The whole seconds that have passed since the last look; none at the first."""

    def __init__(self) -> None:
        self._told: int | None = None

    def since(self, now_us: Instant) -> Iterator[int]:
        now_s = now_us // SECOND
        first = now_s if self._told is None else max(self._told + 1, now_s - CATCH_UP_S_MAX)
        self._told = max(now_s, self._told or now_s)
        yield from range(first, now_s + 1)


def _coin_of_stream(name: str) -> str:
    symbol, _, kind = name.partition("@")
    coin = symbol.upper().removesuffix(QUOTE)
    return coin if kind == "aggTrade" and coin in COINS else ""


def _iso(at_us: Instant) -> str:
    moment = EPOCH + timedelta(microseconds=at_us)
    return f"{moment:%Y-%m-%dT%H:%M:%S}.{at_us % SECOND * 1_000:09d}Z"
