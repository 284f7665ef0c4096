"""One scenario in memory and over loopback sockets gives the same journal, byte for byte."""

import asyncio

from foreshock.adapters.http import NetworkTransport
from foreshock.adapters.seams import FrameConnector, FrameStream, HttpTransport
from foreshock.adapters.sim.server import serve
from foreshock.adapters.websocket import NetworkConnector
from foreshock.core.domain.messages.decisions import EdgeQuoted, PackageClosed, PackageOpened
from tests.scenarios.stepped import (
    SteppedDesk,
    Venues,
    VirtualClock,
    in_memory,
    journal_bytes,
    run_scenario,
)

SEED = 11
MARKETS_MAX = 60
STEPS_COUNT = 60
STEP_US = 250_000
QUIET_S = 0.05
"""Sockets that deliver nothing for this long have delivered everything of a step."""


async def over_loopback() -> SteppedDesk:
    venues, clock = Venues(SEED, MARKETS_MAX), VirtualClock()
    served = await serve(venues.world, venues.faces, clock=clock)
    transports = {name: NetworkTransport(url) for name, url in served.urls.items()}
    seams: dict[str, tuple[HttpTransport, FrameConnector]] = {
        name: (transports[name], NetworkConnector(url)) for name, url in served.stream_urls.items()
    }

    async def collect(stream: FrameStream) -> list[bytes]:
        frames: list[bytes] = []
        try:
            while True:
                frames.append(await asyncio.wait_for(stream.receive(), QUIET_S))
        except TimeoutError:
            return frames

    try:
        return await run_scenario(seams, clock, collect, STEPS_COUNT, STEP_US)
    finally:
        for transport in transports.values():
            await transport.close()
        await served.stop()


async def test_memory_and_sockets_lead_to_the_same_journal() -> None:
    memory = await in_memory(Venues(SEED, MARKETS_MAX), STEPS_COUNT, STEP_US)
    sockets = await over_loopback()
    assert [f.payload for f in memory.frames] == [f.payload for f in sockets.frames]
    assert journal_bytes(memory) == journal_bytes(sockets)
    assert len(memory.said(EdgeQuoted)) > 10
    assert memory.said(PackageOpened), "the scenario must reach trading"
    assert memory.said(PackageClosed)


async def test_a_seed_gives_the_same_journal_twice() -> None:
    first = await in_memory(Venues(SEED, MARKETS_MAX), STEPS_COUNT, STEP_US)
    second = await in_memory(Venues(SEED, MARKETS_MAX), STEPS_COUNT, STEP_US)
    assert journal_bytes(first) == journal_bytes(second)
