"""The program as a person starts it: a process with a data folder, its output, its end."""

import os
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TypeVar

import msgspec

from foreshock.app.client import ask, require_running
from foreshock.app.instance import Instance, running
from foreshock.core.domain.errors import ForeshockError
from foreshock.dashboard.views import EdgeView, OrderView, PackageView, StateView

START_S_MAX = 60.0
STOP_S_MAX = 15.0
COMMAND_S_MAX = 60.0
POLL_S = 0.1
OURS = ("FORESHOCK_", "APP_")

T = TypeVar("T")


def environment(home: Path, extra: Mapping[str, str] | None = None) -> dict[str, str]:
    """The environment of a person with nothing set but the data folder."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(OURS)}
    places = {"FORESHOCK_HOME": str(home), "FORESHOCK_LIVE__LEASE_FOLDER": str(home / "leases")}
    return {**kept, **places, **(extra or {})}


def command(*arguments: str) -> list[str]:
    return [sys.executable, "-m", "foreshock", *arguments]


def run(
    home: Path, *arguments: str, extra: Mapping[str, str] | None = None, typed: str = ""
) -> subprocess.CompletedProcess[str]:
    """Run a command to its end; its output stays text, stdout apart from stderr."""
    return subprocess.run(
        command(*arguments),
        env=environment(home, extra),
        input=typed,
        capture_output=True,
        text=True,
        timeout=COMMAND_S_MAX,
        check=False,
    )


def error_lines(done: subprocess.CompletedProcess[str]) -> list[str]:
    """What a failed command says, talk before the error left out; never a traceback."""
    assert "Traceback" not in done.stderr, done.stderr
    lines = done.stderr.splitlines()
    return lines[next(n for n, line in enumerate(lines) if line.startswith("error: ")) :]


class Program:
    """A command that runs until it is stopped. Use it in a `with`: nothing is left behind."""

    def __init__(self, home: Path, *arguments: str, extra: Mapping[str, str] | None = None) -> None:
        self.home = home
        logs = home.parent / f"{home.name}-logs"
        logs.mkdir(parents=True, exist_ok=True)
        number = len(list(logs.iterdir()))
        self._out, self._err = logs / f"{number}-out", logs / f"{number}-err"
        self.started = time.monotonic()
        with self._out.open("wb") as out, self._err.open("wb") as err:
            self.process = subprocess.Popen(
                command(*arguments),
                env=environment(home, extra),
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=err,
                start_new_session=True,
            )

    def __enter__(self) -> "Program":
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        if kind is not None:
            sys.stderr.write(f"exit code {self.process.poll()}, it said:\n{self.err}")
            sys.stderr.write(self._shown())
        if self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(STOP_S_MAX)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()

    def _shown(self) -> str:
        """What a person would see of a desk that still runs, for a test that failed."""
        try:
            packages = [f"{p.id} {p.state} {p.outcome}" for p in self.packages()]
            refused = Counter(r.code for edge in self.edges() for r in edge.refusals)
            return f"\n{self.state()}\n{packages}\n{refused}\n"
        except (ForeshockError, OSError) as error:
            return f"\nnothing to see: {error}\n"

    @property
    def out(self) -> str:
        return self._out.read_text(encoding="utf8")

    @property
    def err(self) -> str:
        return self._err.read_text(encoding="utf8")

    @property
    def instance(self) -> Instance:
        return require_running(self.home)

    def first_line(self) -> str:
        """The first line of stdout: the link, or the addresses of simulated venues."""
        return until(lambda: self.out.partition("\n")[0] if "\n" in self.out else None, self.alive)

    def alive(self) -> None:
        """Fails with what the program said when it has ended."""
        assert self.process.poll() is None, f"ended with {self.process.returncode}: {self.err}"

    def end(self, number: signal.Signals | None = None) -> tuple[int, float]:
        """Send a signal, if given, and wait: (exit code, seconds it took)."""
        before = time.monotonic()
        if number is not None:
            self.process.send_signal(number)
        code = self.process.wait(4 * STOP_S_MAX)
        return code, time.monotonic() - before

    def state(self) -> StateView:
        return ask(self.instance, "/api/state", StateView)

    def edges(self) -> list[EdgeView]:
        return ask(self.instance, "/api/edges", list[EdgeView])

    def packages(self) -> list[PackageView]:
        return ask(self.instance, "/api/packages", list[PackageView])

    def orders(self) -> list[OrderView]:
        return ask(self.instance, "/api/orders", list[OrderView])


def until(
    look: Callable[[], T | None], still: Callable[[], None], seconds: float = START_S_MAX
) -> T:
    """The first true answer of `look`; `still` fails early when it can no longer come."""
    deadline = time.monotonic() + seconds
    while True:
        found = look()
        if found:
            return found
        still()
        assert time.monotonic() < deadline, f"not within {seconds} s"
        time.sleep(POLL_S)


def never_mind() -> None:
    """For `until`, when nothing can be told early."""


def children(pid: int) -> list[int]:
    """Processes that this one started and that still run."""
    try:
        text = Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii")
    except FileNotFoundError:
        return []
    return [int(word) for word in text.split()]


def is_running(pid: int) -> bool:
    """Whether the process exists and is no zombie."""
    try:
        status = Path(f"/proc/{pid}/stat").read_text(encoding="utf8")
    except (FileNotFoundError, ProcessLookupError):
        return False
    return status.rpartition(") ")[2][0] != "Z"


def is_reachable(home: Path) -> bool:
    return running(home) is not None


def decoded(text: str, shape: type[T]) -> T:
    """JSON as a command prints it, in exactly this shape."""
    return msgspec.json.decode(text, type=shape)
