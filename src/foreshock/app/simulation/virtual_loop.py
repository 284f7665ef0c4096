"""How does an event loop run without waiting? Time jumps to whatever is due next.

The ready queue is asyncio's own, first come first served: interleavings come from the delays that
the simulation draws, never from here. What would go to a thread runs at once, in its place, and
takes virtual time.
"""

import asyncio
import heapq
from collections import deque
from collections.abc import Callable
from contextvars import Context
from itertools import count
from typing import Any, TypeVar, TypeVarTuple

from foreshock.core.domain.errors import InvariantError
from foreshock.core.domain.units import MICRO, Instant

Result = TypeVar("Result")
Arguments = TypeVarTuple("Arguments")
Cost = Callable[[object], float]
"""How long a call that would go to a thread takes, in seconds."""


class VirtualLoop(asyncio.BaseEventLoop):
    """asyncio's loop on virtual time, without sockets and threads.

    cost: of a call that would go to one. What is due at the same moment runs in the order in which
    it was asked for.
    """

    def __init__(self, start_us: Instant, cost: Cost) -> None:
        super().__init__()
        self.start_us = start_us
        self._cost = cost
        self._now_s = 0.0
        self._now_us = start_us
        self._soon: deque[asyncio.Handle] = deque()
        self._later: list[tuple[float, int, asyncio.TimerHandle]] = []
        self._numbers = count()
        self.failures: list[str] = []
        self.set_exception_handler(self._note_failure)

    def time(self) -> float:
        """Seconds since the loop was made."""
        return self._now_s

    def now_us(self) -> Instant:
        """What time it is in the simulated world."""
        return self._now_us

    def call_soon(
        self,
        callback: Callable[[*Arguments], object],
        *args: *Arguments,
        context: Context | None = None,
    ) -> asyncio.Handle:
        """Behind everything that is to run now."""
        handle = asyncio.Handle(callback, args, self, context)
        self._soon.append(handle)
        return handle

    def call_later(
        self,
        delay: float,
        callback: Callable[[*Arguments], object],
        *args: *Arguments,
        context: Context | None = None,
    ) -> asyncio.TimerHandle:
        """When so many seconds have passed."""
        return self.call_at(self._now_s + delay, callback, *args, context=context)

    def call_at(
        self,
        when: float,
        callback: Callable[[*Arguments], object],
        *args: *Arguments,
        context: Context | None = None,
    ) -> asyncio.TimerHandle:
        """When the loop's clock shows that, or at once if it was earlier."""
        handle = asyncio.TimerHandle(when, callback, args, self, context)
        heapq.heappush(self._later, (when, next(self._numbers), handle))
        return handle

    def _run_once(self) -> None:
        """Run what is ready, or jump to what is due next. asyncio calls this until it is stopped.

        Raises InvariantError when nothing will ever happen again.
        """
        soon = self._soon
        if not soon:
            self._jump()
        for _ in range(len(soon)):
            handle = soon.popleft()
            if not handle.cancelled():
                handle._run()  # noqa: SLF001 - how asyncio's own loops call one

    def _jump(self) -> None:
        """Everything that is due first becomes ready."""
        later, soon = self._later, self._soon
        while not soon:
            if not later:
                raise InvariantError("nothing is scheduled: the simulation would wait for ever")
            when, _, handle = heapq.heappop(later)
            if handle.cancelled():
                continue
            if when > self._now_s:
                self._pass(when - self._now_s)
            soon.append(handle)
        while later and later[0][0] <= self._now_s:
            soon.append(heapq.heappop(later)[2])

    def _timer_handle_cancelled(self, handle: asyncio.TimerHandle) -> None:
        """A cancelled timer is left out when its turn comes."""

    def _pass(self, seconds: float) -> None:
        self._now_s += seconds
        self._now_us = Instant(self.start_us + round(self._now_s * MICRO))

    def stall(self, seconds: float) -> None:
        """Let time pass in which nothing runs, as a blocking call would."""
        self._pass(seconds)

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
