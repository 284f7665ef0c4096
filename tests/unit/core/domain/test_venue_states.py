from foreshock.core.domain.messages import account as a
from foreshock.core.domain.units import SECOND, Instant
from foreshock.core.domain.venue_states import VenueStates
from tests.trading import START

LATER = Instant(START + 60 * SECOND)


def test_a_venue_on_paper_is_never_refused() -> None:
    states = VenueStates(())
    states.hear(a.VenueConditionTold("kalshi", "paused", "it said so"))
    assert states.armed_words("kalshi", START) is None
    assert states.state_words("kalshi") is None
    assert states.condition_words("kalshi") is None


def test_arming_begins_with_a_person_and_ends_by_itself() -> None:
    states = VenueStates(("kalshi",))
    assert states.armed_words("kalshi", START) == "kalshi is not armed"
    states.hear(a.VenueArmed("kalshi", LATER, "a person", ""))
    assert states.armed_words("kalshi", Instant(LATER - 1)) is None
    assert states.armed_words("kalshi", LATER) == "the arming of kalshi has expired"
    set_back = states.armed_words("kalshi", START)
    assert set_back == "the arming of kalshi has expired", "a clock set back revives nothing"
    states.hear(a.VenueArmed("kalshi", Instant(LATER + SECOND), "a person", ""))
    states.hear(a.VenueDisarmed("kalshi", "a person"))
    assert states.armed_words("kalshi", START) == "kalshi is not armed"


def test_only_an_active_venue_takes_entries() -> None:
    states = VenueStates(("kalshi",))
    assert states.state_words("kalshi") == "kalshi was not reconciled yet"
    for state in ("reconciling", "reducing"):
        states.hear(a.VenueStateChanged("kalshi", state, "why"))
        assert states.state_words("kalshi") == f"kalshi is {state}: why"
    states.hear(a.VenueStateChanged("kalshi", "active", "all agrees"))
    assert states.state_words("kalshi") is None


def test_what_the_venue_says_stands_until_it_says_otherwise() -> None:
    states = VenueStates(("kalshi",))
    states.hear(a.VenueConditionTold("kalshi", "cancel_only", "answered 503"))
    assert states.condition_words("kalshi") == "kalshi is cancel_only: answered 503"
    states.hear(a.VenueConditionTold("kalshi", "open", "tried again"))
    assert states.condition_words("kalshi") is None
