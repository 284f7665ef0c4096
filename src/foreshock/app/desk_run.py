"""What does every run of the desk consist of, wherever it runs? Memory, agents, what feeds them.

A person's run and a simulated process start and work through this very code; what is around it (a
claimed folder, a dashboard, signals) is the session's.
"""

import asyncio
from collections.abc import Callable, Coroutine, Iterable, Iterator, Sequence
from itertools import count
from typing import TypeAlias

import msgspec

from foreshock import __version__
from foreshock.adapters.clock import wall_clock_us
from foreshock.app.baseline_store import BaselineStore
from foreshock.app.build_hash import build_hash
from foreshock.app.catalogue import Catalogue, PairWatch, Scan
from foreshock.app.clock_reader import ClockReader
from foreshock.app.clock_steps import ClockSteps
from foreshock.app.config import Settings
from foreshock.app.desk_memory import has_past
from foreshock.app.ending import Ending
from foreshock.app.lease import Heirs
from foreshock.app.left_behind import LeftBehind, left_behind
from foreshock.app.live_mode import Live
from foreshock.app.loop import Desk
from foreshock.app.news import NewsLink
from foreshock.app.open_packages import OpenPackages
from foreshock.app.oracles import OracleLink, OracleService
from foreshock.app.payouts import Held, PayoutService
from foreshock.app.recorder import Recorder
from foreshock.app.services import VenueService, Wanted
from foreshock.app.standing_halts import StandingHalts
from foreshock.app.venues import VenueLink
from foreshock.app.verdict_store import VerdictStore, accepted_markets
from foreshock.app.wiring import VENUES, DeskConfig, build, start_message
from foreshock.app.worker import Ear, Listener
from foreshock.core.domain.markets import MarketId, Pair
from foreshock.core.domain.messages.matching import PairFiled
from foreshock.core.domain.messages.signals import NewsSeen
from foreshock.core.domain.messages.union import Message
from foreshock.core.engine import Agent
from foreshock.core.ports import Folder
from foreshock.core.signals.volume_past import VolumePast

Background: TypeAlias = Callable[[], Coroutine[None, None, None]]


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
    oracles: tuple[OracleLink, ...] = ()
    news: tuple[NewsLink, ...] = ()
    calendar: tuple[NewsSeen, ...] = ()


class OpenedDesk(msgspec.Struct, frozen=True):
    """A desk that has been told what it must know; nothing of it runs yet.

    ending: brings a run with real money to its end; None where a run may end at once.
    agents: to be looked at by whoever judges the desk from outside.
    """

    plan: Plan
    desk: Desk
    pair_watch: PairWatch
    held: Held
    clock_steps: ClockSteps
    ending: Ending | None = None
    agents: tuple[Agent, ...] = ()


def open_desk(plan: Plan, home: Folder, run: str, listeners: Sequence[Listener]) -> OpenedDesk:
    """A desk that records into the folder `run` of home, and knows what earlier runs left there.

    Raises ConfigError when what they left cannot be read: nobody may trade past it.
    """
    halts = StandingHalts(home)
    standing = halts.carried(VENUES, has_past=has_past(home))  # a memory that begins is no past
    left = left_behind(plan.config, home, run, wall_clock_us())
    verdicts = VerdictStore(home, is_simulated=plan.config.mode == "demo")
    kept = verdicts.carried()
    plan = _adopting(plan, left, accepted_markets(kept))
    carried, packages = _left_open(plan, home, left)
    carried = [*left.messages, *carried, *standing]
    carried += [*kept, *(PairFiled(pair) for pair in plan.pairs)]
    pair_watch, held, steps = PairWatch(), Held(left.booked), ClockSteps()
    heirs = Heirs(() if plan.live is None else plan.live.leases, VENUES)
    keeping = [] if packages is None else [packages]
    recorded = [*left.recorded, halts.recorded, *(each.recorded for each in keeping)]
    baselines = BaselineStore(home)
    plan, past = _with_baselines(plan, baselines, run)
    carried += baselines.incidents
    following = (halts, verdicts, *keeping, pair_watch, held, steps, baselines)
    memory = [*left.listeners, *(Ear(each.listen, each.hears) for each in following), heirs.listen]
    parts = build(plan.config, [*listeners, *memory], plan.live and plan.live.venue, past=past)
    baselines.watch_among(parts.agents)
    recorder = Recorder(lambda name: home.open(f"{run}/{name}"), recorded)
    desk = Desk(parts.worker, parts.feeds, recorder, parts.venue, parts.gate.judge)
    ending = None
    if packages is not None:
        ending = Ending(packages.named, plan.settings.live.stop_s_max, desk.inbox.put)
        desk.end_by(ending.begin)
        parts.worker.hear(ending.listen)
    desk.inbox.put(start_message(plan.config, __version__, build_hash()))
    for message in (*heirs.carried(), *carried):
        desk.inbox.put(message)
    return OpenedDesk(plan, desk, pair_watch, held, steps, ending, parts.agents)


def _with_baselines(
    plan: Plan, baselines: BaselineStore, run: str
) -> tuple[Plan, VolumePast | None]:
    """The plan naming what earlier runs observed, which then is in the run's folder, too.

    A demo's past is simulated and made anew each time: nothing of it is kept.
    """
    begun = None if plan.config.mode == "demo" else baselines.begin(run)
    if begun is None:
        return plan, None
    config = msgspec.structs.replace(plan.config, baselines=begun[0])
    return msgspec.structs.replace(plan, config=config), begun[1]


def _adopting(plan: Plan, left: LeftBehind, accepted: Iterable[MarketId]) -> Plan:
    """The plan with the limits that hold; what is held is watched, like what a person accepted."""
    decided = (*accepted, *left.markets)
    return msgspec.structs.replace(plan, config=left.config, decided=decided)


def _left_open(
    plan: Plan, home: Folder, left: LeftBehind
) -> tuple[list[Message], OpenPackages | None]:
    """What an earlier live run left unfinished, and who keeps account of it from now on."""
    if plan.config.mode != "live" or plan.live is None:
        return [], None
    packages = OpenPackages(home)
    return packages.carried(left.followed()), packages


async def run_desk(
    opened: OpenedDesk, background: Sequence[Background], say: Callable[[str], None]
) -> None:
    """The desk and what feeds it; when the desk ends, so do they. background: what runs beside."""
    plan, desk, numbers = opened.plan, opened.desk, count(1)
    async with asyncio.TaskGroup() as tasks:
        beside = [tasks.create_task(run()) for run in background]
        beside.append(tasks.create_task(opened.clock_steps.run(desk.inbox.put)))
        keepers = [] if plan.live is None else plan.live.begin(desk, numbers)
        beside += [tasks.create_task(keeper.run()) for keeper in keepers]
        for link in plan.links:
            wanted = _wanted(plan, link.name, say)
            service = VenueService(link, desk, wanted, plan.settings.watch, numbers)
            catalogue = _catalogue(opened, link, numbers, say)
            opened.pair_watch.catalogues.append(catalogue)
            clock = ClockReader(link.name, link.tell_time, desk.inbox.put)
            interval_s = plan.settings.watch.relist_interval_s
            payouts = PayoutService(link, opened.held, desk.inbox.put, interval_s)
            runs = (service.run, catalogue.run, clock.run, payouts.run)
            beside += [tasks.create_task(run()) for run in runs]
        oracles = OracleService(plan.oracles, desk, numbers)
        beside.append(tasks.create_task(oracles.run()))
        try:
            await desk.run()
        finally:
            for task in beside:
                task.cancel()
            if plan.live is not None:
                await plan.live.close()


def _catalogue(
    opened: OpenedDesk, link: VenueLink, numbers: Iterator[int], say: Callable[[str], None]
) -> Catalogue:
    """The markets of a venue beyond those watched; what a pair needs gets a service of its own."""
    desk, section = opened.desk, opened.plan.settings.watch

    def watch(markets: tuple[MarketId, ...]) -> Coroutine[None, None, None]:
        return VenueService(link, desk, Wanted(markets, 0, say), section, numbers).run()

    scan = Scan(section.catalogue_max, section.catalogue_interval_s)
    return Catalogue(link, desk, scan, watch)


def _wanted(plan: Plan, venue: str, say: Callable[[str], None]) -> Wanted:
    """The markets of the pairs at one venue and what was named beside them, each once."""
    named: list[str] = [market for pair in plan.pairs for market in (pair.a, pair.b)]
    named += [*plan.decided, *plan.identifiers]
    others = [link.name for link in plan.links if link.name != venue]
    ours = [name for name in dict.fromkeys(named) if name.partition(":")[0] not in others]
    busiest_max = 0 if plan.identifiers else plan.settings.watch.markets_max
    return Wanted(tuple(ours), busiest_max, say)
