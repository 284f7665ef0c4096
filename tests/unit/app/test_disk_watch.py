"""Is the floor a gibibyte, or a day of recording when that is more?"""

import asyncio
from pathlib import Path

import pytest

from foreshock.app.disk_watch import FLOOR_BYTES, PACE_AFTER, DiskWatch, bytes_in
from foreshock.core.domain.messages.risk import DiskMeasured
from foreshock.core.domain.messages.union import Message
from foreshock.core.domain.units import Instant
from tests.trading import START

GIB = 1024**3


class Clock:
    def __init__(self) -> None:
        self.now_us = START

    def __call__(self) -> Instant:
        return self.now_us


@pytest.mark.parametrize(
    ("ran_us", "used", "floor"),
    [
        (0, 5 * GIB, FLOOR_BYTES),
        (PACE_AFTER - 1, 5 * GIB, FLOOR_BYTES),
        (PACE_AFTER, GIB // 144, FLOOR_BYTES),
        (PACE_AFTER, GIB, 144 * GIB),
        (6 * PACE_AFTER, GIB, 24 * GIB),
    ],
)
def test_the_floor_follows_the_pace_once_it_is_known(ran_us: int, used: int, floor: int) -> None:
    clock = Clock()
    watch = DiskWatch(lambda: 7 * GIB, lambda: used, clock)
    clock.now_us = Instant(START + ran_us)
    assert watch.measure() == DiskMeasured(7 * GIB, max(floor, FLOOR_BYTES))


async def test_the_first_look_comes_at_once() -> None:
    told: list[Message] = []
    task = asyncio.create_task(DiskWatch(lambda: 7, lambda: 0, Clock()).run(told.append))
    await asyncio.sleep(0)
    task.cancel()
    assert told == [DiskMeasured(7, FLOOR_BYTES)]


def test_only_files_take_room(tmp_path: Path) -> None:
    (tmp_path / "journal.fsj").write_bytes(b"x" * 10)
    (tmp_path / "more").mkdir()
    assert bytes_in(tmp_path) == 10
