"""What the tables say of signals is what was told last, and nothing is lost by it."""

from collections.abc import Sequence
from pathlib import Path

import msgspec

from foreshock.adapters.storage.projections import Projections
from foreshock.adapters.storage.rows import rows_of
from foreshock.core.domain.alerts import Figure
from foreshock.core.domain.messages import signals as s
from foreshock.core.domain.messages.union import Message
from foreshock.core.domain.units import SECOND, Duration, Instant
from foreshock.core.engine import OUTSIDE, Entry
from tests.trading import A, B, cents
from tests.unit.dashboard.signals_told import ALERT, signal_messages

HOUR = Duration(3_600 * SECOND)


def stored(folder: Path, messages: Sequence[Message], question: str) -> list[tuple[object, ...]]:
    projections = Projections(folder / "p.sqlite")
    for step, message in enumerate(messages, 1):
        projections.add(rows_of("run", step, Entry(0, None, OUTSIDE, message), Instant(step)))
    projections.flush()
    found = [tuple(row) for row in projections.query(question)]
    projections.close()
    return found


def test_an_alert_is_stored_with_its_figures_and_what_was_said_of_it(tmp_path: Path) -> None:
    figures = (Figure("score", "4.2 sigma"), Figure("VCV", "1.1"))
    told = [
        s.AlertRaised(msgspec.structs.replace(ALERT, figures=figures, price=cents(40))),
        s.AlertExplained(alert_id="a1", explanation="preceded", items=("n1",), lead=HOUR),
        s.AlertAcknowledged("a1", "me"),
    ]
    question = "select level, market, figures, related, price, explanation, lead, seen_by, at_us"
    (row,) = stored(tmp_path, told, f"{question} from signals")
    figures_text = "score=4.2 sigma; VCV=1.1"
    assert row == ("elevated", A, figures_text, B, 400_000, "preceded", HOUR, "me", 1)


def test_every_grade_of_an_alert_is_a_row(tmp_path: Path) -> None:
    told = [
        s.AlertGraded(alert_id="a1", after=after, price_then=cents(40), price_after=price)
        for after, price in ((HOUR, cents(45)), (Duration(4 * HOUR), None))
    ]
    rows = stored(tmp_path, told, 'select "after", price_then, price_after from signal_grades')
    assert rows == [(HOUR, 400_000, 450_000), (4 * HOUR, 400_000, None)]


def test_a_leader_and_a_reset_stand_as_told_last(tmp_path: Path) -> None:
    lead = next(m for m in signal_messages() if isinstance(m, s.LeadMeasured))
    told = [
        lead,
        msgspec.structs.replace(lead, leader=None, followed=None, correlation_ppm=None),
        s.BaselinesReset("r1", None, "me"),
        s.BaselinesRestored("r1", "you"),
    ]
    assert stored(tmp_path, told, "select leader, correlation_ppm from leads") == [("", None)]
    resets = stored(tmp_path, told, "select market, by, restored_by from baseline_resets")
    assert resets == [("", "me", "you")]
