"""What an operator types reaches the desk, with the token of the data folder."""

import io
import json

import pytest

from foreshock.app import client
from foreshock.app.cli import control
from foreshock.app.exits import Exit
from foreshock.dashboard.views import ErrorView
from tests.unit.app.cli.conftest import Run
from tests.unit.app.cli.fake_desk import TOKEN, FakeDesk


def test_every_command_of_the_module_is_offered(command: Run) -> None:
    _, out, _ = command("--help")
    for function in (control.halt, control.resume, control.login, control.stop):
        assert f"  {function.__name__} " in out


HALTED = {"halts": [{"scope": "kalshi", "by": "x", "reason": "lunch", "since_us": 1}]}


def test_a_halt_carries_scope_reason_and_the_word(desk: FakeDesk, command: Run) -> None:
    desk.lay("/api/state", HALTED)
    assert command("halt", "kalshi", "--reason", "lunch") == (
        0,
        "",
        "halted: kalshi. Undo with: foreshock resume kalshi\n",
    )
    (method, path, body), proof = desk.asked
    assert proof[:2] == ("GET", "/api/state")
    assert (method, path) == ("POST", "/api/halt")
    assert json.loads(body) == {"scope": "kalshi", "reason": "lunch", "confirm": "halt"}
    assert desk.tokens == 2 * [f"Bearer {TOKEN}"]


def test_a_halt_that_is_not_on_record_is_not_claimed(
    desk: FakeDesk, command: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(client, "PROOF_PAUSE_S", 0)
    desk.lay("/api/state", HALTED)
    code, out, err = command("halt", "all")
    assert (code, out) == (Exit.FAILED, "")
    assert "asked to halt all, but the desk has not put it on record yet" in err


@pytest.mark.parametrize("typed", ["no\n", "\n", "", "RESUME\n", "resum"])
def test_resuming_without_the_word_sends_nothing(
    desk: FakeDesk, command: Run, monkeypatch: pytest.MonkeyPatch, typed: str
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(typed))
    code, out, err = command("resume")
    assert (code, out, desk.asked) == (Exit.USAGE, "", [])
    assert "error: not confirmed: nothing was changed" in err


@pytest.mark.parametrize(("arguments", "typed"), [((), "resume\n"), (("--yes",), "")])
def test_resuming_with_the_word_lifts_the_halt(
    desk: FakeDesk,
    command: Run,
    monkeypatch: pytest.MonkeyPatch,
    arguments: tuple[str, ...],
    typed: str,
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(typed))
    halts = {"halts": [{"scope": "all", "by": "x", "reason": "lunch", "since_us": 1}]}
    desk.lay("/api/state", halts)
    desk.lay_once_asked("/api/resume", "/api/state", {"halts": []})
    code, out, err = command("resume", "all", *arguments)
    assert (code, out) == (0, "")
    assert err.endswith("resumed: all\n")
    assert json.loads(desk.asked[1][2]) == {"scope": "all", "confirm": "resume"}


def test_a_halt_that_comes_back_at_once_is_not_called_resumed(desk: FakeDesk, command: Run) -> None:
    halt = {"scope": "all", "by": "risk-guardian", "reason": "record a review", "since_us": 1}
    desk.lay("/api/state", {"halts": [halt]})
    desk.lay_once_asked("/api/resume", "/api/state", {"halts": [{**halt, "since_us": 2}]})
    code, _, err = command("resume", "all", "--yes")
    assert code == Exit.HALTED
    assert "all was halted again by risk-guardian: record a review" in err
    assert "foreshock review" in err


def test_a_resume_that_is_not_on_record_is_not_claimed(
    desk: FakeDesk, command: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(client, "PROOF_PAUSE_S", 0)
    desk.lay("/api/state", HALTED)
    code, _, err = command("resume", "kalshi", "--yes")
    assert code == Exit.FAILED
    assert "has not put it on record yet" in err


def test_login_prints_the_link_alone(desk: FakeDesk, command: Run) -> None:
    desk.lay("/api/login-link", {"url": "http://127.0.0.1:1/login?token=x"})
    assert command("login") == (0, "http://127.0.0.1:1/login?token=x\n", "")


def test_stop_asks_the_desk_to_end(desk: FakeDesk, command: Run) -> None:
    code, out, err = command("stop")
    assert (code, out, desk.asked[0][:2]) == (0, "", ("POST", "/api/stop"))
    assert err.startswith("stopping the desk (pid ")


@pytest.mark.parametrize(
    ("status", "expected"),
    [(401, Exit.AUTH), (403, Exit.AUTH), (422, Exit.FAILED), (500, Exit.FAILED)],
)
def test_a_refusal_is_told_in_the_desks_own_words(
    desk: FakeDesk, command: Run, status: int, expected: Exit
) -> None:
    desk.lay("/api/halt", ErrorView("X", "not like this", "but so", retryable=False), status)
    code, out, err = command("halt")
    assert (code, out, err) == (expected, "", "error: not like this\nhelp: but so\n")
