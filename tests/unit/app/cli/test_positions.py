"""Splits, merges and redemptions from a terminal: confirmed, followed to the end, refused in words."""

import io
import json

import pytest

from foreshock.app.cli import positions
from foreshock.app.exits import Exit
from foreshock.dashboard.conversion_routes import Asked
from foreshock.dashboard.conversions import ConversionState, ConversionView
from foreshock.dashboard.views import PositionView, RiskView
from tests.trading import START, A, contracts
from tests.unit.app.cli.conftest import Run
from tests.unit.app.cli.fake_desk import FakeDesk

NAME = "split-1"
PATH = f"/api/conversions/{NAME}"


def view(state: ConversionState, code: str | None = None, words: str = "") -> ConversionView:
    return ConversionView(
        id=NAME,
        kind="split",
        market=A,
        venue="polymarket",
        title="A?",
        quantity_micros=contracts(10),
        state=state,
        code=code,
        words=words,
        by="command line",
        asked_us=START,
        told_us=START,
        transaction_id="t-1",
        tx_hash=None,
    )


@pytest.fixture
def asking(desk: FakeDesk) -> FakeDesk:
    """A desk that takes every request, and says the same of it each time."""
    desk.lay("/api/conversions", Asked(NAME))
    desk.lay(PATH, view("confirmed"))
    return desk


def test_every_command_of_the_module_is_offered(command: Run) -> None:
    _, out, _ = command("positions", "--help")
    for function in (
        positions.split,
        positions.merge,
        positions.redeem,
        positions.conversions,
    ):
        assert f"  {function.__name__} " in out


def test_what_is_held_is_called_by_its_title_and_costs_whole_cents(
    desk: FakeDesk, command: Run
) -> None:
    held = PositionView(
        market=A,
        venue="polymarket",
        title="A?",
        outcome="yes",
        quantity_micros=contracts(10),
        provisional_micros=0,
        cost_micros=1_234_567_891,
    )
    desk.lay("/api/risk", RiskView("personal", [], [], [], [held]))
    _, out, _ = command("positions", "-o", "csv")
    heading, row = out.splitlines()
    assert heading == "title,outcome,contracts,provisional,cost $,market"
    assert row == f'A?,YES,10,0,"1,234.56",{A}'


def test_a_split_is_asked_for_and_followed_to_its_end(asking: FakeDesk, command: Run) -> None:
    code, out, err = command("positions", "split", A, "--count", "2.5", "--yes")
    assert (code, out) == (0, f"split 10 of {A}: confirmed (t-1)\n")
    assert "split: confirmed" in err
    method, path, body = asking.asked[0]
    assert (method, path) == ("POST", "/api/conversions")
    assert json.loads(body) == {
        "kind": "split",
        "market": A,
        "quantity_micros": 2_500_000,
        "confirm": "split",
    }


def test_a_redemption_has_no_count(asking: FakeDesk, command: Run) -> None:
    assert command("positions", "redeem", A, "--yes", "-o", "json")[0] == 0
    told = json.loads(asking.asked[0][2])
    assert (told["kind"], told["quantity_micros"]) == ("redeem", 0)
    assert command("positions", "redeem", A, "--count", "1", "--yes")[0] == Exit.USAGE


@pytest.mark.parametrize(("typed", "exit_code"), [("merge\n", 0), ("yes\n", 2), ("", 2)])
def test_only_the_typed_word_confirms(
    asking: FakeDesk,
    command: Run,
    monkeypatch: pytest.MonkeyPatch,
    typed: str,
    exit_code: int,
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(typed))
    code, _, err = command("positions", "merge", A, "--count", "1")
    assert code == exit_code
    assert f"Type merge to merge {A}" in err
    assert bool(asking.asked) is (exit_code == 0)


@pytest.mark.parametrize(
    ("refusal", "exit_code"),
    [
        ("HALTED", Exit.HALTED),
        ("STOPPING", Exit.HALTED),
        ("NOT_ARMED", Exit.RISK),
        ("TOO_MUCH", Exit.RISK),
    ],
)
def test_a_refusal_is_said_with_its_words_and_code(
    asking: FakeDesk, command: Run, refusal: str, exit_code: Exit
) -> None:
    asking.lay(PATH, view("refused", refusal, "polymarket is not armed"))
    code, out, err = command("positions", "split", A, "--count", "10", "--yes")
    assert (code, out) == (exit_code, "")
    assert "refused: polymarket is not armed" in err


def test_one_that_failed_says_so(asking: FakeDesk, command: Run) -> None:
    asking.lay(PATH, view("failed", words="execution reverted"))
    code, _, err = command("positions", "split", A, "--count", "10", "--yes")
    assert code == Exit.FAILED
    assert "it changed nothing: execution reverted" in err


def test_one_that_is_still_on_its_way_is_no_failure(asking: FakeDesk, command: Run) -> None:
    asking.lay(PATH, view("pending"))
    code, out, _ = command("positions", "split", A, "--count", "10", "--yes", "--wait", "0")
    assert (code, out) == (0, f"split 10 of {A}: pending (t-1)\n")


@pytest.mark.parametrize("count", ["many", "-1", "1.2345678", ""])
def test_nonsense_counts_ask_nothing(asking: FakeDesk, command: Run, count: str) -> None:
    code, _, err = command("positions", "split", A, f"--count={count}", "--yes")
    assert code == Exit.USAGE
    assert "no count of contracts" in err
    assert asking.asked == []


def test_what_was_asked_for_is_listed(desk: FakeDesk, command: Run) -> None:
    desk.lay("/api/conversions", [view("unknown", words="status 503")])
    code, out, _ = command("positions", "conversions", "-o", "csv")
    assert code == 0
    assert out.splitlines()[1] == f"split,10,{A},unknown,status 503,t-1"
