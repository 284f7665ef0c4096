"""How does a desk end, and what is left? In order by signal and command, or killed, or taken over."""

import shutil
import signal
from pathlib import Path

import pytest

from foreshock.adapters.storage.journal import JOURNAL_NAME
from foreshock.adapters.storage.tape import segment_name
from foreshock.app.instance import FILE_NAME, LOCK_NAME, RUNS_NAME
from foreshock.app.replay import Replayed
from foreshock.app.sim_venues import SIM_KEY_FILE
from tests.e2e.program import (
    STOP_S_MAX,
    Program,
    children,
    decoded,
    error_lines,
    is_reachable,
    is_running,
    never_mind,
    run,
    until,
)

DEMO = ("demo", "--no-browser", "--port", "0")
SMALL = {"FORESHOCK_DEMO__MARKETS": "60"}
STEPS_MIN = 50


@pytest.fixture(scope="module")
def ended(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The data folder of a demo that traded for some seconds and was ended by SIGTERM."""
    home = tmp_path_factory.mktemp("ended") / "home"
    with Program(home, *DEMO) as program:
        program.first_line()
        until(program.packages, program.alive)
        venues = children(program.process.pid)
        code, seconds = program.end(signal.SIGTERM)
    assert (code, len(venues)) == (0, 1)
    assert seconds < STOP_S_MAX
    assert not any(map(is_running, venues))
    assert not (home / FILE_NAME).exists()
    return home


def test_sigterm_ends_in_order_and_the_run_replays_line_by_line(ended: Path) -> None:
    verified = run(ended, "verify")
    assert (verified.returncode, verified.stdout) == (0, "")
    assert "is whole" in verified.stderr
    assert "not on record" not in verified.stderr
    replayed = run(ended, "replay", str(_run_folder(ended)), "-o", "json")
    assert replayed.returncode == 0, replayed.stderr
    found = decoded(replayed.stdout, Replayed)
    assert found.differences == ()
    assert found.steps_count > STEPS_MIN
    assert found.entries_count > STEPS_MIN


@pytest.mark.parametrize("name", [JOURNAL_NAME, segment_name(1)])
def test_one_changed_byte_is_found(ended: Path, tmp_path: Path, name: str) -> None:
    copy = tmp_path / "copy"
    shutil.copytree(_run_folder(ended), copy)
    data = bytearray((copy / name).read_bytes())
    data[len(data) // 2] ^= 1
    (copy / name).write_bytes(data)
    done = run(ended, "verify", str(copy))
    assert done.returncode == 1
    assert error_lines(done)[0].startswith("error: ")
    assert len(error_lines(done)) == 2
    assert run(ended, "replay", str(copy)).returncode == 1


def test_a_tape_that_was_cut_short_is_found(ended: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy"
    shutil.copytree(_run_folder(ended), copy)
    tape = copy / segment_name(1)
    tape.write_bytes(tape.read_bytes()[: tape.stat().st_size // 2])
    done = run(ended, "verify", str(copy))
    assert done.returncode == 1
    assert "it was cut" in error_lines(done)[0]


def test_a_desk_that_is_not_there_is_said_so(ended: Path) -> None:
    done = run(ended, "status")
    assert (done.returncode, done.stdout) == (1, "")
    assert error_lines(done)[0] == f"error: no desk is running on {ended}"


def test_a_signal_while_starting_ends_in_order_too(tmp_path: Path) -> None:
    home = tmp_path / "home"
    with Program(home, *DEMO, extra=SMALL) as program:
        until(lambda: children(program.process.pid), program.alive)
        venues = children(program.process.pid)
        code, seconds = program.end(signal.SIGTERM)
    assert (code, program.err) == (0, "")
    assert seconds < STOP_S_MAX
    assert not any(map(is_running, venues))
    assert (home / LOCK_NAME).exists()


def test_a_killed_desk_leaves_no_venues_and_bars_nobody(tmp_path: Path) -> None:
    home = tmp_path / "home"
    with Program(home, *DEMO, extra=SMALL) as killed:
        killed.first_line()
        until(lambda: killed.state().steps_count > STEPS_MIN, killed.alive)
        venues = children(killed.process.pid)
        killed.end(signal.SIGKILL)
    until(lambda: not any(map(is_running, venues)), never_mind, STOP_S_MAX)
    assert (home / FILE_NAME).exists()
    assert not is_reachable(home)
    verified = run(home, "verify")
    assert verified.returncode == 0, verified.stderr
    assert "its end is not on record" in verified.stderr
    replayed = run(home, "replay", str(_run_folder(home)))
    assert (replayed.returncode, "identical" in replayed.stdout) == (0, True)
    with Program(home, *DEMO, extra=SMALL) as again:
        again.first_line()
        assert again.instance.pid == again.process.pid
        code, seconds = again.end(signal.SIGINT)
    assert code == 0
    assert seconds < STOP_S_MAX
    assert "Traceback" not in again.err


def test_a_second_desk_names_the_first_and_takes_over_only_when_told(tmp_path: Path) -> None:
    home = tmp_path / "home"
    with Program(home, *DEMO, extra=SMALL) as first:
        first.first_line()
        key = (home / SIM_KEY_FILE).read_bytes()
        barred = run(home, *DEMO)
        said = error_lines(barred)
        assert (barred.returncode, barred.stdout, len(said)) == (3, "", 2)
        assert f"pid {first.process.pid}, {first.instance.url}" in said[0]
        assert "--replace" in said[0]
        assert barred.stderr.splitlines() == said, "nothing was started before it was refused"
        assert (home / SIM_KEY_FILE).read_bytes() == key
        with Program(home, *DEMO, "--replace", extra=SMALL) as second:
            code, _ = first.end()
            assert code == 0
            second.first_line()
            assert second.instance.pid == second.process.pid
            stopped = run(home, "stop")
            assert (stopped.returncode, stopped.stdout) == (0, "")
            code, seconds = second.end()
            assert code == 0
            assert seconds < STOP_S_MAX
    assert len(list((home / RUNS_NAME).iterdir())) == 2


def _run_folder(home: Path) -> Path:
    (folder,) = (home / RUNS_NAME).iterdir()
    return folder
