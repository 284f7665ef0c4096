"""Implications and their reasons: contrapositives, equal literals, events as chains."""

from foreshock.core.domain.markets import MarketId
from foreshock.core.domain.relations import RelationKind
from foreshock.core.matching.graph_facts import PPM, RelationEdge, composed, confidence_of
from foreshock.core.matching.graph_logic import Literal, Logic

A, B, C, D = (MarketId(name) for name in "ABCD")


def edge(a: MarketId, relation: RelationKind, b: MarketId, sure: int = PPM) -> RelationEdge:
    return RelationEdge(a=a, b=b, relation=relation, confidence_ppm=sure, is_tradable=True)


def settled(edges: list[RelationEdge], groups: dict[str, list[MarketId]] | None = None) -> Logic:
    logic = Logic([A, B, C, D], edges, groups or {})
    logic.settle()
    return logic


def test_a_relation_implies_and_its_contrapositive_does() -> None:
    logic = settled([edge(A, "subset", B)])
    assert logic.implied((A, "yes")) == [(B, "yes")]
    assert logic.implied((B, "no")) == [(A, "no")]
    assert logic.implied((A, "no")) == []
    assert logic.implied((C, "yes")) == []


def test_one_of_an_event_rules_out_every_other_in_either_direction() -> None:
    logic = settled([], {"e": [C, A, B]})
    for one, others in ((A, [B, C]), (B, [A, C]), (C, [A, B])):
        assert logic.implied((one, "yes")) == [(other, "no") for other in others]
        assert logic.implied((one, "no")) == []
        for other in others:
            (step,) = logic.reasons((one, "yes"), (other, "no"))
            assert (step.one, step.kind, step.other) == (one, "same event", other)


def test_of_two_chains_of_one_length_the_surer_is_given() -> None:
    edges = [
        edge(A, "identity", B, 600_000),
        edge(B, "identity", D, 900_000),
        edge(A, "identity", C, 700_000),
        edge(C, "identity", D, 900_000),
    ]
    path = settled(edges).reasons((A, "yes"), (D, "yes"))
    assert [step.other for step in path] == [C, D]
    assert confidence_of(path) == 630_000
    assert composed(path) == "identity"


def test_a_shorter_chain_is_given_although_it_is_less_sure() -> None:
    edges = [edge(A, "subset", B, 1), edge(A, "identity", C), edge(C, "identity", B)]
    assert len(settled(edges).reasons((A, "yes"), (B, "yes"))) == 1


def test_a_contradiction_leaves_the_rest_in_force() -> None:
    logic = settled([edge(A, "identity", B), edge(A, "complement", B), edge(B, "subset", C)])
    (conflict,) = logic.conflicts
    assert {e.relation for e in conflict.edges} == {"identity", "complement"}
    assert logic.implied((B, "yes")) == [(C, "yes")]
    ends: list[Literal] = logic.implied((A, "yes"))
    assert ends == []
