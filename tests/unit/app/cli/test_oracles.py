"""What a person reads of the sources and of the news, from the views that the desk serves."""

import json

import pytest

from foreshock.app.cli import news, oracles
from foreshock.core.domain.messages import signals as s
from foreshock.core.domain.messages.operations import DeskStarted
from foreshock.core.domain.units import SECOND, Instant
from foreshock.dashboard.markets import Markets
from foreshock.dashboard.news import News, NewsView
from foreshock.dashboard.oracles import Oracles, OraclesView
from tests.trading import START
from tests.unit.app.cli.conftest import Run
from tests.unit.app.cli.fake_desk import FakeDesk
from tests.unit.dashboard.signals_told import ALERT, NEWS
from tests.unit.dashboard.test_news import said
from tests.unit.dashboard.test_oracles import gap, reported, started

LATER = Instant(START + SECOND)


def oracles_view(*, is_evaluated: bool = True) -> OraclesView:
    page = Oracles(Markets())
    messages = [reported(), gap(), s.OracleLost("coinbase", "ETH-USD", "silent")]
    if is_evaluated:
        page.hear(started(0.01))
    for message in messages:
        page.hear(message)
    return page.view(LATER)


def news_view() -> NewsView:
    page = News(Markets())
    for message in (
        DeskStarted("1", "b", "demo", "{}"),
        s.AlertRaised(ALERT),
        NEWS,
        said("a1", "preceded", 90),
        s.NewsAsked("gdelt", 1, ""),
    ):
        page.hear(message, START)
    return page.view(LATER)


def test_both_commands_are_offered(command: Run) -> None:
    _, out, _ = command("--help")
    for function in (oracles.oracles, news.news):
        assert f"  {function.__name__} " in out


def test_values_gaps_and_the_models_score_stand_together(desk: FakeDesk, command: Run) -> None:
    desk.lay("/api/oracles", oracles_view())
    code, out, err = command("oracles")
    assert (code, err) == (0, "")
    assert "97400" in out
    assert "8.2" in out  # the gap, in cents
    assert "it does not beat the market: never traded on" in out
    code, out, _ = command("oracles", "-o", "json")
    assert json.loads(out)["model"]["beats_market"] is False


def test_a_model_that_was_never_evaluated_is_said_to_be(desk: FakeDesk, command: Run) -> None:
    desk.lay("/api/oracles", oracles_view(is_evaluated=False))
    assert "never evaluated" in command("oracles")[1]


@pytest.mark.parametrize("name", ["oracles", "news"])
def test_a_table_for_programs_has_one_header(desk: FakeDesk, command: Run, name: str) -> None:
    desk.lay("/api/oracles", oracles_view())
    desk.lay("/api/news?limit=30", news_view())
    code, out, _ = command(name, "-o", "csv")
    assert code == 0
    assert len({line.count(",") >= 4 for line in out.splitlines()}) == 1


def test_an_alert_before_the_news_stands_with_its_evidence(desk: FakeDesk, command: Run) -> None:
    desk.lay("/api/news?limit=30", news_view())
    code, out, err = command("news")
    assert (code, err) == (0, "")
    row = next(line for line in out.splitlines() if "preceded" in line)
    assert "90" in row
    assert "rss:fed: Federal Reserve issues FOMC statement (fed)" in row
    assert "1 before the news" in out
    code, out, _ = command("news", "-o", "json")
    assert json.loads(out)["record"]["preceded_count"] == 1


def test_without_a_source_nothing_is_claimed(desk: FakeDesk, command: Run) -> None:
    desk.lay("/api/news?limit=7", News(Markets()).view(START))
    assert "nothing can be said of any alert" in command("news", "--limit", "7")[1]
