from pathlib import Path

from foreshock.adapters.storage.projections import Projections
from foreshock.app.paper_record import DAY_US, DAYS_MIN, PaperRecord, paper_record
from foreshock.app.projector import Projector
from foreshock.core.domain.messages.decisions import PackageOpened, PackageOutcome
from foreshock.core.domain.messages.operations import Mode
from foreshock.core.domain.messages.union import Message
from foreshock.core.domain.units import Instant, Money
from foreshock.core.engine import OUTSIDE, Entry
from tests.trading import START, request
from tests.unit.dashboard.told import package_closed, started


def run(database: Path, number: int, mode: Mode, outcome: PackageOutcome, realised: int) -> None:
    """One run of a day, with one package."""
    projector = Projector(f"run-{number}", Projections(database))
    now_us = Instant(START + number * DAY_US)
    messages: list[Message] = [
        started(mode),
        PackageOpened("r1", request("r1")),
        package_closed(outcome, "r1", realised),
    ]
    for step, message in enumerate(messages, 1):
        projector.listen(step, Entry(0, None, OUTSIDE, message), now_us)
    projector.close()


def test_nothing_was_traded_yet(tmp_path: Path) -> None:
    record = paper_record(tmp_path / "none.sqlite")
    assert record == PaperRecord(0, 0, Money(0), 0)
    assert not record.is_long_enough


def test_days_and_results_on_paper_and_no_others_count(tmp_path: Path) -> None:
    database = tmp_path / "p.sqlite"
    for number in range(3):
        run(database, number, "paper", "hedged", 500_000)
    run(database, 3, "paper", "unwound", -1_750_000)
    run(database, 4, "paper", "missed", 0)
    run(database, 5, "demo", "hedged", 9_000_000)
    run(database, 6, "live", "hedged", 9_000_000)
    record = paper_record(database)
    assert record == PaperRecord(5, 4, Money(-250_000), 3)
    assert record.words().startswith("5 days on paper, 4 packages traded, 3 of them gained, -$0.25")


def test_a_week_is_long_enough() -> None:
    assert PaperRecord(DAYS_MIN, 0, Money(0), 0).is_long_enough
    assert not PaperRecord(DAYS_MIN - 1, 900, Money(1), 900).is_long_enough
