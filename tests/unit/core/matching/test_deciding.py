"""Which verdicts can be taken, on what do they rest, and how is a change put into words?"""

import pytest

from foreshock.core.domain.markets import Market, Relation
from foreshock.core.domain.messages.matching import PairDecided, PairRelated, VerdictRequested
from foreshock.core.domain.relations import RelationKind
from foreshock.core.domain.terms import Terms
from foreshock.core.matching.deciding import (
    filed_verdict,
    relation_of,
    verdict_of,
    what_changed,
    why_not_taken,
)
from foreshock.core.matching.standing import Standing, Standings, found_id, repeats_file
from tests.trading import START, A, B
from tests.unit.core.matching.told import filed, found, poly

TERMS = Terms("a", "b")


def asked(relation: Relation | None = None) -> VerdictRequested:
    return VerdictRequested(
        pair_id="fed", verdict="accept", relation=relation, by="Ada", note="", terms=TERMS
    )


def standing(relation: RelationKind | None = None, decided: PairDecided | None = None) -> Standing:
    related = None
    if relation is not None:
        related = PairRelated("fed", "label", found(relation=relation), TERMS)
    return Standing("fed", A, B, related=related, decided=decided)


FILED = filed_verdict(standing(), filed(relation="complement"), TERMS, START)


@pytest.mark.parametrize(
    ("given", "found_kind", "decided", "expected"),
    [
        ("complement", "identity", None, "complement"),
        (None, "identity", None, "identity"),
        (None, "identity", FILED, "identity"),
        (None, "overlap", FILED, "complement"),
        (None, "overlap", None, "overlap"),
        (None, None, None, "unknown"),
    ],
)
def test_the_persons_word_comes_before_what_was_found_and_that_before_what_was_decided(
    given: Relation | None,
    found_kind: RelationKind | None,
    decided: PairDecided | None,
    expected: RelationKind,
) -> None:
    assert relation_of(standing(found_kind, decided), asked(given)) == expected


def test_a_verdict_carries_the_terms_that_were_read_and_the_next_version() -> None:
    before = standing("identity", FILED)
    before.version = 4
    verdict = verdict_of(before, asked(), "Fed", START)
    assert (verdict.version, verdict.terms, verdict.label, verdict.decided_us) == (
        5,
        TERMS,
        "Fed",
        START,
    )


def test_nothing_speaks_against_a_verdict_on_the_texts_as_they_stand() -> None:
    assert why_not_taken(standing("identity"), asked(), TERMS) is None
    assert "not listed" in (why_not_taken(standing("identity"), asked(), None) or "")


@pytest.mark.parametrize(
    ("after", "words"),
    [
        (poly(rules="x"), "the rules"),
        (poly(title="x", rules="y"), "the title and the rules"),
        (poly(resolution_source="x"), "the resolution source"),
        (poly(outcome_labels=("Up", "Down")), "the outcomes"),
        (poly(is_augmented=True), "the terms"),
    ],
)
def test_what_changed_is_named(after: Market, words: str) -> None:
    assert what_changed(poly(), after) == f"the venue changed {words}"


def test_a_pair_is_the_same_pair_from_either_side() -> None:
    assert found_id(A, B) == found_id(B, A)
    known = Standings()
    first = known.take("fed", A, B)
    assert known.take("other", B, A) is first
    assert known.take("fed", A, A) is None, "an id names one pair"
    assert known.between(B, A) is first
    assert known.of(A) == [first]
    assert len(known) == 1


def test_a_file_that_says_the_same_again_is_no_new_verdict() -> None:
    before = standing()
    assert not repeats_file(before, filed())
    before.filed_last = FILED
    assert repeats_file(before, filed(relation="complement"))
    assert not repeats_file(before, filed(relation="complement", note="read once more"))
