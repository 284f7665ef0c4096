"""A live run on paper, hurried and slowed, decides the same again when it is replayed."""

import asyncio
import time
from collections import Counter, defaultdict
from itertools import count

import pytest

from foreshock.adapters.clock import wall_clock_us
from foreshock.adapters.sim.loopback import Loopback
from foreshock.adapters.storage.files import MemoryFile
from foreshock.adapters.venues.kalshi.signing import ApiKey
from foreshock.app.config import WatchSection, config_folder, load_settings
from foreshock.app.loop import Desk
from foreshock.app.pairs_file import DEMO_PAIRS_FILE, load_pairs
from foreshock.app.recorder import Recorder
from foreshock.app.replay import replay, started
from foreshock.app.services import VenueService, Wanted
from foreshock.app.venues import KalshiLink, PolymarketLink
from foreshock.app.wiring import build, desk_config, recorded_config, start_message
from foreshock.core.domain.errors import StorageError
from foreshock.core.domain.messages.market_data import FeedMeasured
from foreshock.core.domain.messages.matching import PairFiled
from foreshock.core.domain.units import SECOND, Instant
from foreshock.core.engine import Entry
from tests.scenarios.stepped import KEY_ID, SEED_KEY, Venues

CALM_S, BURST_S = 2.0, 1.5
BURST_FACTOR = 10
SLOW_STEP_S = 0.015
"""A consumer this slow is behind during the burst: book changes have to be conflated."""

Files = defaultdict[str, MemoryFile]


async def recorded_run() -> tuple[Files, Counter[str], int]:
    """Files of a run, what it heard and said by type, and how many book changes were merged."""
    venues = Venues(seed=5, markets_max=60, start_us=wall_clock_us())
    files = Files(MemoryFile)
    kinds: Counter[str] = Counter()
    merged: dict[int, int] = {}

    def listen(_step: int, entry: Entry, _now_us: Instant) -> None:
        kinds[type(entry.message).__name__] += 1
        if isinstance(entry.message, FeedMeasured):
            merged[entry.message.connection] = entry.message.conflated_count
            time.sleep(SLOW_STEP_S)

    config = desk_config("demo", "test", load_settings({}))
    parts = build(config, [listen])
    desk = Desk(
        parts.worker, parts.feeds, Recorder(files.__getitem__), parts.venue, parts.gate.judge
    )
    desk.inbox.put(start_message(config, "test", "test"))
    pairs = load_pairs(config_folder() / DEMO_PAIRS_FILE)
    for pair in pairs:
        desk.inbox.put(PairFiled(pair))
    hosts = {n: Loopback(f, wall_clock_us, a_moment) for n, f in venues.faces.items()}
    links = [
        PolymarketLink(hosts["gamma"], hosts["clob"], hosts["clob"]),
        KalshiLink(hosts["kalshi"], hosts["kalshi"], ApiKey(KEY_ID, SEED_KEY)),
    ]
    watch = WatchSection(
        markets_max=40,
        check_interval_s=1,
        poll_interval_s=1,
        relist_interval_s=60,
        catalogue_max=0,
        catalogue_interval_s=60,
    )
    numbers = count(1)
    unheard: list[str] = []
    async with asyncio.TaskGroup() as tasks:
        background = [tasks.create_task(drive(venues))]
        for link in links:
            wanted = [m for p in pairs for m in (p.a, p.b) if m.startswith(f"{link.name}:")]
            ours = Wanted(tuple(wanted), watch.markets_max, unheard.append)
            service = VenueService(link, desk, ours, watch, numbers)
            background.append(tasks.create_task(service.run()))
        asyncio.get_running_loop().call_later(2 * CALM_S + BURST_S, desk.stop, "test over")
        await desk.run()
        for task in background:
            task.cancel()
    return files, kinds, sum(merged.values())


async def a_moment() -> None:
    await asyncio.sleep(0.002)


async def drive(venues: Venues) -> None:
    """Let the world live: calmly, then ten times as fast, then calmly again."""
    world_us, last_us = venues.start_us, wall_clock_us()
    begun_us = last_us
    while True:
        await asyncio.sleep(0.01)
        now_us = wall_clock_us()
        elapsed_s = (now_us - begun_us) / SECOND
        hurried = CALM_S < elapsed_s < CALM_S + BURST_S
        world_us = Instant(world_us + (now_us - last_us) * (BURST_FACTOR if hurried else 1))
        last_us = now_us
        venues.world.advance(world_us)


def replayed(files: Files) -> tuple[int, int, tuple[object, ...]]:
    worker = build(recorded_config(started(files.__getitem__)), []).worker
    result = replay(files.__getitem__, worker)
    return result.frames_count, result.entries_count, result.differences


async def test_a_live_paper_run_replays_line_by_line() -> None:
    files, kinds, merged_count = await recorded_run()
    frames_count, entries_count, differences = replayed(files)
    assert differences == ()
    assert frames_count > 500
    assert entries_count > 50
    assert kinds["ConnectionOpened"] >= 2
    assert kinds["TimerFired"] > 0
    assert kinds["PackageOpened"] > 0, "the run must reach trading"
    assert merged_count > 0, "the consumer must have fallen behind"


async def test_a_tape_that_lacks_cited_frames_is_an_error() -> None:
    files, _, _ = await recorded_run()
    files["tape-000001.fst"].truncate(0)
    with pytest.raises(StorageError, match="the tape ends before"):
        replayed(files)


def test_a_journal_that_never_started_is_an_error() -> None:
    with pytest.raises(StorageError, match="no start of a desk"):
        started(Files(MemoryFile).__getitem__)
