"""The synthetic catalogues are what they say; what people labelled is found among them."""

import sys
from collections import Counter

import pytest

from benchmarks import candidates
from benchmarks.catalogues import Catalogues, make_catalogues
from benchmarks.families import FAMILIES
from benchmarks.labelled import labelled
from foreshock.core.matching.candidates import block

DEPTH = 20
"""The matcher compares a market with forty."""


@pytest.fixture(scope="module")
def made() -> Catalogues:
    return make_catalogues(seed=3, a_count=700, b_count=1_700)


def test_catalogues_have_their_size_and_every_family(made: Catalogues) -> None:
    assert (len(made.a), len(made.b)) == (700, 1_700)
    assert len({c.id for c in (*made.a, *made.b)}) == 2_400
    assert set(Counter(made.family_of.values())) == {family.name for family in FAMILIES}


def test_twins_stand_at_both_venues(made: Catalogues) -> None:
    assert {c.id for c in made.a} >= set(made.twins)
    assert {c.id for c in made.b} >= set(made.twins.values())
    assert 0.2 < len(made.twins) / len(made.a) < 0.3


def test_the_same_seed_gives_the_same_catalogues(made: Catalogues) -> None:
    assert make_catalogues(seed=3, a_count=700, b_count=1_700) == made
    assert make_catalogues(seed=4, a_count=700, b_count=1_700).a != made.a


def test_planted_twins_are_found(made: Catalogues) -> None:
    found = block(made.a, made.b, DEPTH)
    missed = [a for a, b in made.twins.items() if b not in {c.id for c in found[a]}]
    assert len(missed) <= len(made.twins) // 100


def test_labelled_pairs_are_found_from_either_side() -> None:
    known = labelled()
    if known is None:
        pytest.skip("../shared/data is absent: no labelled pairs")
    assert len(known.targets) > 100
    missed: list[str] = []
    for venues in {(a.venue, b.venue) for a, b, _ in known.targets}:
        pairs = [(a, b) for a, b, _ in known.targets if (a.venue, b.venue) == venues]
        for ways in (pairs, [(b, a) for a, b in pairs]):
            found = block([one for one, _ in ways], known.listed[ways[0][1].venue], DEPTH)
            missed += [o.title for o, t in ways if t.id not in {c.id for c in found[o.id]}]
    assert missed == []


def test_a_tiny_run_prints_every_figure(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(
        sys, "argv", ["candidates", "100", "200", "--relations", "60", "--no-labelled"]
    )
    candidates.main()
    printed = capsys.readouterr().out
    for figure in (
        "100 x 200 contracts",
        "CPU-s",
        "MiB",
        "@20 ",
        "p50",
        "p99",
        "60 relations",
        "0 contradictions",
    ):
        assert figure in printed
