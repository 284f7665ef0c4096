"""Fine weather does nothing; each chance does its own thing, and says its name."""

import random

import pytest

from foreshock.app.simulation.weather import CHANGES, LATENCY_S, Weather, draw

SEEDS = range(50)


def test_in_fine_weather_a_request_only_takes_its_time() -> None:
    for seed in SEEDS:
        passage = draw(Weather(), random.Random(seed))
        assert LATENCY_S[0] <= passage.there_s <= LATENCY_S[1]
        assert passage.faults == ()
        assert not passage.is_lost


@pytest.mark.parametrize(("name", "fault"), [(name, fault) for name, fault, _ in CHANGES])
def test_each_chance_is_a_fault_of_its_own(name: str, fault: str) -> None:
    passage = draw(Weather(**{name: 1.0}), random.Random(3))  # pyright: ignore[reportArgumentType]  # names of chances
    assert passage.faults == (fault,)
    assert passage != draw(Weather(), random.Random(3))


def test_a_link_that_is_down_loses_everything() -> None:
    passage = draw(Weather(is_down=True), random.Random(1))
    assert passage.is_lost
    assert passage.faults == ("link down",)


def test_a_chance_strikes_about_as_often_as_it_says() -> None:
    rng = random.Random(5)
    struck = sum(draw(Weather(request_lost=0.2), rng).is_lost for _ in range(2_000))
    assert 320 < struck < 480
