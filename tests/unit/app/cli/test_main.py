"""Errors end a command in one line that says what to do, as text or as JSON, on stderr only."""

import json
import sys
from pathlib import Path

import pytest

from foreshock.app.cli.main import main
from foreshock.app.exits import Exit


def run(monkeypatch: pytest.MonkeyPatch, home: Path, *arguments: str) -> int | str | None:
    monkeypatch.setenv("FORESHOCK_HOME", str(home))
    monkeypatch.setattr(sys, "argv", ["foreshock", *arguments])
    with pytest.raises(SystemExit) as ended:
        main()
    return ended.value.code


def test_a_missing_desk_is_one_line_of_cause_and_one_of_help(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(monkeypatch, tmp_path, "edges") == Exit.FAILED
    told = capsys.readouterr()
    assert told.out == ""
    assert told.err.splitlines() == [
        f"error: no desk is running on {tmp_path}",
        "help: start one with: foreshock demo   (or point FORESHOCK_HOME at its folder)",
    ]


@pytest.mark.parametrize("shape", [("-o", "json"), ("--output", "jsonl"), ("--output=json",)])
def test_who_asks_for_json_gets_errors_as_json(
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    shape: tuple[str, ...],
) -> None:
    assert run(monkeypatch, tmp_path, "status", *shape) == Exit.FAILED
    told = capsys.readouterr()
    assert told.out == ""
    assert json.loads(told.err)["code"] == "NOT_RUNNING"


def test_a_misspelt_option_is_a_usage_error(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(monkeypatch, tmp_path, "edges", "--statsu", "open") == Exit.USAGE
    assert "--statsu" in capsys.readouterr().err


def test_a_wrong_setting_ends_with_the_code_of_configuration(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "config.toml").write_text("[dashboard]\nprot = 1\n")
    assert run(monkeypatch, tmp_path, "watch", "--polymarket") == Exit.CONFIG
    assert "dashboard.prot" in capsys.readouterr().err


def test_the_version_is_said(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(monkeypatch, tmp_path, "--version") == 0
    assert capsys.readouterr().out.startswith("foreshock ")
