import asyncio

import pytest

from foreshock.app import simulated_past as module
from foreshock.app.simulated_past import SimulatedPast
from foreshock.core.domain.markets import MarketId
from foreshock.core.domain.messages.market_data import ConnectionOpened
from foreshock.core.domain.messages.signals import VolumeRecalled
from foreshock.core.domain.messages.union import Message
from foreshock.core.engine import OUTSIDE, Entry
from foreshock.core.signals.packed import unpack
from tests.unit.core.signals.signal_feed import BEGIN, book

KNOWN = MarketId("kalshi:KXBTCD-26DEC0417-T98000")


def hear(past: SimulatedPast, *messages: Message) -> None:
    for message in messages:
        past.listen(1, Entry(0, None, OUTSIDE, message), BEGIN)


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "FIRST_S", 0.0)
    monkeypatch.setattr(module, "PAUSE_S", 0.0)


async def told(past: SimulatedPast) -> list[VolumeRecalled]:
    found: list[VolumeRecalled] = []
    running = asyncio.create_task(past.run(found.append))
    await asyncio.sleep(0.3)
    running.cancel()
    return found


def carried(*names: str) -> ConnectionOpened:
    return ConnectionOpened(1, "kalshi", "kalshi", tuple(MarketId(name) for name in names))


@pytest.mark.usefixtures("quick")
async def test_a_market_is_told_once_with_a_past_that_ends_at_its_price() -> None:
    past = SimulatedPast(7, 60)
    hear(past, carried(KNOWN), book(KNOWN, 0.31, BEGIN), carried(KNOWN))
    (recalled,) = await told(past)
    assert recalled.market == KNOWN
    assert unpack(recalled.price)[-1] == 310_000
    hear(past, carried(KNOWN), book(KNOWN, 0.41, BEGIN))
    assert await told(past) == []


@pytest.mark.usefixtures("quick")
async def test_a_market_without_a_price_is_told_in_the_end_and_a_foreign_one_never() -> None:
    past = SimulatedPast(7, 60)
    hear(past, carried(KNOWN, "kalshi:FOREIGN"))
    assert [recalled.market for recalled in await told(past)] == [KNOWN]
