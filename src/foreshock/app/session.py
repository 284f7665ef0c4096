"""How does a run begin and end? From the claimed data folder to the last fsync.

claim -> configuration -> desk + venues + dashboard -> signal -> what waits is recorded -> release
"""

import asyncio
import signal
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from itertools import count
from pathlib import Path

import msgspec

from foreshock import __version__
from foreshock.adapters.clock import wall_clock_us
from foreshock.app.build_hash import build_hash
from foreshock.app.client import tell
from foreshock.app.config import Settings
from foreshock.app.instance import RUNS_NAME, Claim, claim, running
from foreshock.app.loop import Desk
from foreshock.app.recorder import Recorder
from foreshock.app.recordings import open_folder
from foreshock.app.services import VenueService
from foreshock.app.venues import VenueLink
from foreshock.app.wiring import DeskConfig, build, start_message
from foreshock.core.domain.errors import ConfigError
from foreshock.core.domain.markets import Pair
from foreshock.core.domain.messages.decisions import PairListed
from foreshock.core.domain.messages.operations import HaltRequested, ResumeRequested
from foreshock.core.domain.units import MICRO, Instant
from foreshock.dashboard.readmodel import ReadModel
from foreshock.dashboard.server import Dashboard, DashboardSettings, serve

REPLACE_S_MAX = 10.0
STOP_S_MAX = 4.0


class Plan(msgspec.Struct, frozen=True):
    """What a run is made of."""

    config: DeskConfig
    settings: Settings
    links: tuple[VenueLink, ...]
    pairs: tuple[Pair, ...]


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


async def run_session(plan: Plan, held: Claim, announce: Callable[[str], None]) -> None:
    """Run until a signal or a stop command. Raises StorageError when recording fails."""
    started_us = wall_clock_us()
    folder = _run_folder(held.home, started_us, plan.config.mode)
    read_model = ReadModel()
    parts = build(plan.config, [read_model.listen])
    desk = Desk(parts, Recorder(open_folder(folder)))
    desk.inbox.put(start_message(plan.config, __version__, build_hash()))
    for pair in plan.pairs:
        desk.inbox.put(PairListed(pair))
    dashboard = await serve(read_model, _Operator(desk), _dashboard_settings(plan, held))
    held.publish(dashboard.url, plan.config.mode, started_us)
    _stop_on_signals(desk)
    services = _services(plan, desk)
    try:
        async with asyncio.TaskGroup() as tasks:
            background = [tasks.create_task(service.run()) for service in services]
            announce(dashboard.login_url())
            await desk.run()
            for task in background:
                task.cancel()
    finally:
        await dashboard.stop()
        held.release()
