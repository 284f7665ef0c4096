"""How does an async program run, end and fail? On uvloop; a signal ends it in order."""

import asyncio
import signal
from collections.abc import Coroutine
from typing import Any

import uvloop

from foreshock.core.domain.errors import ForeshockError


def run_to_end(main: Coroutine[Any, Any, None]) -> None:
    """Run until it ends or a signal ends it; a group of our own errors is the first of them."""
    try:
        uvloop.run(_until_signal(main))
    except BaseExceptionGroup as group:
        ours, rest = group.split(ForeshockError)
        if ours is None or rest is not None:
            raise
        raise _first(ours) from group


async def _until_signal(main: Coroutine[Any, Any, None]) -> None:
    """From the first moment on a signal ends the program with code 0 and everything given back.

    Whoever has more to do at the end, such as a desk that still records, takes the signals over.
    """
    loop = asyncio.get_running_loop()
    task = loop.create_task(main)
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, task.cancel)
    await asyncio.wait([task])
    if not task.cancelled():
        task.result()


def _first(group: BaseExceptionGroup[ForeshockError]) -> ForeshockError:
    inner = group.exceptions[0]
    return _first(inner) if isinstance(inner, BaseExceptionGroup) else inner
