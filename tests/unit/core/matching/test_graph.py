"""What the graph says follows from its relations really does, in every world they allow."""

from collections.abc import Iterator, Sequence
from itertools import product
from random import Random

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from foreshock.core.domain.markets import MarketId, Outcome
from foreshock.core.domain.relations import Comparison, RelationKind
from foreshock.core.domain.units import PAYOUT, Price
from foreshock.core.matching.graph import CLUSTER_MAX, HOPS_MAX, RelationGraph
from foreshock.core.matching.graph_facts import (
    IMPLIES,
    PPM,
    Membership,
    RelationEdge,
    Touch,
    edge_of,
    membership_of,
)
from tests.samples import market

SURE = 950_000


def edge(a: str, relation: RelationKind, b: str, sure: int = SURE) -> RelationEdge:
    return RelationEdge(
        a=MarketId(a), b=MarketId(b), relation=relation, confidence_ppm=sure, is_tradable=True
    )


def member(name: str, group: str, count: int | None = None) -> Membership:
    return Membership(market=MarketId(name), group=group, is_augmented=False, exclusive_count=count)


def graph_of(*facts: RelationEdge | Membership) -> RelationGraph:
    graph = RelationGraph()
    for fact in facts:
        if isinstance(fact, RelationEdge):
            graph.put(fact)
        else:
            graph.join(fact)
    return graph


def touch(bid: int | None, ask: int | None) -> Touch:
    """In cents."""
    return Touch(
        None if bid is None else Price(bid * 10_000), None if ask is None else Price(ask * 10_000)
    )


def prices(**cents: tuple[int | None, int | None]) -> dict[MarketId, Touch]:
    return {MarketId(name): touch(*both) for name, both in cents.items()}


# ---- implied bounds ------------------------------------------------------------------------


def test_a_subset_may_not_cost_more_than_its_superset() -> None:
    graph = graph_of(edge("win", "subset", "reach_final"))
    (broken,) = graph.bounds_broken(prices(win=(40, 42), reach_final=(33, 35)))
    assert [(leg.market, leg.outcome, leg.ask) for leg in broken.legs] == [
        ("reach_final", "yes", 350_000),
        ("win", "no", 600_000),
    ]
    assert broken.excess == 50_000
    assert broken.confidence_ppm == SURE
    assert broken.is_tradable
    assert [step.words for step in broken.path] == ["win can only pay when so does reach_final"]


@pytest.mark.parametrize(
    "both",
    [((40, 42), (40, 41)), ((34, 36), (33, 35)), ((None, 90), (1, 2)), ((90, 95), (1, None))],
)
def test_prices_in_order_or_absent_break_nothing(
    both: tuple[tuple[int | None, int | None], tuple[int | None, int | None]],
) -> None:
    graph = graph_of(edge("a", "subset", "b"))
    assert graph.bounds_broken(prices(a=both[0], b=both[1])) == []


@pytest.mark.parametrize(
    ("relation", "a", "b", "excess"),
    [
        ("superset", (10, 12), (20, 25), 80_000),
        ("identity", (10, 12), (20, 25), 80_000),
        ("identity", (20, 25), (10, 12), 80_000),
        ("complement", (60, 62), (50, 52), 100_000),
        ("complement", (30, 32), (50, 52), 160_000),
        ("disjoint", (60, 62), (50, 52), 100_000),
        ("disjoint", (30, 32), (50, 52), None),
        ("overlap", (90, 92), (1, 2), None),
        ("unknown", (90, 92), (1, 2), None),
    ],
)
def test_each_relation_bounds_what_it_implies(
    relation: RelationKind, a: tuple[int, int], b: tuple[int, int], excess: int | None
) -> None:
    broken = graph_of(edge("a", relation, "b")).bounds_broken(prices(a=a, b=b))
    assert [b.excess for b in broken] == ([] if excess is None else [excess])


def test_bounds_reach_across_unpriced_contracts_and_events() -> None:
    graph = graph_of(
        edge("k:france", "identity", "p:france", 900_000),
        member("p:france", "p:cup"),
        member("p:spain", "p:cup"),
        edge("p:spain", "superset", "k:spain_beats_italy", 800_000),
    )
    (broken,) = graph.bounds_broken({
        MarketId("k:france"): touch(70, 72),
        MarketId("k:spain_beats_italy"): touch(40, 42),
    })
    assert broken.excess == 100_000
    assert broken.confidence_ppm == 720_000
    assert [step.kind for step in broken.path] in (
        ["identity", "same event", "superset"],
        ["subset", "same event", "identity"],
    )


def test_only_what_follows_from_the_named_contracts_is_looked_at() -> None:
    graph = graph_of(edge("a", "subset", "b"), edge("c", "subset", "d"))
    books = prices(a=(40, 42), b=(30, 31), c=(50, 52), d=(30, 31))
    assert [b.excess for b in graph.bounds_broken(books)] == [190_000, 90_000]
    assert [b.excess for b in graph.bounds_broken(books, [MarketId("a")])] == [90_000]
    assert graph.bounds_broken(books, [MarketId("elsewhere")]) == []


# ---- contradictions ------------------------------------------------------------------------


def test_an_identity_chain_against_a_disjoint_edge_is_reported_and_not_used() -> None:
    graph = graph_of(
        edge("a", "identity", "b"),
        edge("b", "identity", "c"),
        edge("a", "disjoint", "c"),
        edge("c", "subset", "d"),
    )
    (conflict,) = graph.conflicts()
    assert len(conflict.edges) == 3
    assert conflict.words.startswith("a could never end yes: a cannot pay together with c; ")
    assert conflict.words.endswith("b is the same bet as a")
    assert graph.conflicts_of(MarketId("d")) == (conflict,)
    books = prices(a=(90, 91), b=(10, 11), c=(50, 51), d=(20, 21))
    assert [b.excess for b in graph.bounds_broken(books)] == [290_000]
    assert graph.related(MarketId("a"), 4, 10) == []
    assert [r.market for r in graph.related(MarketId("c"), 4, 10)] == ["d"]


def test_two_of_one_event_cannot_both_be_the_same_bet() -> None:
    graph = graph_of(
        member("p:1", "p:event"),
        member("p:2", "p:event"),
        edge("p:1", "identity", "k:1"),
        edge("p:2", "identity", "k:1"),
    )
    (conflict,) = graph.conflicts()
    assert {e.relation for e in conflict.edges} == {"identity"}
    assert any(step.kind == "same event" for step in conflict.path)
    found = graph.event_set(MarketId("p:1"))
    assert found is not None
    assert found.twins == ()


def test_a_conflict_ends_with_the_edge_that_caused_it() -> None:
    graph = graph_of(edge("a", "identity", "b"), edge("b", "subset", "c"))
    assert graph.conflicts() == []
    graph.put(edge("a", "disjoint", "c"))
    assert len(graph.conflicts()) == 1
    graph.remove(MarketId("c"), MarketId("a"))
    assert graph.conflicts() == []
    assert len(graph.related(MarketId("a"), 2, 10)) == 2


# ---- related contracts and events ----------------------------------------------------------


def test_related_contracts_come_nearest_and_surest_first_with_their_path() -> None:
    graph = graph_of(
        edge("a", "identity", "b", 900_000),
        edge("c", "superset", "b", 990_000),
        edge("a", "overlap", "e", 700_000),
        edge("c", "subset", "d", 500_000),
        edge("b", "complement", "f", 800_000),
    )
    found = graph.related(MarketId("a"), 2, 10)
    assert [(r.market, r.relation, r.confidence_ppm, len(r.path)) for r in found] == [
        ("b", "identity", 900_000, 1),
        ("e", "overlap", 700_000, 1),
        ("c", "subset", 891_000, 2),
        ("f", "complement", 720_000, 2),
    ]
    assert [step.words for step in found[2].path] == [
        "a is the same bet as b",
        "b can only pay when so does c",
    ]
    assert [r.market for r in graph.related(MarketId("a"), 3, 10)][-1] == "d"
    assert [r.market for r in graph.related(MarketId("a"), 2, 3)] == ["b", "e", "c"]
    assert graph.related(MarketId("nowhere"), HOPS_MAX, 10) == []


def test_an_event_set_knows_its_members_twins_and_whether_one_must_pay() -> None:
    graph = graph_of(
        member("p:1", "p:event", 2), member("p:2", "p:event", 2), edge("k:2", "identity", "p:2")
    )
    found = graph.event_set(MarketId("p:1"))
    assert found is not None
    assert found.members == ("p:1", "p:2")
    assert found.is_exhaustive
    assert found.twins == (("p:2", "k:2"),)
    assert graph.event_set(MarketId("k:2")) is None
    (sibling, _) = graph.related(MarketId("p:1"), 2, 10)
    assert (sibling.market, sibling.relation) == ("p:2", "disjoint")


@pytest.mark.parametrize(("count", "is_augmented"), [(3, False), (None, False), (2, True)])
def test_an_open_or_partly_known_event_is_never_exhaustive(
    count: int | None, is_augmented: bool
) -> None:
    other = msgspec.structs.replace(member("p:2", "p:e", count), is_augmented=is_augmented)
    found = graph_of(member("p:1", "p:e", count), other).event_set(MarketId("p:1"))
    assert found is not None
    assert not found.is_exhaustive


def test_groups_come_from_the_venues_listing() -> None:
    listed = market("kalshi:A", exclusive_group="EVENT", is_augmented=True, exclusive_count=None)
    found = membership_of(listed)
    assert found is not None
    assert (found.group, found.is_augmented) == ("kalshi:EVENT", True)
    assert membership_of(market("kalshi:B")) is None


def test_an_edge_carries_what_the_comparison_found() -> None:
    found = Comparison(
        a=MarketId("a"),
        b=MarketId("b"),
        relation="superset",
        decision="reject",
        confidence_ppm=SURE,
        clauses=(),
        payoffs=(),
        reason="",
        is_tradable=False,
        refusals=("x",),
        matcher="1",
    )
    assert edge_of(found) == msgspec.structs.replace(edge("a", "superset", "b"), is_tradable=False)


def test_a_settled_contract_leaves_nothing_behind() -> None:
    graph = graph_of(
        edge("a", "identity", "b"), edge("b", "subset", "c"), member("b", "g"), member("a", "g")
    )
    graph.forget(MarketId("b"))
    graph.forget(MarketId("never listed"))
    assert graph.edges() == []
    assert graph.related(MarketId("a"), 4, 10) == []
    found = graph.event_set(MarketId("a"))
    assert found is not None
    assert found.members == ("a",)


def test_a_contract_does_not_relate_to_itself() -> None:
    graph = graph_of(edge("a", "complement", "a"))
    assert graph.edges() == []
    assert graph.conflicts() == []


def test_an_event_of_hundreds_costs_no_square() -> None:
    graph = graph_of(*(member(f"p:{n:03}", "p:event") for n in range(300)))
    graph.put(edge("k:7", "identity", "p:007"))
    (broken,) = graph.bounds_broken({
        MarketId("k:7"): touch(60, 61),
        MarketId("p:299"): touch(50, 51),
    })
    assert [step.kind for step in broken.path] in (
        ["identity", "same event"],
        ["same event", "identity"],
    )
    assert graph.conflicts() == []


def test_a_cluster_over_its_ceiling_is_reasoned_about_near_each_contract() -> None:
    count = CLUSTER_MAX + 50
    graph = graph_of(*(edge(f"m{n:05}", "subset", f"m{n + 1:05}") for n in range(count)))
    books = {MarketId("m00000"): touch(60, 61), MarketId("m00003"): touch(40, 41)}
    assert [b.excess for b in graph.bounds_broken(books)] == [190_000]
    graph.remove(MarketId("m00001"), MarketId("m00002"))
    assert graph.bounds_broken(books) == []
    graph.put(edge("m00001", "disjoint", "m00000"))
    assert [
        b.excess for b in graph.bounds_broken({**books, MarketId("m00001"): touch(70, 71)})
    ] == [300_000]


def test_a_relation_that_becomes_binding_joins_what_it_binds() -> None:
    graph = graph_of(edge("a", "overlap", "b"), edge("b", "identity", "c"))
    assert graph.conflicts() == []
    graph.put(edge("c", "complement", "b"))
    graph.put(edge("a", "identity", "b"))
    assert [r.market for r in graph.related(MarketId("a"), 2, 5)] == ["b", "c"]


# ---- properties: the truth table decides ---------------------------------------------------

NAMES = [MarketId(name) for name in "abcde"]
KINDS = st.sampled_from([kind for kind in IMPLIES if kind != "unknown"])
EDGES = st.lists(
    st.builds(edge, st.sampled_from(NAMES), KINDS, st.sampled_from(NAMES), st.integers(1, PPM)),
    max_size=6,
).map(lambda edges: [e for e in edges if e.a != e.b])
GROUPED = st.sets(st.sampled_from(NAMES), max_size=4)
World = dict[MarketId, Outcome]


def worlds(edges: Sequence[RelationEdge], grouped: set[MarketId]) -> Iterator[World]:
    """Every way all contracts may end under the relations and the group."""
    both: tuple[Outcome, Outcome] = ("yes", "no")
    for ends in product(both, repeat=len(NAMES)):
        world = dict(zip(NAMES, ends, strict=True))
        if sum(world[m] == "yes" for m in grouped) <= 1 and all(_holds(e, world) for e in edges):
            yield world


def _holds(relation: RelationEdge, world: World) -> bool:
    ends = world[relation.a], world[relation.b]
    return all(ends[0] != x or ends[1] == y for x, y in IMPLIES[relation.relation])


def filled(edges: list[RelationEdge], grouped: set[MarketId]) -> RelationGraph:
    return graph_of(*edges, *(member(m, "g") for m in sorted(grouped)))


@given(EDGES, GROUPED, st.lists(st.integers(1, 99), min_size=5, max_size=5))
def test_broken_bounds_are_exactly_the_cheap_pairs_of_which_one_always_pays(
    edges: list[RelationEdge], grouped: set[MarketId], cents: list[int]
) -> None:
    graph = filled(edges, grouped)
    contested = {e for conflict in graph.conflicts() for e in conflict.edges}
    kept = [e for e in graph.edges() if e not in contested]
    possible = list(worlds(kept, grouped))
    books = {m: touch(c, c) for m, c in zip(NAMES, cents, strict=True)}
    found = {
        tuple((leg.market, leg.outcome) for leg in broken.legs): broken.excess
        for broken in graph.bounds_broken(books)
    }
    expected: dict[tuple[tuple[MarketId, Outcome], ...], int] = {}
    for one, other in product(NAMES, NAMES):
        for x, y in product(("yes", "no"), repeat=2):
            cost = sum(
                c if end == "yes" else 100 - c
                for c, end in ((cents[NAMES.index(one)], x), (cents[NAMES.index(other)], y))
            )
            pays = all(world[one] == x or world[other] == y for world in possible)
            if one < other and pays and cost < 100:
                expected[(one, x), (other, y)] = PAYOUT - cost * 10_000
    assert found == expected


@given(EDGES, GROUPED)
def test_a_conflict_names_relations_that_really_cannot_all_hold(
    edges: list[RelationEdge], grouped: set[MarketId]
) -> None:
    graph = filled(edges, grouped)
    for conflict in graph.conflicts():
        assert conflict.edges
        ends = {world[conflict.market] for world in worlds(conflict.edges, grouped)}
        assert len(ends) <= 1


@given(EDGES, GROUPED)
def test_what_is_left_contradicts_nothing(
    edges: list[RelationEdge], grouped: set[MarketId]
) -> None:
    graph = filled(edges, grouped)
    contested = {e for conflict in graph.conflicts() for e in conflict.edges}
    possible = list(worlds([e for e in graph.edges() if e not in contested], grouped))
    for name in NAMES:
        assert {world[name] for world in possible} == {"yes", "no"}


@given(EDGES, GROUPED, st.integers(0, 99))
def test_the_order_of_facts_does_not_matter(
    edges: list[RelationEdge], grouped: set[MarketId], seed: int
) -> None:
    last = {frozenset((e.a, e.b)): e for e in edges}
    facts = [*last.values(), *(member(m, "g") for m in sorted(grouped))]
    shuffled = Random(seed).sample(facts, len(facts))
    assert answers(graph_of(*shuffled)) == answers(graph_of(*facts))


@given(EDGES, EDGES)
def test_adding_and_removing_restores_every_answer(
    kept: list[RelationEdge], gone: list[RelationEdge]
) -> None:
    graph = graph_of(*kept)
    before = answers(graph)
    there = {(e.a, e.b) for e in graph.edges()}
    added = [e for e in gone if (e.a, e.b) not in there and (e.b, e.a) not in there]
    for each in added:
        graph.put(each)
        graph.conflicts()
    for each in added:
        graph.remove(each.b, each.a)
    assert answers(graph) == before


def answers(graph: RelationGraph) -> object:
    books = {m: touch(20 * n + 5, 20 * n + 6) for n, m in enumerate(NAMES)}
    near = [graph.related(name, HOPS_MAX, 50) for name in NAMES]
    return graph.edges(), graph.conflicts(), near, graph.bounds_broken(books)
