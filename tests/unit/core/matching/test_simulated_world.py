"""In the simulated world, where the truth is known by construction, nothing false is accepted."""

from collections.abc import Iterator
from typing import NamedTuple

import pytest

from foreshock.adapters.sim.catalogue import catalogue
from foreshock.adapters.sim.questions import Place, Question
from foreshock.core.domain.markets import MarketId
from foreshock.core.domain.units import SECOND, Instant
from foreshock.core.matching.compare import compare
from foreshock.core.matching.contract import ContractText
from foreshock.core.matching.reading import Reading, read

STARTED_US = 1_796_000_000 * SECOND
MARKETS_MAX = 120


class Placed(NamedTuple):
    question: str
    place: Place
    reading: Reading


def placed() -> Iterator[Placed]:
    for question in catalogue(MARKETS_MAX).questions:
        for place in question.places:
            yield Placed(question.key, place, read(contract(question, place)))


def contract(question: Question, place: Place) -> ContractText:
    return ContractText(
        id=MarketId(f"{place.venue}:{place.native_id}"),
        venue=place.venue,
        title=place.title,
        rules=place.rules,
        source=place.source.url,
        event=place.event_id,
        yes_label=place.labels[0],
        no_label=place.labels[1],
        closes_us=Instant(STARTED_US + int(question.closes_s) * SECOND),
    )


@pytest.fixture(scope="module")
def world() -> list[Placed]:
    return list(placed())


def test_only_one_question_asked_twice_is_accepted(world: list[Placed]) -> None:
    theirs = [p for p in world if p.place.venue == "kalshi"]
    compared = 0
    for ours in (p for p in world if p.place.venue == "polymarket"):
        words = {atom.key for atom in ours.reading.atoms}
        for other in theirs:
            is_game = ours.reading.fixture is not None and other.reading.fixture is not None
            if not is_game and not words & {atom.key for atom in other.reading.atoms}:
                continue
            compared += 1
            found = compare(ours.reading, other.reading)
            if found.decision == "accept" or found.is_tradable:
                assert ours.question == other.question, found.reason
    assert compared > 1_000


def test_most_true_pairs_are_proven_the_right_way_round(world: list[Placed]) -> None:
    by_id = {p.place.native_id: p.reading for p in world}
    pairs = catalogue(MARKETS_MAX).pairs
    proven = 0
    for pair in pairs:
        found = compare(by_id[pair.polymarket], by_id[pair.kalshi])
        if found.decision == "accept":
            assert found.relation == pair.relation
            assert found.is_tradable, found.refusals
            proven += 1
        else:
            assert found.decision == "review", found.reason
    assert proven >= 0.85 * len(pairs)
