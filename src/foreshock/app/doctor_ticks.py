"""Do two sources of one venue agree on the terms of a market? Ticks and fees, with the fix.

Polymarket's list is a copy that may be minutes old, and the matching engine's terms rule. Kalshi
names each grid and states it, and its books must lie on it.
"""

from collections.abc import Iterable, Sequence

import msgspec

from foreshock.adapters.http import read_with_retry
from foreshock.adapters.seams import HttpTransport
from foreshock.adapters.venues.kalshi import wire
from foreshock.adapters.venues.kalshi.markets import price_grid
from foreshock.adapters.venues.kalshi.numbers import level_price
from foreshock.adapters.venues.kalshi.rest import body_of, get, order_books_request
from foreshock.adapters.venues.polymarket.client import PolymarketClient
from foreshock.app.doctor import Finding
from foreshock.core.domain.errors import DataError, VenueUnavailableError
from foreshock.core.domain.markets import Market, PriceGrid, PriceRange
from foreshock.core.domain.units import Price, format_micros

SHOWN_MAX = 3
LOW, HIGH, DOLLAR = 100_000, 900_000, 1_000_000
CENT = 10_000
STEPS: dict[str, tuple[int, int]] = {
    "linear_cent": (CENT, CENT),
    "deci_cent": (1_000, 1_000),
    "tapered_deci_cent": (CENT, 1_000),
    "center_whole_edge_half_cent": (CENT, 5_000),
    "center_whole_edge_quint_cent": (CENT, 2_000),
    "center_half_edge_half_cent": (5_000, 5_000),
    "center_half_edge_quint_cent": (5_000, 2_000),
    "center_half_edge_deci_cent": (5_000, 1_000),
    "center_quint_edge_quint_cent": (2_000, 2_000),
    "center_quint_edge_deci_cent": (2_000, 1_000),
    "center_centi_edge_centi_cent": (100, 100),
}
"""(step in the middle, step below 10 and above 90 cents) of each named grid, in millionths.

Source: Kalshi's documentation, October 2026. Other names are known without their numbers.
"""
NAMED_ONLY = frozenset({"center_deci_edge_centi_cent", "banded_centi_cent"})


class Listed(msgspec.Struct, frozen=True):
    """A market's grid as Kalshi names and as it states it."""

    ticker: str
    price_level_structure: str
    price_ranges: list[wire.Range]


class ListedPage(msgspec.Struct, frozen=True):
    """Answer of `GET /markets`."""

    markets: list[Listed]


async def polymarket_terms(client: PolymarketClient, markets: Sequence[Market]) -> Finding:
    """Whether the list's ticks, smallest orders and fees are those of the matching engine."""
    name = "polymarket ticks"
    odd: list[str] = []
    try:
        for market in markets:
            odd += [
                f"{market.id}: {words}"
                for words in _apart(market, await client.with_engine_terms(market))
            ]
    except (VenueUnavailableError, DataError) as error:
        return Finding(name, "problem", f"{error}: update foreshock, or look at your connection")
    fix = "the engine's terms rule: start the desk once the list agrees, which takes minutes"
    return _told(name, len(markets), odd, fix)


async def kalshi_grids(host: HttpTransport, markets: Sequence[Market]) -> Finding:
    """Whether each market's named grid is the stated one, and its book lies on that."""
    name = "kalshi ticks"
    tickers = [market.native_id for market in markets]
    try:
        odd = await _odd_grids(host, tickers) if tickers else []
    except (VenueUnavailableError, DataError) as error:
        return Finding(name, "problem", f"{error}: update foreshock, or look at your connection")
    fix = "orders off a grid are refused: do not trade these markets, and update foreshock"
    return _told(name, len(markets), odd, fix)


def named_grid(structure: str) -> PriceGrid | None:
    """The grid of a name; None for a name whose numbers nobody has published."""
    steps = STEPS.get(structure)
    if steps is None:
        return None
    middle, edge = (Price(step) for step in steps)
    if middle == edge:
        return PriceGrid((PriceRange(Price(0), Price(DOLLAR), middle),))
    return PriceGrid((
        PriceRange(Price(0), Price(LOW), edge),
        PriceRange(Price(LOW), Price(HIGH), middle),
        PriceRange(Price(HIGH), Price(DOLLAR), edge),
    ))


async def _odd_grids(host: HttpTransport, tickers: Sequence[str]) -> list[str]:
    page = await read_with_retry(host, get("/markets", tickers=",".join(tickers), limit=1_000))
    listed = wire.decoded(body_of(page), ListedPage).markets
    books = await read_with_retry(host, order_books_request(tickers))
    levels = {
        book.ticker: [*book.orderbook_fp.yes_dollars, *book.orderbook_fp.no_dollars]
        for book in map(_book, wire.decoded(body_of(books), wire.OrderBooksBody).orderbooks)
    }
    odd: list[str] = []
    for market in listed:
        grid = price_grid(market.price_ranges)
        odd += _misnamed(market, grid)
        off = [text for text, _ in levels.get(market.ticker, ()) if not grid.accepts(_price(text))]
        if off:
            odd.append(f"{market.ticker}: its book has ${off[0]}, which is on no step of its grid")
    return odd


def _misnamed(market: Listed, grid: PriceGrid) -> list[str]:
    structure = market.price_level_structure
    named = named_grid(structure)
    if named is None:
        is_known = structure in NAMED_ONLY
        return [] if is_known else [f"{market.ticker}: nobody knows the grid {structure[:40]!r}"]
    if _steps(named) == _steps(grid):
        return []
    return [f"{market.ticker}: {structure} is {_words(named)}, it states {_words(grid)}"]


def _steps(grid: PriceGrid) -> list[tuple[int, int]]:
    """Where each step begins, neighbours with the same step taken together."""
    found: list[tuple[int, int]] = []
    for each in grid.ranges:
        if not found or found[-1][1] != each.step:
            found.append((each.start, each.step))
    return found


def _book(raw: msgspec.Raw) -> wire.NamedBook:
    return wire.decoded(raw, wire.NamedBook)


def _price(text: str) -> Price:
    return level_price(text)


def _apart(listed: Market, engine: Market) -> Iterable[str]:
    if _steps(listed.grid) != _steps(engine.grid):
        yield f"the list says {_words(listed.grid)}, the engine {_words(engine.grid)}"
    if listed.quantity_min != engine.quantity_min:
        least = format_micros(listed.quantity_min), format_micros(engine.quantity_min)
        yield f"the list takes {least[0]} contracts at least, the engine {least[1]}"
    if listed.fee != engine.fee:
        yield f"the list's fee is {listed.fee}, the engine's {engine.fee}"


def _words(grid: PriceGrid) -> str:
    return "/".join(f"${format_micros(step)}" for _, step in _steps(grid))


def _told(name: str, count: int, odd: Sequence[str], fix: str) -> Finding:
    if not count:
        return Finding(name, "note", "no market to look at")
    if odd:
        return Finding(name, "problem", f"{'; '.join(odd[:SHOWN_MAX])}: {fix}")
    return Finding(name, "ok", f"both sources agree on {count} markets")
