"""The graph follows comparisons, people and venues; a person's word on the same terms counts most."""

import msgspec

from foreshock.core.domain.markets import MarketId
from foreshock.core.domain.messages.market_data import MarketListed, MarketResolved
from foreshock.core.domain.messages.matching import PairDecided, PairRelated, PairReopened, Verdict
from foreshock.core.domain.messages.operations import DeskStarted
from foreshock.core.domain.messages.union import Message
from foreshock.core.domain.relations import Comparison, RelationKind
from foreshock.core.domain.terms import Terms
from foreshock.core.domain.units import MICRO, Instant, Price
from foreshock.core.matching.graph import RelationGraph
from foreshock.core.matching.graph_feed import CONFIRMED_PPM, GraphFeed
from tests.samples import market

A, B = MarketId("polymarket:A"), MarketId("kalshi:B")
THEN, NOW = Terms("1", "1"), Terms("1", "2")
COMPARED = Comparison(
    a=A,
    b=B,
    relation="subset",
    decision="reject",
    confidence_ppm=800_000,
    clauses=(),
    payoffs=(),
    reason="",
    is_tradable=False,
    refusals=("narrower",),
    matcher="1",
)


def related(terms: Terms = THEN, relation: RelationKind = "subset") -> PairRelated:
    found = msgspec.structs.replace(COMPARED, relation=relation)
    return PairRelated("p", "label", found, terms)


def decided(verdict: Verdict = "accept", terms: Terms = THEN) -> PairDecided:
    return PairDecided(
        pair_id="p",
        a=A,
        b=B,
        relation="identity",
        label="label",
        verdict=verdict,
        origin="person",
        by="ana",
        note="",
        version=1,
        terms=terms,
        decided_us=Instant(1),
    )


def reopened() -> PairReopened:
    return PairReopened(
        pair_id="p",
        a=A,
        b=B,
        version=1,
        market=B,
        reason="the venue changed the rules",
        terms=NOW,
        reopened_us=Instant(2),
    )


def heard(*messages: Message) -> list[tuple[RelationKind, int, bool]]:
    feed = GraphFeed(RelationGraph())
    for message in messages:
        feed.hear(message)
    return [(e.relation, e.confidence_ppm, e.is_tradable) for e in feed.graph.edges()]


FOUND = ("superset", 800_000, False)  # seen from kalshi:B, which sorts first
CONFIRMED = ("identity", CONFIRMED_PPM, True)


def test_a_comparison_makes_an_edge_and_the_next_one_replaces_it() -> None:
    assert heard(related()) == [FOUND]
    assert heard(related(), related(NOW, "overlap")) == [("overlap", 800_000, False)]


def test_a_person_counts_above_a_comparison_of_the_same_terms() -> None:
    assert heard(related(), decided()) == [CONFIRMED]
    assert heard(decided(), related()) == [CONFIRMED]
    assert heard(related(), decided("reject")) == []
    assert heard(decided("reject"), related()) == []


def test_a_verdict_on_other_terms_counts_no_more() -> None:
    assert heard(decided(), related(NOW)) == [FOUND]
    assert heard(decided("reject"), related(NOW)) == [FOUND]


def test_changed_terms_take_the_edge_away_until_they_are_compared() -> None:
    assert heard(related(), decided(), reopened()) == []
    assert heard(decided(), reopened(), related(NOW)) == [FOUND]


def test_a_blocked_pair_has_no_edge_whatever_is_found() -> None:
    assert heard(decided("block"), related(NOW)) == []
    assert heard(decided("block"), reopened(), related(NOW)) == []
    assert heard(decided("block"), decided()) == [CONFIRMED]


def test_a_settled_contract_leaves_and_late_words_do_not_bring_it_back() -> None:
    settled = MarketResolved(B, Price(MICRO), Instant(3))
    assert heard(related(), settled) == []
    assert heard(settled, related(), decided()) == []


def test_listings_make_and_end_membership_of_an_event() -> None:
    feed = GraphFeed(RelationGraph())
    alone = market("kalshi:B")
    for name in ("kalshi:A", "kalshi:B"):
        listed = msgspec.structs.replace(market(name), exclusive_group="E", exclusive_count=2)
        feed.hear(MarketListed(listed))
    found = feed.graph.event_set(MarketId("kalshi:A"))
    assert found is not None
    assert (found.members, found.is_exhaustive) == (("kalshi:A", "kalshi:B"), True)
    feed.hear(MarketListed(alone))
    assert feed.graph.event_set(MarketId("kalshi:B")) is None


def test_other_messages_say_nothing_about_relations() -> None:
    assert heard(DeskStarted("1", "2", "demo", "{}")) == []
