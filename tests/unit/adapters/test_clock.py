"""Everybody reads the machine's clocks, save a context that was given others."""

import asyncio
import contextvars
import time

from foreshock.adapters import clock
from foreshock.core.domain.units import Instant

NEAR_US = 5_000_000


class Stopped:
    def wall_us(self) -> Instant:
        return Instant(17)

    def monotonic_us(self) -> Instant:
        return Instant(3)


def both() -> tuple[int, int]:
    return clock.wall_clock_us(), clock.monotonic_us()


def test_the_machine_is_asked_unless_told_otherwise() -> None:
    wall_us, monotonic_us = both()
    assert abs(wall_us - time.time_ns() // 1_000) < NEAR_US  # noqa: TID251 - the machine is the yardstick
    ahead_us = monotonic_us - time.monotonic_ns() // 1_000  # noqa: TID251 - likewise the yardstick
    assert ahead_us > -NEAR_US, "time asleep counts, which Python's own clock may leave out"


def test_a_context_follows_its_own_clock_and_no_other_does() -> None:
    context = contextvars.copy_context()
    context.run(clock.follow, Stopped())
    assert context.run(both) == (17, 3)
    assert both() > (17, 3)


class Setting:
    """A machine whose clock somebody sets."""

    def __init__(self) -> None:
        self.passed_us = 0
        self.skew_us = 0

    def wall_us(self) -> Instant:
        return Instant(1_000_000_000 + self.passed_us + self.skew_us)

    def monotonic_us(self) -> Instant:
        return Instant(5 + self.passed_us)


def test_the_time_of_a_process_follows_no_step() -> None:
    machine = Setting()
    own = clock.ProcessTime(machine)
    machine.skew_us = -3_600_000_000
    machine.passed_us = 70
    assert own.now_us() == 1_000_000_070
    assert clock.ProcessTime(machine).now_us() == machine.wall_us(), "the next one begins right"


def test_a_pace_changes_every_wait_by_a_fiftieth_and_nothing_at_once() -> None:
    machine = Setting()
    own = clock.ProcessTime(machine)
    for pace, passed in ((1, 51), (-1, 49), (0, 50)):
        before = own.now_us()
        own.go(pace)
        assert own.now_us() == before
        machine.passed_us += 50_000_000
        assert own.now_us() - before == passed * 1_000_000


async def test_what_a_context_starts_reads_the_same_clock() -> None:
    async def told() -> tuple[int, int]:
        await asyncio.sleep(0)
        return await asyncio.to_thread(both)

    context = contextvars.copy_context()
    context.run(clock.follow, Stopped())
    task = asyncio.get_running_loop().create_task(told(), context=context)
    assert await task == (17, 3)
