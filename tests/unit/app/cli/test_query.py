"""What a person reads about the running desk, from the views that the desk serves."""

import csv
import io
import json
import re

import msgspec
import pytest

from foreshock.app.cli import query
from foreshock.app.exits import Exit
from foreshock.core.domain.messages.account import VenueConditionTold, VenueStateChanged
from foreshock.core.domain.messages.decisions import Halted, PackageOpened
from foreshock.core.domain.messages.operations import ClockJudged
from foreshock.dashboard.views import ErrorView, WhyView
from tests.trading import request
from tests.unit.app.cli.conftest import Run
from tests.unit.app.cli.fake_desk import FakeDesk
from tests.unit.dashboard.test_standing import live
from tests.unit.dashboard.told import Told, watching

UNKNOWN = "unknown"


@pytest.fixture
def told() -> Told:
    return watching()


def test_every_command_of_the_module_is_offered(command: Run) -> None:
    _, out, _ = command("--help")
    for function in (query.edges, query.status, query.why):
        assert f"  {function.__name__} " in out


def test_status_is_lines_or_the_whole_view(desk: FakeDesk, command: Run, told: Told) -> None:
    state = told.model.state(told.now_us)
    desk.lay("/api/state", state)
    code, out, err = command("status")
    assert (code, err) == (0, "")
    assert out.startswith("SIMULATED\n")
    assert "polymarket: " in out
    assert re.search(r"value \$[\d,]+\.\d\d   locked in [+-]\$[\d,.]+   fees [+-]\$[\d,.]+\n", out)
    code, out, _ = command("status", "-o", "json")
    assert json.loads(out)["mode"] == "demo"


def test_a_value_nobody_knows_is_never_a_zero(desk: FakeDesk, command: Run) -> None:
    empty = Told()
    desk.lay("/api/state", empty.model.state(empty.now_us))
    code, out, _ = command("status")
    assert code == 0
    assert "value unknown   locked" in out
    later = msgspec.structs.replace(
        empty.model.state(empty.now_us), value_history=[(empty.now_us - 90_500_000, 1_234_567_890)]
    )
    desk.lay("/api/state", later)
    assert "value unknown ($1,234.56 90 s ago)   locked" in command("status")[1]


def test_what_keeps_a_live_desk_from_trading_is_named(desk: FakeDesk, command: Run) -> None:
    told = live()
    told.tell(
        VenueStateChanged("polymarket", "active", "everything agrees"),
        VenueStateChanged("kalshi", "reducing", "3 YES more than booked"),
        VenueConditionTold("kalshi", "cancel_only", "it pauses"),
        ClockJudged("kalshi", "refused", 700_000, 800_000, "700 ms behind"),
        ClockJudged("polymarket", "good", 0, 100_000, "agrees"),
    )
    desk.lay("/api/state", told.model.state(told.now_us))
    lines = command("status")[1].splitlines()
    at = next(n for n, line in enumerate(lines) if line.startswith("kalshi: "))
    assert lines[at + 1 :] == [
        "  desk: reducing (3 YES more than booked)",
        "  venue: cancel only (it pauses)",
        "  clock: refused (700 ms behind)",
    ]
    assert "  desk: active (everything agrees)" in lines
    assert not [line for line in lines if "agrees" in line and "clock" in line]


def test_a_halt_is_named_with_who_and_why(desk: FakeDesk, command: Run, told: Told) -> None:
    told.tell(Halted("kalshi", "dashboard", "looks odd"))
    desk.lay("/api/state", told.model.state(told.now_us))
    assert "HALTED kalshi by dashboard: looks odd" in command("status")[1]


@pytest.mark.parametrize(
    ("arguments", "path"),
    [
        ((), "/api/edges"),
        (("--status", "open"), "/api/edges?status=open"),
        (("--status", "a&b"), "/api/edges?status=a%26b"),
    ],
)
def test_edges_are_asked_for_by_status(
    desk: FakeDesk, command: Run, arguments: tuple[str, ...], path: str
) -> None:
    desk.lay(path, [])
    assert command("edges", "-o", "json", *arguments)[:2] == (0, "[]\n")
    assert [asked for _, asked, _ in desk.asked] == [path]


def test_a_status_that_does_not_exist_is_refused(desk: FakeDesk, command: Run) -> None:
    refused = ErrorView("BAD_STATUS", "no such status", "one of: open", retryable=False)
    desk.lay("/api/edges?status=x", refused, 422)
    code, _, err = command("edges", "--status", "x")
    assert (code, err) == (Exit.FAILED, "error: no such status\nhelp: one of: open\n")


def test_why_quotes_the_id_and_fails_where_nothing_is_known(desk: FakeDesk, command: Run) -> None:
    desk.lay("/api/why/a%2Fb%3Ac", WhyView("a/b:c", found=False, chain=[]))
    code, out, err = command("why", "a/b:c")
    assert (code, out) == (Exit.FAILED, "")
    assert err.startswith("error: nothing is known about a/b:c\n")


def test_why_takes_the_end_of_a_packages_id_as_notices_write_it(
    desk: FakeDesk, command: Run, told: Told
) -> None:
    name = "lab:p@1.712519"
    package = Told([PackageOpened(name, request(name))]).model.packages(told.now_us)
    desk.lay("/api/packages?limit=1000", package)
    entries = told.model.audit("", None, 3).entries
    desk.lay("/api/why/lab%3Ap%401.712519", WhyView("x", found=True, chain=entries))
    assert command("why", "...712519")[0] == 0
    desk.lay("/api/why/...1", WhyView("...1", found=False, chain=[]))
    assert "nothing is known about ...1" in command("why", "...1")[2]


def test_why_prints_the_chain_cause_first(desk: FakeDesk, command: Run, told: Told) -> None:
    entries = told.model.audit("", None, 3).entries
    desk.lay("/api/why/x", WhyView("x", found=True, chain=entries))
    code, out, _ = command("why", "x", "-o", "csv")
    rows = list(csv.DictReader(io.StringIO(out)))
    assert code == 0
    assert [row["entry"] for row in rows] == [entry.id for entry in entries]
    assert all(row["in words"] for row in rows)
