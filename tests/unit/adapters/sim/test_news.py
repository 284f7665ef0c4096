"""The stand-ins of the press answer as their hosts do: dated, limited, and no sooner than it is."""

import json

from foreshock.adapters.seams import HttpRequest
from foreshock.adapters.sim.news import GDELT_STEP_S, Headline, NewsHosts, Release
from foreshock.core.domain.units import SECOND, Instant
from tests.trading import START

LATER = Instant(START + 600 * SECOND)
DOC = HttpRequest("GET", "/api/v2/doc/doc?query=fed&mode=artlist&format=json")


def hosts() -> NewsHosts:
    told = [Headline(START, "Fed cuts <rates>"), Headline(LATER, "Canal reopens")]
    return NewsHosts(lambda: told, [Release(LATER, "CPI")])


def test_gdelt_names_what_was_published_and_refuses_haste_in_words() -> None:
    press = hosts()
    (article,) = json.loads(press.gdelt(DOC, START).body)["articles"]
    assert (article["title"], article["seendate"]) == ("Fed cuts <rates>", "20261118T110640Z")
    hasty = press.gdelt(DOC, Instant(START + SECOND))
    assert hasty.status == 200
    assert hasty.body.startswith(b"Please limit")
    patient = press.gdelt(DOC, Instant(LATER + GDELT_STEP_S * SECOND))
    assert len(json.loads(patient.body)["articles"]) == 2


def test_gdelt_without_a_query_answers_in_words() -> None:
    asked = HttpRequest("GET", "/api/v2/doc/doc?mode=artlist")
    assert b"too short" in hosts().gdelt(asked, START).body


def test_the_feed_remembers_what_we_hold() -> None:
    press, asked = hosts(), HttpRequest("GET", "/feed")
    first = press.feed(asked, START)
    assert b"Fed cuts &lt;rates&gt;" in first.body
    held = HttpRequest("GET", "/feed", (("if-none-match", dict(first.headers)["etag"]),))
    assert press.feed(held, START).status == 304
    assert press.feed(held, LATER).status == 200


def test_fred_wants_a_whole_key() -> None:
    refused = hosts().fred(HttpRequest("GET", "/fred/releases/dates?api_key=short"), START)
    assert refused.status == 400
    assert "32 character" in json.loads(refused.body)["error_message"]


def test_the_calendar_of_the_bls_is_one() -> None:
    body = hosts().bls(HttpRequest("GET", "/schedule/news_release/bls.ics"), START).body
    assert body.startswith(b"BEGIN:VCALENDAR\r\n")
    assert b"SUMMARY:CPI\r\n" in body
