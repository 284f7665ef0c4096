"""Arrivals keep their order, frames are numbered at receipt, and the queue is bounded."""

import asyncio

import pytest

from foreshock.adapters.storage.tape import TapeFrame
from foreshock.app import inbox as inbox_module
from foreshock.app.inbox import Inbox
from foreshock.core.domain.messages.trading import TimerFired


async def test_arrivals_are_taken_in_order_and_frames_numbered_across_connections() -> None:
    inbox = Inbox()
    await inbox.put_frame(1, "ws", b"a")
    inbox.put(TimerFired("t"))
    await inbox.put_frame(2, "http", b"b")
    batch = await inbox.take()
    assert [a.frame_seq if isinstance(a, TapeFrame) else a for a in batch] == [
        1,
        TimerFired("t"),
        2,
    ]


async def test_a_full_inbox_makes_feeds_wait_but_never_messages(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(inbox_module, "FRAMES_MAX", 2)
    inbox = Inbox()
    await inbox.put_frame(1, "ws", b"a")
    await inbox.put_frame(1, "ws", b"b")
    waiting = asyncio.create_task(inbox.put_frame(1, "ws", b"c"))
    await asyncio.sleep(0)
    assert not waiting.done()
    inbox.put(TimerFired("halt me"))
    assert len(await inbox.take()) == 3
    await waiting
    assert [a.payload for a in await inbox.take() if isinstance(a, TapeFrame)] == [b"c"]


async def test_long_frames_make_feeds_wait_before_they_fill_the_memory(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(inbox_module, "BYTES_MAX", 5)
    inbox = Inbox()
    await inbox.put_frame(1, "ws", b"abc")
    await inbox.put_frame(1, "ws", b"defgh")
    waiting = asyncio.create_task(inbox.put_frame(1, "ws", b"i"))
    await asyncio.sleep(0)
    assert not waiting.done()
    assert len(await inbox.take()) == 2
    await waiting
    assert len(await inbox.take()) == 1


async def test_a_burst_is_taken_in_bounded_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(inbox_module, "BATCH_MAX", 3)
    inbox = Inbox()
    for n in range(7):
        inbox.put(TimerFired(str(n)))
    sizes = [len(await inbox.take()) for _ in range(3)]
    assert sizes == [3, 3, 1]


async def test_taking_waits_until_something_arrives() -> None:
    inbox = Inbox()
    taking = asyncio.create_task(inbox.take())
    await asyncio.sleep(0)
    assert not taking.done()
    inbox.put(TimerFired("t"))
    assert await taking == [TimerFired("t")]
