"""What is missing is said in words, one line a check."""

import socket
from pathlib import Path

import pytest

from foreshock.app.doctor import examine


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "home"
    monkeypatch.setenv("FORESHOCK_HOME", str(folder))
    monkeypatch.setenv("APP_PORT", "0")
    return folder


def states() -> dict[str, str]:
    return {finding.check: finding.state for finding in examine()}


def words(check: str) -> str:
    return next(finding.words for finding in examine() if finding.check == check)


def test_a_fresh_machine_has_no_problem_but_notes_what_is_optional() -> None:
    found = states()
    found.pop("dashboard pages")  # built or not, by whoever runs the tests
    found.pop("data folder")  # as full as the disk is
    assert found == {
        "python": "ok",
        "port": "ok",
        "fees and limits": "ok",
        "pairs": "note",
        "verdicts": "ok",
        "Kalshi key": "note",
    }
    assert "never traded on" in words("Kalshi key")


def test_looking_leaves_nothing_behind(home: Path) -> None:
    examine()
    assert not home.exists()
    assert list(home.parent.iterdir()) == []


def test_a_wrong_setting_is_a_problem_and_ends_the_checks(home: Path) -> None:
    home.mkdir()
    (home / "config.toml").write_text("[limits]\nprofil = 1\n")
    assert states()["settings"] == "problem"
    assert "limits.profil" in words("settings")


def test_a_taken_port_is_a_problem(monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        monkeypatch.setenv("APP_PORT", str(taken.getsockname()[1]))
        assert states()["port"] == "problem"


def test_verdicts_that_cannot_be_read_are_a_problem(home: Path) -> None:
    home.mkdir()
    (home / "verdicts.jsonl").write_text("{}\n")
    assert states()["verdicts"] == "problem"
    assert "line 1 of" in words("verdicts")


def test_half_a_key_is_a_problem(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FORESHOCK_KALSHI__KEY_ID", "id")
    assert "needs both" in words("Kalshi key")
    monkeypatch.setenv("FORESHOCK_KALSHI__KEY_FILE", "/nowhere.pem")
    assert states()["Kalshi key"] == "problem"
