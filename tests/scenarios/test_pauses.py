"""Does a live desk respect Kalshi's pauses? Status and calendar, through the real gateway."""

import pytest

from foreshock.adapters.seams import HttpResponse
from foreshock.adapters.venues.jobs import Job
from foreshock.app.live_parts import live_venue
from foreshock.core.domain.messages import account as a
from foreshock.core.domain.messages.decisions import TradeRefused
from foreshock.core.domain.units import SECOND, Instant
from tests.scenarios.live_scene import Scene
from tests.unit.adapters.venues.kalshi.test_maintenance import utc

THURSDAY_3_IN_NEW_YORK = utc("2026-11-19T08:00")
MINUTE = 60 * SECOND


def scene() -> Scene:
    made = Scene()
    made.offer_both()
    return made.ready()


def conditions(at: Scene) -> list[str]:
    return [m.condition for m in at.desk.said(a.VenueConditionTold) if m.venue == "kalshi"]


def test_no_pair_is_begun_in_a_trading_pause_and_they_are_again_after_it() -> None:
    at = scene()
    at.lever("kalshi", "venue", trading_active=False)
    at.desk.run(7)
    at.trade()
    at.desk.run(5)
    assert at.placed("polymarket") == at.placed("kalshi") == 0
    refused = at.desk.said(TradeRefused)[-1].refusal
    assert refused.code == "VENUE_CONDITION"
    assert "Kalshi says that it is paused" in refused.words
    at.lever("kalshi", "venue", trading_active=True)
    at.desk.run(7)
    package = at.trade()
    at.desk.run(10)
    assert at.outcome(package) == "hedged"
    assert conditions(at)[-2:] == ["cancel_only", "open"]


def told_at(now_us: int) -> list[str]:
    """What the gateway says of Kalshi once it has asked at an instant."""
    made = Scene()
    account, face = made.accounts[1], made.accounts[1].trading.face
    gateway = live_venue([account.account], lambda _order, _now_us: None)
    said: list[str] = []
    for second in range(5):
        at_us = Instant(now_us + second * SECOND)
        jobs: list[Job] = gateway.take_jobs(at_us)
        for job in jobs:
            answer: HttpResponse = face.handle(account.signer.sign(job.unsigned, at_us), at_us)
            gateway.answered(job.id, answer, at_us)
        for message in gateway.due(at_us):
            assert isinstance(message, a.VenueConditionTold)
            said.append(f"{message.condition}: {message.words}")
    return said


def test_nothing_new_is_begun_from_ten_minutes_before_the_weekly_pause() -> None:
    before = told_at(THURSDAY_3_IN_NEW_YORK - 11 * MINUTE)
    assert before[-1] == "open: Kalshi trades"
    after = told_at(THURSDAY_3_IN_NEW_YORK - 9 * MINUTE)
    assert not any(words.startswith("open") for words in after)
    assert after[0].startswith("not_ready")
    during = told_at(THURSDAY_3_IN_NEW_YORK + MINUTE)
    assert during[-1] == "cancel_only: Kalshi pauses until 2026-11-19 10:00 UTC"


@pytest.mark.parametrize(
    ("lever", "body", "condition", "words"),
    [
        ("condition", {"name": "geoblocked"}, "geoblocked", "from where this desk stands"),
        ("standing", {"is_closed_only": True}, "closing_only", "only close positions"),
    ],
)
def test_a_place_or_an_account_that_may_not_buy_begins_nothing(
    lever: str, body: dict[str, object], condition: str, words: str
) -> None:
    at = Scene()
    at.offer_both()
    named = {"wallet": at.holder.wallet} if lever == "standing" else {}
    at.lever("polymarket", lever, **body, **named)
    at.ready()
    at.trade()
    at.desk.run(5)
    refused = at.desk.said(TradeRefused)[-1].refusal
    assert refused.code == "VENUE_CONDITION"
    assert words in refused.words
    told = [m for m in at.desk.said(a.VenueConditionTold) if m.venue == "polymarket"]
    assert told[-1].condition == condition
    assert at.placed("polymarket") == at.placed("kalshi") == 0


def test_an_account_that_becomes_closing_only_is_noticed_within_five_minutes() -> None:
    at = scene()
    at.lever("polymarket", "standing", wallet=at.holder.wallet, is_closed_only=True)
    at.desk.run(301)
    told = [m.condition for m in at.desk.said(a.VenueConditionTold) if m.venue == "polymarket"]
    assert told[-1] == "closing_only"
