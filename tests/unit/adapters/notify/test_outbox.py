"""Nothing is told twice, nothing is lost without a fact, nobody waits for a neighbour."""

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from foreshock.adapters.notify.answers import Later, Outcome, Refused, Taken
from foreshock.adapters.notify.outbox import (
    AGE_MAX,
    ATTEMPTS_MAX,
    BACKOFF_MAX,
    PATIENCE_MAX,
    PROBE_EVERY,
    WAITING_MAX,
    Outbox,
    jittered,
)
from foreshock.core.domain.alerts import Severity
from foreshock.core.domain.messages.alerting import (
    Notified,
    NotifierFound,
    NotifierLost,
    NotifyFailed,
)
from foreshock.core.domain.messages.union import Message
from foreshock.core.domain.units import SECOND, Duration, Instant
from tests.trading import START
from tests.unit.adapters.notify.told import notify

DOWN = Later("answered 503", None)
GONE = Refused("answered 404", is_gone=True)


class Run:
    """An outbox whose channel answers as told, at the moment at which it is asked."""

    def __init__(self) -> None:
        self.outbox = Outbox(lambda each: each.sink, jittered("test"))
        self.now_us = START
        self.facts: list[Message] = []
        self.tried: list[tuple[Instant, str]] = []

    def add(self, *numbers: int, severity: Severity = 3) -> None:
        for number in numbers:
            self.facts += self.outbox.add(notify(number, severity), self.now_us)

    def answer(self, *outcomes: Outcome) -> None:
        """Let time pass until each outcome was the answer to an attempt."""
        for outcome in outcomes:
            next_us = self.outbox.next_due_us()
            assert next_us is not None, "nothing is due any more"
            self.now_us = Instant(max(self.now_us, next_us))
            for delivery in self.outbox.due(self.now_us):
                self.tried.append((self.now_us, delivery.notify.dedupe_key))
                self.facts += self.outbox.answered(delivery, outcome, self.now_us)


def test_a_message_is_tried_once_and_told() -> None:
    run = Run()
    run.add(1, 1)
    run.answer(Taken())
    assert run.facts == [Notified("discord/n1", "discord", 1)]
    run.add(1)
    assert run.outbox.next_due_us() is None


def test_a_held_message_waits_for_its_step_to_be_on_record() -> None:
    run = Run()
    run.outbox.add(notify(1), START, is_held=True)
    assert run.outbox.next_due_us() is None
    assert run.outbox.due(START) == []
    run.outbox.release("discord/n1")
    assert len(run.outbox.due(START)) == 1


def test_a_limit_delays_the_whole_lane_by_what_it_asks_for() -> None:
    run = Run()
    run.add(1, 2)
    run.answer(Later("answered 429", Duration(7 * SECOND)), Taken(), Taken())
    waited = [(at_us - START) / SECOND for at_us, _ in run.tried]
    assert waited[0] == 0
    assert waited[1] == 7
    assert run.facts == [Notified("discord/n1", "discord", 2), Notified("discord/n2", "discord", 1)]


def test_a_failing_server_is_asked_ever_more_rarely_and_given_up() -> None:
    run = Run()
    run.add(1)
    run.answer(*[DOWN] * ATTEMPTS_MAX)
    assert run.outbox.next_due_us() is None
    assert run.facts[-1] == NotifyFailed(
        "discord/n1", "discord", f"answered 503; tried {ATTEMPTS_MAX} times"
    )
    waits = [b[0] - a[0] for a, b in zip(run.tried, run.tried[1:], strict=False)]
    assert all(SECOND <= wait <= BACKOFF_MAX for wait in waits)
    assert waits[-1] > waits[0] * 8


def test_a_channel_that_keeps_failing_is_lost_once_and_found_again() -> None:
    run = Run()
    run.add(1)
    run.answer(*[DOWN] * 5, Taken())
    told = [fact for fact in run.facts if not isinstance(fact, Notified)]
    assert told == [NotifierLost("discord", "answered 503"), NotifierFound("discord")]


def test_a_webhook_that_is_gone_is_lost_at_once_and_tried_rarely() -> None:
    run = Run()
    run.add(1, 2)
    run.answer(GONE, GONE)
    assert [type(fact) for fact in run.facts] == [NotifierLost, NotifyFailed, NotifyFailed]
    assert run.tried[1][0] - run.tried[0][0] == PROBE_EVERY


def test_patience_has_an_end() -> None:
    run = Run()
    run.add(1)
    run.answer(*[Later("answered 429", Duration(SECOND))] * PATIENCE_MAX)
    assert isinstance(run.facts[-1], NotifyFailed)


def test_old_news_are_given_up() -> None:
    run = Run()
    run.add(1)
    run.now_us = Instant(START + AGE_MAX + SECOND)
    run.answer(DOWN)
    assert run.facts == [NotifyFailed("discord/n1", "discord", "answered 503; older than a day")]


def test_the_most_urgent_leaves_first() -> None:
    run = Run()
    run.add(1, 2, severity=2)
    run.add(3, severity=5)
    run.answer(Taken(), Taken(), Taken())
    assert [key for _, key in run.tried] == ["discord/n3", "discord/n1", "discord/n2"]


def test_a_full_channel_pushes_out_its_least_urgent_and_oldest_and_says_so() -> None:
    run = Run()
    run.add(0, severity=4)
    run.add(*range(1, WAITING_MAX + 1), severity=2)
    assert run.facts == [
        NotifyFailed("discord/n1", "discord", "pushed out: too many messages wait already")
    ]
    assert run.outbox.waiting_count("discord") == WAITING_MAX


def test_a_lane_that_waits_delays_no_other() -> None:
    run = Run()
    run.outbox.add(notify(1, sink="slack"), START)
    run.add(2)
    slack, discord = run.outbox.due(START)
    run.outbox.answered(slack, Later("answered 429", Duration(3_600 * SECOND)), START)
    assert run.outbox.answered(discord, Taken(), START) == [Notified("discord/n2", "discord", 1)]


def test_one_attempt_a_lane_is_under_way() -> None:
    run = Run()
    run.add(1, 2)
    assert len(run.outbox.due(START)) == 1
    assert run.outbox.due(Instant(START + 60 * SECOND)) == []


@pytest.mark.parametrize("sink", ["discord", "slack"])
def test_documented_rates_are_kept_without_being_told(sink: str) -> None:
    run = Run()
    run.outbox = Outbox(lambda each: each.sink, jittered("test"))
    for number in range(10):
        run.outbox.add(notify(number, sink="discord" if sink == "discord" else "slack"), START)
    run.answer(*[Taken()] * 10)
    gap_us = (run.tried[-1][0] - run.tried[0][0]) / 9
    assert gap_us >= (SECOND * 2 / 5 if sink == "discord" else SECOND)


@given(st.lists(st.sampled_from(["add", "taken", "down", "limit", "gone", "bad"]), max_size=60))
def test_every_message_ends_in_exactly_one_fact_or_still_waits(steps: Sequence[str]) -> None:
    run, added = Run(), 0
    outcomes: dict[str, Outcome] = {
        "taken": Taken(),
        "down": DOWN,
        "limit": Later("answered 429", Duration(SECOND)),
        "gone": GONE,
        "bad": Refused("answered 400", is_gone=False),
    }
    for step in steps:
        if step == "add":
            added += 1
            run.add(added)
        elif run.outbox.next_due_us() is not None:
            run.answer(outcomes[step])
    ended = [f.dedupe_key for f in run.facts if isinstance(f, Notified | NotifyFailed)]
    assert len(ended) == len(set(ended))
    assert sorted([*ended, *(each.dedupe_key for each in run.outbox.waiting())]) == sorted(
        f"discord/n{number}" for number in range(1, added + 1)
    )


def test_a_storm_costs_the_loop_little_whatever_waits() -> None:
    """Questions cost the number of lanes: counted in looks at messages, not in time."""
    run = Run()
    run.add(*range(WAITING_MAX))
    for number in range(10 * WAITING_MAX):
        assert run.outbox.add(notify(10_000 + number, 1), START)[0] is not None
    assert run.outbox.waiting_count("discord") == WAITING_MAX
    assert len(run.outbox.due(START)) == 1


def test_the_log_holds_far_more_than_a_channel() -> None:
    run = Run()
    for number in range(WAITING_MAX * 5):
        assert run.outbox.add(notify(number, sink="file"), START) == []
