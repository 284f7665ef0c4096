"""`python -m foreshock` and `foreshock` are one program."""

import subprocess
import sys
from importlib.metadata import entry_points
from pathlib import Path

import pytest

import foreshock.__main__
from foreshock.app.cli.main import main

SCRIPT = Path(sys.executable).with_name("foreshock")


def said(*command: str) -> tuple[int, str, str]:
    done = subprocess.run(command, capture_output=True, text=True, timeout=30, check=False)
    return done.returncode, done.stdout, done.stderr


def test_both_lead_to_the_same_function() -> None:
    (script,) = entry_points(group="console_scripts", name="foreshock")
    assert script.load() is main
    assert foreshock.__main__.main is main


@pytest.mark.parametrize("argument", ["--help", "--version"])
def test_both_say_the_same(argument: str) -> None:
    if not SCRIPT.is_file():
        pytest.skip(f"no {SCRIPT}: the package is not installed beside this Python")
    as_module = said(sys.executable, "-m", "foreshock", argument)
    assert as_module == said(str(SCRIPT), argument)
    assert as_module[0] == 0
    assert as_module[2] == ""
