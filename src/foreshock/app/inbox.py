"""What has arrived and waits for the desk? One bounded queue for frames and messages, in order."""

import asyncio
from collections import deque
from collections.abc import Callable
from typing import Literal

from foreshock.adapters.clock import wall_clock_us
from foreshock.adapters.storage.tape import TapeFrame
from foreshock.core.domain.messages.union import Message

FRAMES_MAX = 20_000
"""Frames that may wait; a feed that is faster waits with its socket unread."""
BYTES_MAX = 128 * 1024 * 1024
"""Bytes that may wait in frames: half of the longest record that a tape takes."""
BATCH_MAX = 5_000
"""Arrivals taken at once, so that answers and halts never wait behind an endless burst."""

Arrival = TapeFrame | Message


class Inbox:
    """Feeds and callers put, the desk takes everything there is. Numbers frames at receipt.

    overhear: told of every arrival as it is queued; None for nobody.
    """

    def __init__(self) -> None:
        self.overhear: Callable[[Arrival], None] | None = None
        self._arrivals: deque[Arrival] = deque()
        self._frames_count = 0
        self._bytes_count = 0
        self._frame_seq = 0
        self._some = asyncio.Event()
        self._room = asyncio.Event()
        self._room.set()

    async def put_frame(self, connection: int, kind: Literal["ws", "http"], data: bytes) -> None:
        """Stamp and queue a frame; waits while FRAMES_MAX or BYTES_MAX are queued."""
        recv_us = wall_clock_us()
        while self._frames_count >= FRAMES_MAX or self._bytes_count >= BYTES_MAX:
            self._room.clear()
            await self._room.wait()
        self._frame_seq += 1
        self._frames_count += 1
        self._bytes_count += len(data)
        self._queue(TapeFrame(self._frame_seq, recv_us, connection, kind, data))

    def put(self, message: Message) -> None:
        """Queue a message; these are few and never wait."""
        self._queue(message)

    def _queue(self, arrival: Arrival) -> None:
        self._arrivals.append(arrival)
        self._some.set()
        if self.overhear is not None:
            self.overhear(arrival)

    async def take(self) -> list[Arrival]:
        """Wait for arrivals and take them, at most BATCH_MAX, oldest first."""
        await self._some.wait()
        count = min(len(self._arrivals), BATCH_MAX)
        batch = [self._arrivals.popleft() for _ in range(count)]
        sizes = [len(arrival.payload) for arrival in batch if isinstance(arrival, TapeFrame)]
        self._frames_count -= len(sizes)
        self._bytes_count -= sum(sizes)
        self._room.set()
        if not self._arrivals:
            self._some.clear()
        return batch
