"""What does a worker of a campaign do? Reads seeds from its input, writes what became of them.

One line of JSON each way; it ends when its input does. A process of its own, because the order of
Python's sets and dictionaries of strings is decided when an interpreter starts.
"""

import gc
import sys
from typing import TextIO

import msgspec

from foreshock.adapters.clock import cpu_us
from foreshock.app.simulation.story import SeedReport, run_seed

GARBAGE_AFTER = 200_000
"""Objects before Python looks for garbage; a seed leaves circles, and they are cheap to find."""


class Task(msgspec.Struct, frozen=True):
    """One seed to be run."""

    seed: int
    mix: str


def measured(task: Task) -> SeedReport:
    """Run a seed and say what it cost."""
    before_us = cpu_us()
    report = run_seed(task.seed, task.mix)
    return msgspec.structs.replace(report, cpu_us=cpu_us() - before_us)


def work(tasks: TextIO, reports: TextIO) -> None:
    """Until there is no task any more."""
    gc.freeze()
    gc.set_threshold(GARBAGE_AFTER, 20, 100)
    for line in tasks:
        report = measured(msgspec.json.decode(line, type=Task))
        reports.write(msgspec.json.encode(report).decode() + "\n")
        reports.flush()


if __name__ == "__main__":
    work(sys.stdin, sys.stdout)
