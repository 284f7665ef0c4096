"""How does a run begin and end? From the claimed data folder to the last fsync.

claim -> configuration -> desk + venues + dashboard -> signal -> what waits is recorded -> end
"""

import asyncio
import signal
from collections.abc import AsyncGenerator, Callable, Coroutine, Iterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from itertools import count
from pathlib import Path

import msgspec

from foreshock import __version__
from foreshock.adapters.clock import wall_clock_us
from foreshock.adapters.storage.projections import Projections
from foreshock.app.advice import Advisers
from foreshock.app.build_hash import build_hash
from foreshock.app.catalogue import Catalogue, PairWatch, Scan
from foreshock.app.client import tell
from foreshock.app.collector import settle
from foreshock.app.config import Settings
from foreshock.app.instance import RUNS_NAME, Claim, claim, running
from foreshock.app.live_mode import Live
from foreshock.app.loop import Desk
from foreshock.app.open_packages import OpenPackages
from foreshock.app.projector import DATABASE_NAME, Projector
from foreshock.app.recorder import Recorder
from foreshock.app.recordings import open_folder
from foreshock.app.services import VenueService, Wanted
from foreshock.app.standing_halts import StandingHalts
from foreshock.app.venues import VenueLink
from foreshock.app.verdict_store import VerdictStore, accepted_markets
from foreshock.app.wiring import DeskConfig, build, start_message
from foreshock.app.worker import Listener
from foreshock.core.domain.errors import ConfigError
from foreshock.core.domain.markets import MarketId, Pair
from foreshock.core.domain.messages.account import VenueArmed, VenueDisarmed
from foreshock.core.domain.messages.matching import (
    PairFiled,
    SourcesRequested,
    VerdictRequested,
)
from foreshock.core.domain.messages.operations import HaltRequested, ResumeRequested
from foreshock.core.domain.messages.union import Message
from foreshock.core.domain.units import MICRO, Instant
from foreshock.dashboard.readmodel import ReadModel
from foreshock.dashboard.server import DashboardSettings, serve

REPLACE_S_MAX = 10.0
WARM_AFTER_S = 15.0
"""By then the markets are listed: what lives now lives on."""


class Plan(msgspec.Struct, frozen=True):
    """What a run is made of.

    identifiers: what to watch beside the pairs, `venue:name` or a name that every venue is asked
    for; when there are none, the busiest markets are watched. decided: the markets of pairs that a
    person accepted in an earlier run.
    """

    config: DeskConfig
    settings: Settings
    links: tuple[VenueLink, ...]
    pairs: tuple[Pair, ...]
    identifiers: tuple[str, ...] = ()
    decided: tuple[MarketId, ...] = ()
    live: Live | None = None


async def claim_home(home: Path, *, replace: bool) -> Claim:
    """Claim the data folder. Raises ConfigError naming the desk that holds it.

    replace: stop that desk with its own token and take over.
    """
    held = claim(home)
    if held is not None:
        return held
    other = running(home)
    if other is None:
        raise ConfigError(f"another desk is starting on {home}: wait a moment, then try again")
    if not replace:
        started = datetime.fromtimestamp(other.started_us / MICRO, UTC)
        raise ConfigError(
            f"a {other.mode} desk is already running on {home} (pid {other.pid}, {other.url}, "
            f"since {started:%Y-%m-%d %H:%M:%S} UTC): stop it with `foreshock stop`, take over "
            "with --replace, or set FORESHOCK_HOME to another folder"
        )
    await asyncio.to_thread(tell, other, "/api/stop", {})
    deadline = asyncio.get_running_loop().time() + REPLACE_S_MAX
    while (held := claim(home)) is None:
        if asyncio.get_running_loop().time() > deadline:
            raise ConfigError(f"the desk with pid {other.pid} does not stop: kill {other.pid}")
        await asyncio.sleep(0.1)
    return held


class Voice(msgspec.Struct, frozen=True):
    """Where a run's few words go: `opened` gets the link to the dashboard, `say` the rest."""

    opened: Callable[[str], None]
    say: Callable[[str], None]


async def run_session(plan: Plan, held: Claim, voice: Voice) -> None:
    """Run until a signal or a stop command.

    Raises StorageError when recording fails: the desk never trades what it cannot write down.
    """
    started_us = wall_clock_us()
    folder = _run_folder(held.home, started_us, plan.config.mode)
    read_model = ReadModel()
    projector = Projector(folder.name, Projections(held.home / DATABASE_NAME), voice.say)
    halts = StandingHalts(held.home)
    verdicts = VerdictStore(held.home, is_simulated=plan.config.mode == "demo")
    kept = verdicts.carried()
    plan = msgspec.structs.replace(plan, decided=tuple(accepted_markets(kept)))
    carried, keeping = _left_open(plan, held.home)
    carried += [*halts.carried(), *kept, *(PairFiled(pair) for pair in plan.pairs)]
    pair_watch = PairWatch()
    listeners = [read_model.listen, projector.listen, halts.listen, verdicts.listen]
    listeners += [*keeping, pair_watch.listen]
    parts = build(plan.config, listeners, None if plan.live is None else plan.live.venue)
    recorder = Recorder(open_folder(folder))
    desk = Desk(parts.worker, parts.feeds, recorder, parts.venue, parts.gate.judge)
    desk.inbox.put(start_message(plan.config, __version__, build_hash()))
    for message in carried:
        desk.inbox.put(message)
    dashboard = await serve(
        read_model, _Operator(desk), wall_clock_us, _dashboard_settings(plan, held)
    )
    try:
        held.publish(dashboard.url, plan.config.mode, started_us)
        _stop_on_signals(desk)
        voice.opened(dashboard.login_url())
        async with _advised(plan, held.home, desk):
            await _run_with_services(plan, desk, projector, pair_watch, voice.say)
    finally:
        await dashboard.stop()
        projector.close()


def _left_open(plan: Plan, home: Path) -> tuple[list[Message], list[Listener]]:
    """What an earlier live run left unfinished, and who keeps account of it from now on."""
    if plan.config.mode != "live":
        return [], []
    packages = OpenPackages(home)
    return packages.carried(), [packages.listen]


@asynccontextmanager
async def _advised(plan: Plan, home: Path, desk: Desk) -> AsyncGenerator[None]:
    """Have the desk's questions answered by language models, where the plan names any."""
    if plan.config.second_reader is None:
        yield
        return
    advisers = Advisers(plan.settings, home, desk.inbox.put)
    desk.consult(advisers.ask)
    try:
        yield
    finally:
        await advisers.close()


async def _run_with_services(
    plan: Plan,
    desk: Desk,
    projector: Projector,
    pair_watch: PairWatch,
    say: Callable[[str], None],
) -> None:
    """The desk and what feeds it; when the desk ends, so do they."""
    numbers = count(1)
    async with asyncio.TaskGroup() as tasks:
        background = [tasks.create_task(projector.run())]
        keepers = [] if plan.live is None else plan.live.begin(desk, numbers)
        background += [tasks.create_task(keeper.run()) for keeper in keepers]
        for link in plan.links:
            wanted = _wanted(plan, link.name, say)
            service = VenueService(link, desk, wanted, plan.settings.watch, numbers)
            catalogue = _catalogue(plan, desk, link, numbers, say)
            pair_watch.catalogues.append(catalogue)
            background += [tasks.create_task(run()) for run in (service.run, catalogue.run)]
        asyncio.get_running_loop().call_later(WARM_AFTER_S, settle)
        try:
            await desk.run()
        finally:
            for task in background:
                task.cancel()
            if plan.live is not None:
                await plan.live.close()


def _catalogue(
    plan: Plan,
    desk: Desk,
    link: VenueLink,
    numbers: Iterator[int],
    say: Callable[[str], None],
) -> Catalogue:
    """The markets of a venue beyond those watched; what a pair needs gets a service of its own."""
    section = plan.settings.watch

    def watch(markets: tuple[MarketId, ...]) -> Coroutine[None, None, None]:
        return VenueService(link, desk, Wanted(markets, 0, say), section, numbers).run()

    scan = Scan(section.catalogue_max, section.catalogue_interval_s)
    return Catalogue(link, desk, scan, watch)


class _Operator:
    """What a person may tell the desk from the dashboard or a terminal."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def halt(self, scope: str, by: str, reason: str) -> None:
        self._desk.inbox.put(HaltRequested(scope, by, reason))

    def resume(self, scope: str, by: str) -> None:
        self._desk.inbox.put(ResumeRequested(scope, by))

    def arm(self, venue: str, until_us: Instant, by: str, words: str) -> None:
        self._desk.inbox.put(VenueArmed(venue, until_us, by, words))

    def disarm(self, venue: str, by: str) -> None:
        self._desk.inbox.put(VenueDisarmed(venue, by))

    def stop(self, by: str) -> None:
        self._desk.stop(f"stopped by {by}")

    def decide(self, request: VerdictRequested) -> None:
        self._desk.inbox.put(request)

    def rule_sources(self, request: SourcesRequested) -> None:
        self._desk.inbox.put(request)


def _run_folder(home: Path, started_us: Instant, mode: str) -> Path:
    """Folders sort by their start."""
    started = datetime.fromtimestamp(started_us / MICRO, UTC)
    return home / RUNS_NAME / f"{started:%Y%m%dT%H%M%S%f}Z-{mode}"


def _dashboard_settings(plan: Plan, held: Claim) -> DashboardSettings:
    section = plan.settings.dashboard
    return DashboardSettings(
        host=section.host, port=section.port, instance_token=held.token, allowed_hosts=()
    )


def _wanted(plan: Plan, venue: str, say: Callable[[str], None]) -> Wanted:
    """The markets of the pairs at one venue and what was named beside them, each once."""
    named: list[str] = [market for pair in plan.pairs for market in (pair.a, pair.b)]
    named += [*plan.decided, *plan.identifiers]
    others = [link.name for link in plan.links if link.name != venue]
    ours = [name for name in dict.fromkeys(named) if name.partition(":")[0] not in others]
    busiest_max = 0 if plan.identifiers else plan.settings.watch.markets_max
    return Wanted(tuple(ours), busiest_max, say)


def _stop_on_signals(desk: Desk) -> None:
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, desk.stop, signal.Signals(number).name)
