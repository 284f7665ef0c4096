"""Agents hear what they name in one order, and nothing runs for ever."""

from collections.abc import Iterable

import msgspec
import pytest

from foreshock.core.domain.errors import InvariantError
from foreshock.core.domain.messages.operations import HaltRequested
from foreshock.core.domain.messages.trading import SetTimer, TimerFired
from foreshock.core.domain.messages.union import Message
from foreshock.core.domain.units import Duration, Instant
from foreshock.core.engine import CHAIN_MESSAGES_MAX, OUTSIDE, Engine

NOW_US = Instant(1)


class Echo:
    """Answers a timer of its own name with what it was given."""

    def __init__(self, name: str, answers: dict[str, list[Message]]) -> None:
        self.name = name
        self.hears = frozenset[type[Message]]({TimerFired})
        self._answers = answers

    def handle(self, message: Message, now_us: Instant) -> Iterable[Message]:
        assert now_us == NOW_US
        return self._answers.get(message.timer_id, []) if isinstance(message, TimerFired) else []


class Parrot:
    """Says everything again."""

    name = "parrot"
    hears = frozenset[type[Message]]({TimerFired})

    def handle(self, message: Message, now_us: Instant) -> Iterable[Message]:
        del now_us
        return [message]


def test_answers_follow_breadth_first_in_the_order_of_the_agents() -> None:
    first = Echo("first", {"go": [TimerFired("a")], "a": [HaltRequested("all", "x", "late")]})
    second = Echo("second", {"go": [TimerFired("b")]})
    result = Engine([first, second]).step([TimerFired("go")], NOW_US)
    told = [(e.index, e.cause, e.sender, type(e.message).__name__) for e in result.entries]
    assert told == [
        (0, None, OUTSIDE, "TimerFired"),
        (1, 0, "first", "TimerFired"),
        (2, 0, "second", "TimerFired"),
        (3, 1, "first", "HaltRequested"),
    ]


def test_inputs_are_worked_one_after_the_other() -> None:
    echo = Echo("echo", {"one": [TimerFired("x")], "two": [TimerFired("y")]})
    result = Engine([echo]).step([TimerFired("one"), TimerFired("two")], NOW_US)
    assert [e.message for e in result.entries] == [
        TimerFired("one"),
        TimerFired("x"),
        TimerFired("two"),
        TimerFired("y"),
    ]
    assert [e.cause for e in result.entries] == [None, 0, None, 2]


def test_commands_are_what_agents_said_and_never_inputs() -> None:
    timer = SetTimer("t", Duration(5))
    echo = Echo("echo", {"go": [timer]})
    result = Engine([echo]).step([SetTimer("outside", Duration(1)), TimerFired("go")], NOW_US)
    assert result.commands == (timer,)


def test_one_loss_may_concern_every_pair_of_a_busy_desk() -> None:
    edges: list[Message] = [TimerFired(f"edge {n}") for n in range(10_000)]
    result = Engine([Echo("scanner", {"lost": edges})]).step([TimerFired("lost")], NOW_US)
    assert len(result.entries) == 1 + len(edges)


def test_agents_that_answer_each_other_for_ever_are_stopped() -> None:
    with pytest.raises(InvariantError, match=str(CHAIN_MESSAGES_MAX)):
        Engine([Parrot()]).step([TimerFired("go")], NOW_US)


def test_every_message_survives_the_wire() -> None:
    message: Message = HaltRequested("all", "operator", "test")
    decoder = msgspec.msgpack.Decoder(Message)
    assert decoder.decode(msgspec.msgpack.encode(message)) == message
