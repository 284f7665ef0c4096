"""Arming: the phrase, the hours and the record on paper; a key is never an argument."""

import io
import json

import pytest

from foreshock.app.cli import live
from foreshock.app.exits import Exit
from tests.unit.app.cli.conftest import Run
from tests.unit.app.cli.fake_desk import FakeDesk

PHRASE = "trade real money at kalshi"


@pytest.fixture
def types(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(f"{PHRASE}\n"))


def test_every_command_of_the_module_is_offered(command: Run) -> None:
    _, out, _ = command("--help")
    for function in (live.live, live.arm, live.disarm, live.signer):
        assert f"  {function.__name__} " in out


@pytest.mark.usefixtures("types")
def test_less_than_a_week_on_paper_arms_nothing(desk: FakeDesk, command: Run) -> None:
    code, out, err = command("arm", "kalshi", "--for", "8h")
    assert (code, out) == (Exit.USAGE, "")
    assert "0 days on paper, 7 are asked for: nothing was armed" in err
    assert desk.asked == []


@pytest.mark.usefixtures("types")
def test_an_override_arms_with_what_was_typed(desk: FakeDesk, command: Run) -> None:
    code, _, err = command("arm", "kalshi", "--for", "3h", "--override-paper-days")
    assert code == 0
    assert "armed: kalshi for 3 h" in err
    method, path, body = desk.asked[0]
    assert (method, path) == ("POST", "/api/arm")
    told = json.loads(body)
    assert (told["venue"], told["hours"], told["confirm"]) == ("kalshi", 3, PHRASE)
    assert told["words"].startswith("0 days on paper")


@pytest.mark.parametrize("span", ["25h", "0h", "-1h", "h", "8m", "1e3", "99999999999h"])
def test_nonsense_hours_arm_nothing(span: str, desk: FakeDesk, command: Run) -> None:
    code, _, err = command("arm", "kalshi", f"--for={span}", "--override-paper-days")
    assert code == Exit.USAGE
    assert "1h to 24h" in err
    assert desk.asked == []


def test_disarming_asks_nothing(desk: FakeDesk, command: Run) -> None:
    assert command("disarm", "kalshi")[0] == 0
    method, path, body = desk.asked[0]
    assert (method, path, json.loads(body)) == ("POST", "/api/disarm", {"venue": "kalshi"})


def test_live_without_a_key_says_where_to_put_one(command: Run) -> None:
    code, _, err = command("live")
    assert code == Exit.CONFIG
    assert "live.polymarket_key" in err
    assert "doctor --live" in err
