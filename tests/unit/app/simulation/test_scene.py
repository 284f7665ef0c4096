"""Each trouble takes effect, healing mends it, and the desk lives through it by its own code."""

import asyncio
import random
from collections.abc import Callable, Iterator

import pytest

from foreshock.app.simulation.chronicle import Chronicle
from foreshock.app.simulation.ground import URLS, ground
from foreshock.app.simulation.mix import TROUBLES, Mix, draw_mix
from foreshock.app.simulation.network import Host
from foreshock.app.simulation.observed import Onlooker, ProcessEnded, ProcessStarted, Said
from foreshock.app.simulation.person import Person
from foreshock.app.simulation.process import SimProcess
from foreshock.app.simulation.scene import Costs, Scene
from foreshock.app.simulation.troubles import BY_NAME, begin
from foreshock.app.simulation.troubles_machine import ACTS_MAX, crash
from foreshock.app.simulation.troubles_venue import pull
from foreshock.app.simulation.venues import Venues
from foreshock.app.simulation.virtual_loop import VirtualLoop
from foreshock.app.simulation.words import HOSTILE
from foreshock.core.domain.messages.decisions import Halted
from foreshock.core.domain.messages.operations import HaltRequested
from foreshock.core.domain.units import Instant


class Stage:
    """A scene whose time a test lets pass."""

    def __init__(self, *troubles: str, seed: int = 1) -> None:
        drawn = draw_mix("calm", random.Random(seed))
        mix = Mix(
            name="test",
            start_us=drawn.start_us,
            heal_s=1.0,
            hurt_s=60.0,
            pair_ids=drawn.pair_ids,
            troubles=tuple((name, 1.0) for name in troubles),
        )
        costs = Costs(seed)
        self.loop = VirtualLoop(mix.start_us, costs)
        self.chronicle = Chronicle(Onlooker([]))
        asyncio.set_event_loop(self.loop)
        self.scene = Scene(seed, mix, self.loop, costs, self.chronicle)
        self.chronicle.watch(self.scene.person)

    def run(self, seconds: float) -> None:
        self.loop.run_until_complete(asyncio.sleep(seconds))

    def close(self) -> None:
        async def end() -> None:
            for process in self.scene.processes:
                process.kill()
                await process.ended()

        self.loop.run_until_complete(end())
        asyncio.set_event_loop(None)
        self.loop.close()


MakeStage = Callable[..., Stage]


@pytest.fixture
def staged() -> Iterator[MakeStage]:
    """Makes stages and ends them, whatever a test found."""
    made: list[Stage] = []

    def make(*troubles: str) -> Stage:
        made.append(Stage(*troubles))
        return made[-1]

    yield make
    for stage in made:
        stage.close()


def test_there_is_a_trouble_for_every_name() -> None:
    assert list(BY_NAME) == list(TROUBLES)


@pytest.mark.parametrize(
    "name", sorted(set(TROUBLES) - {"requests", "frames", "lies", "crash", "hedges"})
)
def test_a_trouble_takes_effect_by_itself(name: str, staged: MakeStage) -> None:
    stage = staged(name)
    begin(stage.scene)
    if name in {"people", "sets"}:
        stage.scene.attend()
    stage.run(240.0)
    assert stage.chronicle.faults or any(h.weather.is_down for h in hosts(stage)), name
    stage.scene.enter_healing()
    assert all(host.weather == type(host.weather)() for host in hosts(stage))
    assert stage.scene.machine.skew_us == 0
    assert stage.scene.costs.slow_s == 0.0


@pytest.mark.parametrize("name", ["requests", "frames", "lies"])
def test_bad_weather_is_somewhere_until_healing(name: str, staged: MakeStage) -> None:
    stage = staged(name)
    begin(stage.scene)
    assert any(host.weather != type(host.weather)() for host in hosts(stage))
    stage.scene.enter_healing()
    assert all(host.weather == type(host.weather)() for host in hosts(stage))


def hosts(stage: Stage) -> list[Host]:
    assert isinstance(stage.scene.venues, Venues)
    return list(stage.scene.venues.hosts.values())


def test_a_desk_starts_is_killed_and_starts_again_from_its_disk(staged: MakeStage) -> None:
    stage = staged()
    scene = stage.scene
    scene.venues.live()
    first = scene.start(scene.machine)
    stage.run(5.0)
    assert isinstance(first, SimProcess)
    first.tell(HaltRequested("all", "somebody", "a feeling"))
    stage.run(1.0)
    scene.crash("a test")
    assert not first.is_alive
    assert first.words == "killed"
    scene.start(scene.machine)
    scene.person.halted.clear()
    stage.run(3.0)
    assert scene.person.halted == {"all"}, "a halt outlives its process"


def test_a_second_desk_is_refused_while_the_first_lives(staged: MakeStage) -> None:
    stage = staged()
    scene = stage.scene
    scene.venues.live()
    scene.start(scene.machine)
    stage.run(3.0)
    scene.start_twin()
    stage.run(3.0)
    first, twin = scene.processes
    assert first.is_alive
    assert not twin.is_alive
    assert "another desk trades on" in twin.words


def test_a_crash_may_strike_any_act_of_the_disk(staged: MakeStage) -> None:
    stage = staged()
    scene = stage.scene
    scene.venues.live()
    process = scene.start(scene.machine)
    scene.crash_at_act(30)
    stage.run(20.0)
    assert not process.is_alive
    assert scene.machine.disk.acts_count == 30 <= ACTS_MAX


def test_a_person_restarts_arms_and_resumes(staged: MakeStage) -> None:
    stage = staged()
    scene = stage.scene
    scene.venues.live()
    scene.attend()
    stage.run(60.0)
    assert scene.person.armed == {"polymarket", "kalshi"}
    assert scene.process is not None
    scene.process.tell(HaltRequested("kalshi", "somebody", "a feeling"))
    stage.run(60.0)
    assert scene.person.halted == set()
    scene.crash("a test")
    stage.run(120.0)
    assert len(scene.processes) == 2
    assert scene.person.armed == {"polymarket", "kalshi"}


def test_a_person_sees_only_the_newest_desk() -> None:
    person = Person(random.Random(1))
    eyes = Onlooker([person])
    at_us = Instant(1)
    eyes.see(Said(at_us, 1, 1, "guardian", Halted("all", "x", "y"), is_input=False))
    assert person.halted == {"all"}
    eyes.see(ProcessEnded(at_us, 1, was_killed=True, words="killed"))
    eyes.see(ProcessStarted(at_us, 2, "build", "live"))
    assert person.halted == set()


def test_a_refused_lever_does_not_happen(staged: MakeStage) -> None:
    stage = staged()
    pull(stage.scene, "kalshi", "market", {"ticker": "NOWHERE", "action": "pause"})
    assert stage.chronicle.reached == {"lever refused": 1}
    assert len(set(HOSTILE)) == len(HOSTILE)


def test_the_ground_knows_no_real_host() -> None:
    settings = ground().settings
    named = {settings.polymarket.gamma_url, settings.polymarket.clob_url, settings.kalshi.rest_url}
    assert named <= set(URLS.values())
    assert crash is BY_NAME["crash"]
