"""What changed since the last look? Server-sent events: whole views, at most four a second.

A client owns one slot a kind. What it did not take in time is replaced by what is newer, and the
number of what was replaced is never sent: a jump in the ids tells the page, as a gap tells us.
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence

import msgspec
from fastapi.sse import format_sse_event
from starlette.responses import StreamingResponse
from starlette.types import Receive, Scope, Send

TICK_S = 0.25
KEEPALIVE_S = 10.0
KEEPALIVE = b": still here\n\n"
CLIENTS_MAX = 16
STUCK_TICKS_MAX = 40
"""Ten seconds in which a listener did not read a single event: its place is for another."""
CUT_EXTENSION = "foreshock.cut"
"""Under this name a server lets us cut a connection: nobody who does not read sees a farewell."""


class Kind(msgspec.Struct, frozen=True):
    """One event. render: the view at a time; every_ticks: looked at once in so many ticks."""

    name: str
    every_ticks: int
    render: Callable[[int], object]


class Client:
    """One listener: memory for one event a kind, whatever its speed."""

    def __init__(self, is_welcome: Callable[[], bool]) -> None:
        self._is_welcome = is_welcome
        self._slots: dict[str, tuple[int, bytes]] = {}
        self._some = asyncio.Event()
        self._number = 0
        self._is_over = False
        self._is_sending = False
        self._stuck_ticks = 0
        self.cut: Callable[[], None] = self.end

    def offer(self, kind: str, data: bytes) -> None:
        """Put an event in its slot, in place of one that was not taken."""
        self._number += 1
        self._slots.pop(kind, None)
        self._slots[kind] = (self._number, data)
        self._some.set()

    def tick(self) -> None:
        """Cut off who has not read for too long: its connection holds memory and a place."""
        self._stuck_ticks = self._stuck_ticks + 1 if self._is_sending else 0
        if self._stuck_ticks > STUCK_TICKS_MAX:
            self.cut()

    def end(self) -> None:
        """Let the listener go at the next opportunity, which is now if it waits."""
        self._is_over = True
        self._some.set()

    def end_now(self) -> None:
        """Let the listener go, by force if it does not read."""
        self.end()
        if self._is_sending:
            self.cut()

    def waiting_count(self) -> int:
        """Events not taken yet."""
        return len(self._slots)

    async def frames(self, keepalive_s: float = KEEPALIVE_S) -> AsyncIterator[bytes]:
        """Wire bytes until the end; a comment whenever nothing was said for a while."""
        while not self._is_over and self._is_welcome():
            if self._slots:
                kind = next(iter(self._slots))
                number, data = self._slots.pop(kind)
                self._is_sending = True
                yield format_sse_event(event=kind, data_str=data.decode(), id=str(number))
                self._is_sending = False
                self._stuck_ticks = 0
                continue
            self._some.clear()
            try:
                await asyncio.wait_for(self._some.wait(), keepalive_s)
            except TimeoutError:
                yield KEEPALIVE


class Stream:
    """Renders every kind once for all listeners, and only while there are any."""

    def __init__(
        self, kinds: Sequence[Kind], clock: Callable[[], int], clients_max: int = CLIENTS_MAX
    ) -> None:
        self._kinds = kinds
        self._clock = clock
        self._clients_max = clients_max
        self._clients: set[Client] = set()
        self._last: dict[str, bytes] = {}
        self._stopping = asyncio.Event()
        self._encoder = msgspec.json.Encoder()

    def join(self, is_welcome: Callable[[], bool]) -> Client | None:
        """A new listener with a full set waiting for it; None when there are too many."""
        if len(self._clients) >= self._clients_max or self._stopping.is_set():
            return None
        client = Client(is_welcome)
        now_us = self._clock()
        for kind in self._kinds:
            client.offer(kind.name, self._encoder.encode(kind.render(now_us)))
        self._clients.add(client)
        return client

    def leave(self, client: Client) -> None:
        """The listener is gone."""
        self._clients.discard(client)

    def count(self) -> int:
        """Listeners now."""
        return len(self._clients)

    def tell(self, tick: int) -> None:
        """Offer whatever of this tick's kinds is not what it was."""
        if not self._clients:
            self._last.clear()
            return
        now_us = self._clock()
        for client in tuple(self._clients):
            client.tick()
        for kind in self._kinds:
            if tick % kind.every_ticks == 0:
                self._tell_kind(kind, now_us)

    async def run(self) -> None:
        """Tick until stopped."""
        tick = 0
        while not self._stopping.is_set():
            tick += 1
            self.tell(tick)
            try:
                await asyncio.wait_for(self._stopping.wait(), TICK_S)
            except TimeoutError:
                continue

    def stop(self) -> None:
        """Send everybody home at once: nobody's open page may delay the end of the desk."""
        self._stopping.set()
        for client in self._clients:
            client.end_now()

    def _tell_kind(self, kind: Kind, now_us: int) -> None:
        data = self._encoder.encode(kind.render(now_us))
        if self._last.get(kind.name) == data:
            return
        self._last[kind.name] = data
        for client in self._clients:
            client.offer(kind.name, data)


class EventResponse(StreamingResponse):
    """The events of one client; its place is given back even when it never began to read."""

    def __init__(self, stream: Stream, client: Client) -> None:
        super().__init__(listen(stream, client), media_type="text/event-stream")
        self._stream = stream
        self._client = client

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        extension = scope.get("extensions", {}).get(CUT_EXTENSION, {})
        self._client.cut = extension.get("abort", self._client.end)
        try:
            await super().__call__(scope, receive, send)
        finally:
            self._stream.leave(self._client)


async def listen(stream: Stream, client: Client) -> AsyncIterator[bytes]:
    """The body of one answer; gives the place back however it ends."""
    try:
        async for frame in client.frames():
            yield frame
    finally:
        stream.leave(client)
