"""The whole desk under faults, seed by seed: a share of what `make soak` runs at length."""

import asyncio
import random
import subprocess
import sys
from pathlib import Path

import msgspec
import pytest

from foreshock.app.simulation.campaign import Summary, run_campaign
from foreshock.app.simulation.mix import MIXES, TROUBLES, draw_mix
from foreshock.app.simulation.story import SeedReport
from foreshock.app.simulation.work import Task

ROOT = Path(__file__).resolve().parents[2]
SEEDS_COUNT = 60
"""A minute of one core."""
pytestmark = pytest.mark.timeout(1_800)
"""Half a minute when nothing else runs; a shared machine may take many times as long."""
OTHER_PYTHON = ROOT / ".cache" / "python3.13" / "bin" / "python"
HOW = (
    "make one: .venv/bin/uv venv -p 3.13 .cache/python3.13 && .venv/bin/uv pip install "
    "--python .cache/python3.13/bin/python -r requirements.lock"
)


def run(tasks: list[Task], *, twice: bool) -> Summary:
    return asyncio.run(run_campaign(tasks, 2, twice=twice, heard=None))


def test_the_desk_keeps_its_promises_under_a_swarm_of_faults() -> None:
    summary = run([Task(seed, "swarm") for seed in range(SEEDS_COUNT)], twice=False)
    assert summary.is_good, "\n".join(summary.lines())
    assert summary.seeds_count == SEEDS_COUNT
    for state in ("package hedged", "revert", "partial fill", "restart", "gap", "halt"):
        assert summary.reached[state], f"{SEEDS_COUNT} seeds never reached {state}"


def test_a_few_seeds_see_the_same_events_whatever_the_hash_seed() -> None:
    summary = run([Task(seed, "storm") for seed in (1, 2)], twice=True)
    assert summary.differed == []


def test_two_versions_of_python_see_the_same_events() -> None:
    if not OTHER_PYTHON.exists() or sys.version_info[:2] == (3, 13):
        pytest.skip(f"no second Python to compare with; {HOW}")
    tasks = b"".join(msgspec.json.encode(Task(seed, "swarm")) + b"\n" for seed in (8, 11))
    heard: list[list[str]] = []
    for python in (sys.executable, str(OTHER_PYTHON)):
        told = subprocess.run(
            [
                "/usr/bin/env",
                f"PYTHONPATH={ROOT / 'src'}",
                python,
                "-m",
                "foreshock.app.simulation.work",
            ],
            input=tasks,
            capture_output=True,
            check=True,
        )
        lines = told.stdout.splitlines()
        heard.append([msgspec.json.decode(line, type=SeedReport).digest for line in lines])
    assert len(heard[0]) == len(heard[1]) == 2
    assert heard[0] == heard[1]


def test_a_tenth_of_all_seeds_has_no_fault_and_each_trouble_its_share() -> None:

    mixes = [draw_mix("swarm", random.Random(seed)) for seed in range(2_000)]
    calm = sum(mix.name == "calm" for mix in mixes)
    assert 150 < calm < 250
    for trouble in TROUBLES:
        having = sum(trouble in dict(mix.troubles) for mix in mixes)
        assert 400 < having < 700, f"{trouble}: {having} of 2000"


@pytest.mark.parametrize("name", MIXES)
def test_every_mix_can_be_drawn(name: str) -> None:

    mix = draw_mix(name, random.Random(3))
    assert mix.pair_ids
    if name in TROUBLES:
        assert [trouble for trouble, _ in mix.troubles] == [name]
