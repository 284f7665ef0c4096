"""Is a venue relied on exactly as far as its feeds and answers allow?"""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from foreshock.core.domain.messages.account import AccountReadFailed, VenueConditionTold
from foreshock.core.domain.messages.market_data import (
    ConnectionClosed,
    ConnectionFailed,
    ConnectionOpened,
    FeedGapped,
)
from foreshock.core.domain.messages.risk import VenueHealthChanged
from foreshock.core.domain.messages.trading import OrderUnknown, SetTimer, TimerFired
from foreshock.core.domain.messages.union import Message
from foreshock.core.domain.units import SECOND, Duration, Instant
from foreshock.core.engine import Engine
from foreshock.core.risk.health import HealthWatch
from tests.trading import START, B, order
from tests.unit.core.risk.desk import HEALTH, measured


class Watched:
    """Kalshi with one stream; time in seconds."""

    def __init__(self, *, is_heard: bool = True) -> None:
        self.engine = Engine([HealthWatch(HEALTH, ("kalshi", "polymarket"))])
        self.said = self.say(ConnectionOpened(2, "kalshi", "kalshi.market", (B,)))
        if is_heard:
            self.said += self.clock(0)

    def say(self, *messages: Message, at_s: float = 0) -> list[Message]:
        entries = self.engine.step(messages, at(at_s)).entries
        return [entry.message for entry in entries if entry.cause is not None]

    def clock(self, at_s: float, heard_s: float | None = None, **changes: object) -> list[Message]:
        """The stream's clocks at an instant; heard_s: its last byte, the same instant if None."""
        data = at(at_s if heard_s is None else heard_s)
        told = measured(2, "kalshi", **{"data_at_us": data, "checked_at_us": None, **changes})
        return self.say(told, at_s=at_s)


def at(seconds: float) -> Instant:
    return Instant(START + int(seconds * SECOND))


def states(said: list[Message]) -> list[str]:
    return [message.health for message in said if isinstance(message, VenueHealthChanged)]


def test_a_venue_is_halted_until_its_first_byte() -> None:
    assert states(Watched(is_heard=False).said) == ["halted"]
    assert states(Watched().said) == ["halted", "active"]


@pytest.mark.parametrize(("seconds", "told"), [(9.9, []), (10, ["halted"]), (60, ["halted"])])
def test_ten_seconds_without_a_byte_halt_it(seconds: float, told: list[str]) -> None:
    venue = Watched()
    assert states(venue.clock(seconds, heard_s=0)) == told


def test_the_next_byte_ends_the_silence_at_once() -> None:
    venue = Watched()
    assert states(venue.clock(12, heard_s=0)) == ["halted"]
    assert states(venue.clock(13, heard_s=12.5)) == ["active"]


def test_a_silent_market_whose_book_was_checked_is_no_dead_venue() -> None:
    venue = Watched()
    assert states(venue.clock(30, heard_s=0, checked_at_us=at(25))) == []
    assert states(venue.clock(36, heard_s=0, checked_at_us=at(25))) == ["halted"]


def test_a_cut_stream_is_looked_at_again_when_its_silence_is_too_long() -> None:
    venue = Watched()
    (timer,) = venue.say(ConnectionClosed(2, "kalshi", "cut"), at_s=1)
    assert timer == SetTimer("health/kalshi", HEALTH.silence_max)
    assert states(venue.say(TimerFired("health/kalshi"), at_s=11)) == ["halted"]
    venue.say(ConnectionOpened(3, "kalshi", "kalshi.market", (B,)), at_s=12)
    fresh = measured(3, "kalshi", data_at_us=at(12.5), checked_at_us=None)
    assert states(venue.say(fresh, at_s=13)) == ["active"]


def test_late_messages_reduce_it_until_they_have_been_in_time_for_a_while() -> None:
    venue = Watched()
    assert states(venue.clock(1, message_age_p95=Duration(2 * SECOND))) == []
    assert states(venue.clock(2, message_age_p95=Duration(2 * SECOND + 1))) == ["reducing"]
    assert states(venue.clock(3)) == []
    assert states(venue.clock(8, message_age_p95=Duration(3 * SECOND))) == []
    assert states(venue.clock(9)) == []
    assert states(venue.clock(18.9)) == [], "well since 9 s only"
    assert states(venue.clock(19)) == ["active"]


def errors() -> dict[str, Message]:
    return {
        "connection": ConnectionFailed("kalshi", "refused", 1),
        "account": AccountReadFailed("kalshi", "orders", "503"),
        "order": OrderUnknown("o1", "silence"),
        "gap": FeedGapped("kalshi", 2, "7 after 5"),
    }


@pytest.mark.parametrize("kind", sorted(errors()))
def test_more_than_five_gaps_or_errors_in_a_minute_reduce_it(kind: str) -> None:
    venue = Watched()
    venue.say(order("o1", market=B))
    for second in range(5):
        assert states(venue.say(errors()[kind], at_s=second)) == []
    assert states(venue.say(errors()[kind], at_s=6)) == ["reducing"]
    assert states(venue.clock(59)) == []
    assert states(venue.clock(60)) == []
    assert states(venue.clock(70)) == ["active"], "five are left of them, for ten seconds"


def test_five_errors_spread_over_more_than_a_minute_reduce_nothing() -> None:
    venue = Watched()
    for second in range(0, 120, 12):
        venue.clock(second)
        assert states(venue.say(errors()["connection"], at_s=second)) == []


def test_a_missed_heartbeat_reduces_it() -> None:
    venue = Watched()
    lost = VenueConditionTold("kalshi", "not_ready", "the heartbeat was not acknowledged")
    assert states(venue.say(lost, at_s=1)) == ["reducing"]
    venue.say(VenueConditionTold("kalshi", "open", "acknowledged again"), at_s=2)
    assert states(venue.clock(11.9)) == []
    assert states(venue.clock(12)) == ["active"]


@pytest.mark.parametrize("feed", ["kalshi-user", "kalshi-polled"])
def test_channels_that_may_be_silent_say_nothing_of_the_venue(feed: str) -> None:
    venue = Watched()
    venue.say(ConnectionOpened(9, "kalshi", feed, ()))
    told = measured(9, "kalshi", data_at_us=at(50), message_age_p95=Duration(9 * SECOND))
    assert states(venue.say(told, at_s=1)) == []
    assert states(venue.say(ConnectionClosed(9, "kalshi", "cut"), at_s=2)) == []


def test_what_is_no_venue_of_ours_is_none() -> None:
    venue = Watched()
    assert venue.say(ConnectionOpened(5, "binance", "binance.trades", ()), at_s=1) == []
    assert venue.say(ConnectionFailed("binance", "refused", 1), at_s=1) == []


EVENTS = st.lists(
    st.one_of(
        st.tuples(st.just("clock"), st.integers(0, 20), st.integers(0, 4)),
        st.tuples(st.just("gap"), st.integers(0, 20), st.just(0)),
        st.tuples(st.just("error"), st.integers(0, 20), st.just(0)),
    ),
    max_size=40,
)


@given(EVENTS)
def test_no_state_is_told_twice_and_bad_news_is_never_late(
    events: list[tuple[str, int, int]],
) -> None:
    """silence: seconds since the last byte; age: of messages, in seconds."""
    venue, state = Watched(), "active"
    for now_s, (kind, silence, age) in enumerate(events, 1):
        if kind == "clock":
            said = venue.clock(
                now_s, heard_s=max(0, now_s - silence), message_age_p95=Duration(age * SECOND)
            )
        else:
            said = venue.say(errors()["gap" if kind == "gap" else "connection"], at_s=now_s)
        for told in states(said):
            assert told != state
            state = told
        if kind == "clock" and age > 2:
            assert state != "active"
