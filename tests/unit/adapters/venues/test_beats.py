"""Does the strictest word of a venue's pulses count, and does each hear its own answers?"""

from itertools import permutations
from typing import get_args

import msgspec
import pytest

from foreshock.adapters.seams import HttpResponse
from foreshock.adapters.venues.beats import SEVERITY, Beats
from foreshock.adapters.venues.budget import Budget
from foreshock.adapters.venues.conditions import Conditions
from foreshock.adapters.venues.jobs import Jobs
from foreshock.adapters.venues.order_path import RequestHost, Unsigned
from foreshock.app.kalshi_terms import BASIC_BUDGET
from foreshock.core.domain.accounts import VenueCondition
from foreshock.core.domain.units import SECOND, Instant
from tests.trading import START

ANSWER = HttpResponse(200, b"{}")


class Scripted:
    """A pulse that always asks, and says what a test sets."""

    def __init__(self, host: RequestHost = "trading") -> None:
        self.says: VenueCondition = "open"
        self.heard: list[HttpResponse | None] = []
        self._host: RequestHost = host

    def due(self, now_us: Instant) -> Unsigned | None:
        del now_us
        return Unsigned(venue="polymarket", kind="read", method="GET", path="/x", host=self._host)

    def answered(self, answer: HttpResponse | None) -> None:
        self.heard.append(answer)

    def condition(self, now_us: Instant) -> tuple[VenueCondition, str]:
        del now_us
        return self.says, f"it is {self.says}"


class Scene:
    """Two pulses of one venue."""

    def __init__(self) -> None:
        self.first, self.second = Scripted(), Scripted("website")
        self.beats = Beats({"polymarket": self.first, "polymarket/standing": self.second}, {})
        self.jobs = Jobs({"polymarket": Budget(BASIC_BUDGET)})
        self.conditions = Conditions()
        self.now_us = START

    def look(self) -> list[tuple[str, str]]:
        self.now_us = Instant(self.now_us + SECOND)
        told = self.beats.look(self.jobs, self.conditions, self.now_us)
        return [(one.venue, one.condition) for one in told]


def test_every_condition_has_its_place() -> None:
    assert set(SEVERITY) == set(get_args(VenueCondition))


@pytest.mark.parametrize("said", [*permutations(["open", "not_ready", "geoblocked", "paused"], 2)])
def test_the_strictest_word_counts(said: tuple[VenueCondition, VenueCondition]) -> None:
    scene = Scene()
    scene.first.says, scene.second.says = said
    assert scene.look() == [("polymarket", max(said, key=SEVERITY.index))]


def test_the_venue_is_open_again_when_both_say_so() -> None:
    scene = Scene()
    scene.first.says, scene.second.says = "not_ready", "closing_only"
    scene.look()
    scene.second.says = "open"
    assert scene.look() == [("polymarket", "not_ready")]
    scene.first.says = "open"
    assert scene.look() == [("polymarket", "open")]
    assert scene.look() == []


def test_each_pulse_hears_the_answers_to_its_own_questions() -> None:
    scene = Scene()
    scene.look()
    first, second = scene.jobs.take(scene.now_us)
    scene.beats.answered(second, ANSWER)
    assert (scene.first.heard, scene.second.heard) == ([], [ANSWER])
    scene.beats.answered(first, None)
    assert scene.first.heard == [None]


def test_nothing_is_signed_for_the_website() -> None:
    scene = Scene()
    scene.look()
    first, second = scene.jobs.take(scene.now_us)
    assert first.request is None
    assert second.request is not None
    assert msgspec.structs.asdict(second.request)["headers"] == ()
