"""What is urgent is repeated until seen, and not for ever."""

import msgspec

from foreshock.core.alerting.escalation import (
    OPEN_MAX,
    REPEAT_EVERY,
    REPEATS_MAX,
    TOGETHER,
    Escalation,
    reminder_of,
)
from foreshock.core.domain.alerts import Severity
from foreshock.core.domain.notices import Notice, first_id, repeat_id
from foreshock.core.domain.units import Instant
from tests.trading import START
from tests.unit.dashboard.alerting_told import notice


def urgent(number: int, severity: Severity = 4) -> Notice:
    return msgspec.structs.replace(notice(), notice_id=f"n{number}", severity=severity)


def test_repeats_have_ids_of_their_own_and_an_end() -> None:
    escalation = Escalation()
    escalation.begin(urgent(1), START)
    said: list[str] = []
    for number in range(1, 10):
        now_us = Instant(START + number * REPEAT_EVERY)
        said += [each.notice_id for each in escalation.due(now_us)]
    assert said == [repeat_id("n1", number) for number in range(1, REPEATS_MAX[4] + 1)]
    assert escalation.next_us() is None


def test_what_would_follow_shortly_is_said_with_the_first_and_nothing_before_it() -> None:
    escalation = Escalation()
    for number, after_us in enumerate((0, TOGETHER, TOGETHER + 1)):
        escalation.begin(urgent(number), Instant(START + after_us))
    assert escalation.due(Instant(START + REPEAT_EVERY - 1)) == []
    due = escalation.due(Instant(START + REPEAT_EVERY))
    assert [each.notice_id for each in due] == ["n0#1", "n1#1"]


def test_a_reminder_names_each_bet_once_and_is_as_loud_as_the_loudest() -> None:
    waiting = [
        msgspec.structs.replace(urgent(n), subject=f"bet {n // 2}", severity=5 if n == 9 else 4)
        for n in range(10)
    ]
    said = reminder_of(waiting, "console", START)
    assert (said.severity, said.count) == (5, 10)
    assert said.subject == "nobody has acknowledged 10 urgent notices"
    assert said.words.startswith("bet 4 | bet 0 | bet 1. See them: ")


def test_what_is_not_urgent_is_not_repeated() -> None:
    escalation = Escalation()
    escalation.begin(urgent(1, 3), START)
    assert escalation.next_us() is None


def test_a_repeats_id_ends_it_as_well() -> None:
    escalation = Escalation()
    escalation.begin(urgent(1), START)
    assert escalation.end("n1#2")
    assert not escalation.end("n1")
    assert (first_id("n1#2"), first_id("fill:o#x"), first_id("plain")) == (
        "n1",
        "fill:o#x",
        "plain",
    )


def test_of_too_many_the_least_urgent_is_let_go() -> None:
    escalation = Escalation()
    escalation.begin(urgent(0, 5), START)
    for number in range(1, OPEN_MAX + 5):
        escalation.begin(urgent(number), START)
    due = escalation.due(Instant(START + REPEAT_EVERY))
    assert len(due) == OPEN_MAX
    assert "n0#1" in {each.notice_id for each in due}
