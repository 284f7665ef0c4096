"""Fault row D2 to the second: the wall clock is set while an order's fate is open.

A whole simulated process with its real loop, gateway and clocks. The first placing request is lost
on its way, and in the same instant somebody sets the machine's clock.
"""

import asyncio
import random
from collections.abc import Iterable, Iterator, Mapping

import pytest

from foreshock.adapters.venues.tracking import LATE_ARRIVAL
from foreshock.app.clock_steps import INCIDENT
from foreshock.app.simulation.chronicle import Chronicle
from foreshock.app.simulation.mix import Mix, draw_mix
from foreshock.app.simulation.observed import Hearing, Onlooker, Said, Sent, Violation
from foreshock.app.simulation.person import ARMED_S
from foreshock.app.simulation.scene import Costs, Scene
from foreshock.app.simulation.virtual_loop import VirtualLoop
from foreshock.core.domain.messages.decisions import IncidentOpened, IncidentResolved
from foreshock.core.domain.messages.operations import ClockJudged, ClockRead
from foreshock.core.domain.messages.trading import OrderClosed
from foreshock.core.domain.units import SECOND

LOOKED_FOR_S = 60.0


class Witness:
    """Loses the first order on its way and sets the clock just then; notes what is said."""

    invariant = "clock steps"

    def __init__(self) -> None:
        self.scene: Scene | None = None
        self.step_s = 0
        self.sent: list[Sent] = []
        self.said: list[Said] = []

    def hearings(self) -> Mapping[type, Hearing]:
        return {Sent: self._see, Said: self._hear}

    def _see(self, sent: Sent) -> Iterable[Violation]:
        if sent.kind == "place":
            self.sent.append(sent)
            if len(self.sent) == 1 and self.scene is not None:
                self._lose(self.scene, sent.venue)
        return ()

    def _lose(self, scene: Scene, venue: str) -> None:
        scene.machine.skew_us += self.step_s * SECOND
        for host in scene.venues.hosts.values():
            if host.venue == venue:
                host.weather.request_lost = 1.0
                scene.loop.call_soon(setattr, host.weather, "request_lost", 0.0)

    def _hear(self, said: Said) -> Iterable[Violation]:
        self.said.append(said)
        return ()

    def absent_after_us(self) -> int:
        """True time from the first send to the proof that the order never arrived."""
        first = self.sent[0]
        (proven,) = [
            said.at_us
            for said in self.said
            if isinstance(said.message, OrderClosed)
            and said.message.order_id == first.order_id
            and "proven absent" in said.message.reason
        ]
        return proven - first.at_us


@pytest.fixture
def witness() -> Iterator[Witness]:
    """A desk that trades in fine weather; the test sets `step_s` and lets time pass."""
    seen = Witness()
    drawn = draw_mix("calm", random.Random(1))
    mix = Mix(
        name="test",
        start_us=drawn.start_us,
        heal_s=1.0,
        hurt_s=600.0,
        pair_ids=drawn.pair_ids,
        troubles=(),
    )
    costs = Costs(1)
    loop = VirtualLoop(mix.start_us, costs)
    chronicle = Chronicle(Onlooker([seen]))
    asyncio.set_event_loop(loop)
    scene = seen.scene = Scene(1, mix, loop, costs, chronicle)
    chronicle.watch(scene.person)
    scene.venues.live()
    scene.attend()
    yield seen

    async def end() -> None:
        for process in scene.processes:
            process.kill()
            await process.ended()

    loop.run_until_complete(end())
    asyncio.set_event_loop(None)
    loop.close()


def until_sent(witness: Witness) -> Scene:
    """Let the desk trade until its first order left."""
    scene = witness.scene
    assert scene is not None
    for _ in range(ARMED_S):
        scene.loop.run_until_complete(asyncio.sleep(1.0))
        if witness.sent:
            return scene
    raise AssertionError("nothing was sent")


@pytest.mark.parametrize("step_s", [0, 60, -60, 3_600, -3_600])
def test_D2_an_absence_is_proven_in_true_time_whatever_the_wall_clock_shows(
    witness: Witness, step_s: int
) -> None:
    witness.step_s = step_s
    scene = until_sent(witness)
    scene.loop.run_until_complete(asyncio.sleep(LOOKED_FOR_S))
    assert LATE_ARRIVAL <= witness.absent_after_us() <= LATE_ARRIVAL + 10 * SECOND
    names = [sent.order_id for sent in witness.sent]
    assert len(names) == len(set(names)), "no order left twice"


@pytest.mark.parametrize("step_s", [60, -60])
def test_D2_a_step_is_told_and_the_desk_goes_on_by_its_own_time(
    witness: Witness, step_s: int
) -> None:
    witness.step_s = step_s
    scene = until_sent(witness)
    scene.loop.run_until_complete(asyncio.sleep(LOOKED_FOR_S))
    told = [s.message for s in witness.said if isinstance(s.message, IncidentOpened)]
    (step,) = [m for m in told if m.id.startswith(INCIDENT)]
    assert f"{step_s:+d}.0 s" in step.words
    judged = {s.message.state for s in witness.said if isinstance(s.message, ClockJudged)}
    assert judged <= {"good", "unread"}, "the venues still agree with the desk"
    scene.machine.skew_us = 0
    scene.loop.run_until_complete(asyncio.sleep(LOOKED_FOR_S))
    ended = [s.message for s in witness.said if isinstance(s.message, IncidentResolved)]
    assert step.id in {m.id for m in ended}


def states(witness: Witness) -> dict[str, str]:
    """What was last judged of the desk's time, by venue."""
    judged = [s.message for s in witness.said if isinstance(s.message, ClockJudged)]
    return {m.venue: m.state for m in judged}


@pytest.mark.parametrize("skew_s", [3, -3])
def test_D2_a_time_that_was_wrong_from_the_start_is_put_right_without_a_step(
    witness: Witness, skew_s: int
) -> None:
    """The machine booted with a wrong clock, and time sync set it while the desk ran."""
    scene = witness.scene
    assert scene is not None
    scene.crash("it never began")
    scene.machine.skew_us = skew_s * SECOND
    scene.start(scene.machine)
    scene.loop.run_until_complete(asyncio.sleep(60))
    assert set(states(witness).values()) == {"refused"}
    scene.machine.skew_us = 0
    scene.loop.run_until_complete(asyncio.sleep(240))
    assert set(states(witness).values()) == {"good"}
    instants = [
        said.message.recv_us for said in witness.said if isinstance(said.message, ClockRead)
    ]
    assert instants == sorted(instants)
