"""How does one seed go? Hurt, then healed, then it must be at rest; every moment is judged."""

import asyncio
import random
from collections.abc import Callable, Iterator

import msgspec

from foreshock.adapters.storage.files import MemoryFile
from foreshock.adapters.storage.journal import JOURNAL_NAME
from foreshock.adapters.storage.records import whole_size
from foreshock.app.simulation.checkers.every import onlooker
from foreshock.app.simulation.checkers.replays import replay_violations
from foreshock.app.simulation.checkers.silence import word_violations
from foreshock.app.simulation.chronicle import Chronicle, Trace
from foreshock.app.simulation.mix import draw_mix
from foreshock.app.simulation.observed import Violation
from foreshock.app.simulation.scene import Costs, Scene
from foreshock.app.simulation.sinks import logged
from foreshock.app.simulation.troubles import begin
from foreshock.app.simulation.venues import canaries
from foreshock.app.simulation.virtual_loop import VirtualLoop
from foreshock.core.domain.errors import StorageError
from foreshock.core.domain.units import MICRO

CLOSING_S = 120.0
"""Nothing new is begun in the last part of healing, so that everything can be over."""
REPLAYED_EVERY = 8
"""Every so manyth seed is also replayed from its record, which takes about half as long again."""
SILENCED_EVERY = 4
"""Every so manyth seed with words is run again from its record in silence."""


class SeedReport(msgspec.Struct, frozen=True, kw_only=True):
    """What one seed led to. digest: hash over every event. cpu_us: what it cost, 0 unless measured.

    violations: of invariants. failures: errors of the simulated processes that nobody caught.
    """

    seed: int
    mix: str
    troubles: tuple[str, ...]
    digest: str
    simulated_s: float
    events_count: int
    cpu_us: int = 0
    faults: dict[str, int]
    reached: dict[str, int]
    packages_count: int = 0
    violations: tuple[Violation, ...]
    failures: tuple[str, ...]


def run_seed(seed: int, mix_name: str = "swarm", trace: Trace | None = None) -> SeedReport:
    """Run one seed to its end. The same seed and build do the same, whatever ran before."""
    mix = draw_mix(mix_name, random.Random(f"{seed} {mix_name}"))
    costs = Costs(seed)
    loop = VirtualLoop(mix.start_us, costs)
    eyes, reached = onlooker(canaries())
    chronicle = Chronicle(eyes, trace)
    try:
        asyncio.set_event_loop(loop)
        scene = Scene(seed, mix, loop, costs, chronicle)
        chronicle.watch(scene.person)
        with logged(scene.tell_sink):
            loop.run_until_complete(_play(scene))
        for words in loop.failures:
            scene.tell_sink("exception", words.encode())
        eyes.violations += _looked_back(seed, scene)
    finally:
        asyncio.set_event_loop(None)
        loop.close()
    return SeedReport(
        seed=seed,
        mix=mix_name,
        troubles=tuple(name for name, _ in mix.troubles),
        digest=chronicle.digest,
        simulated_s=(loop.now_us() - mix.start_us) / MICRO,
        events_count=chronicle.events_count,
        faults=dict(chronicle.faults),
        reached={**reached.counts, **chronicle.reached},
        violations=tuple(eyes.violations),
        failures=tuple(loop.failures),
    )


async def _play(scene: Scene) -> None:
    scene.venues.live()
    scene.attend()
    begin(scene)
    await asyncio.sleep(scene.mix.hurt_s)
    scene.enter_healing()
    await asyncio.sleep(scene.mix.heal_s - CLOSING_S)
    scene.close_up()
    await asyncio.sleep(CLOSING_S)
    scene.enter_rest()
    scene.venues.rest()
    for process in scene.processes:
        process.stop("the story is over")
        await process.ended()


def _looked_back(seed: int, scene: Scene) -> Iterator[Violation]:
    """I9 and I11, of every run that its disk remembers undamaged: its record says enough."""
    has_words = any(name == "text" for name, _ in scene.mix.troubles)
    for open_file in _records(scene):
        if seed % REPLAYED_EVERY == 0:
            scene.chronicle.reach("run replayed")
            yield from replay_violations(open_file, scene.now_us)
        if has_words and seed % SILENCED_EVERY == 0:
            scene.chronicle.reach("run silenced")
            yield from word_violations(open_file, scene.now_us)


def _records(scene: Scene) -> Iterator[Callable[[str], MemoryFile]]:
    """Each run folder with a journal in which no bit was turned and some record is whole."""
    contents = scene.machine.disk.contents
    for run in dict.fromkeys(name.rpartition("/")[0] for name in contents if JOURNAL_NAME in name):

        def open_file(name: str, run: str = run) -> MemoryFile:
            content = contents.get(f"{run}/{name}")
            return MemoryFile(b"" if content is None else bytes(content.data))

        is_damaged = any(name.startswith(f"{run}/") for name in scene.damaged)
        if not is_damaged and _has_record(open_file(JOURNAL_NAME).read()):
            yield open_file


def _has_record(journal: bytes) -> bool:
    """Whether there is anything to run again; what is damaged is for the replay to tell."""
    try:
        return whole_size(journal) > 0
    except StorageError:
        return True
