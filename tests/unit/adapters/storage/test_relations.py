"""The graph read back from the tables is the graph the desk had."""

from pathlib import Path
from random import Random

import msgspec
import pytest

from foreshock.adapters.storage import stored_run
from foreshock.adapters.storage.projections import Projections
from foreshock.adapters.storage.relations import last_touches, load_graph, titles
from foreshock.adapters.storage.rows import book_row, rows_of
from foreshock.adapters.storage.stored_run import StoredRun
from foreshock.core.domain.errors import StorageError
from foreshock.core.domain.markets import MarketId
from foreshock.core.domain.messages.market_data import (
    BookChanged,
    MarketListed,
    MarketResolved,
)
from foreshock.core.domain.messages.matching import PairDecided, PairRelated, PairReopened, Verdict
from foreshock.core.domain.messages.union import Message
from foreshock.core.domain.relations import Comparison, RelationKind
from foreshock.core.domain.terms import Terms
from foreshock.core.domain.units import MICRO, Instant, Price, Quantity
from foreshock.core.engine import OUTSIDE, Entry
from foreshock.core.matching.graph import RelationGraph
from foreshock.core.matching.graph_facts import Touch
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


def graph_in(folder: Path, run: str = "run") -> RelationGraph:
    stored = StoredRun(folder / "p.sqlite", run)
    try:
        return load_graph(stored)
    finally:
        stored.close()


@pytest.mark.parametrize("seed", range(12))
def test_the_stored_graph_is_the_one_the_desk_had(tmp_path: Path, seed: int) -> None:
    told = story(Random(seed), 40)
    feed = GraphFeed(RelationGraph())
    for message in told:
        feed.hear(message)
    projections = Projections(tmp_path / "p.sqlite")
    tell(projections, "run", told)
    projections.close()
    loaded = graph_in(tmp_path)
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
    projections.close()
    assert graph_in(tmp_path, "other").edges() == []
    assert graph_in(tmp_path).edges() != []


def test_a_verdict_of_a_pair_nobody_listed_here_is_passed_over(tmp_path: Path) -> None:
    projections = Projections(tmp_path / "p.sqlite")
    fell = reopening(
        "x", MarketId("kalshi:1"), MarketId("kalshi:2"), 1, Terms("1", "1"), Instant(1)
    )
    tell(projections, "run", [fell])
    projections.close()
    assert graph_in(tmp_path).edges() == []


def test_groups_of_two_venues_with_one_name_are_two(tmp_path: Path) -> None:
    projections = Projections(tmp_path / "p.sqlite")
    listed = [market(name, exclusive_group="E") for name in ("kalshi:1", "polymarket:1")]
    open_end = msgspec.structs.replace(listed[1], is_augmented=True)
    tell(projections, "run", [MarketListed(listed[0]), MarketListed(open_end)])
    projections.close()
    found = graph_in(tmp_path).event_set(MarketId("polymarket:1"))
    assert found is not None
    assert found.members == ("polymarket:1",)
    assert not found.is_exhaustive


def test_the_last_prices_and_the_titles_are_read_too(tmp_path: Path) -> None:
    projections = Projections(tmp_path / "p.sqlite")
    name = MarketId("kalshi:1")
    tell(projections, "run", [MarketListed(market(name))])
    for at_us, ask in ((Instant(5), 600_000), (Instant(9), 700_000)):
        asks = ((Price(ask), Quantity(1)),)
        book = BookChanged(name, 1, "live", at_us, at_us, (), asks)
        projections.add((book_row("run", book, at_us), book_row("other", book, Instant(99))))
    projections.flush()
    projections.close()
    stored = StoredRun(tmp_path / "p.sqlite", "run")
    assert last_touches(stored) == {name: Touch(None, Price(700_000))}
    assert titles(stored) == {name: "Will 1 happen?"}
    stored.close()


def test_reading_never_makes_or_clears_a_table(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stored = StoredRun(tmp_path / "p.sqlite", "run")
    with pytest.raises(StorageError, match="cannot read"):
        titles(stored)
    assert not (tmp_path / "p.sqlite").exists()
    projections = Projections(tmp_path / "p.sqlite")
    tell(projections, "run", [MarketListed(market("kalshi:1"))])
    projections.close()
    with monkeypatch.context() as patched:
        patched.setattr(stored_run, "SCHEMA_VERSION", 99)
        with pytest.raises(StorageError, match="another version"):
            titles(stored)
    assert titles(stored) == {MarketId("kalshi:1"): "Will 1 happen?"}
    stored.close()
