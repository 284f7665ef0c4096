"""Many seeds are run once each, remembered, and added up; what fails is named with its command."""

import asyncio
from pathlib import Path

import msgspec
import pytest

from foreshock.app.build_hash import build_hash
from foreshock.app.simulation.campaign import (
    NEEDED,
    NEEDED_FROM_SEEDS,
    Progress,
    Summary,
    command,
    left,
    run_campaign,
)
from foreshock.app.simulation.observed import Violation
from foreshock.app.simulation.story import SeedReport
from foreshock.app.simulation.work import Task
from foreshock.core.domain.errors import ConfigError
from foreshock.core.domain.units import Instant


def report(seed: int, *violations: Violation, **reached: int) -> SeedReport:
    return SeedReport(
        seed=seed,
        mix="swarm",
        troubles=(),
        digest="d",
        simulated_s=700.0,
        events_count=9_000,
        cpu_us=1_000_000,
        faults={"request lost": 2},
        reached=reached,
        violations=violations,
        failures=(),
    )


def test_every_seed_sees_the_same_events_under_two_hash_seeds() -> None:
    heard: list[int] = []
    tasks = [Task(7, "swarm"), Task(8, "swarm")]
    run = run_campaign(tasks, 2, twice=True, heard=lambda told: heard.append(told.seed))
    summary = asyncio.run(run)
    assert sorted(heard) == [7, 8]
    assert summary.differed == []
    assert summary.seeds_count == 2
    assert summary.cpu_us > 0


def test_a_violation_fails_the_run_and_names_its_command() -> None:
    summary = Summary(build="b")
    summary.add(report(1))
    assert summary.is_good
    summary.add(report(2, Violation(Instant(1), "I4", "the ledger differs")))
    assert not summary.is_good
    lines = list(summary.lines())
    assert "FAILED: seed 2 (swarm): I4 the ledger differs" in lines
    assert "  foreshock sim --seed 2 --trace" in lines
    assert "2 seeds, 1,400 simulated seconds, build b" in lines
    assert "700 simulated seconds and 9,000 events a CPU-second" in lines
    assert "faults: request lost 4" in lines
    assert "uneven holdings at rest without an open incident: 0" in lines
    summary.add(report(3, Violation(Instant(1), "I1", "10 YES")))
    assert "uneven holdings at rest without an open incident: 1" in list(summary.lines())


def test_a_long_run_that_got_nowhere_tested_nothing() -> None:
    summary = Summary(build="b")
    for seed in range(NEEDED_FROM_SEEDS - 1):
        summary.add(report(seed))
    assert summary.is_good
    summary.add(report(NEEDED_FROM_SEEDS))
    assert summary.unreached() == list(NEEDED)
    summary.add(report(NEEDED_FROM_SEEDS + 1, **dict.fromkeys(NEEDED, 1)))
    assert summary.is_good


def test_a_mix_is_part_of_the_command() -> None:
    assert command(3, "crash") == "foreshock sim --seed 3 --mix crash --trace"


def test_what_is_done_is_not_done_again(tmp_path: Path) -> None:
    path = tmp_path / "progress.jsonl"
    first = Progress(path)
    assert first.done() == []
    first.note(report(1))
    first.note(report(2))
    with path.open("ab") as file:
        file.write(b'{"seed":3,')  # killed while it wrote
    done = Progress(path).done()
    assert [one.seed for one in done] == [1, 2]
    assert left([Task(n, "swarm") for n in (1, 2, 3)], done) == [Task(3, "swarm")]
    assert left([Task(1, "crash")], done) == [Task(1, "crash")]


def test_another_build_starts_anew(tmp_path: Path) -> None:
    path = tmp_path / "progress.jsonl"
    path.write_bytes(b"another\n" + msgspec.json.encode(report(1)) + b"\n")
    assert Progress(path).done() == []
    assert path.read_bytes() == build_hash().encode() + b"\n"


def test_a_damaged_file_is_told(tmp_path: Path) -> None:
    path = tmp_path / "progress.jsonl"
    path.write_bytes(build_hash().encode() + b"\n{}\n")
    with pytest.raises(ConfigError, match="damaged"):
        Progress(path).done()
