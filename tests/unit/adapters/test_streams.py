"""A stream is reopened with back-off, under a new number, and says why it ended."""

import asyncio
import random
from itertools import count
from typing import Literal

import pytest

from foreshock.adapters import streams
from foreshock.adapters.streams import StreamKeeper, StreamPlan
from foreshock.core.domain.errors import VenueUnavailableError
from foreshock.core.domain.markets import MarketId
from foreshock.core.domain.messages.market_data import (
    ConnectionClosed,
    ConnectionFailed,
    ConnectionOpened,
)
from foreshock.core.domain.messages.union import Message


class Ears:
    """Keeps what it hears, in order."""

    def __init__(self) -> None:
        self.heard: list[Message | tuple[int, bytes]] = []

    async def put_frame(self, connection: int, kind: Literal["ws", "http"], data: bytes) -> None:
        self.heard.append((connection, data))

    def put(self, message: Message) -> None:
        self.heard.append(message)


class ScriptedStream:
    """Gives its frames, then stays silent or ends."""

    def __init__(self, frames: list[bytes], *, ends: bool) -> None:
        self.sent: list[str] = []
        self.closed = False
        self._frames = frames
        self._ends = ends

    async def receive(self) -> bytes:
        if self._frames:
            return self._frames.pop(0)
        if self._ends:
            raise VenueUnavailableError("stream ended: cut")
        await asyncio.Event().wait()
        raise AssertionError

    async def send(self, text: str) -> None:
        self.sent.append(text)

    async def close(self) -> None:
        self.closed = True


class ScriptedHost:
    """Refuses or opens, as the script says; then opens silent streams."""

    def __init__(self, script: list[ScriptedStream | str]) -> None:
        self.script = script
        self.attempts: list[tuple[str, tuple[tuple[str, str], ...]]] = []

    async def connect(self, path: str, headers: tuple[tuple[str, str], ...]) -> ScriptedStream:
        self.attempts.append((path, headers))
        step = self.script.pop(0) if self.script else ScriptedStream([], ends=False)
        if isinstance(step, str):
            raise VenueUnavailableError(step)
        return step


@pytest.fixture(autouse=True)
def hurry(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(streams, "BACKOFF_BASE_S", 0.001)


def keeper_of(host: ScriptedHost, ears: Ears) -> StreamKeeper:
    stamps = count(1)
    plan = StreamPlan(
        "kalshi",
        "kalshi",
        "/ws",
        lambda now_us: (("stamp", str(next(stamps))),),
        (MarketId("kalshi:A"),),
    )
    return StreamKeeper(host, plan, ears, count(1), random.Random(1))


async def run_until(keeper: StreamKeeper, ears: Ears, length: int) -> None:
    task = asyncio.create_task(keeper.run())
    async with asyncio.timeout(5):
        while len(ears.heard) < length:
            await asyncio.sleep(0.001)
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


async def test_a_cut_stream_is_closed_and_opened_under_the_next_number() -> None:
    ears = Ears()
    host = ScriptedHost([ScriptedStream([b"a", b"b"], ends=True)])
    await run_until(keeper_of(host, ears), ears, 5)
    markets = (MarketId("kalshi:A"),)
    assert ears.heard == [
        ConnectionOpened(1, "kalshi", "kalshi", markets),
        (1, b"a"),
        (1, b"b"),
        ConnectionClosed(1, "kalshi", "stream ended: cut"),
        ConnectionOpened(2, "kalshi", "kalshi", markets),
        ConnectionClosed(2, "kalshi", "not wanted"),
    ]


async def test_refusals_are_told_with_their_attempt_and_headers_are_made_anew() -> None:
    ears = Ears()
    host = ScriptedHost(["refused with 401", "refused with 502"])
    await run_until(keeper_of(host, ears), ears, 3)
    assert ears.heard[:2] == [
        ConnectionFailed("kalshi", "refused with 401", 1),
        ConnectionFailed("kalshi", "refused with 502", 2),
    ]
    assert isinstance(ears.heard[2], ConnectionOpened)
    assert [headers[0][1] for _, headers in host.attempts] == ["1", "2", "3"]


async def test_what_is_sent_leaves_on_the_open_stream() -> None:
    ears, stream = Ears(), ScriptedStream([], ends=False)
    keeper = keeper_of(ScriptedHost([stream]), ears)
    task = asyncio.create_task(keeper.run())
    while keeper.connection is None:
        await asyncio.sleep(0.001)
    keeper.send("one")
    keeper.send("two")
    async with asyncio.timeout(5):
        while len(stream.sent) < 2:
            await asyncio.sleep(0.001)
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    assert stream.sent == ["one", "two"]
    assert stream.closed


async def test_a_stream_declared_dead_is_reopened_with_that_reason() -> None:
    ears, stream = Ears(), ScriptedStream([], ends=False)
    keeper = keeper_of(ScriptedHost([stream]), ears)
    task = asyncio.create_task(keeper.run())
    while keeper.connection is None:
        await asyncio.sleep(0.001)
    keeper.reopen("no PONG")
    async with asyncio.timeout(5):
        while len(ears.heard) < 3:
            await asyncio.sleep(0.001)
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    assert ears.heard[1] == ConnectionClosed(1, "kalshi", "no PONG")
    assert stream.closed
