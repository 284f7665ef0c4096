"""Feeds of both kinds are read; what could fill a memory or reach a file is refused unread."""

import pytest

from foreshock.adapters.news.rss import RssFeed
from foreshock.core.domain.errors import DataError
from foreshock.core.domain.units import SECOND
from tests.trading import START

RSS = """<?xml version="1.0" encoding="utf-8"?><rss version="2.0"><channel><title>Press</title>
<item><title>Federal Reserve issues FOMC statement</title><link>https://press.test/1</link>
<pubDate>Wed, 18 Nov 2026 10:00:00 GMT</pubDate></item>
<item><title>Without a date</title><link>https://press.test/2</link></item>
</channel></rss>"""
ATOM = """<?xml version="1.0"?><feed xmlns="http://www.w3.org/2005/Atom"><title>Press</title>
<entry><title type="html">&lt;b&gt;CPI&lt;/b&gt; rises</title><link href="javascript:alert(1)"/>
<updated>2026-11-18T05:00:00-05:00</updated><id>1</id></entry></feed>"""
BOMB = """<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]>
<rss version="2.0"><channel><item><title>&b;</title></item></channel></rss>"""
OUTSIDE = """<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>
<rss version="2.0"><channel><item><title>&a;</title></item></channel></rss>"""


def feed() -> RssFeed:
    return RssFeed("rss:press.test", "/feed.xml")


def test_reads_the_dated_items_of_rss() -> None:
    (item,) = feed().read(RSS.encode(), START)
    assert item.title == "Federal Reserve issues FOMC statement"
    assert (item.source, item.url) == ("rss:press.test", "https://press.test/1")
    assert item.published_us == 1_794_996_000 * SECOND


def test_reads_atom_without_a_link_that_runs() -> None:
    (item,) = feed().read(ATOM.encode(), START)
    assert "CPI" in item.title
    assert item.url == ""
    assert item.published_us == 1_794_996_000 * SECOND


@pytest.mark.parametrize("text", [BOMB, OUTSIDE, BOMB.replace("<!ENTITY", "<! ENTITY")])
def test_entities_are_refused_unread(text: str) -> None:
    with pytest.raises(DataError, match="entities"):
        feed().read(text.encode(), START)


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-be", "utf-16-le"])
def test_a_wide_encoding_hides_nothing(encoding: str) -> None:
    with pytest.raises(DataError):
        feed().read(BOMB.encode(encoding), START)


@pytest.mark.parametrize("body", [b"/etc/passwd", b"http://127.0.0.1:9/", b"file:///etc/passwd"])
def test_a_body_that_looks_like_an_address_is_not_followed(body: bytes) -> None:
    with pytest.raises(DataError, match="not a feed"):
        feed().read(body, START)


def test_an_empty_feed_is_an_answer() -> None:
    empty = b'<rss version="2.0"><channel><title>x</title></channel></rss>'
    assert feed().read(empty, START) == ()
