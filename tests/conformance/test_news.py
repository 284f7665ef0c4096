"""What every source of news promises: one suite for the port `NewsSource`, over the stand-ins."""

import random
from collections.abc import Callable
from typing import NamedTuple

import pytest

from foreshock.adapters.news.calendars import BlsCalendar, FredReleases
from foreshock.adapters.news.gdelt import GdeltArticles
from foreshock.adapters.news.items import BODY_BYTES_MAX, ITEMS_MAX, TITLE_CHARS_MAX
from foreshock.adapters.news.rss import RssFeed
from foreshock.adapters.seams import HttpRequest, HttpResponse
from foreshock.adapters.sim.news import Headline, NewsHosts, Release
from foreshock.core.domain.errors import DataError
from foreshock.core.domain.units import SECOND, Instant
from foreshock.core.ports import NewsSource
from tests.trading import START

HOUR = 3_600 * SECOND
HEADLINES = [
    Headline(Instant(START - 1_800 * SECOND), "Fed cuts rates & says why"),
    Headline(Instant(START - 60 * SECOND), "Canal <reopens> to all traffic"),
    Headline(Instant(START + HOUR), "Not yet published"),
]
RELEASES = [Release(Instant(START + 5 * HOUR), "Consumer Price Index")]
GARBAGE = (b"", b"{", b"[]", b"null", b"7", b"<html>busy</html>", b"\xff\xfe<rss", b"BEGIN:VEVENT")


class Asked(NamedTuple):
    source: NewsSource
    body: bytes
    titles: set[str]


def asked(name: str) -> Asked:
    hosts = NewsHosts(lambda: HEADLINES, RELEASES)
    sources: dict[str, tuple[NewsSource, Callable[[HttpRequest, Instant], HttpResponse]]] = {
        "gdelt": (GdeltArticles("fed OR canal"), hosts.gdelt),
        "rss": (RssFeed("rss:press", "/feed"), hosts.feed),
        "fred": (FredReleases("k" * 32, "2026-11-18"), hosts.fred),
        "bls": (BlsCalendar(), hosts.bls),
    }
    source, host = sources[name]
    answer = host(HttpRequest("GET", source.path), START)
    assert answer.status == 200
    scheduled = {release.name for release in RELEASES}
    published = {told.title for told in HEADLINES[:2]}
    return Asked(source, answer.body, scheduled if name in {"fred", "bls"} else published)


@pytest.fixture(params=["gdelt", "rss", "fred", "bls"])
def told(request: pytest.FixtureRequest) -> Asked:
    return asked(request.param)


def test_tells_what_its_host_published_and_no_more(told: Asked) -> None:
    items = told.source.read(told.body, START)
    assert {item.title for item in items} == told.titles
    assert {item.source for item in items} == {told.source.name}
    assert all(item.recv_us == START for item in items)


def test_only_what_is_scheduled_lies_ahead(told: Asked) -> None:
    for item in told.source.read(told.body, START):
        assert item.is_scheduled == (told.source.name in {"fred", "bls"})
        assert item.is_scheduled or item.published_us <= START


def test_the_same_body_gives_the_same_items_with_ids_of_their_own(told: Asked) -> None:
    items = told.source.read(told.body, START)
    later = told.source.read(told.body, Instant(START + 60 * SECOND))
    assert [item.item_id for item in items] == [item.item_id for item in later]
    assert len({item.item_id for item in items}) == len(items)


@pytest.mark.parametrize("body", GARBAGE)
def test_garbage_is_an_error_or_nothing_never_an_item(told: Asked, body: bytes) -> None:
    try:
        items = told.source.read(body, START)
    except DataError:
        return
    assert items == ()


def test_damaged_bodies_raise_nothing_but_data_errors(told: Asked) -> None:
    rng = random.Random(5)
    for _ in range(200):
        data = bytearray(told.body)
        for _ in range(rng.randint(1, 6)):
            data[rng.randrange(len(data))] = rng.randrange(256)
        try:
            items = told.source.read(bytes(data), START)
        except DataError:
            continue
        assert len(items) <= ITEMS_MAX
        for item in items:
            assert 0 < len(item.title) <= TITLE_CHARS_MAX
            assert item.title.isprintable()
            assert not item.url or item.url.startswith(("http://", "https://"))


def test_a_body_that_is_too_long_is_not_parsed(told: Asked) -> None:
    with pytest.raises(DataError, match="bytes"):
        told.source.read(told.body + b" " * BODY_BYTES_MAX, START)
