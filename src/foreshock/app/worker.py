"""What do we conclude from what has arrived? Arrivals in, steps and commands out; pure.

Live, paper and replay run this very object; they differ in where arrivals come from and in where
commands go.
"""

from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

import msgspec

from foreshock.adapters.storage.journal import Drained, Step, Told
from foreshock.adapters.storage.tape import TapeFrame
from foreshock.app.feeds import Feeds
from foreshock.core.domain.messages.trading import Command
from foreshock.core.domain.messages.union import Message
from foreshock.core.domain.units import Instant
from foreshock.core.engine import Engine, Entry

Listener = Callable[[int, Entry, Instant], None]
"""Hears (step number, entry, now) for every message, in order."""


class Ear(NamedTuple):
    """A listener that does something about some types alone: no other message reaches it."""

    listen: Listener
    hears: frozenset[type[Message]]


class Work(msgspec.Struct, frozen=True):
    """What one batch of arrivals led to; nothing of it has been recorded or sent yet."""

    frames: tuple[TapeFrame, ...]
    steps: tuple[Step, ...]
    commands: tuple[Command, ...]


class Worker:
    """Turns arrivals into steps, in order of arrival."""

    def __init__(self, engine: Engine, feeds: Feeds, listeners: Sequence[Listener | Ear]) -> None:
        self._engine = engine
        self._feeds = feeds
        self._listeners = [*listeners]
        self._by_type: dict[type[Message], tuple[Listener, ...]] = {}
        self._step = 0

    def hear(self, listener: Listener) -> None:
        """One more, after all others."""
        self._listeners.append(listener)
        self._by_type = {}

    def take(self, arrivals: Iterable[TapeFrame | Message], now_us: Instant) -> Work:
        """Fold runs of frames into one drain each; every message is a step of its own."""
        frames: list[TapeFrame] = []
        steps: list[Step] = []
        commands: list[Command] = []
        pending: TapeFrame | None = None
        for arrival in arrivals:
            if isinstance(arrival, TapeFrame):
                self._feeds.fold(arrival)
                frames.append(arrival)
                pending = arrival
                continue
            if pending is not None:
                steps.append(self._drain(pending.frame_seq, now_us, commands))
                pending = None
            steps.append(self._tell(arrival, now_us, commands))
        if pending is not None:
            steps.append(self._drain(pending.frame_seq, now_us, commands))
        return Work(tuple(frames), tuple(steps), tuple(commands))

    def repeat(self, step: Step, frames: Iterable[TapeFrame]) -> Step:
        """Do a recorded step again, with the frames up to the position it cites."""
        for frame in frames:
            self._feeds.fold(frame)
        commands: list[Command] = []
        if isinstance(step.input, Drained):
            return self._drain(step.input.frame_seq, step.now_us, commands)
        return self._tell(step.input.message, step.now_us, commands)

    def _drain(self, frame_seq: int, now_us: Instant, commands: list[Command]) -> Step:
        entries = self._run(self._feeds.drain(), now_us, commands)
        return Step(self._step, now_us, Drained(frame_seq), entries)

    def _tell(self, message: Message, now_us: Instant, commands: list[Command]) -> Step:
        entries = self._run([message, *self._feeds.hear(message, now_us)], now_us, commands)
        return Step(self._step, now_us, Told(message), entries)

    def _run(
        self, inputs: Sequence[Message], now_us: Instant, commands: list[Command]
    ) -> tuple[Entry, ...]:
        """Run the engine once; returns what was said, inputs left out."""
        self._step += 1
        result = self._engine.step(inputs, now_us)
        commands += result.commands
        for entry in result.entries:
            kind = type(entry.message)
            hearing = self._by_type.get(kind)
            for listen in self._hearing(kind) if hearing is None else hearing:
                listen(self._step, entry, now_us)
        return tuple(entry for entry in result.entries if entry.cause is not None)

    def _hearing(self, kind: type[Message]) -> tuple[Listener, ...]:
        """Who hears a type, in order; looked up once."""
        found = self._by_type[kind] = tuple(
            each.listen if isinstance(each, Ear) else each
            for each in self._listeners
            if not isinstance(each, Ear) or kind in each.hears
        )
        return found
