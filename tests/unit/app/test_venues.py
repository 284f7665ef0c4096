"""A person reads at the start how many markets are watched, and what became of those they named."""

import asyncio

import pytest

from foreshock.adapters.sim.kalshi_auth import KeyRing
from foreshock.adapters.sim.kalshi_face import KalshiFace
from foreshock.adapters.sim.loopback import Loopback
from foreshock.adapters.sim.polymarket_face import ClobFace
from foreshock.adapters.sim.polymarket_gamma import GammaFace
from foreshock.app.venues import KalshiLink, PolymarketLink, VenueLink
from tests.unit.adapters.sim.face_scenario import (
    CONDITIONS,
    T0,
    TICKERS,
    kalshi_exchange,
    polymarket_exchange,
)


async def pause() -> None:
    await asyncio.sleep(0)


def links() -> dict[str, VenueLink]:
    exchange = polymarket_exchange()
    gamma = Loopback(GammaFace(exchange), lambda: T0, pause)
    clob = Loopback(ClobFace(exchange), lambda: T0, pause)
    rest = Loopback(KalshiFace(kalshi_exchange(), KeyRing()), lambda: T0, pause)
    return {
        "polymarket": PolymarketLink(gamma, clob, clob),
        "kalshi": KalshiLink(rest, rest, None),
    }


@pytest.mark.parametrize(
    ("venue", "known"), [("polymarket", CONDITIONS[0]), ("kalshi", TICKERS[0])]
)
async def test_the_busiest_and_the_named_are_told_apart(venue: str, known: str) -> None:
    link = links()[venue]
    assert (await link.discover([known], 0)).summary == f"{venue}: 1 active, 0 unresolved"
    found = await link.discover([], 2)
    assert found.summary == f"{venue}: {len(found.markets)} markets with the busiest"
    found = await link.discover([known], 2)
    assert found.summary == (
        f"{venue}: 1 active, 0 unresolved, {len(found.markets)} markets with the busiest"
    )
