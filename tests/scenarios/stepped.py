"""A whole desk in steps: the same parts as a live run, with time and frames handed in."""

import heapq
from collections.abc import Awaitable, Callable, Sequence

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from foreshock.adapters.seams import FrameConnector, FrameStream, HttpTransport
from foreshock.adapters.sim.exchange_fees import packed_fees
from foreshock.adapters.sim.kalshi_auth import KeyRing
from foreshock.adapters.sim.kalshi_face import KalshiFace
from foreshock.adapters.sim.loopback import Loopback
from foreshock.adapters.sim.polymarket_face import ClobFace
from foreshock.adapters.sim.polymarket_gamma import GammaFace
from foreshock.adapters.sim.world import World, WorldSettings
from foreshock.adapters.storage.files import MemoryFile
from foreshock.adapters.storage.journal import Journal, Step
from foreshock.adapters.storage.tape import TapeFrame
from foreshock.adapters.streams import StreamPlan
from foreshock.adapters.venues.kalshi.signing import ApiKey
from foreshock.app.config import config_folder, load_settings
from foreshock.app.fee_packs import load_fee_packs
from foreshock.app.pairs_file import DEMO_PAIRS_FILE, load_pairs
from foreshock.app.venues import KalshiLink, PolymarketLink, VenueLink
from foreshock.app.wiring import build, desk_config, start_message
from foreshock.core.domain.markets import MarketId
from foreshock.core.domain.messages.market_data import ConnectionOpened, MarketListed
from foreshock.core.domain.messages.matching import PairFiled
from foreshock.core.domain.messages.trading import (
    CancelOrder,
    PlaceOrder,
    ReadAccount,
    SendOrder,
    SetTimer,
    TimerFired,
)
from foreshock.core.domain.messages.union import Message
from foreshock.core.domain.units import SECOND, Instant

START_US = Instant(1_795_000_000 * SECOND)
CHECK_EVERY_STEPS = 20
KEY_ID = "00000000-0000-4000-8000-00000000abcd"
SEED_KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
"""A public test key: never used for anything but tests."""


Collect = Callable[[FrameStream], Awaitable[list[bytes]]]
"""All frames that a stream holds now."""


class VirtualClock:
    """Time that a test moves."""

    def __init__(self) -> None:
        self.now_us = START_US

    def __call__(self) -> Instant:
        return self.now_us


class Venues:
    """The seeded world behind its three hosts, not yet reachable."""

    def __init__(self, seed: int, markets_max: int, start_us: Instant = START_US) -> None:
        self.start_us = start_us
        fees = packed_fees(load_fee_packs(config_folder() / "fees"))
        settings = WorldSettings(markets_max=markets_max, mispricing_every_s=1.0)
        self.world = World(seed, start_us, fees, settings)
        keys = KeyRing()
        keys.register(KEY_ID, public_pem())
        self.faces = {
            "gamma": GammaFace(self.world.polymarket),
            "clob": ClobFace(self.world.polymarket),
            "kalshi": KalshiFace(self.world.kalshi, keys),
        }


class SteppedDesk:
    """Worker, gate and paper venue; timers and answers come back when their moment is reached."""

    def __init__(self) -> None:
        self.config = desk_config("demo", "test", load_settings({}))
        self.parts = build(self.config, [])
        self.steps: list[Step] = []
        self.frames: list[TapeFrame] = []
        self._timers: list[tuple[int, int, str]] = []
        self._count = 0

    def step(self, arrivals: Sequence[TapeFrame | Message], now_us: Instant) -> None:
        """Work the arrivals, then whatever is due; release what was decided."""
        waiting: list[TapeFrame | Message] = [*self._due(now_us), *arrivals]
        while waiting:
            work = self.parts.worker.take(waiting, now_us)
            self.steps += work.steps
            self.frames += work.frames
            waiting = []
            for command in work.commands:
                match command:
                    case SetTimer(timer_id=timer_id, after=after):
                        self._count += 1
                        heapq.heappush(self._timers, (now_us + after, self._count, timer_id))
                    case PlaceOrder():
                        refused = self.parts.gate.judge(command, now_us)
                        if refused is None:
                            self.parts.venue.perform(command, now_us)
                        else:
                            waiting.append(refused)
                    case CancelOrder() | SendOrder() | ReadAccount():
                        self.parts.venue.perform(command, now_us)
                    case _:
                        pass  # no model is asked in a scenario

    def said(self, kind: type[Message]) -> list[Message]:
        """Everything of one type that the agents said."""
        said = [entry.message for step in self.steps for entry in step.said]
        return [message for message in said if isinstance(message, kind)]

    def _due(self, now_us: Instant) -> list[Message]:
        messages: list[Message] = list(self.parts.venue.due(now_us))
        while self._timers and self._timers[0][0] <= now_us:
            messages.append(TimerFired(heapq.heappop(self._timers)[2]))
        return messages


Interfere = Callable[[SteppedDesk, Sequence[VenueLink]], Awaitable[Sequence[Message]]]
"""What else the desk is told in a step; asked once a step."""


async def nothing_else(_: SteppedDesk, __: Sequence[VenueLink]) -> Sequence[Message]:
    """The world goes its way."""
    return ()


async def run_scenario(
    hosts: dict[str, tuple[HttpTransport, FrameConnector]],
    clock: VirtualClock,
    collect: Collect,
    steps_count: int,
    step_us: int,
    interfere: Interfere = nothing_else,
) -> SteppedDesk:
    """Discover, subscribe and trade on paper for some steps of virtual time."""
    desk = SteppedDesk()
    pairs = load_pairs(config_folder() / DEMO_PAIRS_FILE)
    begin: list[Message] = [start_message(desk.config, "test", "test")]
    begin += [PairFiled(pair) for pair in pairs]
    links: list[VenueLink] = [
        PolymarketLink(hosts["gamma"][0], hosts["clob"][0], hosts["clob"][1]),
        KalshiLink(*hosts["kalshi"], ApiKey(KEY_ID, SEED_KEY)),
    ]
    plans: list[tuple[VenueLink, StreamPlan]] = []
    for link in links:
        wanted = [MarketId(m) for p in pairs for m in (p.a, p.b) if m.startswith(f"{link.name}:")]
        found = await link.discover(wanted, 20)
        begin += [MarketListed(market) for market in found.markets]
        plans += [(link, plan) for plan in link.plans(found.markets)]
    desk.step(begin, clock.now_us)
    streams: dict[int, FrameStream] = {}
    for number, (link, plan) in enumerate(plans, 1):
        streams[number] = await link.connector.connect(plan.path, plan.headers(clock.now_us))
        opened = ConnectionOpened(number, plan.venue, plan.feed, plan.markets)
        desk.step([opened], clock.now_us)
    for number in range(steps_count):
        outgoing = desk.parts.feeds.take_outgoing()
        for connection, text in outgoing:
            await streams[connection].send(text)
        if outgoing:  # the venues answer before time moves on, in memory as over sockets
            await _absorb(desk, streams, collect, clock)
        clock.now_us = Instant(clock.now_us + step_us)
        await _absorb(desk, streams, collect, clock)
        desk.step(await interfere(desk, links), clock.now_us)
        if number % CHECK_EVERY_STEPS == 0:
            await _check(desk, [link for link, _ in plans], clock)
    for stream in streams.values():
        await stream.close()
    return desk


class QuietError(Exception):
    """A stream in memory has nothing more to read."""


async def in_memory(
    venues: Venues, steps_count: int, step_us: int, interfere: Interfere = nothing_else
) -> SteppedDesk:
    """The scenario without a socket, as fast as it goes."""
    clock = VirtualClock()

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
    return await run_scenario(seams, clock, collect, steps_count, step_us, interfere)


def journal_bytes(desk: SteppedDesk) -> bytes:
    """The steps as a journal stores them."""
    file = MemoryFile()
    Journal(file).append(desk.steps)
    return file.read()


async def _absorb(
    desk: SteppedDesk, streams: dict[int, FrameStream], collect: Collect, clock: VirtualClock
) -> None:
    """Work everything that the streams hold, connection by connection."""
    frames: list[TapeFrame | Message] = []
    for connection, stream in streams.items():
        for data in await collect(stream):
            number = len(desk.frames) + len(frames) + 1
            frames.append(TapeFrame(number, clock.now_us, connection, "ws", data))
    desk.step([*frames, *desk.parts.feeds.measure()], clock.now_us)


async def _check(desk: SteppedDesk, links: Sequence[VenueLink], clock: VirtualClock) -> None:
    """Compare some books of every connection with REST, as the desk's services do."""
    frames: list[TapeFrame | Message] = []
    for (connection, _, markets), link in zip(desk.parts.feeds.watched(), links, strict=True):
        for body in await link.books(markets[:8]):
            number = len(desk.frames) + len(frames) + 1
            frames.append(TapeFrame(number, clock.now_us, connection, "http", body))
    desk.step(frames, clock.now_us)


def public_pem() -> bytes:
    """The public half of the test key."""
    return SEED_KEY.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
