from foreshock.adapters.venues.conditions import HOLD, Conditions
from foreshock.core.domain.messages.account import VenueConditionTold
from foreshock.core.domain.units import SECOND, Instant
from tests.trading import START


def test_a_condition_is_told_once_and_tried_again_after_a_while() -> None:
    conditions = Conditions()
    told = list(conditions.tell("kalshi", "cancel_only", "answered 503", START, None))
    assert told == [VenueConditionTold("kalshi", "cancel_only", "answered 503")]
    assert not list(conditions.tell("kalshi", "cancel_only", "answered 503", START, None))
    assert conditions.next_us() == START + HOLD
    assert not list(conditions.expired(Instant(START + HOLD - 1)))
    assert [m.condition for m in conditions.expired(Instant(START + HOLD))] == ["open"]
    assert conditions.next_us() is None


def test_the_venue_may_ask_for_more_patience() -> None:
    conditions = Conditions()
    list(conditions.tell("polymarket", "restarting", "425", START, 90 * SECOND))
    assert conditions.next_us() == START + 90 * SECOND


def test_a_geoblock_does_not_pass_by_itself() -> None:
    conditions = Conditions()
    list(conditions.tell("polymarket", "geoblocked", "403", START, None))
    assert conditions.next_us() is None
    assert not list(conditions.expired(Instant(START + 86_400 * SECOND)))


def test_what_was_never_closed_is_not_news_when_open() -> None:
    assert not list(Conditions().tell("kalshi", "open", "fine", START, None))
