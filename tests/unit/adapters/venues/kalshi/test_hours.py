"""Is a package only begun where the exchange trades and will go on trading?"""

from foreshock.adapters.seams import HttpResponse
from foreshock.adapters.venues.beats import Pulse
from foreshock.adapters.venues.kalshi.hours import (
    ANSWER_WAIT,
    SCHEDULE_EVERY,
    STATUS_AGE_MAX,
    STATUS_EVERY,
    KalshiHours,
)
from foreshock.core.domain.units import SECOND, Instant
from tests.unit.adapters.venues.kalshi.builders import Json, changed
from tests.unit.adapters.venues.kalshi.order_samples import answer
from tests.unit.adapters.venues.kalshi.test_maintenance import ACTIVE, WEEK, utc

NOON = utc("2026-11-20T12:00")
SCHEDULE: Json = {"schedule": {"standard_hours": [WEEK], "maintenance_windows": []}}


class Asked:
    """An exchange that is asked every second."""

    def __init__(self, now_us: Instant = NOON) -> None:
        self.hours = KalshiHours()
        pulse: Pulse = self.hours
        self.pulse = pulse
        self.now_us = now_us
        self.status: HttpResponse | None = answer(200, ACTIVE)
        self.schedule: HttpResponse | None = answer(200, SCHEDULE)
        self.paths: list[str] = []

    def run(self, seconds: int) -> "Asked":
        for _ in range(seconds):
            asked = self.pulse.due(self.now_us)
            if asked is not None:
                self.paths.append(asked.path.rpartition("/")[2])
                is_status = self.paths[-1] == "status"
                self.pulse.answered(self.status if is_status else self.schedule)
            self.now_us = Instant(self.now_us + SECOND)
        return self

    def condition(self) -> str:
        return self.hours.condition(self.now_us)[0]


def test_nothing_is_begun_before_the_exchange_has_spoken() -> None:
    at = Asked()
    assert not at.hours.may_submit(NOON)
    at.run(1)
    assert at.hours.may_submit(at.now_us)


def test_the_status_is_asked_often_and_the_schedule_rarely() -> None:
    at = Asked().run(60)
    assert at.paths.count("status") == 60 * SECOND // STATUS_EVERY
    assert at.paths.count("schedule") == 1
    at.now_us = Instant(at.now_us + SCHEDULE_EVERY)
    at.run(3)
    assert at.paths.count("schedule") == 2


def test_one_question_is_under_way_at_a_time() -> None:
    hours = KalshiHours()
    assert hours.due(NOON) is not None
    assert hours.due(Instant(NOON + ANSWER_WAIT - 1)) is None
    assert hours.due(Instant(NOON + ANSWER_WAIT)) is not None


def test_an_old_status_is_not_believed() -> None:
    at = Asked().run(6)
    at.status = None
    at.run(STATUS_AGE_MAX // SECOND - 6)
    assert at.condition() == "open"
    at.run(10)
    assert at.condition() == "not_ready"
    at.status = answer(200, ACTIVE)
    assert at.run(6).condition() == "open"


def test_a_pause_that_the_exchange_tells_is_believed_at_once() -> None:
    at = Asked().run(6)
    for flags, expected in (
        ({"trading_active": False}, "cancel_only"),
        ({"exchange_active": False}, "paused"),
        ({}, "open"),
    ):
        at.status = answer(200 if expected == "open" else 503, changed(ACTIVE, **flags))
        assert at.run(6).condition() == expected
    at.status = answer(
        200,
        changed(
            ACTIVE, trading_active=False, exchange_estimated_resume_time="2026-11-20T13:00:00Z"
        ),
    )
    words = at.run(6).hours.condition(at.now_us)[1]
    assert words == "Kalshi says that it is paused, until about 2026-11-20 13:00 UTC"


def test_the_weekly_pause_casts_its_shadow_with_and_without_a_schedule() -> None:
    for schedule in (answer(200, SCHEDULE), None, answer(200, b"{}"), answer(500)):
        at = Asked(utc("2026-11-26T07:48"))
        at.schedule = schedule
        told = [at.run(60).condition() for _ in range(14)]
        assert told[:2] == ["open", "not_ready"]
        assert told[2:] == ["not_ready"] * 9 + ["cancel_only"] * 3
        assert at.hours.condition(at.now_us)[1] == "Kalshi pauses until 2026-11-26 10:00 UTC"


def test_announced_maintenance_is_heeded_before_it_begins() -> None:
    window = {"start_datetime": "2026-11-20T12:30:00Z", "end_datetime": "2026-11-20T14:00:00Z"}
    body = {"schedule": SCHEDULE["schedule"] | {"maintenance_windows": [window]}}
    at = Asked(utc("2026-11-20T12:19"))
    at.schedule = answer(200, body)
    assert at.run(58).condition() == "open"
    assert at.run(10).condition() == "not_ready"
    assert at.run(600).condition() == "paused"


def test_a_schedule_that_ran_out_falls_back_to_the_rule() -> None:
    week = changed(WEEK, end_time="2026-11-29T05:00:00Z")
    at = Asked(utc("2026-11-20T05:30"))
    at.schedule = answer(200, {"schedule": SCHEDULE["schedule"] | {"standard_hours": [week]}})
    at.run(6)
    at.schedule = None
    at.now_us = utc("2026-11-26T08:30")
    assert at.run(6).condition() == "cancel_only"


def test_an_answer_to_no_question_changes_nothing() -> None:
    hours = KalshiHours()
    hours.answered(answer(200, ACTIVE))
    assert not hours.may_submit(NOON)


def test_a_status_from_our_future_is_asked_for_again_and_not_believed() -> None:
    at = Asked().run(3)
    assert at.condition() == "open"
    at.now_us = Instant(at.now_us - 3_600 * SECOND)
    assert at.condition() == "not_ready"
    assert at.run(2).condition() == "open"
