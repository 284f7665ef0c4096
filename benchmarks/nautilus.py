"""Is NautilusTrader here, and how does its Polymarket adapter compare on the same frames?"""

import os
import subprocess
import sys
from functools import partial
from importlib.util import find_spec
from pathlib import Path
from typing import NamedTuple

from benchmarks.desk import LivePath, shipped_config
from benchmarks.rounds import Cost, Prepared, as_python_does, measured
from benchmarks.stream import POLYMARKET, Stream
from foreshock.app import collector

NAME = "NautilusTrader's adapter"
VARIABLE = "NAUTILUS_PYTHON"
SCRIPT = Path(__file__).with_name("nautilus_sequence.py")
RUN_S_MAX = 60


class Compared(NamedTuple):
    """Costs of the same frames, Polymarket's only. version: of the package."""

    ours: list[Cost]
    theirs: list[Cost]
    frames_count: int
    version: str


def interpreter() -> str | None:
    """The Python that has the package: the one named, or this one."""
    return os.environ.get(VARIABLE) or (sys.executable if find_spec("nautilus_trader") else None)


def compared(stream: Stream, rounds: int, folder: Path) -> Compared | str:
    """Both in turn, or why not."""
    python = interpreter()
    if python is None:
        return f"not installed here, and {VARIABLE} names no Python that has it"
    carried = {w.connection for w in stream.connections if w.venue == POLYMARKET}
    only = stream._replace(
        connections=tuple(w for w in stream.connections if w.connection in carried),
        opening=tuple(a for a in stream.opening if a.connection in carried),
        frames=tuple(a for a in stream.frames if a.connection in carried),
        pairs=stream.pairs,
    )
    path = folder / "frames.jsonl"
    books = b",".join(arrival.payload[1:-1] for arrival in only.opening)
    path.write_bytes(b"\n".join([b"[" + books + b"]", *(a.payload for a in only.frames)]))
    ours: list[Cost] = []
    theirs: list[Cost] = []
    for _ in range(rounds):
        as_python_does()
        ours.append(measured(_our_round(only)))
        found = _their_round(python, path)
        if isinstance(found, str):
            return found
        theirs.append(found)
    return Compared(ours, theirs, len(only.frames), _version(python))


def _our_round(stream: Stream) -> Prepared:
    live = LivePath(stream, shipped_config("watch"))
    collector.settle()
    return partial(_take_all, live, stream)


def _take_all(live: LivePath, stream: Stream) -> None:
    for arrival in stream.frames:
        live.take((arrival,))


def _their_round(python: str, frames: Path) -> Cost | str:
    """CPU of their part alone, or the last line of what went wrong."""
    done = _run(python, str(SCRIPT), str(frames))
    if done.returncode:
        return f"{python} failed: {(done.stderr.strip().splitlines() or ['no words'])[-1]}"
    cpu_s = float(done.stdout)
    return Cost(cpu_s, cpu_s)


def _version(python: str) -> str:
    done = _run(python, "-c", "import nautilus_trader as n; print(n.__version__)")
    return done.stdout.strip()


def _run(*command: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(  # noqa: S603 - the interpreter is the user's own choice
        command, capture_output=True, text=True, timeout=RUN_S_MAX, check=False
    )
