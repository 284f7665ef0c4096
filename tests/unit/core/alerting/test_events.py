"""Every event that is told has a row, an id of its own and words of bounded length."""

import msgspec
import pytest

from foreshock.core.alerting.events import (
    EVENTS,
    PERSONS,
    SUBJECT_MAX,
    WORDS_MAX,
    Place,
    alert_notice,
    happening_of,
    notice_of,
    place_of,
)
from foreshock.core.alerting.happening import Happening
from foreshock.core.alerting.tiers import TIERS
from foreshock.core.domain.markets import MarketId
from foreshock.core.domain.messages.account import VenueStateChanged
from foreshock.core.domain.messages.decisions import Halted, PackageMoved
from foreshock.core.domain.messages.union import Message
from foreshock.core.domain.units import SECOND, Instant
from foreshock.dashboard.security import Caller
from tests.trading import START, A
from tests.unit.core.alerting.told import alert
from tests.unit.dashboard.told import one_of_each

TOLD = [message for message in one_of_each() if type(message) in EVENTS]


def test_there_is_a_sample_of_every_event() -> None:
    assert {type(message) for message in TOLD} == set(EVENTS)


@pytest.mark.parametrize("message", TOLD, ids=lambda x: type(x).__name__)
def test_an_event_has_a_row_and_words(message: Message) -> None:
    happening: Happening | None = happening_of(message, START)
    if happening is None:
        assert isinstance(message, PackageMoved | VenueStateChanged)
        return
    assert (happening.kind, happening.case) in TIERS
    notice = notice_of(happening, START, is_simulated=True)
    assert notice.notice_id.startswith(f"{happening.kind}:")
    assert notice.words
    assert notice.about
    assert notice.is_simulated


def test_a_package_that_moves_is_told_only_when_it_is_stuck() -> None:
    assert happening_of(PackageMoved("p1", "second_leg", ""), START) is None
    stuck = happening_of(PackageMoved("p1", "stuck", "no bid"), START)
    assert stuck is not None
    assert "no bid" in stuck.words


def test_what_strangers_write_is_cut() -> None:
    halted = Halted("all", "x" * 5_000, "y" * 5_000)
    happening = happening_of(halted, START)
    assert happening is not None
    assert len(notice_of(happening, START, is_simulated=False).words) == WORDS_MAX
    long = msgspec.structs.replace(alert(), words="w" * 9_000)
    notice = alert_notice(long, Place("t" * 9_000, "c"), is_simulated=False)
    assert len(notice.words) == WORDS_MAX
    assert len(notice.subject) == SUBJECT_MAX


def test_the_same_halt_later_is_another_event() -> None:
    halted = Halted("all", "dashboard", "odd")
    first, again = happening_of(halted, START), happening_of(halted, Instant(START + SECOND))
    assert first is not None
    assert again is not None
    assert first.key != again.key


def test_persons_come_by_the_doors_that_the_dashboard_has() -> None:
    assert frozenset(Caller.__args__) == PERSONS


def test_a_market_nobody_listed_has_no_title() -> None:
    assert place_of({A: Place("A?", "")}, A).title == "A?"
    assert place_of({}, MarketId("kalshi:X")).title == ""
