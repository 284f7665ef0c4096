"""What does a live desk do when its disk is full? It stops by itself, and starts again with room.

A small tmpfs where mounting is permitted. Where it is not, the process is forbidden to let a file
grow further, which refuses the same writes with another word.
"""

import os
import resource
import shutil
import signal
import subprocess
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager
from pathlib import Path

import msgspec
import pytest

from foreshock.adapters.storage.journal import JOURNAL_NAME
from foreshock.app.recordings import check_run
from foreshock.app.sim_venues import Addresses
from tests.e2e.program import Program, children, is_running, run, until
from tests.processes.desk import HOSTS, LIVE, Home, arm, judged_at_rest, peace

TMPFS_BYTES = 96 * 1024**2
ROOM_BYTES = 512 * 1024
"""Left to the desk once it trades: a few seconds of recording."""
TRADE_S_MAX = 120.0
END_S_MAX = 90.0


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Addresses]:
    with Program(tmp_path / "venues", "sim-venues", "--seed", "11") as venues:
        yield msgspec.json.decode(venues.first_line(), type=Addresses)


@contextmanager
def small_disk(folder: Path) -> Generator[bool]:
    """A tmpfs of TMPFS_BYTES at a folder; False where this process may not mount one."""
    folder.mkdir()
    mount, umount = shutil.which("mount"), shutil.which("umount")
    options = ["-t", "tmpfs", "-o", f"size={TMPFS_BYTES}", "tmpfs", str(folder)]
    if mount is None or umount is None or subprocess.run([mount, *options], check=False).returncode:
        yield False
        return
    try:
        yield True
    finally:
        subprocess.run([umount, "-l", str(folder)], check=True)


def fill(folder: Path) -> Callable[[], None]:
    """Take all room but ROOM_BYTES; returns what gives it back."""
    ballast = folder / "ballast"
    free = os.statvfs(folder)
    size = max(0, free.f_bavail * free.f_frsize - ROOM_BYTES)
    with ballast.open("wb") as file:
        os.posix_fallocate(file.fileno(), 0, size)
    return ballast.unlink


def forbid_growth(pid: int, home: Home) -> Callable[[], None]:
    """No file of the process grows beyond what the journal has now, and a little more."""
    (folder,) = home.runs()
    size = (folder / JOURNAL_NAME).stat().st_size + ROOM_BYTES
    resource.prlimit(pid, resource.RLIMIT_FSIZE, (size, size))
    return lambda: None


def urls(served: Addresses) -> dict[str, str]:
    return {name: getattr(served, f"{name}_url") for name in HOSTS}


@pytest.mark.soak
@pytest.mark.timeout(500)
def test_a_desk_whose_disk_is_full_stops_by_itself_and_reconciles_once_there_is_room(
    tmp_path: Path, served: Addresses
) -> None:
    with small_disk(tmp_path / "disk") as is_mounted:
        home = Home(tmp_path / "disk" / "home", served, urls(served))
        with Program(home.path, *LIVE) as desk:
            desk.first_line()
            arm(home)
            until(lambda: desk.state().steps_count > 50, desk.alive, TRADE_S_MAX)
            signers = children(desk.process.pid)
            pid = desk.process.pid
            relieve = fill(tmp_path / "disk") if is_mounted else forbid_growth(pid, home)
            code = desk.process.wait(END_S_MAX)
            said = desk.err
        assert code not in {0, -signal.SIGXFSZ, -signal.SIGKILL}, said
        assert "Traceback" not in said
        assert "everything recorded before is intact" in said
        until(lambda: not any(map(is_running, signers)), lambda: None, 10.0)
        relieve()
        states = peace(home)
        assert set(states.values()) <= {"active", "reducing"}
        held, unexplained = judged_at_rest(home, served)
        assert unexplained == []
        assert held.open_orders_count == 0
        for folder in home.runs():
            assert check_run(folder).steps_count
            assert run(home.path, "verify", str(folder)).returncode == 0


@pytest.mark.soak
@pytest.mark.timeout(500)
def test_a_desk_that_trades_and_may_write_no_more_leaves_nothing_untold(
    tmp_path: Path, served: Addresses
) -> None:
    home = Home(tmp_path / "home", served, urls(served))
    with Program(home.path, *LIVE) as desk:
        desk.first_line()
        arm(home)
        until(lambda: desk.state().packages_hedged_count, desk.alive, TRADE_S_MAX)
        forbid_growth(desk.process.pid, home)
        code = desk.process.wait(END_S_MAX)
        said = desk.err
    assert code not in {0, -signal.SIGXFSZ, -signal.SIGKILL}, said
    assert "Traceback" not in said
    states = peace(home)
    assert set(states.values()) <= {"active", "reducing"}
    held, unexplained = judged_at_rest(home, served)
    assert (unexplained, held.open_orders_count) == ([], 0)
