"""One scenario in memory and over loopback sockets gives the same journal, byte for byte."""

import asyncio

from foreshock.adapters.http import NetworkTransport
from foreshock.adapters.seams import FrameConnector, FrameStream, HttpTransport
from foreshock.adapters.sim.loopback import Loopback
from foreshock.adapters.sim.server import serve
from foreshock.adapters.storage.files import MemoryFile
from foreshock.adapters.storage.journal import Journal
from foreshock.adapters.websocket import NetworkConnector
from foreshock.core.domain.messages.decisions import EdgeQuoted, PackageClosed, PackageOpened
from tests.scenarios.stepped import SteppedDesk, Venues, VirtualClock, run_scenario

SEED = 11
MARKETS_MAX = 60
STEPS_COUNT = 60
STEP_US = 250_000
QUIET_S = 0.05
"""Sockets that deliver nothing for this long have delivered everything of a step."""


class QuietError(Exception):
    """A stream in memory has nothing more to read."""


async def in_memory() -> SteppedDesk:
    venues, clock = Venues(SEED, MARKETS_MAX), VirtualClock()

    async def nothing_more() -> None:
        raise QuietError

    hosts = {name: Loopback(face, clock, nothing_more) for name, face in venues.faces.items()}

    async def collect(stream: FrameStream) -> list[bytes]:
        venues.world.advance(clock())
        frames: list[bytes] = []
        try:
            while True:
                frames.append(await stream.receive())
        except QuietError:
            return frames

    seams: dict[str, tuple[HttpTransport, FrameConnector]] = {
        name: (host, host) for name, host in hosts.items()
    }
    return await run_scenario(seams, clock, collect, STEPS_COUNT, STEP_US)


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


def journal_bytes(desk: SteppedDesk) -> bytes:
    file = MemoryFile()
    Journal(file).append(desk.steps)
    return file.read()


async def test_memory_and_sockets_lead_to_the_same_journal() -> None:
    memory, sockets = await in_memory(), await over_loopback()
    assert [f.payload for f in memory.frames] == [f.payload for f in sockets.frames]
    assert journal_bytes(memory) == journal_bytes(sockets)
    assert len(memory.said(EdgeQuoted)) > 10
    assert memory.said(PackageOpened), "the scenario must reach trading"
    assert memory.said(PackageClosed)


async def test_a_seed_gives_the_same_journal_twice() -> None:
    assert journal_bytes(await in_memory()) == journal_bytes(await in_memory())
