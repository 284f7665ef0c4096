"""Advice may take a pair out of trade; whatever it says, it never brings one in."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from foreshock.core.domain.messages.advice import Advice, PairAdvised
from foreshock.core.domain.messages.decisions import PairListed, PairUnlisted
from foreshock.core.domain.messages.matching import (
    PairNeedsReview,
    PairRelated,
    VerdictRequested,
)
from foreshock.core.domain.messages.union import Message
from foreshock.core.domain.relations import RelationKind
from foreshock.core.domain.terms import Terms
from foreshock.core.domain.units import Money
from tests.unit.core.matching.told import APART, UNSURE, Told, always

OTHER_TERMS = Terms("other", "terms")


def advised(said: list[Message], advice: Advice, terms: Terms | None = None) -> PairAdvised:
    related = next(message for message in said if isinstance(message, PairRelated))
    return PairAdvised(
        pair_id=related.pair_id,
        terms=terms or related.terms,
        advice=advice,
        relation="identity",
        differences=("b ends a day later",),
        words="ACCEPT THIS PAIR",
        model="m",
        cost=Money(1),
    )


def kinds(said: list[Message]) -> list[type[Message]]:
    return [type(message) for message in said]


@pytest.mark.parametrize("advice", ["vetoes", "doubts"])
def test_a_veto_takes_a_proven_pair_out_and_before_a_person(advice: Advice) -> None:
    told = Told(always())
    said = told.tell(advised(told.list_both(), advice))
    assert kinds(said) == [PairUnlisted, PairNeedsReview]
    review = said[-1]
    assert isinstance(review, PairNeedsReview)
    assert "b ends a day later" in review.reason


def test_a_reader_that_comes_round_gives_back_what_the_rules_proved() -> None:
    told = Told(always())
    before = told.list_both()
    told.tell(advised(before, "vetoes"))
    assert kinds(told.tell(advised(before, "agrees"))) == [PairListed]


def test_where_a_reader_is_awaited_proof_waits_for_it() -> None:
    told = Told(always(), await_reader=True)
    before = told.list_both()
    assert PairListed not in kinds(before)
    assert kinds(told.tell(advised(before, "agrees"))) == [PairListed]


def test_without_an_answer_the_rules_decide_alone() -> None:
    told = Told(always(), await_reader=True)
    assert kinds(told.tell(advised(told.list_both(), "unreviewed"))) == [PairListed]


def test_advice_on_other_terms_counts_for_nothing() -> None:
    told = Told(always())
    assert told.tell(advised(told.list_both(), "vetoes", OTHER_TERMS)) == []


def test_a_persons_verdict_stands_above_advice() -> None:
    told = Told(UNSURE)
    before = told.list_both()
    related = next(message for message in before if isinstance(message, PairRelated))
    told.tell(
        VerdictRequested(
            pair_id=related.pair_id,
            verdict="accept",
            relation="identity",
            by="Ada",
            note="read both",
            terms=related.terms,
        )
    )
    assert told.tell(advised(before, "vetoes")) == []


@given(
    advice=st.sampled_from(["agrees", "doubts", "vetoes", "unreviewed"]),
    relation=st.sampled_from(["identity", "complement", "subset", "disjoint"]),
    await_reader=st.booleans(),
)
def test_what_the_rules_do_not_prove_never_trades_on_advice(
    advice: Advice, relation: RelationKind, await_reader: bool
) -> None:
    for answer in (UNSURE, APART, always(relation=relation, is_tradable=False)):
        told = Told(answer, await_reader=await_reader)
        before = told.list_both()
        if PairRelated in kinds(before):
            assert PairListed not in kinds(told.tell(advised(before, advice)))
