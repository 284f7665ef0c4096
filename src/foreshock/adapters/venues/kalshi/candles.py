"""What was traded at Kalshi in the last 14 days? Its candles: hours, and minutes of the last four.

Candles tell neither prints nor sides. Within an hour its volume counts as even; an hour without a
candle is unknown. Source: Trade API 3.34.0, `GET /markets/candlesticks`, at most 10,000 candles.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence

import msgspec

from foreshock.adapters.seams import HttpRequest
from foreshock.adapters.venues.kalshi import wire
from foreshock.adapters.venues.kalshi.numbers import bound_price, count
from foreshock.adapters.venues.kalshi.rest import get
from foreshock.adapters.venues.past_buckets import PastBuckets
from foreshock.core.domain.errors import DataError
from foreshock.core.domain.markets import MarketId
from foreshock.core.domain.messages.signals import VolumeRecalled
from foreshock.core.domain.units import MICRO, SECOND, Instant, Price, Quantity
from foreshock.core.signals.volume_buckets import BUCKET

CANDLES_MAX = 10_000
HOUR_S, MINUTE_S = 3_600, 60
HOURS = 14 * 24
MINUTES = 4 * 60
TICKERS_MAX = CANDLES_MAX // (HOURS + 2)
"""Of hours; of minutes more would fit, but both are asked for the same markets."""
BUCKET_MINUTES = 5
SOURCE = "Kalshi's candles"


class _Price(msgspec.Struct, frozen=True):
    """Without a trade only the previous close is there."""

    close_dollars: str | None = None
    previous_dollars: str | None = None


class _Candle(msgspec.Struct, frozen=True):
    end_period_ts: wire.Seconds
    volume_fp: str
    price: _Price = _Price()


class _Candles(msgspec.Struct, frozen=True):
    market_ticker: str
    candlesticks: list[_Candle]


class _Body(msgspec.Struct, frozen=True):
    markets: list[_Candles]


class Candle(msgspec.Struct, frozen=True):
    """One period. end_us: its inclusive end. close: the last price known by then."""

    end_us: Instant
    volume: Quantity
    close: Price | None


def hours_request(tickers: Sequence[str], now_us: Instant) -> HttpRequest:
    """Hours of the last 14 days. Raises ValueError for more than TICKERS_MAX markets."""
    return _request(tickers, now_us // MICRO - HOURS * HOUR_S, now_us // MICRO, HOUR_S)


def minutes_request(tickers: Sequence[str], now_us: Instant) -> HttpRequest:
    """Minutes of the last four hours. Raises as `hours_request`."""
    return _request(tickers, now_us // MICRO - MINUTES * MINUTE_S, now_us // MICRO, MINUTE_S)


def read_candles(body: bytes) -> dict[str, tuple[Candle, ...]]:
    """Candles by ticker, oldest first. Raises DataError."""
    found = wire.decoded(body, _Body)
    return {each.market_ticker: _ordered(each.candlesticks) for each in found.markets}


def recalled(
    market: MarketId,
    hours: Sequence[Candle],
    minutes: Sequence[Candle],
    now_us: Instant,
) -> VolumeRecalled | None:
    """What both tell of one market; minutes stand where both tell something."""
    past = PastBuckets(market, now_us)
    for candle in hours:
        begun_us = Instant(candle.end_us - HOUR_S * SECOND)
        past.spread(begun_us, candle.end_us, candle.volume)
        if candle.close is not None:
            past.mark(Instant(candle.end_us - 1), candle.close)
    for at_us, volumes in _by_bucket(minutes).items():
        if len(volumes) == BUCKET_MINUTES:
            past.total(at_us, volumes)
    for candle in minutes:
        if candle.close is not None:
            past.mark(Instant(candle.end_us - 1), candle.close)
    return past.told(SOURCE)


def _request(tickers: Sequence[str], first_s: int, after_s: int, period_s: int) -> HttpRequest:
    if not 0 < len(tickers) <= TICKERS_MAX:
        raise ValueError(f"1 to {TICKERS_MAX} tickers a request, not {len(tickers)}")
    return get(
        "/markets/candlesticks",
        market_tickers=",".join(tickers),
        start_ts=first_s,
        end_ts=after_s,
        period_interval=period_s // MINUTE_S,
    )


def _ordered(candles: Sequence[_Candle]) -> tuple[Candle, ...]:
    found: dict[int, Candle] = {}
    for candle in candles:
        text = candle.price.close_dollars or candle.price.previous_dollars
        end_us = Instant(candle.end_period_ts * MICRO)
        close = None if text is None else bound_price(text)
        if end_us in found:
            raise DataError(f"two candles end at {candle.end_period_ts}")
        found[end_us] = Candle(end_us, count(candle.volume_fp), close)
    return tuple(found[end_us] for end_us in sorted(found))


def _by_bucket(minutes: Sequence[Candle]) -> Mapping[Instant, list[Quantity]]:
    """Volumes of the minutes of each bucket, by its first instant."""
    found: defaultdict[Instant, list[Quantity]] = defaultdict(list)
    for candle in minutes:
        begun_us = candle.end_us - MINUTE_S * SECOND
        found[Instant(begun_us // BUCKET * BUCKET)].append(candle.volume)
    return found
