"""Markets, connections and prints as feeds tell them."""

from collections.abc import Iterable, Iterator

from foreshock.core.domain.markets import MarketId, Outcome
from foreshock.core.domain.messages.market_data import (
    BookChanged,
    ConnectionOpened,
    MarketListed,
    Traded,
)
from foreshock.core.domain.messages.operations import DeskStarted
from foreshock.core.domain.messages.union import Message
from foreshock.core.domain.units import MICRO, SECOND, Duration, Instant, Price, Quantity
from tests.samples import market

MINUTE = Duration(60 * SECOND)
HOUR = Duration(60 * MINUTE)
DAY = Duration(24 * HOUR)
BEGIN = Instant(1_795_000_200 * SECOND)
"""The beginning of a bucket."""
STARTED = DeskStarted("1", "build", "watch", "{}")


def opened(*ids: str, feed: str = "polymarket") -> list[Message]:
    """Markets listed and carried by connection 1."""
    names = tuple(MarketId(name) for name in ids)
    listed = [MarketListed(market(name)) for name in names]
    return [*listed, ConnectionOpened(1, feed, feed, names)]


def print_of(
    name: str, number: int, at_us: int, contracts: float, price: float = 0.5, taker: Outcome = "yes"
) -> Traded:
    """One print."""
    return Traded(
        MarketId(name),
        f"t{number}",
        Price(round(price * MICRO)),
        Quantity(round(contracts * MICRO)),
        taker,
        Instant(at_us),
        Instant(at_us),
    )


def prints(
    name: str, first_us: int, after_us: int, per_day: float, prices: Iterable[float] = ()
) -> Iterator[Traded]:
    """A print a minute, at a daily rate of contracts; prices: one a print, then the last again."""
    price = 0.5
    given = iter(prices)
    for at_us in range(first_us, after_us, MINUTE):
        price = next(given, price)
        yield print_of(name, at_us // MINUTE, at_us, per_day / 1_440, price)


def book(name: str, mid: float, at_us: int) -> BookChanged:
    """A book one cent wide around a mid."""
    middle = round(mid * MICRO)
    return BookChanged(
        MarketId(name),
        1,
        "live",
        Instant(at_us),
        Instant(at_us),
        ((Price(middle - 5_000), Quantity(100 * MICRO)),),
        ((Price(middle + 5_000), Quantity(100 * MICRO)),),
    )
