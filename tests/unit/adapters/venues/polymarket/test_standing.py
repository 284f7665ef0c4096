"""Is it asked whether this account may buy from here, and what follows from the answers?"""

import msgspec
import pytest

from foreshock.adapters.seams import HttpResponse
from foreshock.adapters.venues.polymarket.standing import ANSWER_WAIT, EVERY, RETRY, Standing
from foreshock.core.domain.accounts import VenueCondition
from foreshock.core.domain.units import SECOND, Instant
from tests.trading import START

ACCOUNT, PLACE = "/auth/ban-status/closed-only", "/api/geoblock"


def said(**words: object) -> HttpResponse:
    return HttpResponse(200, msgspec.json.encode(words))


def place(*, blocked: bool) -> HttpResponse:
    """Source: the venue's page on geographic restrictions, November 2026."""
    return said(blocked=blocked, ip="203.0.113.7", country="GB", region="LND")


class Asked:
    """A standing whose questions are answered as a test says; time moves when told."""

    def __init__(self) -> None:
        self.standing = Standing()
        self.now_us = START

    def ask(self) -> str | None:
        unsigned = self.standing.due(self.now_us)
        return None if unsigned is None else unsigned.path

    def answer(self, account: HttpResponse | None, here: HttpResponse | None) -> None:
        assert self.ask() == ACCOUNT
        self.standing.answered(account)
        assert self.ask() == PLACE
        self.standing.answered(here)

    def wait(self, span_us: int) -> None:
        self.now_us = Instant(self.now_us + span_us)

    def condition(self) -> VenueCondition:
        return self.standing.condition(self.now_us)[0]


def test_nothing_is_begun_before_the_account_is_known() -> None:
    asked = Asked()
    assert asked.condition() == "not_ready"
    asked.answer(said(closed_only=False), place(blocked=False))
    assert asked.condition() == "open"


@pytest.mark.parametrize(
    ("closed_only", "blocked", "condition"),
    [(True, False, "closing_only"), (False, True, "geoblocked"), (True, True, "geoblocked")],
)
def test_either_answer_stops_entries(
    *, closed_only: bool, blocked: bool, condition: VenueCondition
) -> None:
    asked = Asked()
    asked.answer(said(closed_only=closed_only), place(blocked=blocked))
    assert asked.condition() == condition


def test_both_are_asked_again_every_five_minutes() -> None:
    asked = Asked()
    asked.answer(said(closed_only=False), place(blocked=False))
    asked.wait(EVERY - 1)
    assert asked.ask() is None
    asked.wait(1)
    asked.answer(said(closed_only=True), place(blocked=False))
    assert asked.condition() == "closing_only"
    asked.wait(EVERY)
    asked.answer(said(closed_only=False), place(blocked=False))
    assert asked.condition() == "open"


@pytest.mark.parametrize("answer", [None, HttpResponse(503, b""), HttpResponse(200, b"<html>")])
def test_what_cannot_be_read_is_asked_again_soon_and_changes_nothing(
    answer: HttpResponse | None,
) -> None:
    asked = Asked()
    asked.answer(answer, answer)
    assert asked.condition() == "not_ready"
    asked.wait(RETRY)
    asked.answer(said(closed_only=False), place(blocked=True))
    asked.wait(EVERY)
    asked.answer(answer, answer)
    assert asked.condition() == "geoblocked"


def test_a_silent_website_does_not_stop_the_desk() -> None:
    asked = Asked()
    asked.answer(said(closed_only=False), None)
    assert asked.condition() == "open"


def test_one_question_is_under_way_at_a_time_and_a_lost_one_is_given_up() -> None:
    asked = Asked()
    assert asked.ask() == ACCOUNT
    assert asked.ask() is None
    asked.wait(ANSWER_WAIT)
    assert asked.ask() == PLACE
    asked.standing.answered(None)
    asked.standing.answered(said(closed_only=False))
    assert asked.condition() == "not_ready", "an answer to no question is ignored"
    asked.wait(30 * SECOND)
    assert asked.ask() == ACCOUNT
