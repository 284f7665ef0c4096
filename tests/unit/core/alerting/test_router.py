"""Each thing is told once, by whom it concerns, and a storm as one digest."""

import pytest

from foreshock.core.alerting.router import AlertSettings
from foreshock.core.alerting.tiers import SinkRule
from foreshock.core.domain.messages.alerting import NoticeTestRequested, NotifierFound, NotifierLost
from foreshock.core.domain.messages.decisions import (
    Halted,
    IncidentOpened,
    LimitsMeasured,
    LimitUse,
    PackageClosed,
    Resumed,
)
from foreshock.core.domain.messages.market_data import (
    ConnectionFailed,
    ConnectionOpened,
    MarketListed,
)
from foreshock.core.domain.messages.operations import DeskStopped
from foreshock.core.domain.messages.risk import VenueHealthChanged
from foreshock.core.domain.messages.signals import AlertAcknowledged, AlertRaised
from foreshock.core.domain.units import DAY, Duration, Money
from tests.samples import market
from tests.trading import A, contracts, filled, order
from tests.unit.core.alerting.told import DISCORD, FILE, SLACK, STARTED, Routed, alert

HALT = Halted("all", "risk-guardian", "20 % below the high-water mark")
CLOSED = PackageClosed(
    package_id="p1",
    pair_id="pair-1",
    outcome="hedged",
    quantity=contracts(10),
    paid=Money(9_000_000),
    fees=Money(100_000),
    locked=Money(10_000_000),
    realised=Money(900_000),
    naked_for=Duration(0),
)


def test_an_alert_is_logged_at_once_and_told_after_its_kin_were_awaited() -> None:
    desk = Routed()
    first = desk.hear(AlertRaised(alert(level="elevated", detector="volume")))
    assert [said.sink for said in first] == ["file"]
    later = desk.later(10)
    assert [said.sink for said in later] == ["discord", "slack"]
    assert {said.notice.notice_id for said in later} == {"alert-1"}
    assert later[0].dedupe_key == "discord/alert-1"


def test_the_same_alert_is_told_once_ever() -> None:
    desk = Routed()
    desk.hear(AlertRaised(alert()), AlertRaised(alert()))
    desk.later(60)
    desk.hear(AlertRaised(alert()))
    desk.later(10_000)
    assert len(desk.by("file")) == len(desk.by("discord")) == 1


def test_a_notice_names_title_and_category_of_its_market() -> None:
    desk = Routed()
    desk.hear(MarketListed(market(A)), AlertRaised(alert()))
    (notice,) = desk.by("file")
    assert notice.subject == market(A).title
    assert notice.topic == market(A).category


def test_within_the_cooldown_more_of_the_same_is_logged_and_counted() -> None:
    desk = Routed()
    desk.hear(AlertRaised(alert(1)))
    desk.later(20)
    desk.hear(AlertRaised(alert(2)), AlertRaised(alert(3)))
    desk.later(250)
    assert [notice.notice_id for notice in desk.by("discord")] == ["alert-1"]
    desk.later(50)
    desk.hear(AlertRaised(alert(4)))
    desk.later(10)
    assert [notice.count for notice in desk.by("discord")] == [1, 3]
    assert len(desk.by("file")) == 4


def test_what_is_louder_breaks_the_cooldown() -> None:
    desk = Routed()
    desk.hear(AlertRaised(alert(1)))
    desk.later(20)
    desk.hear(AlertRaised(alert(2, "high conviction flow")))
    assert [notice.notice_id for notice in desk.by("discord")] == ["alert-1", "alert-2"]


def test_a_storm_becomes_one_digest_that_quotes_the_loudest() -> None:
    desk = Routed()
    desk.raise_alerts(range(100))
    desk.raise_alerts(range(100, 102), "elevated")
    desk.later(10)
    (digest,) = desk.by("discord")
    assert digest.kind == "digest"
    assert digest.count == 102
    assert "K100" in digest.words
    assert "and 97 more" in digest.words
    assert [notice.kind for notice in desk.by("slack")] == ["spike", "spike"]
    assert len(desk.by("file")) == 102


def test_a_digest_has_bounded_length_whatever_markets_are_called() -> None:
    desk = Routed()
    desk.raise_alerts(range(5_000))
    desk.later(10)
    (digest,) = desk.by("discord")
    assert digest.count == 5_000
    assert len(digest.words) < 10_000


def test_beyond_the_hourly_budget_single_messages_become_a_summary_that_says_so() -> None:
    desk = Routed(FILE, SinkRule(sink="discord", severity_min=1, hourly_max=3))
    for number in range(6):
        desk.raise_alerts([number])
        desk.later(20)
    assert [notice.kind for notice in desk.by("discord")] == ["spike"] * 3
    desk.later(3_600)
    summary = desk.by("discord")[-1]
    assert summary.kind == "digest"
    assert summary.count == 3
    assert "3 messages an hour are the most" in summary.words


def test_a_halt_is_told_at_once_everywhere_and_repeated_until_seen() -> None:
    desk = Routed(FILE, DISCORD, SinkRule(sink="slack", severity_min=5, hourly_max=1))
    at_once = desk.hear(HALT)
    assert [said.sink for said in at_once] == ["file", "discord", "slack"]
    assert at_once[0].notice.level == "emergency"
    again = desk.later(300)
    assert [said.sink for said in again] == ["discord", "slack"]
    assert "(1 of 12)" in again[0].notice.words
    assert again[0].notice.notice_id in again[0].dedupe_key
    desk.hear(AlertAcknowledged(again[0].notice.notice_id, "dashboard"))
    assert desk.later(3_000) == []


def test_several_that_nobody_has_seen_are_repeated_as_one_line() -> None:
    desk = Routed()
    desk.hear(*(IncidentOpened(f"i{n}", f"p{n}", "a difference") for n in range(3)))
    again = desk.later(300)
    assert [said.sink for said in again] == ["discord", "slack"]
    assert "3 urgent notices" in again[0].notice.subject
    desk.hear(AlertAcknowledged("incident:i0", "me"), AlertAcknowledged("incident:i1", "me"))
    assert [said.notice.notice_id for said in desk.later(300)] == ["incident:i2#2"] * 2


def test_repeats_have_an_end() -> None:
    desk = Routed()
    desk.hear(IncidentOpened("i1", "p1", "a difference"))
    desk.later(100_000)
    assert len(desk.by("discord")) == 1 + 3


def test_a_storm_of_urgent_ones_is_told_singly_only_at_first() -> None:
    desk = Routed()
    desk.hear(*(IncidentOpened(f"i{n}", f"p{n}", "a difference") for n in range(50)))
    assert len(desk.by("discord")) == 3
    desk.later(10)
    assert desk.by("discord")[-1].count == 47


def test_a_resumed_halt_is_repeated_no_more_and_the_next_one_is_news() -> None:
    desk = Routed()
    desk.hear(HALT, Resumed("all", "dashboard"))
    desk.later(1)
    assert len(desk.hear(HALT)) == 3
    assert [n.kind for n in desk.by("discord")] == ["halt", "halt"]


@pytest.mark.parametrize(
    ("by", "scope", "level"),
    [
        ("dashboard", "all", "important"),
        ("risk-guardian", "kalshi", "critical"),
        ("risk-guardian", "all", "emergency"),
    ],
)
def test_a_fuse_is_louder_than_a_person(by: str, scope: str, level: str) -> None:
    desk = Routed()
    desk.hear(Halted(scope, by, "why"))
    assert desk.by("file")[0].level == level


def test_trades_are_logged_and_told_only_where_that_is_asked_for() -> None:
    desk = Routed()
    desk.hear(filled("o1", 10, 45), CLOSED)
    assert len(desk.by("file")) == 2
    assert desk.later(60) == []
    sinks = (FILE, DISCORD)
    chatty = Routed(settings=AlertSettings(sinks=sinks, tells_trades=True))
    chatty.hear(filled("o1", 10, 45), CLOSED)
    assert len(chatty.later(60)) == 2


def test_a_lost_channel_is_told_by_the_others() -> None:
    desk = Routed()
    said = desk.hear(NotifierLost("discord", "answered 404"))
    assert [each.sink for each in said] == ["file", "slack"]
    assert said[1].notice.level == "critical"
    desk.hear(NotifierFound("discord"))
    assert [each.sink for each in desk.later(10)] == ["discord"]


def test_a_venue_is_down_after_several_failures_and_told_once() -> None:
    desk = Routed()
    for attempt in range(1, 9):
        desk.hear(ConnectionFailed("kalshi", "refused", attempt))
    assert [notice.about for notice in desk.by("discord")] == ["kalshi"]
    desk.hear(ConnectionOpened(3, "kalshi", "kalshi", ()))
    assert desk.later(10)[0].notice.subject == "kalshi answers again"
    assert desk.later(3_000) == []


def used(percent: int) -> LimitsMeasured:
    return LimitsMeasured(
        "personal",
        (
            LimitUse("DAILY_LOSS", "all", percent * 10_000, 1_000_000, "money"),
            LimitUse("PACKAGES_OPEN_MAX", "all", 8, 8, "count"),
        ),
    )


def test_a_loss_limit_is_told_near_and_reached_and_not_in_between() -> None:
    desk = Routed()
    for percent in (50, 79, 80, 85, 99, 100, 120, 90, 69, 81):
        desk.hear(used(percent))
        desk.later(1)
    levels = [notice.level for notice in desk.by("file")]
    assert levels == ["important", "critical", "important"]
    assert "$0.80 of $1.00 used" in desk.by("file")[0].words


def test_a_test_notice_reaches_the_channels_asked_for() -> None:
    desk = Routed()
    assert [s.sink for s in desk.hear(NoticeTestRequested("t1", "slack", "me"))] == ["slack"]
    assert len(desk.hear(NoticeTestRequested("t2", None, "me"))) == 3
    assert desk.hear(NoticeTestRequested("t3", "console", "me")) == []


def test_the_mode_for_an_analyst_holds_detectors_back_and_says_so() -> None:
    mute = SinkRule(sink="discord", severity_min=1, hourly_max=20, hears_detectors=False)
    desk = Routed(FILE, mute)
    desk.hear(STARTED)
    assert "there is no analyst yet" in desk.later(10)[0].notice.words
    desk.hear(AlertRaised(alert(level="critical", detector="volume")))
    assert [said.sink for said in desk.later(400)] == []
    desk.hear(HALT)
    assert desk.by("discord")[-1].kind == "halt"


def test_every_day_ends_with_its_numbers() -> None:
    desk = Routed()
    desk.hear(STARTED, CLOSED)
    said = desk.later(DAY / 1_000_000)
    assert [each.sink for each in said] == ["file", "discord", "slack"]
    assert "1 hedged; realised $0.90 after $0.10 fees" in said[0].notice.words
    assert desk.later(DAY / 1_000_000)[0].notice.words.startswith("The desk runs. Packages: none")


def test_without_channels_nothing_is_said_but_to_the_log() -> None:
    desk = Routed(FILE)
    desk.hear(HALT, AlertRaised(alert()))
    desk.later(10_000)
    assert {said.sink for said in desk.said} == {"file"}


def test_two_runs_of_the_same_messages_say_the_same() -> None:
    def run() -> list[str]:
        desk = Routed(FILE, DISCORD, SLACK)
        desk.raise_alerts(range(20), "elevated")
        desk.hear(HALT)
        desk.later(4_000)
        return [said.dedupe_key for said in desk.said]

    assert run() == run()
    assert len(set(run())) == len(run())


def test_a_fill_is_about_the_market_of_its_order() -> None:
    desk = Routed()
    desk.hear(MarketListed(market(A)), order("o1"), filled("o1", 1, 10, 45))
    (notice,) = desk.by("file")
    assert (notice.about, notice.subject) == (A, market(A).title)


def test_at_the_end_nothing_waits_for_its_kin() -> None:
    desk = Routed()
    desk.hear(AlertRaised(alert(level="elevated", detector="volume")))
    said = desk.hear(DeskStopped("SIGINT"))
    kinds = {(each.sink, each.notice.kind) for each in said}
    assert {("discord", "volume"), ("slack", "volume"), ("discord", "desk")} <= kinds


def test_a_venue_that_mends_is_told_and_not_repeated() -> None:
    desk = Routed()
    assert desk.hear(VenueHealthChanged("kalshi", "halted", "nothing was heard of it yet")) == []
    assert desk.hear(VenueHealthChanged("kalshi", "active", "all is well")) == []
    desk.hear(VenueHealthChanged("kalshi", "halted", "its clock is 3 s off"))
    assert desk.by("discord")[0].level == "critical"
    desk.hear(VenueHealthChanged("kalshi", "active", "all good"))
    assert [each.notice.subject for each in desk.later(10)] == ["kalshi is active"]
    assert desk.later(3_000) == []
