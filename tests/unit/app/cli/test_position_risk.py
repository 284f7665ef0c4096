"""Does the terminal say how risky everything held is, and why?"""

import json

import msgspec

from foreshock.app.exits import Exit
from foreshock.dashboard.views import RiskView
from tests.trading import START, A, B
from tests.unit.app.cli.conftest import Run
from tests.unit.app.cli.fake_desk import FakeDesk
from tests.unit.dashboard.risk_told import positions_measured
from tests.unit.dashboard.told import Told


def lay(desk: FakeDesk, *, measured: bool = True) -> None:
    told = Told([positions_measured()] if measured else [])
    desk.lay("/api/risk", told.model.risk(START))


def test_every_position_and_package_has_its_line(desk: FakeDesk, command: Run) -> None:
    lay(desk)
    code, out, err = command("positions", "risk")
    assert code == 0
    package, bet = out.splitlines()[-2:]
    assert f"package: YES {A} + NO {B}" in package
    assert "none" in package
    assert bet.split()[2:9] == ["4.00", "10", "80", "0.90", "0.29", "1.76", "0.04"]
    assert err == "value at risk $0.29 within 24 h at 95 %, at worst $11.76\n"


def test_one_position_says_every_part_of_its_score(desk: FakeDesk, command: Run) -> None:
    lay(desk)
    code, out, _ = command("positions", "risk", "KXB")
    assert code == 0
    assert out.splitlines()[0].endswith("score 31 of 100 (100 % of it known)")
    assert "  Same bet: 63 (weight 20): 5.0 % doubt that its legs are one bet" in out
    _, out, _ = command("positions", "risk", "0xA")
    assert "  Time until it pays: unknown (weight 20): the venue names no day" in out


def test_programs_get_every_field(desk: FakeDesk, command: Run) -> None:
    lay(desk)
    _, out, _ = command("positions", "risk", "-o", "json")
    assert [row["score"] for row in json.loads(out)] == [31, 10]


def test_what_is_not_there_is_said_and_not_made_up(desk: FakeDesk, command: Run) -> None:
    lay(desk)
    code, _, err = command("positions", "risk", "elsewhere")
    assert (code, "NOT_FOUND" in err or "elsewhere" in err) == (Exit.FAILED, True)
    lay(desk, measured=False)
    code, _, err = command("positions", "risk")
    assert (code, "nothing held was judged yet" in err) == (Exit.FAILED, True)


def test_an_answer_of_before_still_reads() -> None:
    empty = b'{"profile":"","limits":[],"refusals":[],"incidents":[],"positions":[]}'
    assert msgspec.json.decode(empty, type=RiskView).measured is None
