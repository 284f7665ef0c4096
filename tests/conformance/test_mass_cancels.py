"""Does one request take all our orders off a venue, or all of one market, whoever rests beside them?"""

from collections.abc import Callable

import pytest

from foreshock.adapters.venues.kalshi.orders import cancel_all
from foreshock.adapters.venues.order_path import Unsigned
from foreshock.adapters.venues.polymarket.path import PolymarketPath
from foreshock.core.domain.markets import MarketId
from tests.conformance.trader import Trader

Everything = Callable[[Trader], Unsigned]


def polymarket_path(trader: Trader) -> PolymarketPath:
    assert isinstance(trader.path, PolymarketPath)
    return trader.path


CANCELS: dict[str, tuple[str, Everything]] = {
    "all of Polymarket": ("polymarket", lambda trader: polymarket_path(trader).cancel_all()),
    "one market of Polymarket": (
        "polymarket",
        lambda trader: polymarket_path(trader).cancel_market(trader.market.id),
    ),
    "all of Kalshi": ("kalshi", lambda _: cancel_all()),
}


async def resting(trader: Trader) -> list[int]:
    """Two orders of ours that rest, and somebody else's beside them."""
    trader.venue.offer("yes", 60, 30, "sell", trader.now_us)
    for number in range(2):
        await trader.place(f"o{number}", time_in_force="gtc", limit=(40 + number) * 10_000)
    return left_of(trader)


def left_of(trader: Trader) -> list[int]:
    return [order.remaining for order in trader.venue.exchange.orders(trader.account)]


@pytest.mark.parametrize("name", CANCELS)
async def test_nothing_of_ours_rests_afterwards_and_all_of_others_does(name: str) -> None:
    venue, everything = CANCELS[name]
    trader = Trader(venue)
    assert all(await resting(trader))
    native_id = trader.market.native_id
    offered = trader.venue.exchange.levels(native_id, "ask")
    answer = await trader.ask(everything(trader))
    assert answer is not None
    assert answer.status in {200, 204}
    trader.pass_time(1)
    assert left_of(trader) == [0, 0]
    assert trader.venue.exchange.levels(native_id, "ask") == offered


async def test_orders_in_other_markets_stay() -> None:
    trader = Trader("polymarket")
    before = await resting(trader)
    other = MarketId("polymarket:0x" + "ab" * 32)
    answer = await trader.ask(polymarket_path(trader).cancel_market(other))
    assert answer is not None
    trader.pass_time(1)
    assert left_of(trader) == before
