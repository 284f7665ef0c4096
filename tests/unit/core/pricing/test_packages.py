"""Does every package pay the same whatever happens?"""

from itertools import product

import pytest

from foreshock.core.domain.markets import Market, MarketId, Outcome, Pair, Relation
from foreshock.core.pricing.packages import (
    SET_LEGS_MAX,
    Legs,
    both_outcomes,
    pair_packages,
    whole_set,
)
from tests.unit.core.pricing.prices import kalshi, polymarket

ORDER = ("polymarket", "kalshi")


def pair(relation: Relation, a: str = "kalshi:KXB", b: str = "polymarket:0xa") -> Pair:
    return Pair(
        id="fed-december",
        a=MarketId(a),
        b=MarketId(b),
        relation=relation,
        label="Fed holds in December",
        confirmed_by="a person",
        note="",
    )


def paid(legs: Legs, winners: dict[str, Outcome]) -> int:
    return sum(winners[market] == outcome for market, outcome in legs)


@pytest.mark.parametrize("relation", ["identity", "complement"])
def test_a_pair_pays_one_dollar_in_every_outcome(relation: Relation) -> None:
    packages = pair_packages(pair(relation), ORDER)
    assert len({package.id for package, _ in packages}) == 2
    outcomes: tuple[Outcome, Outcome] = ("yes", "no")
    for of_a, of_b in product(outcomes, outcomes):
        happens = (of_a == of_b) == (relation == "identity")
        for package, legs in packages:
            if happens:
                winners: dict[str, Outcome] = {"kalshi:KXB": of_a, "polymarket:0xa": of_b}
                assert paid(legs, winners) == package.paying_count == 1


def test_ids_name_the_outcomes_of_a_and_b() -> None:
    same = [package.id for package, _ in pair_packages(pair("identity"), ORDER)]
    reverse = [package.id for package, _ in pair_packages(pair("complement"), ORDER)]
    assert same == ["fed-december:yes-no", "fed-december:no-yes"]
    assert reverse == ["fed-december:yes-yes", "fed-december:no-no"]


@pytest.mark.parametrize(
    ("a", "b", "first"),
    [
        ("kalshi:KXB", "polymarket:0xa", "polymarket:0xa"),
        ("polymarket:0xa", "kalshi:KXB", "polymarket:0xa"),
        ("elsewhere:1", "kalshi:KXB", "kalshi:KXB"),
        ("kalshi:KXB", "kalshi:KXA", "kalshi:KXB"),
    ],
)
def test_the_venue_that_stands_first_is_taken_first(a: str, b: str, first: str) -> None:
    for _, legs in pair_packages(pair("identity", a, b), ORDER):
        assert legs[0][0] == first


def test_both_outcomes_of_one_market() -> None:
    package, legs = both_outcomes(kalshi())
    assert (package.id, package.pair_id) == ("kalshi:KXB:yes+no", "kalshi:KXB")
    assert legs == (("kalshi:KXB", "yes"), ("kalshi:KXB", "no"))


def members(count: int, vouched: int | None) -> list[Market]:
    return [
        polymarket(f"0x{n}", exclusive_group="race", exclusive_count=vouched) for n in range(count)
    ]


def test_a_whole_set_is_yes_of_each() -> None:
    found = whole_set(members(3, 3))
    assert found is not None
    package, legs = found
    assert package.id == "polymarket:race:all-yes"
    assert legs == tuple((m.id, "yes") for m in members(3, 3))


@pytest.mark.parametrize(
    ("count", "vouched"), [(3, None), (3, 4), (3, 2), (1, 1), (SET_LEGS_MAX + 1, SET_LEGS_MAX + 1)]
)
def test_an_incomplete_or_unvouched_set_is_no_package(count: int, vouched: int | None) -> None:
    assert whole_set(members(count, vouched)) is None


def test_members_that_disagree_about_the_set_are_no_package() -> None:
    assert whole_set([*members(2, 3)[:2], *members(3, 2)[2:]]) is None
