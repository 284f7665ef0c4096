"""A run that is told to end begins nothing, waits for what is open, and names what is left."""

import asyncio

import pytest

from foreshock.app.ending import Ending, refuse_leftovers
from foreshock.app.exits import CommandError, Exit
from foreshock.core.domain.messages.operations import DeskStopped, DeskStopping, LoopLagged
from foreshock.core.domain.messages.union import Message
from foreshock.core.domain.units import Duration, Instant
from foreshock.core.engine import Entry


class Run:
    """A run in which things are open, and what it was told."""

    def __init__(self, *left: str, seconds_max: float = 60) -> None:
        self.left = list(left)
        self.told: list[Message] = []
        self.ending = Ending(lambda: tuple(self.left), seconds_max, self.told.append)

    def hear(self, message: Message) -> None:
        self.ending.listen(1, Entry(0, None, "outside", message), Instant(1))

    def goes_on(self) -> None:
        """Anything at all is said."""
        self.hear(LoopLagged(Duration(1)))


async def test_with_nothing_open_it_ends_as_soon_as_the_desk_has_heard_of_it() -> None:
    run = Run()
    run.goes_on()
    run.ending.begin("SIGTERM")
    run.goes_on()
    assert run.told == [DeskStopping("SIGTERM")], "the desk itself has not heard of it yet"
    run.hear(DeskStopping("SIGTERM"))
    assert run.told == [DeskStopping("SIGTERM"), DeskStopped("SIGTERM")]
    run.goes_on()
    assert len(run.told) == 2
    assert run.ending.left == ()


async def test_what_is_open_is_waited_for() -> None:
    run = Run("p1: YES a + NO b")
    run.ending.begin("SIGTERM")
    run.hear(DeskStopping("SIGTERM"))
    run.goes_on()
    assert len(run.told) == 1
    run.left.clear()
    run.goes_on()
    assert run.told[-1] == DeskStopped("SIGTERM")


async def test_what_is_not_finished_in_time_is_named() -> None:
    run = Run("p1: YES a + NO b", seconds_max=0.02)
    run.ending.begin("SIGTERM")
    run.hear(DeskStopping("SIGTERM"))
    await asyncio.sleep(0.05)
    assert run.told[-1] == DeskStopped("SIGTERM", ("p1: YES a + NO b",))
    assert run.ending.left == ("p1: YES a + NO b",)


async def test_told_again_it_ends_at_once() -> None:
    run = Run("p1: YES a + NO b")
    run.ending.begin("SIGTERM")
    run.ending.begin("SIGINT")
    run.ending.begin("SIGINT")
    assert run.told[1:] == [DeskStopped("SIGTERM", ("p1: YES a + NO b",))]
    await asyncio.sleep(0)


async def test_what_is_left_decides_the_exit_code() -> None:
    run = Run("p1: YES a + NO b", seconds_max=0)
    run.ending.begin("SIGTERM")
    await asyncio.sleep(0.01)
    with pytest.raises(CommandError, match="1 left open at the venues: p1: YES a") as raised:
        refuse_leftovers(run.ending)
    assert raised.value.exit_code is Exit.LEFT_OPEN
    refuse_leftovers(None)
    refuse_leftovers(Run().ending)
