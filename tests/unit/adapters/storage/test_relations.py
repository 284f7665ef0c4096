"""The graph read back from the tables is the graph the desk had."""

from pathlib import Path
from random import Random

import msgspec
import pytest

from foreshock.adapters.storage.projections import Projections
from foreshock.adapters.storage.relations import load_graph
from foreshock.adapters.storage.rows import rows_of
from foreshock.core.domain.markets import MarketId
from foreshock.core.domain.messages.market_data import MarketListed, MarketResolved
from foreshock.core.domain.messages.matching import PairDecided, PairRelated, PairReopened, Verdict
from foreshock.core.domain.messages.union import Message
from foreshock.core.domain.relations import Comparison, RelationKind
from foreshock.core.domain.terms import Terms
from foreshock.core.domain.units import MICRO, Instant, Price
from foreshock.core.engine import OUTSIDE, Entry
from foreshock.core.matching.graph import RelationGraph
from foreshock.core.matching.graph_feed import GraphFeed
from tests.samples import market

KINDS: tuple[RelationKind, ...] = ("identity", "complement", "subset", "superset", "overlap")
VERDICTS: tuple[Verdict, ...] = ("accept", "reject", "block")
MARKETS = [f"{venue}:{n}" for venue in ("kalshi", "polymarket") for n in range(4)]


def story(rng: Random, length: int) -> list[Message]:
    """Listings, comparisons, verdicts and changed terms in any order; some markets then settle."""
    told: list[Message] = []
    for name in MARKETS:
        group = rng.choice((None, "E", "F"))
        listed = market(name, exclusive_group=group, exclusive_count=rng.choice((None, 2)))
        told.append(MarketListed(listed))
    versions: dict[str, int] = {}
    for at in range(length):
        a, b = (MarketId(f"{venue}:{rng.randrange(4)}") for venue in ("polymarket", "kalshi"))
        pair, terms = f"{a}={b}", Terms(str(rng.randrange(2)), "1")
        match rng.randrange(3):
            case 0:
                told.append(PairRelated(pair, "label", compared(a, b, rng), terms))
            case 1:
                versions[pair] = versions.get(pair, 0) + 1
                told.append(verdict(pair, a, b, versions[pair], terms, Instant(at + 100), rng))
            case _:
                told.append(reopening(pair, a, b, versions.get(pair, 0), terms, Instant(at + 100)))
    settled = rng.sample(MARKETS, 2)
    return [*told, *(MarketResolved(MarketId(m), Price(MICRO), Instant(999)) for m in settled)]


def compared(a: MarketId, b: MarketId, rng: Random) -> Comparison:
    return Comparison(
        a=a,
        b=b,
        relation=rng.choice(KINDS),
        decision="review",
        confidence_ppm=rng.randrange(MICRO),
        clauses=(),
        payoffs=(),
        reason="",
        is_tradable=rng.random() < 0.5,
        refusals=(),
        matcher="1",
    )


def verdict(
    pair: str, a: MarketId, b: MarketId, version: int, terms: Terms, at_us: Instant, rng: Random
) -> PairDecided:
    return PairDecided(
        pair_id=pair,
        a=a,
        b=b,
        relation=rng.choice(("identity", "complement")),
        label="label",
        verdict=rng.choice(VERDICTS),
        origin="person",
        by="ana",
        note="",
        version=version,
        terms=terms,
        decided_us=at_us,
    )


def reopening(
    pair: str, a: MarketId, b: MarketId, version: int, terms: Terms, at_us: Instant
) -> PairReopened:
    return PairReopened(
        pair_id=pair,
        a=a,
        b=b,
        version=version,
        market=a,
        reason="the venue changed the rules",
        terms=terms,
        reopened_us=at_us,
    )


def tell(projections: Projections, run: str, told: list[Message]) -> None:
    """Listings at once; everything else at the instant that verdicts carry."""
    for step, message in enumerate(told, 1):
        now_us = Instant(max(0, step - 1 - len(MARKETS)) + 100)
        projections.add(rows_of(run, step, Entry(0, None, OUTSIDE, message), now_us))
    projections.flush()


@pytest.mark.parametrize("seed", range(12))
def test_the_stored_graph_is_the_one_the_desk_had(tmp_path: Path, seed: int) -> None:
    told = story(Random(seed), 40)
    feed = GraphFeed(RelationGraph())
    for message in told:
        feed.hear(message)
    projections = Projections(tmp_path / "p.sqlite")
    tell(projections, "run", told)
    loaded = load_graph(projections, "run")
    projections.close()
    assert loaded.edges() == feed.graph.edges()
    for name in MARKETS:
        assert loaded.event_set(MarketId(name)) == feed.graph.event_set(MarketId(name))


def test_stories_hold_what_is_to_be_told_apart() -> None:
    kept = [story(Random(seed), 40) for seed in range(12)]
    kinds = {type(message) for told in kept for message in told}
    assert kinds == {MarketListed, MarketResolved, PairRelated, PairDecided, PairReopened}


def test_another_run_and_an_empty_one_stay_apart(tmp_path: Path) -> None:
    projections = Projections(tmp_path / "p.sqlite")
    tell(projections, "run", story(Random(1), 40))
    assert load_graph(projections, "other").edges() == []
    assert load_graph(projections, "run").edges() != []
    projections.close()


def test_a_verdict_of_a_pair_nobody_listed_here_is_passed_over(tmp_path: Path) -> None:
    projections = Projections(tmp_path / "p.sqlite")
    fell = reopening(
        "x", MarketId("kalshi:1"), MarketId("kalshi:2"), 1, Terms("1", "1"), Instant(1)
    )
    tell(projections, "run", [fell])
    assert load_graph(projections, "run").edges() == []
    projections.close()


def test_groups_of_two_venues_with_one_name_are_two(tmp_path: Path) -> None:
    projections = Projections(tmp_path / "p.sqlite")
    listed = [market(name, exclusive_group="E") for name in ("kalshi:1", "polymarket:1")]
    open_end = msgspec.structs.replace(listed[1], is_augmented=True)
    tell(projections, "run", [MarketListed(listed[0]), MarketListed(open_end)])
    found = load_graph(projections, "run").event_set(MarketId("polymarket:1"))
    projections.close()
    assert found is not None
    assert found.members == ("polymarket:1",)
    assert not found.is_exhaustive
