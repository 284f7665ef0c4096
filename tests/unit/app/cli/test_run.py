"""Starting says what is wrong before anything starts."""

import json
import socket
from pathlib import Path

import pytest

from foreshock.app.cli import run
from foreshock.app.exits import Exit
from tests.unit.app.cli.conftest import Run


def test_every_command_of_the_module_is_offered(command: Run) -> None:
    _, out, _ = command("--help")
    for name in (run.demo.__name__, run.watch.__name__, run.paper.__name__, "sim-venues", "doctor"):
        assert f"  {name} " in out


@pytest.mark.parametrize(
    "arguments",
    [("demo", "--port", "x"), ("demo", "--seed"), ("watch", "--nothing"), ("paper", "extra")],
)
def test_a_wrong_option_is_a_usage_error(command: Run, arguments: tuple[str, ...]) -> None:
    code, out, err = command(*arguments)
    assert (code, out) == (Exit.USAGE, "")
    assert "Traceback" not in err


@pytest.mark.parametrize("arguments", [("--port", "70000"), ("--port", "-1"), ("--host", "")])
def test_an_address_that_cannot_be_is_named(command: Run, arguments: tuple[str, ...]) -> None:
    code, _, err = command("watch", "--polymarket", *arguments)
    assert code == Exit.CONFIG
    assert err.startswith("error: setting dashboard.")


@pytest.mark.parametrize(
    ("name", "value", "named"),
    [
        ("FORESHOCK_SCANNER__NET_MIN_CENTS", "1e309", "scanner.net_min_cents"),
        ("FORESHOCK_SCANNER__NET_MIN_CENTS", "NaN", "scanner.net_min_cents"),
        ("FORESHOCK_POLYMARKET__GAMMA_URL", "not a url", "polymarket.gamma_url"),
        ("FORESHOCK_KALSHI__STREAM_URL", "https://kalshi", "kalshi.stream_url"),
        ("FORESHOCK_KALSHI__KEY_ID", "half", "kalshi.key_file"),
    ],
)
def test_a_setting_that_cannot_be_is_named(
    command: Run, monkeypatch: pytest.MonkeyPatch, name: str, value: str, named: str
) -> None:
    monkeypatch.setenv(name, value)
    code, _, err = command("watch")
    assert code == Exit.CONFIG
    assert named in err


def test_doctor_lists_what_it_checked_and_fails_on_a_problem(
    command: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        monkeypatch.setenv("APP_PORT", str(taken.getsockname()[1]))
        code, out, err = command("doctor", "-o", "json")
    findings = {finding["check"]: finding for finding in json.loads(out)}
    assert code == Exit.CONFIG
    assert findings["port"]["state"] == "problem"
    assert "choose another with --port" in findings["port"]["words"]
    assert "to mend before it runs" in err


def test_doctor_reads_the_data_folder(command: Run, tmp_path: Path) -> None:
    (tmp_path / "pairs.yaml").write_text("not: a list")
    _, out, _ = command("doctor", "-o", "json")
    assert {f["check"]: f["state"] for f in json.loads(out)}["pairs"] == "problem"
