"""How does a feed stay open? One reconnect and back-off loop for every venue's stream."""

import asyncio
import random
from collections.abc import Callable, Iterator
from typing import Literal, NoReturn, Protocol

import msgspec

from foreshock.adapters.clock import monotonic_us, wall_clock_us
from foreshock.adapters.http import jittered_s
from foreshock.adapters.seams import FrameConnector, FrameStream
from foreshock.core.domain.errors import VenueUnavailableError
from foreshock.core.domain.markets import MarketId
from foreshock.core.domain.messages.market_data import (
    ConnectionClosed,
    ConnectionFailed,
    ConnectionOpened,
)
from foreshock.core.domain.messages.union import Message
from foreshock.core.domain.units import SECOND, Instant

BACKOFF_BASE_S = 0.25
BACKOFF_CAP_S = 30.0
HEALTHY_AFTER = 30 * SECOND
"""A stream that lived this long starts the back-off anew."""
OUTGOING_MAX = 1_000

Headers = tuple[tuple[str, str], ...]


class Ear(Protocol):
    """Where arrivals go."""

    async def put_frame(self, connection: int, kind: Literal["ws", "http"], data: bytes) -> None:
        """May wait when too much is queued."""
        ...

    def put(self, message: Message) -> None: ...


class StreamPlan(msgspec.Struct, frozen=True):
    """What a stream is for. headers are made anew for each attempt (signatures carry the time)."""

    venue: str
    feed: str
    path: str
    headers: Callable[[Instant], Headers]
    markets: tuple[MarketId, ...]


class StreamKeeper:
    """Keeps one planned stream open; `connection` is its current number, None while it is down."""

    def __init__(
        self,
        connector: FrameConnector,
        plan: StreamPlan,
        ear: Ear,
        numbers: Iterator[int],
        rng: random.Random,
    ) -> None:
        self.plan = plan
        self.connection: int | None = None
        self._connector = connector
        self._ear = ear
        self._numbers = numbers
        self._rng = rng
        self._outgoing: asyncio.Queue[str] = asyncio.Queue(OUTGOING_MAX)
        self._reopen: asyncio.Future[str] | None = None

    async def run(self) -> NoReturn:
        """Open, read until it ends, back off, again; ends by cancellation only."""
        attempt = 0
        while True:
            started_us = monotonic_us()
            try:
                headers = self.plan.headers(wall_clock_us())
                stream = await self._connector.connect(self.plan.path, headers)
            except VenueUnavailableError as error:
                attempt += 1
                self._ear.put(ConnectionFailed(self.plan.venue, str(error), attempt))
            else:
                try:
                    reason = await self._use(stream)
                except asyncio.CancelledError:
                    self._ear.put(ConnectionClosed(self._closed(), self.plan.venue, "not wanted"))
                    raise
                healthy = monotonic_us() - started_us >= HEALTHY_AFTER
                attempt = 0 if healthy else attempt + 1
                self._ear.put(ConnectionClosed(self._closed(), self.plan.venue, reason))
            await asyncio.sleep(jittered_s(attempt, BACKOFF_BASE_S, BACKOFF_CAP_S, self._rng))

    def send(self, text: str) -> None:
        """Queue a frame for the open stream; a stream that takes none is reopened."""
        try:
            self._outgoing.put_nowait(text)
        except asyncio.QueueFull:
            self.reopen(f"{OUTGOING_MAX} frames wait to be sent")

    def reopen(self, reason: str) -> None:
        """End the current stream; `run` opens the next one."""
        if self._reopen is not None and not self._reopen.done():
            self._reopen.set_result(reason)

    async def _use(self, stream: FrameStream) -> str:
        """Read and write until the stream ends; returns why it did."""
        self.connection = next(self._numbers)
        self._outgoing = asyncio.Queue(OUTGOING_MAX)
        self._reopen = asyncio.get_running_loop().create_future()
        self._ear.put(
            ConnectionOpened(self.connection, self.plan.venue, self.plan.feed, self.plan.markets)
        )
        tasks = [
            asyncio.ensure_future(self._read(stream, self.connection)),
            asyncio.ensure_future(self._write(stream)),
        ]
        try:
            ended, _ = await asyncio.wait(
                [*tasks, self._reopen], return_when=asyncio.FIRST_COMPLETED
            )
            return min(future.result() for future in ended)
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            await stream.close()

    def _closed(self) -> int:
        connection, self.connection = self.connection, None
        return -1 if connection is None else connection

    async def _read(self, stream: FrameStream, connection: int) -> str:
        try:
            while True:
                await self._ear.put_frame(connection, "ws", await stream.receive())
        except VenueUnavailableError as error:
            return str(error)

    async def _write(self, stream: FrameStream) -> str:
        try:
            while True:
                await stream.send(await self._outgoing.get())
        except VenueUnavailableError as error:
            return str(error)
