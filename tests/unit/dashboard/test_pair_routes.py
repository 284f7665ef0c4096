"""Can a person read both texts, decide on exactly these, and be told why not?"""

from http import HTTPStatus
from typing import Any

import httpx2
import msgspec
import pytest

from foreshock.app.cli.pair_lines import pair_lines
from foreshock.core.domain.markets import MarketId
from foreshock.core.domain.messages import decisions as d
from foreshock.core.domain.messages import market_data as m
from foreshock.core.domain.messages import matching as g
from foreshock.core.domain.messages.advice import PairAdvised
from foreshock.core.domain.messages.union import Message
from foreshock.core.domain.terms import Terms, terms_digest
from foreshock.core.domain.units import Money
from foreshock.core.engine import OUTSIDE, Entry
from foreshock.dashboard.answers import Accepted
from foreshock.dashboard.pair_routes import SOURCE_CHARS_MAX, VerdictBody
from foreshock.dashboard.pair_views import (
    BoundView,
    MatchingView,
    PairDetailView,
    RelatedView,
    RelationView,
)
from tests.samples import market
from tests.trading import START, A, B, book
from tests.unit.dashboard.site import BEARER, ORIGIN, Site
from tests.unit.dashboard.told import PAIR, SOURCES, decided, related, reopened, sources_ruled

LISTED: tuple[Message, ...] = (m.MarketListed(market(A)), m.MarketListed(market(B)))
TERMS = Terms(terms_digest(market(A)), terms_digest(market(B)))
FOUND: tuple[Message, ...] = (
    *LISTED,
    related(),
    g.PairNeedsReview("pair-1", A, B, "the sources differ"),
)
DECIDE = "/api/pairs/pair-1/decide"


def heard(*messages: Message) -> Site:
    site = Site()
    for step, message in enumerate(messages, 2):
        site.model.listen(step, Entry(0, None, OUTSIDE, message), START)
    return site


def body(**changes: object) -> bytes:
    return msgspec.json.encode({"verdict": "accept", "terms": TERMS, **changes})


async def read(site: Site, path: str) -> httpx2.Response:
    async with site.browser() as browser:
        return await browser.get(path)


async def post(site: Site, path: str, data: bytes) -> httpx2.Response:
    async with site.browser() as browser:
        return await browser.post(path, content=data, headers={"origin": ORIGIN})


async def detail(*messages: Message) -> PairDetailView:
    answer = await read(heard(*messages), "/api/pairs/pair-1")
    return msgspec.json.decode(answer.content, type=PairDetailView)


# ---- reading ---------------------------------------------------------------------------------


async def test_a_pair_shows_both_texts_its_clauses_and_what_to_send_back() -> None:
    view = await detail(*FOUND)
    assert view.a is not None
    assert view.b is not None
    assert (view.a.rules, view.b.rules) == (market(A).rules, market(B).rules)
    assert Terms(view.a.terms, view.b.terms) == TERMS
    (clause,) = view.clauses
    (span,) = clause.spans_a
    assert view.a.source[span.start : span.end] == "the offi"
    assert view.payoffs[0].words == "both pay"
    assert (view.standing, view.standing_words) == ("review", "the sources differ")


async def test_the_queue_shows_what_waits_for_a_person_reopened_ones_first() -> None:
    other = msgspec.structs.replace(related(), pair_id="pair-2")
    site = heard(*FOUND, other, decided(pair_id="pair-3"), reopened(pair_id="pair-3"))
    answer = await read(site, "/api/pairs/review")
    queue = msgspec.json.decode(answer.content, type=list[RelationView])
    assert [(view.id, view.standing) for view in queue] == [
        ("pair-3", "reopened"),
        ("pair-1", "review"),
        ("pair-2", "review"),
    ]


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ("", 1),
        ("?relation=identity", 1),
        ("?relation=subset", 0),
        ("?decision=reject", 0),
        ("?q=A is", 1),
        ("?q=nothing", 0),
        ("?limit=1", 1),
    ],
)
async def test_relations_are_filtered(query: str, count: int) -> None:
    answer = await read(heard(*FOUND), f"/api/pairs/relations{query}")
    assert len(msgspec.json.decode(answer.content, type=list[RelationView])) == count


async def test_a_look_alike_names_the_clause_that_differs() -> None:
    (clause,) = related().comparison.clauses
    apart = msgspec.structs.replace(clause, clause="deadline", agreement="differ")
    told = related(relation="subset", decision="reject", clauses=(apart,))
    answer = await read(heard(*LISTED, told), "/api/pairs/relations")
    (view,) = msgspec.json.decode(answer.content, type=list[RelationView])
    assert (view.standing, view.differs) == ("apart", ["deadline"])


async def test_neighbours_are_seen_from_the_market_asked_about() -> None:
    site = heard(*LISTED, related(relation="subset", decision="reject"))
    for asked, relation, other in ((A, "subset", B), (B, "superset", A)):
        answer = await read(site, f"/api/markets/{asked}/related")
        (view,) = msgspec.json.decode(answer.content, type=list[RelatedView])
        assert (view.relation, view.market, view.title) == (relation, other, market(other).title)
        assert (view.pair_id, view.reason, len(view.path)) == ("pair-1", "the sources differ", 1)


async def test_a_subset_that_costs_more_than_its_superset_is_shown_with_its_reason() -> None:
    """YES of the superset at 41 and NO of the subset at 50 pay a dollar whatever happens."""
    subset = related(relation="subset", decision="reject")
    site = heard(*LISTED, subset, book(A, 50, 52), book(B, 40, 41))
    (view,) = msgspec.json.decode(
        (await read(site, "/api/pairs/bounds")).content, type=list[BoundView]
    )
    assert {(leg.market, leg.outcome, leg.ask_micros) for leg in view.legs} == {
        (A, "no", 500_000),
        (B, "yes", 410_000),
    }
    assert (view.excess_micros, view.is_tradable) == (90_000, False)
    assert len(view.path) == 1
    dearer = heard(*LISTED, subset, book(A, 39, 40), book(B, 40, 41))
    assert (await read(dearer, "/api/pairs/bounds")).json() == []


async def test_neighbours_of_neighbours_say_how_they_hang_together() -> None:
    third = MarketId("kalshi:KXC")
    chain = related(a=A, b=third, relation="superset", decision="reject")
    other = msgspec.structs.replace(chain, pair_id="pair-2")
    site = heard(*LISTED, m.MarketListed(market(third)), related(), other)
    answer = await read(site, f"/api/markets/{B}/related")
    views = msgspec.json.decode(answer.content, type=list[RelatedView])
    assert [(v.market, v.relation, v.pair_id) for v in views] == [
        (A, "identity", "pair-1"),
        (third, "superset", ""),
    ]
    assert len(views[1].path) == 2


async def test_advice_is_shown_while_the_texts_are_those_it_read() -> None:
    advised = PairAdvised(
        pair_id="pair-1",
        terms=related().terms,
        advice="doubts",
        relation="identity",
        differences=("one counts overtime",),
        words="not sure",
        model="a model",
        cost=Money(1),
    )
    view = await detail(*FOUND, advised)
    assert view.advice is not None
    assert (view.advice.advice, view.advice.differences) == ("doubts", ["one counts overtime"])
    other = msgspec.structs.replace(advised, terms=TERMS)
    assert (await detail(*FOUND, other)).advice is None
    assert (await detail(*FOUND)).advice is None
    assert pair_lines(view).count("   claims: one counts overtime") == 1


async def test_unknown_pairs_and_markets_are_not_found() -> None:
    for path in ("/api/pairs/nothing", "/api/markets/nothing/related"):
        assert (await read(heard(), path)).status_code == HTTPStatus.NOT_FOUND


async def test_both_lists_of_people_are_shown() -> None:
    site = heard(*FOUND, decided(verdict="block"), sources_ruled())
    answer = await read(site, "/api/matching")
    view = msgspec.json.decode(answer.content, type=MatchingView)
    assert [one.id for one in view.blocked] == ["pair-1"]
    assert [(one.a, one.b, one.note) for one in view.sources] == [(*SOURCES, "one agency")]
    assert view.review_count == 0
    site.model.listen(9, Entry(0, None, OUTSIDE, sources_ruled(are_same=False)), START)
    view = msgspec.json.decode((await read(site, "/api/matching")).content, type=MatchingView)
    assert view.sources == []


async def test_history_tells_every_verdict_and_which_one_holds() -> None:
    refused = g.VerdictRefused("pair-1", "dashboard", "a text changed")
    again = decided(verdict="reject", version=2)
    view = await detail(*FOUND, decided(), reopened(), refused, again)
    told = [(event.kind, event.version, event.holds) for event in view.history]
    assert told == [
        ("reject", 2, True),
        ("refused", 1, False),
        ("reopened", 1, False),
        ("accept", 1, False),
    ]


@pytest.mark.parametrize(
    ("messages", "standing"),
    [
        ((g.PairFiled(PAIR),), "waiting"),
        ((decided(),), "waiting"),
        ((decided(), d.PairListed(PAIR)), "trading"),
        ((d.PairListed(PAIR), reopened(), d.PairUnlisted("pair-1", "x")), "reopened"),
        ((d.PairListed(PAIR), decided(verdict="block")), "blocked"),
        ((decided(verdict="reject"),), "rejected"),
        ((decided(), d.PairListed(PAIR), d.PairUnlisted("pair-1", "vetoed")), "held"),
        ((decided(), reopened(), decided(version=2), d.PairListed(PAIR)), "trading"),
        ((related(decision="reject"),), "apart"),
        ((related(decision="accept"),), "review"),
    ],
)
async def test_how_a_pair_stands(messages: tuple[Message, ...], standing: str) -> None:
    assert (await detail(*LISTED, *messages)).standing == standing


# ---- deciding --------------------------------------------------------------------------------


async def test_a_verdict_reaches_the_desk_with_who_what_and_on_which_texts() -> None:
    site = heard(*FOUND)
    answer = await post(site, DECIDE, body(by=" Ada ", note=" read both "))
    assert msgspec.json.decode(answer.content, type=Accepted).accepted
    (asked,) = site.operated.asked
    assert asked == g.VerdictRequested(
        pair_id="pair-1",
        verdict="accept",
        relation=None,
        by="Ada (dashboard)",
        note="read both",
        terms=TERMS,
    )


OTHER = Terms("other", TERMS.b)
DISJOINT = related(relation="disjoint", decision="reject")


@pytest.mark.parametrize(
    ("messages", "changes", "status", "code"),
    [
        ((), {}, HTTPStatus.NOT_FOUND, "NOT_FOUND"),
        ((related(),), {}, HTTPStatus.UNPROCESSABLE_ENTITY, "UNKNOWN_MARKET"),
        (FOUND, {"terms": OTHER}, HTTPStatus.CONFLICT, "TERMS_CHANGED"),
        ((*LISTED, DISJOINT), {}, HTTPStatus.UNPROCESSABLE_ENTITY, "RELATION_NEEDED"),
        (
            (*LISTED, DISJOINT),
            {"relation": "identity"},
            HTTPStatus.UNPROCESSABLE_ENTITY,
            "NOTE_NEEDED",
        ),
        (FOUND, {"verdict": "block"}, HTTPStatus.UNPROCESSABLE_ENTITY, "NOTE_NEEDED"),
        (FOUND, {"verdict": "maybe"}, HTTPStatus.UNPROCESSABLE_ENTITY, "BAD_BODY"),
        (FOUND, {"relation": "subset"}, HTTPStatus.UNPROCESSABLE_ENTITY, "BAD_BODY"),
        (FOUND, {"surprise": 1}, HTTPStatus.UNPROCESSABLE_ENTITY, "BAD_BODY"),
    ],
)
async def test_a_verdict_that_cannot_stand_is_refused_in_words(
    messages: tuple[Message, ...], changes: dict[str, object], status: HTTPStatus, code: str
) -> None:
    site = heard(*messages)
    answer = await post(site, DECIDE, body(**changes))
    told: dict[str, Any] = answer.json()
    assert (answer.status_code, told["code"]) == (status, code)
    assert site.operated.asked == []


async def test_a_person_may_overrule_the_rules_with_a_note() -> None:
    site = heard(*LISTED, DISJOINT)
    answer = await post(site, DECIDE, body(relation="complement", note="the dates are one day"))
    assert answer.status_code == HTTPStatus.OK
    assert len(site.operated.asked) == 1


async def test_another_sites_page_and_strangers_decide_nothing() -> None:
    site = heard(*FOUND)
    async with site.browser() as browser:
        foreign = {"origin": "https://evil.test"}
        answer = await browser.post(DECIDE, content=body(), headers=foreign)
        assert answer.status_code == HTTPStatus.FORBIDDEN
    async with site.client() as stranger:
        answer = await stranger.post(DECIDE, content=body(), headers={"origin": ORIGIN})
        assert answer.status_code == HTTPStatus.UNAUTHORIZED
    assert site.operated.asked == []


async def test_the_command_line_decides_with_its_token() -> None:
    site = heard(*FOUND)
    async with site.client() as client:
        answer = await client.post(DECIDE, content=body(), headers=BEARER)
    assert answer.status_code == HTTPStatus.OK
    (asked,) = site.operated.asked
    assert asked.by == "command line"


async def test_sources_are_ruled() -> None:
    site = heard()
    data = msgspec.json.encode({"a": SOURCES[0], "b": SOURCES[1], "are_same": True})
    assert (await post(site, "/api/sources", data)).status_code == HTTPStatus.OK
    (asked,) = site.operated.asked
    assert isinstance(asked, g.SourcesRequested)
    assert (asked.sources, asked.are_same, asked.by) == (SOURCES, True, "dashboard")


@pytest.mark.parametrize(("a", "b"), [("", "x"), ("x", " x "), ("x", "y" * (SOURCE_CHARS_MAX + 1))])
async def test_sources_that_say_nothing_are_refused(a: str, b: str) -> None:
    site = heard()
    data = msgspec.json.encode({"a": a, "b": b, "are_same": True})
    answer = await post(site, "/api/sources", data)
    assert (answer.status_code, answer.json()["code"]) == (422, "BAD_SOURCES")


def test_a_verdict_needs_the_texts_it_rests_on() -> None:
    with pytest.raises(msgspec.ValidationError, match="terms"):
        msgspec.json.decode(b'{"verdict":"accept"}', type=VerdictBody)
