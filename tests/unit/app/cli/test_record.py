"""Recordings are folded, replayed and checked from the command line."""

import json
import shutil
from pathlib import Path

import pytest

from foreshock.adapters.storage.journal import JOURNAL_NAME, Drained, Step, Told
from foreshock.adapters.storage.tape import TapeFrame, segment_name
from foreshock.app.cli import record
from foreshock.app.exits import Exit
from foreshock.app.recorder import Recorder
from foreshock.app.recordings import open_folder
from foreshock.app.worker import Work
from foreshock.core.domain.messages.operations import DeskStopped
from foreshock.core.domain.units import Instant
from tests.unit.app.cli.conftest import Run

CAPTURE = {
    "tickers": ["KXWTA-LEP"],
    "frames": [
        {"received_ms": 1, "frame": {"type": "subscribed", "id": 2, "msg": {"sid": 1}}},
    ],
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A small run that ended in order."""
    run = tmp_path / "runs" / "20261121T000000000000Z-demo"
    recorder = Recorder(open_folder(run))
    frame = TapeFrame(1, Instant(5), 1, "ws", b"x")
    stopped = Told(DeskStopped("SIGTERM"))
    steps = (Step(1, Instant(6), Drained(1), ()), Step(2, Instant(7), stopped, ()))
    recorder.record(Work((frame,), steps, ()))
    recorder.close()
    return run


def test_every_command_of_the_module_is_offered(command: Run) -> None:
    _, out, _ = command("--help")
    for function in (record.replay, record.verify):
        assert f"  {function.__name__} " in out


def test_the_newest_run_is_verified_without_being_named(folder: Path, command: Run) -> None:
    assert command("verify") == (
        0,
        "",
        f"{folder}: chain of 2 steps and 1 frames is whole\n",
    )


def test_a_torn_tail_is_whole_up_to_there_and_says_that_the_end_is_missing(
    folder: Path, command: Run
) -> None:
    path = folder / JOURNAL_NAME
    path.write_bytes(path.read_bytes()[:-1])
    code, _, err = command("verify", str(folder))
    assert code == 0
    assert "chain of 1 steps" in err
    assert "its end is not on record" in err


def test_a_tape_that_lacks_what_the_journal_cites_is_found(folder: Path, command: Run) -> None:
    (folder / segment_name(1)).write_bytes(b"")
    code, _, err = command("verify", str(folder))
    assert (code, err.splitlines()[0]) == (
        Exit.FAILED,
        "error: the journal cites frame 1, the tape ends at 0: it was cut",
    )


def test_every_run_is_verified_whatever_is_wrong_with_one(folder: Path, command: Run) -> None:
    whole = folder.with_name("later-run")
    shutil.copytree(folder, whole)
    assert command("verify", "--all")[0] == 0
    path = folder / JOURNAL_NAME
    damaged = bytearray(path.read_bytes())
    damaged[40] ^= 1
    path.write_bytes(damaged)
    code, _, err = command("verify", "--all")
    assert code == Exit.FAILED
    assert f"{folder}: BROKEN: damaged record at byte 0" in err
    assert f"{whole}: chain of 2 steps" in err
    assert f"1 of 2 runs are damaged: {folder.name}" in err


def test_nothing_recorded_is_a_matter_of_configuration(command: Run) -> None:
    code, _, err = command("verify")
    assert code == Exit.CONFIG
    assert "nothing is recorded" in err


def test_a_missing_file_is_a_usage_error(command: Run, tmp_path: Path) -> None:
    code, _, err = command("replay", str(tmp_path / "nothing"))
    assert code == Exit.USAGE
    assert "does not exist" in err


def test_a_run_that_never_started_cannot_be_replayed(folder: Path, command: Run) -> None:
    code, _, err = command("replay", str(folder))
    assert code == Exit.FAILED
    assert "holds no start of a desk" in err


def test_a_capture_is_folded(command: Run, tmp_path: Path) -> None:
    path = tmp_path / "capture.json"
    path.write_text(json.dumps(CAPTURE))
    code, out, _ = command("replay", str(path), "-o", "json")
    assert (code, json.loads(out)["frames_count"]) == (0, 1)


def test_a_file_that_is_none_is_a_gap_in_the_data(command: Run, tmp_path: Path) -> None:
    path = tmp_path / "capture.json"
    path.write_text("{")
    assert command("replay", str(path))[0] == Exit.DATA_GAP
