"""Agents of an engine with their timers, driven by a test's clock."""

from collections.abc import Sequence
from typing import TypeVar

from foreshock.core.domain.messages.trading import SetTimer, TimerFired
from foreshock.core.domain.messages.union import Message
from foreshock.core.domain.units import Instant
from foreshock.core.engine import Agent, Engine

T = TypeVar("T")


class Driven:
    """Tells agents messages at a time and keeps everything that they say."""

    def __init__(self, agents: Sequence[Agent], now_us: Instant) -> None:
        self.now_us = now_us
        self.said: list[Message] = []
        self._engine = Engine(agents)
        self._timers: dict[str, Instant] = {}

    def tell(self, *messages: Message) -> list[Message]:
        """Hand messages in now; returns what was said because of them."""
        entries = self._engine.step(messages, self.now_us).entries
        answers = [entry.message for entry in entries if entry.cause is not None]
        for answer in answers:
            if isinstance(answer, SetTimer):
                self._timers[answer.timer_id] = Instant(self.now_us + answer.after)
        self.said += answers
        return answers

    def until(self, now_us: Instant) -> list[Message]:
        """Let time pass; timers fire in their order."""
        said: list[Message] = []
        while self._timers:
            due_us, name = min((due, name) for name, due in self._timers.items())
            if due_us > now_us:
                break
            del self._timers[name]
            self.now_us = max(self.now_us, due_us)
            said += self.tell(TimerFired(name))
        self.now_us = now_us
        return said

    def of(self, kind: type[T]) -> list[T]:
        """Everything of one type that was said."""
        return [message for message in self.said if isinstance(message, kind)]
