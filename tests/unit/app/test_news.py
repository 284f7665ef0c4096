"""Sources of news are asked, each item is told once, and the record outlives a run."""

import asyncio
from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest

from foreshock.adapters.news.calendars import BlsCalendar
from foreshock.adapters.news.gdelt import GdeltArticles
from foreshock.adapters.seams import HttpRequest, HttpResponse
from foreshock.adapters.storage.files import DiskFolder
from foreshock.app import news, news_store
from foreshock.app.news import NewsLink, NewsService
from foreshock.app.news_store import FILE_NAME, SIMULATED_FILE_NAME, NewsStore
from foreshock.app.newsroom import Newsroom
from foreshock.core.domain.errors import VenueUnavailableError
from foreshock.core.domain.messages.market_data import MarketListed
from foreshock.core.domain.messages.signals import (
    AlertExplained,
    AlertRaised,
    AlertRemembered,
    NewsAsked,
    NewsSeen,
)
from foreshock.core.domain.messages.union import Message
from foreshock.core.domain.units import Duration, Instant
from foreshock.core.engine import OUTSIDE, Entry
from tests.samples import market
from tests.trading import START, A
from tests.unit.dashboard.signals_told import ALERT, NEWS

EVERY = Duration(1)


@pytest.fixture
def home(tmp_path: Path) -> DiskFolder:
    return DiskFolder(tmp_path)


class Script:
    """A host that answers by script, its last answer for ever."""

    def __init__(self, *answers: bytes | int | None) -> None:
        self._answers = list(answers)
        self.asked: list[HttpRequest] = []

    async def send(self, request: HttpRequest) -> HttpResponse:
        self.asked.append(request)
        step = self._answers.pop(0) if len(self._answers) > 1 else self._answers[0]
        if step is None:
            raise VenueUnavailableError("the connection was refused")
        if isinstance(step, int):
            return HttpResponse(step, b"")
        return HttpResponse(200, step)


@pytest.fixture(autouse=True)
def hurry(monkeypatch: pytest.MonkeyPatch) -> None:
    sleep = asyncio.sleep

    async def nap(seconds: float) -> None:
        await sleep(min(seconds, 0.001))

    monkeypatch.setattr(news.asyncio, "sleep", nap)


async def told(service_of: Callable[[Callable[[Message], None]], NewsService]) -> list[Message]:
    """What a service says until it has asked a few times."""
    said: list[Message] = []
    task = asyncio.create_task(service_of(said.append).run())
    async with asyncio.timeout(5):
        while sum(isinstance(message, NewsAsked) for message in said) < 4:
            await asyncio.sleep(0.001)
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    return said


def articles(*titles: str) -> bytes:
    rows = [{"title": t, "url": "https://a.test", "seendate": "20261118T101500Z"} for t in titles]
    return msgspec.json.encode({"articles": rows})


async def test_each_item_is_told_once_and_each_answer_counted() -> None:
    host = Script(articles("Fed cuts"), articles("Fed cuts", "Canal reopens"))
    link = NewsLink(GdeltArticles("fed"), host, EVERY)
    said = await told(lambda put: NewsService([link], (), put))
    assert [m.title for m in said if isinstance(m, NewsSeen)] == ["Fed cuts", "Canal reopens"]
    counts = [m.items_count for m in said if isinstance(m, NewsAsked)]
    assert counts[:2] == [1, 2]


async def test_what_goes_wrong_is_told_and_asked_again() -> None:
    host = Script(None, 503, b"Please limit requests", articles("Fed cuts"))
    link = NewsLink(GdeltArticles("fed"), host, EVERY)
    said = await told(lambda put: NewsService([link], (), put))
    problems = [m.problem for m in said if isinstance(m, NewsAsked)]
    assert problems[:3] == [
        "the connection was refused",
        "/api/v2/doc/doc answered 503",
        "GDELT says: Please limit requests",
    ]
    assert problems[3] == ""


async def test_an_answer_that_has_not_changed_still_counts_its_items() -> None:
    host = Script(articles("Fed cuts"), 304)
    link = NewsLink(GdeltArticles("fed"), host, EVERY)
    said = await told(lambda put: NewsService([link], (), put))
    assert [m.items_count for m in said if isinstance(m, NewsAsked)][:3] == [1, 1, 1]


async def test_what_is_known_before_is_told_first() -> None:
    host = Script(b"BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n")
    link = NewsLink(BlsCalendar(), host, EVERY)
    said = await told(lambda put: NewsService([link], (NEWS,), put))
    assert said[:2] == [NEWS, NewsAsked("calendar", 1, "")]


# ---- the record ----------------------------------------------------------------------------


def keep(store: NewsStore, *messages: Message) -> None:
    for index, message in enumerate(messages):
        store.listen(1, Entry(index, None, OUTSIDE, message), START)


EXPLAINED = AlertExplained(alert_id=ALERT.alert_id, explanation="unexplained", items=(), lead=None)
PRECEDED = AlertExplained(
    alert_id=ALERT.alert_id,
    explanation="preceded",
    items=(NEWS.item_id,),
    lead=Duration(60_000_000),
    shared=("fed",),
)
LISTED = MarketListed(market(A, title="Will the Fed cut?"))


def unheard(words: str) -> None:
    """Nothing is damaged here."""
    raise AssertionError(words)


def test_the_last_word_of_an_alert_is_carried_with_its_evidence(home: DiskFolder) -> None:
    keep(NewsStore(home, is_simulated=False), LISTED, AlertRaised(ALERT), EXPLAINED)
    second = NewsStore(home, is_simulated=False)
    (waiting,) = second.carried(unheard)
    assert waiting == AlertRemembered(
        alert=ALERT, title="Will the Fed cut?", explained=EXPLAINED, news=()
    )
    keep(second, NEWS, PRECEDED)
    (known,) = NewsStore(home, is_simulated=False).carried(unheard)
    assert known.explained == PRECEDED
    assert known.news == (NEWS,)
    assert known.title == "Will the Fed cut?"


def test_simulated_and_real_alerts_never_mix(home: DiskFolder) -> None:
    keep(NewsStore(home, is_simulated=True), LISTED, AlertRaised(ALERT), EXPLAINED)
    assert NewsStore(home, is_simulated=False).carried(unheard) == []
    assert home.read(FILE_NAME) is None
    assert home.read(SIMULATED_FILE_NAME)


def test_half_a_line_at_the_end_is_cut_off(home: DiskFolder) -> None:
    keep(NewsStore(home, is_simulated=False), AlertRaised(ALERT), EXPLAINED)
    whole = home.read(FILE_NAME)
    assert whole is not None
    home.replace(FILE_NAME, whole + whole[:40])
    assert len(NewsStore(home, is_simulated=False).carried(unheard)) == 1
    assert home.read(FILE_NAME) == whole


def test_damaged_lines_are_named_and_left_out_and_stay_in_the_file(home: DiskFolder) -> None:
    """Nothing is traded by this record: a desk must not stay down for it."""
    keep(NewsStore(home, is_simulated=False), AlertRaised(ALERT), EXPLAINED)
    whole = home.read(FILE_NAME)
    assert whole is not None
    kept = b"{}\n" + whole + b"\xff\n\n[1]\n{\n"
    home.replace(FILE_NAME, kept)
    said: list[str] = []
    (found,) = NewsStore(home, is_simulated=False).carried(said.append)
    assert found.alert == ALERT
    assert [words.partition(" of ")[0] for words in said] == [
        "line 1",
        "line 3",
        "line 4",
        "2 more lines",
    ]
    assert home.read(FILE_NAME) == kept


def test_a_record_grown_long_is_put_aside_whole_and_the_newest_carry_on(
    home: DiskFolder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A desk must not stay down because its record of news grew."""
    carried = NewsStore(home, is_simulated=False)
    for _ in range(3):
        keep(carried, AlertRaised(ALERT), EXPLAINED)
    long = (tmp_path / FILE_NAME).read_bytes()
    monkeypatch.setattr(news_store, "FILE_BYTES_MAX", len(long) - 1)
    found = NewsStore(home, is_simulated=False).carried(unheard)
    assert [each.alert for each in found] == [ALERT]
    assert (tmp_path / f"news.until-{ALERT.event_us}.jsonl").read_bytes() == long
    assert (tmp_path / FILE_NAME).read_bytes() == long[: len(long) // 3]
    assert NewsStore(home, is_simulated=False).carried(unheard) == found


def test_what_is_said_of_an_unknown_alert_is_not_kept(home: DiskFolder) -> None:
    keep(NewsStore(home, is_simulated=False), EXPLAINED)
    assert home.read(FILE_NAME) is None


async def test_a_newsroom_tells_the_past_and_then_asks(home: DiskFolder) -> None:
    keep(NewsStore(home, is_simulated=False), AlertRaised(ALERT), EXPLAINED)
    link = NewsLink(GdeltArticles("fed"), Script(articles("Fed cuts")), EVERY)
    room = Newsroom([link], (), home, is_simulated=False)
    said: list[Message] = []
    room.begin(said.append, unheard)
    assert [type(message) for message in said] == [AlertRemembered]
    task = asyncio.create_task(room.run())
    async with asyncio.timeout(5):
        while not any(isinstance(message, NewsSeen) for message in said):
            await asyncio.sleep(0.001)
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    item = next(m for m in said if isinstance(m, NewsSeen))
    room.listen(1, Entry(0, None, OUTSIDE, item), Instant(START))
