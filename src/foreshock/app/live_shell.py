"""How do a live desk's requests travel? Jobs of the gateway are signed, sent once and brought back.

The gateway decides what leaves and when; this only moves bytes. A placing request is handed to the
transport as soon as the gate has passed it, and never again.
"""

import asyncio
from collections.abc import Callable, Iterable, Mapping
from typing import TypeAlias

from foreshock.adapters.clock import wall_clock_us
from foreshock.adapters.seams import HttpRequest, HttpResponse, HttpTransport
from foreshock.adapters.venues.jobs import Job
from foreshock.adapters.venues.live import LiveVenue
from foreshock.adapters.venues.order_path import RequestHost, Unsigned
from foreshock.adapters.venues.venue_times import VenueTimes
from foreshock.core.domain.errors import ConfigError, InvariantError, VenueUnavailableError
from foreshock.core.domain.messages.operations import HaltRequested
from foreshock.core.domain.messages.trading import VenueCommand
from foreshock.core.domain.messages.union import Message
from foreshock.core.domain.units import MICRO, Instant

NAME = "live-shell"
EVERYWHERE = "all"
WAKE_S_MAX = 1.0
Sign: TypeAlias = Callable[[Unsigned, Instant], HttpRequest]
"""Asks the signer; may block. Raises ConfigError, InvariantError or VenueUnavailableError."""
HostName: TypeAlias = tuple[str, RequestHost]


class LiveShell:
    """A `TradingVenue` around the gateway; give it an inbox before the desk runs."""

    def __init__(
        self,
        venue: LiveVenue,
        hosts: Mapping[HostName, HttpTransport],
        sign: Sign,
        times: VenueTimes,
    ) -> None:
        self._venue = venue
        self._hosts = hosts
        self._sign = sign
        self._times = times
        self._put: Callable[[Message], None] | None = None
        self._tasks: set[asyncio.Task[None]] = set()
        self._timer: asyncio.TimerHandle | None = None

    def tell(self, put: Callable[[Message], None]) -> None:
        """Answers go here from now on."""
        self._put = put

    # ---- the desk's side ---------------------------------------------------------------------

    def observe(self, message: Message, now_us: Instant) -> None:
        """See what the desk sees."""
        self._times.hear(message)
        self._venue.observe(message, now_us)

    def perform(self, command: VenueCommand, now_us: Instant) -> None:
        """Take a recorded command; what may leave, leaves now."""
        self._venue.perform(command, now_us)
        self.pump()

    def due(self, now_us: Instant) -> Iterable[Message]:
        """Nothing: answers are put into the inbox when they arrive."""
        del now_us
        return ()

    def next_due_us(self) -> Instant | None:
        """Nothing is collected by the desk; see `due`."""
        return None

    # ---- moving bytes ------------------------------------------------------------------------

    def pump(self) -> None:
        """Start what may leave, tell what was learnt, and wake up when more is due."""
        now_us = wall_clock_us()
        for job in self._venue.take_jobs(now_us):
            task = asyncio.get_running_loop().create_task(self._run(job))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)
        if self._put is not None:
            for message in self._venue.due(now_us):
                self._put(message)
        self._sleep(now_us)

    async def close(self) -> None:
        """Stop asking; what is under way stays unanswered."""
        if self._timer is not None:
            self._timer.cancel()
        for task in [*self._tasks]:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def _sleep(self, now_us: Instant) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        due_us = self._venue.next_due_us()
        if due_us is not None:
            # The loop's timers stand still while the machine sleeps, the desk's time does not.
            delay_s = min(WAKE_S_MAX, max(0, due_us - now_us) / MICRO)
            self._timer = asyncio.get_running_loop().call_later(delay_s, self._wake)

    def _wake(self) -> None:
        """Pump without a command of the desk, where nobody else would hear of a failure."""
        try:
            self.pump()
        except Exception as error:  # noqa: BLE001 - orders nobody asks about must not look settled
            if self._put is not None:
                words = f"the gateway was stopped by {type(error).__name__}"
                self._put(HaltRequested(EVERYWHERE, NAME, words))

    async def _run(self, job: Job) -> None:
        """Work a job; one that fails oddly is told, and stops its venue unless it read a list."""
        try:
            await self._work(job)
        except Exception as error:  # noqa: BLE001 - a lost job must not look like a quiet venue
            words = f"a {job.unsigned.kind} request was lost to {type(error).__name__}"
            if not self._is_harmless(job, words) and self._put is not None:
                self._put(HaltRequested(job.venue, NAME, words))
        self._wake()

    def _is_harmless(self, job: Job, words: str) -> bool:
        """Whether what was lost comes by itself; the gateway learns that no answer will."""
        try:
            return self._venue.lost(job, words, wall_clock_us())
        except Exception:  # noqa: BLE001 - what broke once may break again: its venue is halted
            return False

    async def _work(self, job: Job) -> None:
        if job.task == "sign":
            await self._only_sign(job)
        else:
            answer = await self._exchange(job)
            self._venue.answered(job.id, answer, wall_clock_us())

    async def _only_sign(self, job: Job) -> None:
        try:
            request = await self._signed(job)
        except (ConfigError, InvariantError, VenueUnavailableError) as error:
            self._venue.signed(job.id, None, str(error))
        else:
            self._venue.signed(job.id, request, "")

    async def _signed(self, job: Job) -> HttpRequest:
        """Signed at the time that it is at the venue, whatever our clock shows."""
        there_us = self._times.there(job.venue, wall_clock_us())
        return await asyncio.to_thread(self._sign, job.unsigned, there_us)

    async def _exchange(self, job: Job) -> HttpResponse | None:
        """The answer to a request; None when it was not signed, or nothing came back."""
        host = self._hosts[job.venue, job.unsigned.host]
        try:
            request = job.request
            if request is None:
                request = await self._signed(job)
            return await host.send(request)
        except (ConfigError, InvariantError, VenueUnavailableError):
            return None
