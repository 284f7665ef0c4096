"""Do limits tighten at once and loosen only when a person has confirmed it?"""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from foreshock.core.domain.limit_keys import KEYS, PER_VENUE, is_looser, key_of
from foreshock.core.domain.messages.risk import (
    LimitChanged,
    LimitChangeRequested,
    LimitKept,
    VenueHealthChanged,
)
from foreshock.core.domain.messages.union import Message
from foreshock.core.domain.units import Instant
from foreshock.core.engine import Engine
from foreshock.core.risk.guardian import RiskGuardian
from foreshock.core.risk.health import HealthWatch
from foreshock.core.risk.limit_changes import judge_change, values, with_limits
from tests.trading import START, dollars, request
from tests.unit.core.execution.test_gate import SETTINGS
from tests.unit.core.risk.desk import HEALTH, LIMITS, RiskDesk, healthy, measured
from tests.unit.core.risk.test_rules import lost_package

NAMES = [f"{PER_VENUE}polymarket" if key.name == PER_VENUE else key.name for key in KEYS]


def wish(key: str, value: int | None, *, sure: bool = False) -> LimitChangeRequested:
    return LimitChangeRequested(key, value, "a person", is_confirmed=sure)


class Desk(RiskDesk):
    """A guardian that knows the gate's limits, too."""

    def __init__(self) -> None:
        self.guardian = RiskGuardian(LIMITS, (), SETTINGS)
        self.engine = Engine([self.guardian])
        self.say(*healthy())


def only(said: list[Message]) -> LimitChanged | LimitKept:
    (answer,) = [m for m in said if isinstance(m, LimitChanged | LimitKept)]
    return answer


def test_e15_a_tightened_limit_acts_at_once() -> None:
    desk = Desk()
    changed = only(desk.say(wish("market_max", dollars(4))))
    assert changed == LimitChanged("market_max", dollars(100), dollars(4), "a person")
    assert desk.ask(request("r1")) == "MARKET_LIMIT"


def test_e15_a_looser_limit_needs_a_confirmed_wish() -> None:
    desk = Desk()
    desk.say(wish("market_max", dollars(4)))
    kept = only(desk.say(wish("market_max", dollars(100))))
    assert kept == LimitKept(
        "market_max",
        dollars(4),
        dollars(100),
        "a person",
        "that is looser: it needs to be confirmed",
    )
    assert desk.ask(request("r1")) == "MARKET_LIMIT"
    assert isinstance(only(desk.say(wish("market_max", dollars(100), sure=True))), LimitChanged)
    assert desk.ask(request("r2")) == "APPROVED"


def test_a_tightened_loss_limit_stops_what_was_lost_already() -> None:
    desk = Desk()
    desk.ask(request("r1"))
    desk.say(*lost_package("r1", 10))
    desk.say(wish("daily_loss_max", dollars(10)))
    assert desk.ask(request("r2")) == "DAILY_LOSS"


@pytest.mark.parametrize(
    ("key", "value", "words"),
    [
        ("bankroll", 1, "there is no such limit"),
        ("market_max", -1, "a limit is not below nothing"),
        ("market_max", None, "this limit cannot be left unwatched"),
        ("market_max", dollars(100), "it is that already"),
        (f"{PER_VENUE}elsewhere", 1, "there is no such limit"),
    ],
)
def test_every_wish_gets_its_answer(key: str, value: int | None, words: str) -> None:
    kept = only(Desk().say(wish(key, value, sure=True)))
    assert isinstance(kept, LimitKept)
    assert kept.words == words


def test_changed_values_reach_whoever_rests_on_them() -> None:
    """The watch over health halts a venue after one second of silence instead of ten."""
    engine = Engine([RiskGuardian(LIMITS, (), SETTINGS), HealthWatch(HEALTH, ("kalshi",))])
    engine.step([*healthy(), wish("health.silence_max", 1_000_000)], START)
    late = Instant(START + 1_000_000)
    said = engine.step([measured(2, "kalshi", checked_at_us=None)], late).entries
    assert [m.message.health for m in said if isinstance(m.message, VenueHealthChanged)] == [
        "halted"
    ]


WISHES = st.lists(
    st.tuples(st.sampled_from(NAMES), st.one_of(st.none(), st.integers(-5, 10**9)), st.booleans()),
    max_size=20,
)


@given(WISHES)
def test_i7_nothing_loosens_without_a_confirmed_wish(
    wishes: list[tuple[str, int | None, bool]],
) -> None:
    in_force = values(LIMITS, SETTINGS)
    for name, value, sure in wishes:
        answer = judge_change(in_force, wish(name, value, sure=sure))
        if isinstance(answer, LimitKept):
            continue
        key = key_of(name)
        assert key is not None
        assert sure or not is_looser(key, in_force[name], value)
        in_force = {**in_force, name: value}
        limits, gate = with_limits(LIMITS, SETTINGS, in_force)
        assert values(limits, gate) == in_force
