"""A start without a command does what the documented variables say, and never trades."""

import sys
from pathlib import Path

import pytest

from foreshock.app.cli.start import meant, without_command
from foreshock.app.config import load_settings


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FORESHOCK_HOME", str(tmp_path))


@pytest.mark.parametrize(
    ("variables", "mode"),
    [
        ({}, "demo"),
        ({"ENABLE_SIMULATION": "true"}, "demo"),
        ({"ENABLE_KALSHI": "true"}, "watch"),
        ({"ENABLE_KALSHI": "true", "ENABLE_SIMULATION": "true"}, "watch"),
        ({"ENABLE_KALSHI": "true", "ACTIVE_MODE": "simulation"}, "watch"),
        ({"ENABLE_SIMULATION": "false"}, "watch"),
        ({"ACTIVE_MODE": "live"}, "watch"),
        ({"ACTIVE_MODE": "simulation", "ENABLE_SIMULATION": "false"}, "demo"),
    ],
)
def test_live_means_live_data(
    variables: dict[str, str], mode: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    assert meant(load_settings({})) == mode


def test_only_a_bare_start_starts_something(monkeypatch: pytest.MonkeyPatch) -> None:
    for given, becomes in (
        (["foreshock"], ["foreshock", "start"]),
        (["x", "--help"], ["x", "--help"]),
    ):
        monkeypatch.setattr(sys, "argv", list(given))
        without_command()
        assert sys.argv == becomes
