"""A TCP proxy that misbehaves: late bytes, cut and half-closed connections, garbage.

What happens is drawn from a seed, chunk by chunk; when it happens depends on the machine, so a seed
names a mix of faults and not an exact run. Nothing happens before `hurt` and after `heal`.
"""

import asyncio
import random
import threading
from collections import Counter
from collections.abc import Mapping
from typing import Literal, TypeAlias
from urllib.parse import urlsplit

Fault: TypeAlias = Literal["late", "slow", "cut", "cut after", "half-close", "garbage"]
FAULTS: tuple[Fault, ...] = ("late", "slow", "cut", "cut after", "half-close", "garbage")
CHUNK_BYTES = 65_536
GARBAGE_BYTES_MAX = 400
LATE_S_MAX = 0.6
SLOW_S_MAX = 6.0
START_S_MAX = 10.0
SHARE_MAX = 0.06
"""At most so many chunks meet a fault: with more of them a desk does nothing but reconnect."""


class Mix:
    """Which faults there are, and how many chunks meet one."""

    def __init__(self, seed: int) -> None:
        self._rng = random.Random(seed)
        self.kinds = self._rng.sample(FAULTS, self._rng.randint(2, len(FAULTS)))
        self.share = self._rng.uniform(SHARE_MAX / 6, SHARE_MAX)

    def draw(self) -> Fault | None:
        """What the next chunk meets."""
        return self._rng.choice(self.kinds) if self._rng.random() < self.share else None

    def seconds(self, most: float) -> float:
        """How long something lasts."""
        return self._rng.uniform(0, most)

    def garbage(self) -> bytes:
        """Bytes that nobody sent."""
        return self._rng.randbytes(self._rng.randint(1, GARBAGE_BYTES_MAX))


class Proxies:
    """A proxy before each of some hosts, served from a thread. Use it in a `with`."""

    def __init__(self, targets: Mapping[str, str], seed: int) -> None:
        self._targets = {name: urlsplit(url) for name, url in targets.items()}
        self._mix = Mix(seed)
        self._is_hurting = False
        self._is_up = threading.Event()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._end: asyncio.Event | None = None
        self._carried: set[asyncio.Task[None]] = set()
        self._thread = threading.Thread(target=lambda: asyncio.run(self._serve()))
        self.urls: dict[str, str] = {}
        self.met: Counter[str] = Counter()

    def __enter__(self) -> "Proxies":
        self._thread.start()
        assert self._is_up.wait(START_S_MAX), "the proxies did not start"
        return self

    def __exit__(self, *_: object) -> None:
        if self._loop is not None and self._end is not None:
            self._loop.call_soon_threadsafe(self._end.set)
        self._thread.join(START_S_MAX)

    @property
    def words(self) -> str:
        """The mix of faults."""
        return f"{', '.join(self._mix.kinds)} in {self._mix.share:.1%} of the chunks"

    def hurt(self) -> None:
        """From now on chunks meet faults."""
        self._is_hurting = True

    def heal(self) -> None:
        """Bytes pass as they are again; what is late still arrives."""
        self._is_hurting = False

    async def _serve(self) -> None:
        self._loop, self._end = asyncio.get_running_loop(), asyncio.Event()
        servers = [await self._listen(name) for name in self._targets]
        self._is_up.set()
        await self._end.wait()
        for server in servers:
            server.close()
        for carried in [*self._carried]:
            carried.cancel()
        await asyncio.gather(*self._carried, return_exceptions=True)
        await asyncio.sleep(0)  # aborted transports close in the next round of the loop

    async def _listen(self, name: str) -> asyncio.Server:
        target = self._targets[name]
        assert target.hostname is not None
        host, port = target.hostname, target.port

        async def accept(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            task = asyncio.current_task()
            assert task is not None
            self._carried.add(task)
            task.add_done_callback(self._carried.discard)
            writers = [writer]
            try:
                away_reader, away = await asyncio.open_connection(host, port)
                writers.append(away)
                await asyncio.gather(
                    self._carry(reader, away, writer), self._carry(away_reader, writer, away)
                )
            except (OSError, asyncio.CancelledError):
                return
            finally:
                for one in writers:
                    one.transport.abort()

        server = await asyncio.start_server(accept, "127.0.0.1", 0)
        self.urls[name] = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        return server

    async def _carry(
        self,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
        other: asyncio.StreamWriter,
    ) -> None:
        """One direction, until its end or a fault that ends it."""
        try:
            while data := await reader.read(CHUNK_BYTES):
                if not await self._pass(data, writer, other):
                    return
            if writer.can_write_eof():
                writer.write_eof()
        except (OSError, RuntimeError):
            writer.transport.abort()

    async def _pass(
        self, data: bytes, writer: asyncio.StreamWriter, other: asyncio.StreamWriter
    ) -> bool:
        """Let a chunk through, or not; False when nothing more may follow."""
        fault = self._mix.draw() if self._is_hurting else None
        if fault is not None:
            self.met[fault] += 1
        if fault == "cut":
            writer.transport.abort()
            other.transport.abort()
            return False
        if fault == "half-close":
            writer.write_eof()
            return False
        if fault in {"late", "slow"}:
            await asyncio.sleep(self._mix.seconds(LATE_S_MAX if fault == "late" else SLOW_S_MAX))
        writer.write(self._mix.garbage() if fault == "garbage" else data)
        await writer.drain()
        if fault == "cut after":
            writer.transport.abort()
            other.transport.abort()
            return False
        return True
