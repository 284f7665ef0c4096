"""The command runs seeds, says what happened in numbers, and shows one of them whole."""

import json
from pathlib import Path

from typer.testing import CliRunner

from foreshock.app.cli.main import app
from foreshock.app.exits import CommandError, Exit

SHOW = CliRunner()


def test_a_seed_is_run_and_reported(tmp_path: Path) -> None:
    path, progress = tmp_path / "report.json", tmp_path / "progress.jsonl"
    asked = ["sim", "--seed", "2", "--mix", "calm", "--report", str(path)]
    done = SHOW.invoke(app, [*asked, "--progress", str(progress)])
    assert done.exit_code == 0, done.output
    assert done.output.startswith("1 seeds, ")
    assert "simulated seconds and" in done.output
    assert "every invariant held at every event" in done.output
    report = json.loads(path.read_bytes())
    assert report["seeds_count"] == 1
    again = SHOW.invoke(app, [*asked, "--progress", str(progress)])
    assert again.output == done.output, "it was done already"


def test_a_trace_shows_every_event_of_a_seed() -> None:
    shown = SHOW.invoke(app, ["sim", "--seed", "2", "--mix", "calm", "--trace"])
    assert shown.exit_code == 0
    lines = shown.output.splitlines()
    assert any(" ProcessStarted process=1 " in line for line in lines[:20])
    assert any(" sent #" in line and " place POST " in line for line in lines)
    assert lines[-1].startswith("seed 2 (calm): no trouble, ")


def test_an_unknown_mix_is_refused() -> None:
    refused = SHOW.invoke(app, ["sim", "--mix", "fair"])
    assert isinstance(refused.exception, CommandError)
    assert refused.exception.exit_code == Exit.USAGE
    assert "swarm, calm, storm" in refused.exception.hint
