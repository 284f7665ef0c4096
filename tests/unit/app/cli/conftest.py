"""One data folder a test, its desk, and a way to run commands on it."""

import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeAlias

import pytest

from foreshock.app.cli.main import main
from tests.unit.app.cli.fake_desk import FakeDesk, fake_desk

Told: TypeAlias = tuple[int, str, str]
Run: TypeAlias = Callable[..., Told]


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[FakeDesk]:
    with fake_desk(tmp_path) as running:
        yield running


@pytest.fixture
def command(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Run:
    """Runs a command as the program does: (exit code, stdout, stderr)."""
    monkeypatch.setenv("FORESHOCK_HOME", str(tmp_path))

    def run(*arguments: str) -> Told:
        monkeypatch.setattr(sys, "argv", ["foreshock", *arguments])
        capsys.readouterr()
        try:
            main()
            code = 0
        except SystemExit as ended:
            code = ended.code if isinstance(ended.code, int) else 0
        told = capsys.readouterr()
        return code, told.out, told.err

    return run
