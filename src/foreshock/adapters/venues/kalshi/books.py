"""What rests in a Kalshi market, seen from YES?

Kalshi lists bids of both legs, best last. A bid for NO at q is an offer of YES at 1 - q.
"""

import msgspec

from foreshock.adapters.venues.kalshi import wire
from foreshock.adapters.venues.kalshi.numbers import count, level_price
from foreshock.core.domain.books import Levels
from foreshock.core.domain.errors import DataError
from foreshock.core.domain.units import complement

LEVELS_MAX = 20_000
"""Levels a leg may list: twice the finest grid."""


class RestBooks(msgspec.Struct, frozen=True):
    """books: ticker and its (bids, asks). doubtful: ticker, or "" when not even that, and why."""

    books: tuple[tuple[str, tuple[Levels, Levels]], ...]
    doubtful: tuple[tuple[str, str], ...]


def sides(
    yes: wire.Pairs, no: wire.Pairs, *, no_in_yes_price: bool = False
) -> tuple[Levels, Levels]:
    """(bids, asks) in YES prices.

    no_in_yes_price: the NO leg is already quoted in YES prices (`use_yes_price`).
    Raises DataError for an impossible price or count, or a price listed twice.
    """
    asks = _levels(no)
    if not no_in_yes_price:
        asks = tuple((complement(price), quantity) for price, quantity in asks)
    return _levels(yes), asks


def parse_books(body: bytes) -> RestBooks:
    """Books of `GET /markets/orderbooks`. Raises DataError when the body as a whole is unusable."""
    books: list[tuple[str, tuple[Levels, Levels]]] = []
    doubtful: list[tuple[str, str]] = []
    for raw in wire.decoded(body, wire.OrderBooksBody).orderbooks:
        try:
            named = wire.decoded(raw, wire.NamedBook)
            book = named.orderbook_fp
            books.append((named.ticker, sides(book.yes_dollars, book.no_dollars)))
        except DataError as error:
            doubtful.append((_ticker_of(raw), str(error)))
    return RestBooks(tuple(books), tuple(doubtful))


def _levels(pairs: wire.Pairs) -> Levels:
    if len(pairs) > LEVELS_MAX:
        raise DataError(f"{len(pairs)} levels on one side")
    levels = tuple((level_price(price), count(size)) for price, size in pairs)
    if len({price for price, _ in levels}) != len(levels):
        raise DataError("a price is listed twice")
    return levels


def _ticker_of(raw: msgspec.Raw) -> str:
    try:
        return wire.decoded(raw, wire.TickerOnly).ticker
    except DataError:
        return ""
