"""Do backup and restore work as a person types them, and never under a running desk?"""

import json
from pathlib import Path

import pytest

from foreshock.app.cli import backup
from foreshock.app.exits import Exit
from foreshock.app.instance import claim
from tests.unit.app.cli.conftest import Run


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """The data folder of the commands."""
    (tmp_path / "halts.json").write_bytes(b"[]")
    return tmp_path


@pytest.fixture
def safe(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("elsewhere") / "safe.tar"


def test_a_folder_is_backed_up_checked_and_put_back(home: Path, safe: Path, command: Run) -> None:
    code, out, _ = command("backup", str(safe))
    assert code == 0
    assert "1 files, 2 bytes" in out
    assert command("restore", str(safe), "--check")[0] == 0
    (home / "halts.json").write_bytes(b"[ ]")
    code, _, err = command("restore", str(safe))
    assert code == Exit.CONFIG
    assert "--replace" in err
    code, out, err = command("restore", str(safe), "--replace", "-o", "json")
    assert code == 0
    assert json.loads(out)["files"][0]["name"] == "halts.json"
    assert (home / "halts.json").read_bytes() == b"[]"
    assert "foreshock verify" in err


def test_nothing_is_restored_under_a_running_desk(home: Path, safe: Path, command: Run) -> None:
    command("backup", str(safe))
    held = claim(home)
    assert held is not None
    code, _, err = command("restore", str(safe), "--replace")
    held.release()
    assert code == Exit.FAILED
    assert "a desk is running" in err
    assert (home / "halts.json").read_bytes() == b"[]"


def test_a_file_that_is_no_backup_is_refused(home: Path, safe: Path, command: Run) -> None:
    safe.write_bytes(b"no tar")
    code, _, err = command("restore", str(safe), "--replace")
    assert code == Exit.FAILED
    assert "not a whole backup" in err
    assert (home / "halts.json").exists()


def test_the_module_offers_its_commands(command: Run) -> None:
    _, out, _ = command("--help")
    for function in (backup.backup, backup.restore):
        assert f"  {function.__name__} " in out
