"""Time jumps, first come is first served, and what goes to a thread runs in its place."""

import asyncio
import threading
from collections.abc import Iterator

import pytest

from foreshock.app.simulation.virtual_loop import VirtualLoop
from foreshock.core.domain.errors import InvariantError
from foreshock.core.domain.units import Instant

START = Instant(1_000_000)
HOUR_S = 3_600.0


@pytest.fixture
def loop() -> Iterator[VirtualLoop]:
    made = VirtualLoop(START, lambda _: 0.25)
    yield made
    made.close()


def test_an_hour_passes_at_once(loop: VirtualLoop) -> None:
    loop.run_until_complete(asyncio.sleep(HOUR_S))
    assert loop.now_us() == START + 3_600_000_000


def test_what_is_ready_keeps_its_order(loop: VirtualLoop) -> None:
    heard: list[int] = []
    for number in range(5):
        loop.call_soon(heard.append, number)
    loop.run_until_complete(asyncio.sleep(2))
    assert heard == [0, 1, 2, 3, 4]


def test_a_thread_is_none_and_costs_virtual_time(loop: VirtualLoop) -> None:
    async def ask() -> int:
        return await asyncio.to_thread(threading.get_ident)

    assert loop.run_until_complete(ask()) == threading.get_ident()
    assert loop.time() == pytest.approx(0.25)


def test_an_error_in_a_thread_reaches_who_waits(loop: VirtualLoop) -> None:
    with pytest.raises(ZeroDivisionError):
        loop.run_until_complete(asyncio.to_thread(divmod, 1, 0))


def test_a_stall_is_time_in_which_nothing_runs(loop: VirtualLoop) -> None:
    late: list[float] = []
    loop.call_at(1.0, lambda: loop.stall(3.0))
    loop.call_at(1.5, lambda: late.append(loop.time()))
    loop.run_until_complete(asyncio.sleep(2))
    assert late == [pytest.approx(4.0)]


def test_waiting_for_nothing_is_an_error(loop: VirtualLoop) -> None:
    with pytest.raises(InvariantError, match="wait for ever"):
        loop.run_until_complete(loop.create_future())


def test_an_error_that_nobody_hears_is_kept(loop: VirtualLoop) -> None:
    loop.call_soon(divmod, 1, 0)
    loop.run_until_complete(asyncio.sleep(1))
    assert "ZeroDivisionError" in loop.failures[0]
