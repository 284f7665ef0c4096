from foreshock.core.domain.messages import account as a
from foreshock.core.domain.messages import trading as t
from foreshock.core.domain.units import Instant
from foreshock.dashboard.account_words import ACCOUNT_SAYINGS, until_words
from foreshock.dashboard.words import say
from tests.trading import START
from tests.unit.dashboard.account_told import VENUE_FILL, account_messages


def test_every_message_about_an_account_has_a_sample() -> None:
    assert {type(message) for message in account_messages()} == set(ACCOUNT_SAYINGS)


def test_an_armed_venue_says_until_when() -> None:
    armed = a.VenueArmed("kalshi", Instant(1_795_000_000_000_000), "a person", "9 days on paper")
    until = "armed for real money until 2026-11-18 11:06 UTC"
    assert say(armed) == ("kalshi", f"{until} by a person: 9 days on paper")


def test_an_answer_tells_its_words_and_its_fills() -> None:
    answered = a.OrderAnswered("o1", (t.OrderAccepted("o1", "v1"),), (VENUE_FILL,))
    words = say(answered)[1]
    assert "OrderAccepted" in words
    assert "buy 4 YES at $0.45 (settled)" in words


def test_instants_are_told_to_the_minute() -> None:
    assert until_words(START) == "2026-11-18 11:06 UTC"
