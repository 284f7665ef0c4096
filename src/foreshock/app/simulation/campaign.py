"""How did many seeds go? Workers run them, one file remembers which are done, one summary adds up.

Worker n runs with PYTHONHASHSEED n, and with one thread, as the other core has its own worker.
Where every seed is run twice, two workers get each of them and both must see the same events.
"""

import asyncio
import sys
from collections import Counter
from collections.abc import AsyncGenerator, Callable, Iterable, Iterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

import msgspec

from foreshock.adapters.storage.files import DiskFile
from foreshock.app.build_hash import build_hash
from foreshock.app.simulation.checkers.reached import NOT_BUILT, SOMETIMES
from foreshock.app.simulation.story import SeedReport
from foreshock.app.simulation.work import Task
from foreshock.core.domain.errors import ConfigError, InvariantError
from foreshock.core.domain.units import MICRO

NEEDED = ("partial fill", "unknown order", "revert", "gap", "halt in flight", "crash in a package")
"""A long run that never reached one of these tested nothing."""
NEEDED_FROM_SEEDS = 100
LINE_BYTES_MAX = 64 * 1024 * 1024
Heard = Callable[[SeedReport], None]


class Differed(msgspec.Struct, frozen=True):
    """A seed that did not do the same twice."""

    seed: int
    mix: str
    digests: tuple[str, str]


class Summary(msgspec.Struct, kw_only=True):
    """Everything added up. failed: seeds with violations or uncaught errors."""

    build: str
    seeds_count: int = 0
    simulated_s: float = 0.0
    events_count: int = 0
    cpu_us: int = 0
    faults: Counter[str] = msgspec.field(default_factory=Counter[str])
    reached: Counter[str] = msgspec.field(default_factory=Counter[str])
    failed: list[SeedReport] = []
    differed: list[Differed] = []

    def add(self, report: SeedReport) -> None:
        """One more seed."""
        self.seeds_count += 1
        self.simulated_s += report.simulated_s
        self.events_count += report.events_count
        self.cpu_us += report.cpu_us
        self.faults.update(report.faults)
        self.reached.update(report.reached)
        if report.violations or report.failures:
            self.failed.append(report)

    def unreached(self) -> list[str]:
        """Rare states that a run of this length must reach and did not."""
        if self.seeds_count < NEEDED_FROM_SEEDS:
            return []
        return [state for state in NEEDED if not self.reached[state]]

    @property
    def is_good(self) -> bool:
        """Nothing violated, everything the same twice, and it got where it hurts."""
        return not (self.failed or self.differed or self.unreached())

    def lines(self) -> Iterator[str]:
        """For a person."""
        cpu_s = max(1, self.cpu_us) / MICRO
        simulated = f"{self.simulated_s:,.0f} simulated seconds"
        yield f"{self.seeds_count} seeds, {simulated}, build {self.build}"
        yield (
            f"{self.simulated_s / cpu_s:,.0f} simulated seconds and "
            f"{self.events_count / cpu_s:,.0f} events a CPU-second"
        )
        silent = sum(v.invariant == "I1" for report in self.failed for v in report.violations)
        yield f"uneven holdings at rest without an open incident: {silent}"
        yield f"faults: {_counts(self.faults)}"
        yield f"rare states: {_counts(self.reached)}"
        never = [state for state in SOMETIMES if not self.reached[state]]
        yield f"never reached: {', '.join(never) or 'none'}"
        yield f"not built, not counted as passed: {', '.join(NOT_BUILT)}"
        yield from self._failures()

    def _failures(self) -> Iterator[str]:
        for state in self.unreached():
            yield f"FAILED: never reached {state}: the run tested nothing"
        for one in self.differed:
            yield f"FAILED: seed {one.seed} ({one.mix}) differs under another PYTHONHASHSEED"
            yield f"  {command(one.seed, one.mix)}"
        for report in self.failed:
            words = [f"{v.invariant} {v.words}" for v in report.violations[:3]]
            words += [failure.splitlines()[-1] for failure in report.failures[:3]]
            yield f"FAILED: seed {report.seed} ({report.mix}): {'; '.join(words)}"
            yield f"  {command(report.seed, report.mix)}"
        if self.is_good:
            yield "every invariant held at every event; every seed came to rest"


def command(seed: int, mix: str) -> str:
    """The one command that shows a seed again."""
    chosen = "" if mix == "swarm" else f" --mix {mix}"
    return f"foreshock sim --seed {seed}{chosen} --trace"


async def run_campaign(
    tasks: Sequence[Task], workers_count: int, *, twice: bool, heard: Heard | None
) -> Summary:
    """Run every task. twice: under two hash seeds each, by two workers that get them all."""
    summary = Summary(build=build_hash())
    first: dict[Task, str] = {}

    def take(task: Task, report: SeedReport) -> None:
        if task in first:
            if first[task] != report.digest:
                digests = (first[task], report.digest)
                summary.differed.append(Differed(task.seed, task.mix, digests))
            return
        first[task] = report.digest
        summary.add(report)
        if heard is not None:
            heard(report)

    if twice:
        shares: list[Iterator[Task]] = [iter(tasks) for _ in range(2)]
    else:
        shares = [iter(tasks)] * workers_count
    async with asyncio.TaskGroup() as group:
        for number, share in enumerate(shares, 1):
            group.create_task(_employ(number, share, take))
    return summary


async def _employ(
    number: int, tasks: Iterator[Task], take: Callable[[Task, SeedReport], None]
) -> None:
    """One worker, fed with tasks one at a time."""
    async with _worker(number) as (reader, writer):
        for task in tasks:
            writer.write(msgspec.json.encode(task) + b"\n")
            await writer.drain()
            line = await reader.readline()
            if not line:
                raise InvariantError(f"a worker died over seed {task.seed} ({task.mix})")
            take(task, msgspec.json.decode(line, type=SeedReport))


@asynccontextmanager
async def _worker(
    number: int,
) -> AsyncGenerator[tuple[asyncio.StreamReader, asyncio.StreamWriter]]:
    child = await asyncio.create_subprocess_exec(
        "env",
        f"PYTHONHASHSEED={number}",
        "OPENBLAS_NUM_THREADS=1",
        sys.executable,
        "-m",
        "foreshock.app.simulation.work",
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        limit=LINE_BYTES_MAX,
    )
    if child.stdin is None or child.stdout is None:
        raise InvariantError("a worker without pipes")
    try:
        yield child.stdout, child.stdin
    finally:
        child.stdin.close()
        if sys.exc_info()[0] is not None:
            child.kill()
        await child.wait()


class Progress:
    """Which seeds of a long campaign are done, by this build: a file that only grows."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._file = DiskFile(path)

    def done(self) -> list[SeedReport]:
        """What earlier runs of the same build finished. Raises ConfigError for a damaged file."""
        data = self._file.read()
        whole = data[: data.rfind(b"\n") + 1]
        if len(whole) < len(data):
            self._file.truncate(len(whole))
        lines = whole.splitlines()
        try:
            if lines and lines[0].decode() == build_hash():
                return [msgspec.json.decode(line, type=SeedReport) for line in lines[1:]]
        except (msgspec.MsgspecError, UnicodeDecodeError) as error:
            raise ConfigError(f"{self._path} is damaged ({error}): remove it") from error
        self._file.truncate(0)
        self._file.append(build_hash().encode() + b"\n")
        return []

    def note(self, report: SeedReport) -> None:
        """One more is done."""
        self._file.append(msgspec.json.encode(report) + b"\n")


def left(tasks: Iterable[Task], done: Iterable[SeedReport]) -> list[Task]:
    """The tasks that nobody has done."""
    finished = {Task(report.seed, report.mix) for report in done}
    return [task for task in tasks if task not in finished]


def _counts(counter: Counter[str]) -> str:
    return ", ".join(f"{name} {count:,}" for name, count in sorted(counter.items()) if count)
