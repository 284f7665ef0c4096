from foreshock.core.domain.markets import MarketId
from foreshock.core.domain.messages.signals import AlertRaised, NewsSeen, VolumeMeasured
from foreshock.core.domain.units import Duration, Instant
from foreshock.core.signals.known_events import (
    SCHEDULED_MAX,
    CalendarRule,
    Concerned,
    EventList,
    KnownEvents,
    KnownWindow,
)
from foreshock.core.signals.volume_agent import VolumeAgent
from foreshock.core.signals.volume_settings import VolumeSettings
from tests.samples import market
from tests.unit.core.signals.driven import Driven
from tests.unit.core.signals.signal_feed import BEGIN, HOUR, MINUTE, STARTED, opened
from tests.unit.core.signals.test_volume_recall import USUAL, past

A = "polymarket:0xa"
CALENDAR = CalendarRule(
    words="fomc",
    before=Duration(30 * MINUTE),
    after=HOUR,
    concerned=Concerned(titles=("0xa",)),
)


def scheduled(title: str, at_us: int, *, is_scheduled: bool = True) -> NewsSeen:
    return NewsSeen(
        item_id=f"{title} {at_us}",
        source="calendar:fomc",
        title=title,
        url="",
        published_us=Instant(at_us),
        recv_us=Instant(at_us),
        is_scheduled=is_scheduled,
    )


def test_a_market_is_meant_by_id_category_or_words_of_its_title() -> None:
    listed = market("kalshi:A", category="Economics", title="Will the Fed cut?")
    assert Concerned(markets=("kalshi:A",)).covers(listed)
    assert Concerned(categories=("economics",)).covers(listed)
    assert Concerned(titles=("fed cut",)).covers(listed)
    assert Concerned(everything=True).covers(listed)
    assert not Concerned(titles=("cpi",)).covers(listed)


def test_a_calendar_makes_windows_of_what_is_scheduled_and_of_nothing_else() -> None:
    events = EventList(KnownEvents(calendar=(CALENDAR,)))
    assert not events.hear(scheduled("CPI", BEGIN))
    assert not events.hear(scheduled("FOMC statement", BEGIN, is_scheduled=False))
    assert events.hear(scheduled("FOMC statement", BEGIN))
    ((window, ids),) = events.concerning([market(A), market("kalshi:B")])
    assert (window.first_us, window.after_us) == (BEGIN - 30 * MINUTE, BEGIN + HOUR)
    assert ids == (A,)


def test_only_so_many_entries_are_kept_the_earliest_goes_first() -> None:
    events = EventList(KnownEvents(calendar=(CALENDAR,)))
    for number in range(SCHEDULED_MAX + 3):
        events.hear(scheduled("FOMC", BEGIN + number * HOUR))
    windows = [window for window, _ in events.concerning([market(A)])]
    assert len(windows) == SCHEDULED_MAX
    assert min(window.first_us for window in windows) == BEGIN + 3 * HOUR - 30 * MINUTE


def test_volume_during_a_known_event_is_held_and_named() -> None:
    window = KnownWindow(
        name="a game",
        first_us=Instant(BEGIN - HOUR),
        after_us=BEGIN,
        concerned=Concerned(markets=(MarketId(A),)),
    )
    desk = Driven([VolumeAgent(VolumeSettings(known=KnownEvents((window,))))], BEGIN)
    desk.tell(STARTED, *opened(A))
    desk.tell(past(A, last_hour=5 * USUAL, move=0.05))
    desk.until(Instant(BEGIN + MINUTE))
    (raised,) = desk.of(AlertRaised)
    assert raised.alert.level == "watch"
    assert "a known event is on" in raised.alert.words


def test_what_a_calendar_announces_is_no_baseline_either() -> None:
    agent = VolumeAgent(VolumeSettings(known=KnownEvents(calendar=(CALENDAR,))))
    desk = Driven([agent], BEGIN)
    desk.tell(STARTED, *opened(A))
    desk.tell(scheduled("FOMC", BEGIN - 48 * HOUR), past(A))
    desk.until(Instant(BEGIN + 6 * MINUTE))
    assert desk.of(VolumeMeasured)
    excluded = agent.monitor.history.recent(0) < 0
    assert excluded.sum() == 18
