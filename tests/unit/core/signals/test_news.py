"""An alert is explained, unexplained or before the news; a claim names its items and its words."""

import itertools

import msgspec
import pytest

from foreshock.core.domain.markets import MarketId
from foreshock.core.domain.messages.market_data import MarketListed
from foreshock.core.domain.messages.signals import (
    AlertExplained,
    AlertRaised,
    AlertRemembered,
    NewsAsked,
    NewsSeen,
)
from foreshock.core.domain.messages.union import Message
from foreshock.core.domain.units import SECOND, Instant
from foreshock.core.matching.meanings import meaning_of
from foreshock.core.signals.news import NewsCorrelator, NewsSettings
from tests.samples import market
from tests.trading import START
from tests.unit.dashboard.signals_told import ALERT

CANAL = MarketId("kalshi:CANAL")
TITLES = {
    CANAL: "Will it happen by December 31, 2026: the canal reopens to all traffic?",
    MarketId("kalshi:FED"): "Will the Fed cut interest rates by 25 bps in December?",
    MarketId("kalshi:TRUMP"): "Will Trump and Putin meet in November?",
    **{MarketId(f"kalshi:T{n}"): f"Will Trump say word{n} this week?" for n in range(5)},
}


class Desk:
    """The correlator over some listed markets, with a source that has answered."""

    def __init__(self, *, is_heard: bool = True, **settings: object) -> None:
        chosen = msgspec.structs.replace(NewsSettings(), **settings)
        self.agent = NewsCorrelator(chosen, meaning_of)
        self.now_us = START
        for name, title in TITLES.items():
            self.hear(MarketListed(market(name, title=title)))
        if is_heard:
            assert self.hear(NewsAsked("gdelt", 0, "")) == []

    def hear(self, message: Message, after_s: int = 0) -> list[AlertExplained]:
        self.now_us = Instant(START + after_s * SECOND)
        said = list(self.agent.handle(message, self.now_us))
        return [m for m in said if isinstance(m, AlertExplained)]


def alert(name: str = "a1", of: MarketId = CANAL, at_s: int = 0) -> AlertRaised:
    plain = msgspec.structs.replace(
        ALERT, alert_id=name, market=of, event_us=Instant(START + at_s * SECOND)
    )
    return AlertRaised(plain)


def news(title: str, at_s: int, name: str = "n1", *, is_scheduled: bool = False) -> NewsSeen:
    at_us = Instant(START + at_s * SECOND)
    return NewsSeen(
        item_id=name,
        source="gdelt",
        title=title,
        url="",
        published_us=at_us,
        recv_us=at_us,
        is_scheduled=is_scheduled,
    )


REOPENS = "Canal reopens to all traffic after talks"


def test_news_before_the_alert_explain_it_with_their_words() -> None:
    desk = Desk()
    assert desk.hear(news(REOPENS, -600)) == []
    assert desk.hear(alert()) == [
        AlertExplained(
            alert_id="a1",
            explanation="explained",
            items=("n1",),
            lead=None,
            shared=("canal", "reopen", "traffic"),
        )
    ]


def test_news_after_the_alert_were_preceded_by_it_with_the_lead() -> None:
    desk = Desk()
    assert desk.hear(alert()) == [
        AlertExplained(alert_id="a1", explanation="unexplained", items=(), lead=None)
    ]
    (said,) = desk.hear(news(REOPENS, 1_800), 1_810)
    assert (said.explanation, said.items, said.lead) == ("preceded", ("n1",), 1_800 * SECOND)
    assert said.shared == ("canal", "reopen", "traffic")
    assert desk.hear(news(REOPENS, 1_900, "n2"), 1_910) == []


def test_news_that_were_out_but_reached_us_late_explain_after_all() -> None:
    desk = Desk()
    desk.hear(alert())
    (said,) = desk.hear(news(REOPENS, -60), 300)
    assert (said.explanation, said.lead) == ("explained", None)


@pytest.mark.parametrize("at_s", [-7 * 3_600, 25 * 3_600])
def test_news_outside_the_windows_say_nothing(at_s: int) -> None:
    desk = Desk()
    desk.hear(alert())
    assert desk.hear(news(REOPENS, at_s), max(0, at_s)) == []


def test_what_is_scheduled_explains_around_its_time_and_is_never_preceded() -> None:
    due = news("FOMC: Fed rate decision, cut or hold", 3_600, is_scheduled=True)
    fed = MarketId("kalshi:FED")
    for at_s, explanation in ((0, "explained"), (9_000, "explained"), (-7_200, "unexplained")):
        desk = Desk()
        desk.hear(due)
        (said,) = desk.hear(alert(of=fed, at_s=at_s), max(0, at_s))
        assert said.explanation == explanation
    later = Desk()
    later.hear(alert(of=fed))
    far = msgspec.structs.replace(due, published_us=Instant(START + 9_000 * SECOND))
    assert later.hear(far, 60) == []


@pytest.mark.parametrize(
    ("headline", "of"),
    [
        ("Canal tolls rise", CANAL),
        ("All traffic stops for the marathon", CANAL),
        ("Trump speaks at a rally", MarketId("kalshi:TRUMP")),
        ("Trump says little this week", MarketId("kalshi:T3")),
        ("Fed chair speaks", MarketId("kalshi:FED")),
        ("In December 25 people meet", MarketId("kalshi:FED")),
        ("", CANAL),
    ],
)
def test_a_headline_that_shares_too_little_explains_nothing(headline: str, of: MarketId) -> None:
    desk = Desk()
    desk.hear(news(headline, -60))
    (said,) = desk.hear(alert(of=of))
    assert said.explanation == "unexplained"


@pytest.mark.parametrize(
    ("headline", "of"),
    [
        ("Federal Reserve cuts interest rates", MarketId("kalshi:FED")),
        ("Putin and Trump to talk in Alaska", MarketId("kalshi:TRUMP")),
    ],
)
def test_a_headline_about_the_same_explains(headline: str, of: MarketId) -> None:
    desk = Desk()
    desk.hear(news(headline, -60))
    assert desk.hear(alert(of=of))[0].explanation == "explained"


def test_the_deaf_say_nothing_until_a_source_answers() -> None:
    desk = Desk(is_heard=False)
    assert desk.hear(alert()) == []
    assert desk.hear(NewsAsked("gdelt", 0, "answered 503"), 30) == []
    (said,) = desk.hear(NewsAsked("gdelt", 0, ""), 60)
    assert (said.alert_id, said.explanation) == ("a1", "unexplained")
    assert desk.hear(NewsAsked("gdelt", 0, ""), 90) == []
    assert desk.hear(alert("a2", at_s=8_000), 8_000) == []  # silent for two hours


def test_news_are_heard_once_and_an_alert_is_judged_once() -> None:
    desk = Desk()
    desk.hear(alert())
    assert desk.hear(alert()) == []
    first = news(REOPENS, 60)
    assert len(desk.hear(first, 60)) == 1
    desk.hear(alert("a2", at_s=90), 90)
    assert desk.hear(first, 120) == []


def test_memory_is_bounded_the_oldest_goes() -> None:
    desk = Desk(news_max=2, alerts_max=2)
    for number in range(3):
        desk.hear(news(REOPENS if number == 0 else "Nothing of note", -60, f"n{number}"))
    assert desk.hear(alert("old"))[0].explanation == "unexplained"
    for number in range(2):
        desk.hear(alert(f"a{number}"))
    said = desk.hear(news(REOPENS, 60, "late"), 60)
    assert [each.alert_id for each in said] == ["a0", "a1"]


def test_an_alert_of_an_earlier_run_still_waits_for_its_news() -> None:
    raised = alert("before", at_s=-1_000)
    open_one = AlertExplained(alert_id="before", explanation="unexplained", items=(), lead=None)
    closed = msgspec.structs.replace(open_one, explanation="explained", items=("n0",))
    title = TITLES[CANAL]

    def remembered(explained: AlertExplained) -> AlertRemembered:
        return AlertRemembered(alert=raised.alert, title=title, explained=explained, news=())

    desk = Desk()
    assert desk.hear(remembered(open_one)) == []
    (said,) = desk.hear(news(REOPENS, 100), 100)
    assert (said.alert_id, said.lead) == ("before", 1_100 * SECOND)
    done = Desk()
    done.hear(remembered(closed))
    assert done.hear(news(REOPENS, 100), 100) == []


def test_a_market_that_was_never_listed_is_never_explained() -> None:
    desk = Desk()
    desk.hear(news(REOPENS, -60))
    assert desk.hear(alert(of=MarketId("kalshi:NOWHERE")))[0].explanation == "unexplained"


def test_a_game_of_one_of_two_teams_is_another_game() -> None:
    desk, game = Desk(), MarketId("kalshi:G1")
    teams = ("Detroit", "Denver", "Toronto", "Utah", "Boston", "Miami")
    for number, (home, away) in enumerate(itertools.combinations(teams, 2)):
        title = f"Will {home} beat {away}?"
        desk.hear(MarketListed(market(f"kalshi:G{number}", title=title, event_id=str(number))))
    desk.hear(MarketListed(market(game, title="Will Detroit beat Denver?", event_id="g")))
    desk.hear(news("Less likely now: Denver beat Toronto", -60, "n1"))
    assert desk.hear(alert(of=game))[0].explanation == "unexplained"
    desk.hear(news("Less likely now: Detroit beat Denver", -60, "n2"))
    assert desk.hear(alert("a2", of=game))[0].items == ("n2",)


@pytest.mark.parametrize(("day", "explanation"), [(22, "unexplained"), (23, "explained")])
def test_another_day_is_another_bet(day: int, explanation: str) -> None:
    desk, high = Desk(), MarketId("kalshi:HIGH")
    title = f"Will the high in Austin be 48-49F on November {day}, 2026?"
    desk.hear(MarketListed(market(high, title=title)))
    desk.hear(news("Likelier now: the high in Austin be 48-49F on November 23, 2026", -60))
    assert desk.hear(alert(of=high))[0].explanation == explanation


def test_an_entry_of_a_calendar_needs_only_its_name() -> None:
    cpi = MarketId("kalshi:CPI")
    for is_scheduled, explanation in ((True, "explained"), (False, "unexplained")):
        desk = Desk()
        listed = market(cpi, title="Will CPI rise more than 2.9% in the year to November 2026?")
        desk.hear(MarketListed(listed))
        desk.hear(news("Consumer Price Index", -60, is_scheduled=is_scheduled))
        (said,) = desk.hear(alert(of=cpi))
        assert said.explanation == explanation
