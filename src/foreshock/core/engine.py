"""Who hears what, in which order? Synchronous, deterministic, without clock or I/O.

Every message goes, in a fixed order, to the agents that hear its type; answers queue up behind it.
One step takes the messages of one input (a drain of the feeds, a timer, a venue's answer) and
everything they cause.
"""

from collections.abc import Iterable, Sequence
from typing import Protocol, cast, get_args

import msgspec

from foreshock.core.domain.errors import InvariantError
from foreshock.core.domain.messages.trading import Command
from foreshock.core.domain.messages.union import Message
from foreshock.core.domain.units import Instant

OUTSIDE = "outside"
COMMANDS: frozenset[type[Message]] = frozenset(get_args(Command))
CHAIN_MESSAGES_MAX = 100_000
"""Messages one input message may cause; more means agents answer each other without end.

One lost connection withdraws every edge of the thousands of markets that it carried."""


class Agent(Protocol):
    """One responsibility: reads messages, owns private state, answers with messages.

    hears: the types it does anything about; no other message reaches it.
    """

    name: str

    @property
    def hears(self) -> frozenset[type[Message]]: ...

    def handle(self, message: Message, now_us: Instant) -> Iterable[Message]: ...


class Entry(msgspec.Struct, frozen=True, gc=False):
    """One message of a step: an input (cause None, sender "outside") or what an agent said.

    index counts all messages of the step from 0; cause is the index of the message answered.
    """

    index: int
    cause: int | None
    sender: str
    message: Message


class StepResult(msgspec.Struct, frozen=True):
    """Every message of a step in the order in which it was delivered, and its commands."""

    entries: tuple[Entry, ...]
    commands: tuple[Command, ...]


class Engine:
    """Delivers messages to agents in a fixed order and keeps each answer with its cause."""

    def __init__(self, agents: Sequence[Agent]) -> None:
        self._hearers: dict[type[Message], list[Agent]] = {}
        for agent in agents:
            for heard in agent.hears:
                self._hearers.setdefault(heard, []).append(agent)

    def step(self, inputs: Iterable[Message], now_us: Instant) -> StepResult:
        """Deliver the input messages one after the other, each with everything it causes.

        Raises InvariantError if the agents keep answering each other without end.
        """
        entries: list[Entry] = []
        for message in inputs:
            self._deliver(message, now_us, entries)
        commands = [
            e.message for e in entries if e.cause is not None and type(e.message) in COMMANDS
        ]
        return StepResult(tuple(entries), tuple(cast("list[Command]", commands)))

    def _deliver(self, message: Message, now_us: Instant, entries: list[Entry]) -> None:
        """Deliver one input and its consequences, breadth first."""
        first = len(entries)
        entries.append(Entry(first, None, OUTSIDE, message))
        position = first
        while position < len(entries):
            current = entries[position].message
            for agent in self._hearers.get(type(current), ()):
                for answer in agent.handle(current, now_us):
                    entries.append(Entry(len(entries), position, agent.name, answer))
            position += 1
            if len(entries) - first > CHAIN_MESSAGES_MAX:
                raise InvariantError(f"more than {CHAIN_MESSAGES_MAX} messages from one input")
