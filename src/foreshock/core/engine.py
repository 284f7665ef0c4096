"""Who hears what, in which order? Synchronous, deterministic, without clock or I/O.

Every message goes to every agent in a fixed order; answers queue up behind it. One step takes the
messages of one input (a drain of the feeds, a timer, a venue's answer) and everything they cause.
"""

from collections import deque
from collections.abc import Iterable, Sequence
from typing import Protocol

import msgspec

from foreshock.core.domain.errors import InvariantError
from foreshock.core.domain.messages.trading import CancelOrder, Command, PlaceOrder, SetTimer
from foreshock.core.domain.messages.union import Message
from foreshock.core.domain.units import Instant

CHAIN_MESSAGES_MAX = 1_000
"""Messages one input message may cause; more means agents answer each other without end."""


class Agent(Protocol):
    """One responsibility: reads messages, owns private state, answers with messages."""

    name: str

    def handle(self, message: Message, now_us: Instant) -> Iterable[Message]: ...


class Said(msgspec.Struct, frozen=True):
    """One thing an agent said.

    index counts all messages of the step from 0, inputs included; cause is the index of the message
    answered.
    """

    index: int
    cause: int
    sender: str
    message: Message


class StepResult(msgspec.Struct, frozen=True):
    """What a step produced, in order; commands are among what was said."""

    said: tuple[Said, ...]
    commands: tuple[Command, ...]


class Engine:
    """Delivers messages to agents in a fixed order and keeps each answer with its cause."""

    def __init__(self, agents: Sequence[Agent]) -> None:
        self._agents = agents

    def step(self, inputs: Iterable[Message], now_us: Instant) -> StepResult:
        """Deliver the input messages one after the other, each with everything it causes.

        Raises InvariantError if the agents keep answering each other without end.
        """
        said: list[Said] = []
        index = 0
        for message in inputs:
            index = self._deliver(message, now_us, index, said)
        commands = tuple(
            s.message for s in said if isinstance(s.message, PlaceOrder | CancelOrder | SetTimer)
        )
        return StepResult(tuple(said), commands)

    def _deliver(self, message: Message, now_us: Instant, index: int, said: list[Said]) -> int:
        """Deliver one input and its consequences; returns the next free index."""
        queue: deque[tuple[int, Message]] = deque([(index, message)])
        first, following = index, index + 1
        while queue:
            cause, current = queue.popleft()
            for agent in self._agents:
                for answer in agent.handle(current, now_us):
                    said.append(Said(following, cause, agent.name, answer))
                    queue.append((following, answer))
                    following += 1
            if following - first > CHAIN_MESSAGES_MAX:
                raise InvariantError(f"more than {CHAIN_MESSAGES_MAX} messages from one input")
        return following
