"""How does an event loop run without waiting? Time jumps to whatever is due next.

The ready queue is asyncio's own, first come first served: interleavings come from the delays that
the simulation draws, never from here. What would go to a thread runs at once, in its place, and
takes virtual time.
"""

import asyncio
import selectors
from collections.abc import Callable, Mapping
from typing import Any, Protocol, TypeVar, TypeVarTuple

from foreshock.core.domain.errors import InvariantError
from foreshock.core.domain.units import MICRO, Instant

Result = TypeVar("Result")
Arguments = TypeVarTuple("Arguments")
Cost = Callable[[object], float]
"""How long a call that would go to a thread takes, in seconds."""


class HasNumber(Protocol):
    """What has a file descriptor."""

    def fileno(self) -> int: ...


class JumpSelector(selectors.BaseSelector):
    """Never blocks and never finds anything: waiting moves the clock of its loop."""

    def __init__(self) -> None:
        self.now_s = 0.0
        self._keys: dict[int | HasNumber, selectors.SelectorKey] = {}

    def register(
        self, fileobj: int | HasNumber, events: int, data: object = None
    ) -> selectors.SelectorKey:
        """Remember what is never looked at: the loop's own wake-up pipe."""
        number = fileobj if isinstance(fileobj, int) else fileobj.fileno()
        key = self._keys[fileobj] = selectors.SelectorKey(fileobj, number, events, data)
        return key

    def unregister(self, fileobj: int | HasNumber) -> selectors.SelectorKey:
        """Forget it."""
        return self._keys.pop(fileobj)

    def get_map(self) -> Mapping[Any, selectors.SelectorKey]:
        """What was remembered."""
        return self._keys

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        """Jump. Raises InvariantError when nothing will ever happen again."""
        if timeout is None:
            raise InvariantError("nothing is scheduled: the simulation would wait for ever")
        if timeout > 0:
            self.now_s += timeout
        return []


class VirtualLoop(asyncio.SelectorEventLoop):
    """asyncio's loop on virtual time, without threads. cost: of a call that would go to one."""

    def __init__(self, start_us: Instant, cost: Cost) -> None:
        self._jumps = JumpSelector()
        super().__init__(self._jumps)
        self.start_us = start_us
        self._cost = cost
        self.failures: list[str] = []
        self.set_exception_handler(self._note_failure)

    def time(self) -> float:
        """Seconds since the loop was made."""
        return self._jumps.now_s

    def now_us(self) -> Instant:
        """What time it is in the simulated world."""
        return Instant(self.start_us + round(self._jumps.now_s * MICRO))

    def stall(self, seconds: float) -> None:
        """Let time pass in which nothing runs, as a blocking call would."""
        self._jumps.now_s += seconds

    def run_in_executor(
        self, executor: object, func: Callable[[*Arguments], Result], *args: *Arguments
    ) -> asyncio.Future[Result]:
        """Run it here and now; whoever waits for it waits as long as it costs."""
        del executor
        future: asyncio.Future[Result] = self.create_future()
        seconds = self._cost(func)
        try:
            result = func(*args)
        except Exception as error:  # noqa: BLE001 - a thread hands every error to whoever waits
            self.call_later(seconds, _fail, future, error)
        else:
            self.call_later(seconds, _finish, future, result)
        return future

    def _note_failure(self, _: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
        """An error that nobody heard of."""
        error = context.get("exception")
        words = f"{type(error).__name__} {error}" if error is not None else ""
        self.failures.append(f"{context.get('message', '')}: {words}".strip(": "))


def _finish(future: "asyncio.Future[Result]", result: Result) -> None:
    if not future.done():
        future.set_result(result)


def _fail(future: "asyncio.Future[Result]", error: Exception) -> None:
    if not future.done():
        future.set_exception(error)
