"""How does a run begin and end? From the claimed data folder to the last fsync.

claim -> configuration -> desk + venues + dashboard -> signal -> what waits is recorded -> end
"""

import asyncio
import signal
from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from shutil import disk_usage

import msgspec

from foreshock.adapters.clock import wall_clock_us
from foreshock.adapters.storage.files import DiskFolder
from foreshock.adapters.storage.projections import Projections
from foreshock.app.advice import Advisers
from foreshock.app.backfill import Backfill, backfills
from foreshock.app.client import tell
from foreshock.app.collector import settle
from foreshock.app.company import open_company
from foreshock.app.demo_spike import make_spike
from foreshock.app.desk_run import Plan, open_desk, run_desk
from foreshock.app.disk_watch import DiskWatch, bytes_in
from foreshock.app.ending import refuse_leftovers
from foreshock.app.ingest_rules import ingest_rules
from foreshock.app.instance import RUNS_NAME, Claim, claim, running
from foreshock.app.loop import Desk
from foreshock.app.projector import DATABASE_NAME, Projector
from foreshock.app.simulated_past import SimulatedPast
from foreshock.core.domain.alerts import Alert
from foreshock.core.domain.errors import ConfigError
from foreshock.core.domain.messages.account import VenueArmed, VenueDisarmed
from foreshock.core.domain.messages.alerting import (
    NoticeTestRequested,
    ObservationReceived,
    WatchListChanged,
)
from foreshock.core.domain.messages.conversions import ConversionRequested
from foreshock.core.domain.messages.matching import (
    SourcesRequested,
    VerdictRequested,
)
from foreshock.core.domain.messages.operations import HaltRequested, ResumeRequested
from foreshock.core.domain.messages.risk import LimitChangeRequested, RiskReviewed
from foreshock.core.domain.messages.signals import (
    AlertAcknowledged,
    AlertRaised,
    BaselinesReset,
    BaselinesRestored,
)
from foreshock.core.domain.notices import Sink
from foreshock.core.domain.units import MICRO, Instant
from foreshock.dashboard.alert_views import DemoSpikeView
from foreshock.dashboard.readmodel import ReadModel
from foreshock.dashboard.server import DashboardSettings, serve

REPLACE_S_MAX = 10.0
LIVE_REPLACE_S_MAX = 60.0
"""A desk with real money first finishes what is open."""
WARM_AFTER_S = 15.0
"""By then the markets are listed: what lives now lives on."""


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
    patience_s = LIVE_REPLACE_S_MAX if other.mode == "live" else REPLACE_S_MAX
    deadline = asyncio.get_running_loop().time() + patience_s
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

    Raises StorageError when recording fails: the desk never trades what it cannot write down, and
    CommandError when something of real money was left open.
    """
    started_us = wall_clock_us()
    run = _run_name(started_us, plan.config.mode)
    read_model = ReadModel()
    projector = Projector(run, Projections(held.home / DATABASE_NAME), voice.say)
    home = DiskFolder(held.home)
    company = open_company(plan, held.home, run, voice.say)
    listeners = [read_model.listen, projector.listen, *company.listeners()]
    recalling = _recalling(plan)
    listeners += [each.listen for each in recalling]
    opened = open_desk(plan, home, f"{RUNS_NAME}/{run}", listeners)
    desk = opened.desk
    company.join(desk)
    dashboard = await serve(
        read_model,
        _Operator(desk, is_simulated=plan.config.mode == "demo"),
        wall_clock_us,
        _dashboard_settings(plan, held),
    )
    try:
        held.publish(dashboard.url, plan.config.mode, started_us)
        _stop_on_signals(desk)
        voice.opened(dashboard.login_url())
        asyncio.get_running_loop().call_later(WARM_AFTER_S, settle)
        async with _advised(plan, held.home, desk):
            beside = [projector.run, *company.runs(desk)]
            beside += [partial(each.run, desk.inbox.put) for each in recalling]
            beside.append(partial(_disk_watch(held.home, run).run, desk.inbox.put))
            await run_desk(opened, beside, voice.say)
    finally:
        await dashboard.stop()
        projector.close()
    refuse_leftovers(opened.ending)


def _disk_watch(home: Path, run: str) -> DiskWatch:
    """Looks at the disk that this run records on."""
    folder = home / RUNS_NAME / run
    return DiskWatch(lambda: disk_usage(home).free, lambda: bytes_in(folder), wall_clock_us)


def _recalling(plan: Plan) -> Sequence[SimulatedPast | Backfill]:
    """Who tells what was traded before; only a demo has a simulated past, and only that."""
    demo = plan.settings.demo
    if plan.config.mode == "demo":
        return [SimulatedPast(demo.seed, demo.markets)]
    return backfills(plan.settings)


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


class _Operator:
    """What persons and programs may tell the desk."""

    def __init__(self, desk: Desk, *, is_simulated: bool) -> None:
        self._desk = desk
        self._is_simulated = is_simulated

    def halt(self, scope: str, by: str, reason: str) -> None:
        self._desk.inbox.put(HaltRequested(scope, by, reason))

    def resume(self, scope: str, by: str) -> None:
        self._desk.inbox.put(ResumeRequested(scope, by))

    def arm(self, venue: str, until_us: Instant, by: str, words: str) -> None:
        self._desk.inbox.put(VenueArmed(venue, until_us, by, words))

    def disarm(self, venue: str, by: str) -> None:
        self._desk.inbox.put(VenueDisarmed(venue, by))

    def change_limit(self, key: str, value: int | None, by: str, *, is_confirmed: bool) -> None:
        self._desk.inbox.put(LimitChangeRequested(key, value, by, is_confirmed))

    def review(self, by: str, note: str) -> None:
        self._desk.inbox.put(RiskReviewed(by, note))

    def convert(self, request: ConversionRequested) -> None:
        self._desk.inbox.put(request)

    def stop(self, by: str) -> None:
        self._desk.stop(f"stopped by {by}")

    def decide(self, request: VerdictRequested) -> None:
        self._desk.inbox.put(request)

    def rule_sources(self, request: SourcesRequested) -> None:
        self._desk.inbox.put(request)

    def reset_baselines(self, message: BaselinesReset) -> None:
        self._desk.inbox.put(message)

    def restore_baselines(self, message: BaselinesRestored) -> None:
        self._desk.inbox.put(message)

    def acknowledge(self, alert_id: str, by: str) -> None:
        self._desk.inbox.put(AlertAcknowledged(alert_id, by))

    def test_notice(self, sink: Sink | None, by: str) -> None:
        self._desk.inbox.put(NoticeTestRequested(f"{wall_clock_us()}", sink, by))

    def watch(self, venue: str, identifier: str, by: str) -> None:
        self._desk.inbox.put(WatchListChanged(venue, identifier, True, by))  # noqa: FBT003 - the message's own order

    def unwatch(self, venue: str, identifier: str, by: str) -> None:
        self._desk.inbox.put(WatchListChanged(venue, identifier, False, by))  # noqa: FBT003 - the message's own order

    def observe(self, observed: ObservationReceived) -> None:
        self._desk.inbox.put(observed)

    def relay(self, alert: Alert) -> None:
        self._desk.inbox.put(AlertRaised(alert))

    async def spike(self, ticker: str | None, by: str) -> DemoSpikeView | None:
        del by
        if not self._is_simulated:
            return None
        return make_spike(ticker, wall_clock_us(), self._desk.inbox.put)


def _run_name(started_us: Instant, mode: str) -> str:
    """Folders of runs sort by their start."""
    started = datetime.fromtimestamp(started_us / MICRO, UTC)
    return f"{started:%Y%m%dT%H%M%S%f}Z-{mode}"


def _dashboard_settings(plan: Plan, held: Claim) -> DashboardSettings:
    section = plan.settings.dashboard
    return DashboardSettings(
        host=section.host,
        port=section.port,
        instance_token=held.token,
        allowed_hosts=(),
        ingest=ingest_rules(plan.settings.ingest, plan.config.mode),
    )


def _stop_on_signals(desk: Desk) -> None:
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, desk.stop, signal.Signals(number).name)
