"""Is a venue asked for its time again and again, but never without end?"""

import asyncio

import pytest

from foreshock.adapters.seams import HttpResponse
from foreshock.app import clock_reader as module
from foreshock.app.clock_reader import SOON_IN_A_ROW_MAX, ClockReader
from foreshock.core.domain.clocks import Offsets
from foreshock.core.domain.errors import VenueUnavailableError
from foreshock.core.domain.messages.operations import ClockRead
from foreshock.core.domain.units import MICRO, SECOND, Instant

AT = 1_795_000_000 * SECOND
TRAVEL = 30_000


class World:
    """Virtual time, and a venue whose clock is off."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, offset: int = 0) -> None:
        self.now_us = AT
        self.offset = offset
        self.asked: list[int] = []
        self.read: list[ClockRead] = []
        self.is_down = False
        monkeypatch.setattr(module, "wall_clock_us", lambda: Instant(self.now_us))
        monkeypatch.setattr(module, "monotonic_us", lambda: self.now_us)
        sleep = asyncio.sleep

        async def nap(seconds: float) -> None:
            self.now_us += round(seconds * MICRO)
            await sleep(0)

        monkeypatch.setattr(module.asyncio, "sleep", nap)

    async def ask(self) -> HttpResponse:
        self.asked.append(self.now_us)
        self.now_us += TRAVEL
        stamp_s = (self.now_us + self.offset) // SECOND
        self.now_us += TRAVEL
        if self.is_down:
            raise VenueUnavailableError("no answer")
        return HttpResponse(200, str(stamp_s).encode())

    async def live(self, seconds: int) -> Offsets:
        """Let the reader run; the bounds of what it put."""
        until_us = self.now_us + seconds * SECOND
        task = asyncio.create_task(ClockReader("polymarket", self.ask, self.read.append).run())
        while self.now_us < until_us:
            await asyncio.sleep(0)
        task.cancel()
        offsets = Offsets()
        for read in self.read:
            offsets.add(read)
        return offsets


@pytest.mark.parametrize("offset", [0, 400_000, -650_000, 10 * SECOND])
async def test_a_minute_of_questions_finds_the_offset(
    monkeypatch: pytest.MonkeyPatch, offset: int
) -> None:
    bounds = (await World(monkeypatch, offset).live(60)).bounds()
    assert bounds is not None
    assert bounds.low <= offset <= bounds.high
    assert bounds.high - bounds.low < 250_000


async def test_questions_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    world = World(monkeypatch)
    await world.live(600)
    assert 45 <= len(world.asked) <= 600 // 9 + SOON_IN_A_ROW_MAX


@pytest.mark.parametrize("body", [None, b"<html>"])
async def test_a_venue_that_tells_nothing_is_asked_again_and_nothing_is_said(
    monkeypatch: pytest.MonkeyPatch, body: bytes | None
) -> None:
    world = World(monkeypatch)
    world.is_down = body is None
    if body is not None:

        async def odd() -> HttpResponse:
            world.asked.append(world.now_us)
            return HttpResponse(200, body)

        monkeypatch.setattr(world, "ask", odd)
    await world.live(120)
    assert world.read == []
    assert 10 <= len(world.asked) <= 25


async def test_it_goes_on_after_a_silence(monkeypatch: pytest.MonkeyPatch) -> None:
    world = World(monkeypatch)
    world.is_down = True
    await world.live(30)
    world.is_down = False
    await world.live(30)
    assert len(world.read) >= 2
