"""The page of the news: each claim with its evidence, and a rate only over closed windows."""

import msgspec
import pytest

from foreshock.core.domain.messages import market_data as m
from foreshock.core.domain.messages import signals as s
from foreshock.core.domain.messages.operations import DeskStarted
from foreshock.core.domain.units import MICRO, SECOND, Duration, Instant
from foreshock.dashboard.markets import Markets
from foreshock.dashboard.news import News, NewsView
from tests.samples import market
from tests.trading import START, A
from tests.unit.dashboard.signals_told import ALERT, NEWS

DAY = 86_400 * SECOND


def page() -> News:
    markets = Markets()
    markets.list_market(m.MarketListed(market(A, title="Will the Fed cut?")))
    return News(markets)


def raised(name: str = "a1", at_s: int = 0) -> s.AlertRaised:
    at_us = Instant(START + at_s * SECOND)
    return s.AlertRaised(msgspec.structs.replace(ALERT, alert_id=name, event_us=at_us))


def said(name: str, explanation: str, lead_s: int | None = None) -> s.AlertExplained:
    has_news = explanation != "unexplained"
    return s.AlertExplained(
        alert_id=name,
        explanation=explanation,  # pyright: ignore[reportArgumentType] - a test's own word
        items=("n1",) if has_news else (),
        lead=None if lead_s is None else Duration(lead_s * SECOND),
        shared=("fed",) if has_news else (),
    )


def after(seconds: float) -> Instant:
    return Instant(START + round(seconds * SECOND))


def test_an_alert_waits_until_its_window_closes() -> None:
    found = page()
    found.hear(raised(), START)
    (waiting,) = found.view(after(60)).history
    assert (waiting.explanation, waiting.graded_us, waiting.items) == ("waiting", None, [])
    assert waiting.title == "Will the Fed cut?"
    (closed,) = found.view(Instant(START + DAY)).history
    assert (closed.explanation, closed.graded_us) == ("unexplained", START + DAY)


def test_a_claim_stands_with_its_items_and_words() -> None:
    found = page()
    for message in (raised(), NEWS, said("a1", "preceded", 90)):
        found.hear(message, START)
    (alert,) = found.view(after(120)).history
    assert (alert.explanation, alert.lead_us) == ("preceded", 90 * SECOND)
    (item,) = alert.items
    assert (item.title, item.shared) == ("Federal Reserve issues FOMC statement", ["fed"])
    assert [x.shared for x in found.view(after(120)).items] == [[]]


def test_the_rate_counts_only_alerts_whose_window_has_closed() -> None:
    found = page()
    found.hear(NEWS, START)
    for number, word in enumerate(("preceded", "explained", "unexplained", "preceded")):
        name = f"a{number}"
        found.hear(raised(name, 0 if number < 3 else 3_600), START)
        found.hear(said(name, word, 60 * (number + 1) if word == "preceded" else None), START)
    early = found.view(after(60)).record
    assert (early.graded_count, early.preceded_ppm) == (0, None)
    assert "nothing can be said" in early.words
    record = found.view(Instant(START + DAY)).record
    assert (record.graded_count, record.graded_preceded_count) == (3, 1)
    assert record.preceded_ppm == 333_333
    assert (record.preceded_count, record.explained_count) == (2, 1)
    assert record.lead_median_us == 240 * SECOND
    assert record.words == "1 of 3 alerts came before their news (95 %: 6% to 79%)"


@pytest.mark.parametrize(("hits", "low", "high"), [(0, 0, 277_532), (10, 722_468, MICRO)])
def test_an_interval_never_says_more_than_few_alerts_prove(hits: int, low: int, high: int) -> None:
    found = page()
    found.hear(NEWS, START)
    for number in range(10):
        found.hear(raised(f"a{number}"), START)
        word = "preceded" if number < hits else "unexplained"
        found.hear(said(f"a{number}", word, 60 if number < hits else None), START)
    record = found.view(Instant(START + DAY)).record
    assert record.preceded_low_ppm == pytest.approx(low, abs=200)
    assert record.preceded_high_ppm == pytest.approx(high, abs=200)


def test_alerts_of_earlier_runs_stand_in_the_record_with_their_news() -> None:
    found = page()
    found.hear(
        s.AlertRemembered(
            alert=ALERT, title="An old title", explained=said("a1", "explained"), news=(NEWS,)
        ),
        START,
    )
    (alert,) = found.view(after(1)).history
    assert (alert.title, alert.explanation, len(alert.items)) == ("An old title", "explained", 1)


def test_the_window_is_the_runs_own() -> None:
    found = page()
    config = msgspec.json.encode({"news": {"precedes_for": 600 * SECOND}}).decode()
    found.hear(DeskStarted("1", "b", "demo", config), START)
    found.hear(raised(), START)
    assert found.view(after(601)).history[0].explanation == "unexplained"


def test_sources_say_when_they_answered_and_what_went_wrong() -> None:
    found = page()
    found.hear(s.NewsAsked("gdelt", 7, ""), START)
    found.hear(s.NewsAsked("gdelt", 0, "answered 503"), after(60))
    (source,) = found.view(after(61)).sources
    assert (source.items_count, source.heard_us, source.words) == (7, START, "answered 503")


def test_the_page_encodes_and_is_bounded() -> None:
    found = page()
    for number in range(30):
        found.hear(raised(f"a{number}", number), START)
    found.hear(NEWS, START)
    view = found.view(after(60), limit=10)
    assert [a.alert_id for a in view.history] == [f"a{n}" for n in range(29, 19, -1)]
    assert msgspec.json.decode(msgspec.json.encode(view), type=NewsView) == view
