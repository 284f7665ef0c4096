"""Do our books, the bot's and the model's hold the same at the end of a stream?"""

from benchmarks.bot import Bot, Side
from benchmarks.desk import LivePath, shipped_config
from benchmarks.stream import KALSHI, Stream
from benchmarks.wire import HUNDREDTH
from foreshock.core.domain.markets import Market, MarketId
from foreshock.core.domain.units import MICRO

DRAIN = 64
Sides = tuple[dict[int, int], dict[int, int]]
"""Bids and asks: size by price, both in millionths."""


def disagreements(stream: Stream) -> list[MarketId]:
    """Markets whose books differ between any two of the three."""
    bot, path = Bot(stream), LivePath(stream, shipped_config("watch"))
    for arrival in (*stream.opening, *stream.frames):
        bot.on_frame(arrival)
    for start in range(0, len(stream.frames), DRAIN):
        path.take(stream.frames[start : start + DRAIN])
    markets = [market for wired in stream.connections for market in wired.markets]
    return [
        market.id
        for market in markets
        if not _ours(path, market) == _bots(bot, market) == _models(stream, market)
    ]


def _ours(path: LivePath, market: Market) -> Sides | None:
    tracked = path.book(market.id)
    if tracked is None or not tracked.is_valid:
        return None
    return dict(tracked.book.bids.levels()), dict(tracked.book.asks.levels())


def _bots(bot: Bot, market: Market) -> Sides:
    is_kalshi = market.venue == KALSHI
    book = bot.books[market.native_id if is_kalshi else market.outcome_ids[0]]
    return _exact(book.bids), _exact(book.asks)


def _models(stream: Stream, market: Market) -> Sides:
    ladder = stream.truth[market.id]
    bids, asks = (
        {cents * HUNDREDTH: size * HUNDREDTH for cents, size in side.items()}
        for side in (ladder.bids, ladder.asks)
    )
    return bids, asks


def _exact(side: Side) -> dict[int, int]:
    return {round(price * MICRO): round(size * MICRO) for price, size in side.items()}
