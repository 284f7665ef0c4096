"""When is our clock warned of, and when does it stop entries?"""

import pytest

from foreshock.core.domain.messages.operations import ClockJudged, ClockRead
from foreshock.core.domain.messages.trading import SetTimer, TimerFired
from foreshock.core.domain.units import SECOND, Duration, Instant
from foreshock.core.risk.clock_watch import UNREAD_AFTER, ClockWatch
from tests.trading import request
from tests.unit.core.risk.desk import RiskDesk

AT = 1_795_000_000 * SECOND


class Told:
    """A watch that is told exact stamps, ten seconds apart."""

    def __init__(self) -> None:
        self.watch = ClockWatch()
        self.now_us = AT
        self.judged: list[ClockJudged] = []
        self.timers: list[SetTimer] = []

    def read(self, offset: int, times: int = 1, venue: str = "kalshi") -> list[ClockJudged]:
        before = len(self.judged)
        for _ in range(times):
            self.now_us += 10 * SECOND
            now_us = Instant(self.now_us)
            stamp_us = Instant(now_us + offset)
            said = self.watch.handle(
                ClockRead(venue, now_us, now_us, stamp_us, Duration(0)), now_us
            )
            self._keep(list(said))
        return self.judged[before:]

    def fire(self, timer_id: str) -> list[ClockJudged]:
        before = len(self.judged)
        self._keep(list(self.watch.handle(TimerFired(timer_id), Instant(self.now_us))))
        return self.judged[before:]

    def _keep(self, said: list[object]) -> None:
        self.judged += [one for one in said if isinstance(one, ClockJudged)]
        self.timers += [one for one in said if isinstance(one, SetTimer)]


@pytest.mark.parametrize(
    ("offset", "state"),
    [
        (0, "good"),
        (250_000, "good"),
        (250_001, "warned"),
        (-250_001, "warned"),
        (500_000, "warned"),
        (500_001, "refused"),
        (-500_001, "refused"),
        (10 * SECOND, "refused"),
    ],
)
def test_the_distance_decides(offset: int, state: str) -> None:
    (judged,) = Told().read(offset, 2)
    assert judged.state == state
    assert (judged.offset_min, judged.offset_max) == (offset, offset)


def test_words_say_by_how_much_on_which_side_and_what_to_do() -> None:
    (behind,) = Told().read(700_000, 2)
    (ahead,) = Told().read(-700_000, 2)
    assert behind.words == (
        "our clock is at least 700 ms behind kalshi's: switch time sync (NTP) on"
    )
    assert "700 ms ahead of kalshi's" in ahead.words


def test_a_clock_that_goes_wrong_is_refused_and_good_again_once_it_is_set() -> None:
    told = Told()
    told.read(0, 3)
    assert told.read(2 * SECOND) == [], "one reading accuses nobody"
    assert [judged.state for judged in told.read(2 * SECOND)] == ["refused"]
    assert [judged.state for judged in told.read(0, 2)] == ["good"]


def test_nothing_is_said_twice() -> None:
    told = Told()
    assert len(told.read(0, 8)) == 1
    assert told.read(40_000, 1) == []


def test_venues_are_judged_apart() -> None:
    told = Told()
    told.read(0, 2)
    (other,) = told.read(SECOND, 2, venue="polymarket")
    assert (other.venue, other.state) == ("polymarket", "refused")


def test_a_venue_that_tells_no_time_is_said_to_be_unread() -> None:
    told = Told()
    told.read(0, 2)
    assert told.timers[-1] == SetTimer("clock/kalshi", UNREAD_AFTER)
    (judged,) = told.fire("clock/kalshi")
    assert (judged.state, judged.offset_min) == ("unread", None)
    assert "told no time for 120 s" in judged.words
    assert told.fire("clock/kalshi") == [], "said once"
    assert told.fire("reconcile/kalshi/orders/timer") == []
    (again,) = told.read(0, 2)
    assert again.state == "good"


@pytest.mark.parametrize("venue", ["polymarket", "kalshi"])
def test_the_guardian_refuses_by_a_clock_that_is_too_far_off_until_it_is_good_again(
    venue: str,
) -> None:
    desk = RiskDesk()
    desk.say(ClockJudged(venue, "refused", 700_000, 800_000, "700 ms behind"))
    assert desk.ask(request()) == "CLOCK_SKEW"
    desk.say(ClockJudged(venue, "warned", 300_000, 400_000, "300 ms behind"))
    assert desk.ask(request()) == "APPROVED"
