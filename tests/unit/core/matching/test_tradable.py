"""Accepting is not enough to put money on it."""

from typing import get_args

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from foreshock.core.domain.relations import Comparison, JointOutcome, RelationKind
from foreshock.core.domain.units import MICRO
from foreshock.core.matching.calibration import COUNTS, Tier, confidence_ppm
from foreshock.core.matching.checks import check_source, check_void
from foreshock.core.matching.compare import ACCEPT_PPM, compare
from foreshock.core.matching.contract import ContractText
from foreshock.core.matching.payoffs import payoff_matrix
from foreshock.core.matching.reading import read
from foreshock.core.matching.time_checks import check_moment
from foreshock.core.matching.tradable import refusals_of
from tests.unit.core.matching.written import kalshi, poly

RULES = (
    "This market resolves to Yes if Spain win the 2026 FIFA World Cup. If the tournament is "
    "canceled, this market resolves to No. The resolution source is official information from FIFA."
)
OURS = "Will Spain win the 2026 FIFA World Cup?"
THEIRS = "Will the Spain win the 2026 Men's World Cup?"


def related(a: ContractText, b: ContractText) -> Comparison:
    return compare(read(a), read(b))


def test_both_rule_texts_that_agree_may_trade() -> None:
    found = related(poly(OURS, rules=RULES), kalshi("KXMENWORLDCUP-26-ES", THEIRS, rules=RULES))
    assert found.decision == "accept"
    assert found.is_tradable
    assert found.refusals == ()


@pytest.mark.parametrize(
    ("rules", "why"),
    [
        ("", "the rules of kalshi:KXMENWORLDCUP-26-ES are not at hand"),
        (RULES.replace("FIFA.", "UEFA.").replace("FIFA W", "W"), "source: no source in common"),
        (RULES.replace("to No", "50-50"), "void: different void rules"),
        (RULES.replace("If the tournament is canceled, this market resolves to No. ", ""), "void"),
        (RULES + " If Spain are announced as champions, it pays.", "announcement"),
    ],
)
def test_rules_that_are_missing_or_differ_may_not_trade(rules: str, why: str) -> None:
    found = related(poly(OURS, rules=RULES), kalshi("KXMENWORLDCUP-26-ES", THEIRS, rules=rules))
    assert not found.is_tradable
    assert any(reason.startswith(why) for reason in found.refusals), found.refusals


def test_one_title_with_two_deadlines_in_the_rules_goes_to_a_person() -> None:
    title = "Will Trump nominate Judy Shelton as the next Fed chair?"
    soon = poly(title, rules="Resolves to Yes if nominated by December 31, 2026, 11:59 PM ET.")
    late = kalshi("X", title, rules="If Trump nominates her before Jan 20, 2029, it pays.")
    same = kalshi("X", title, rules="If Trump nominates her before Jan 1, 2027, it pays.")
    found = related(soon, late)
    assert found.decision == "review"
    deadline = next(c for c in found.clauses if c.clause == "deadline")
    assert (deadline.a, deadline.b) == ("before 2027-01-01", "before 2029-01-20")
    span = deadline.spans_b[0]
    assert late.rules[span.start : span.end] == "before Jan 20, 2029"
    assert related(soon, same).decision == "accept"


def test_titles_alone_never_trade() -> None:
    found = related(poly(OURS), kalshi("KXMENWORLDCUP-26-ES", THEIRS))
    assert found.decision == "accept"
    assert "source: not stated on either side" in found.refusals


def test_a_person_may_confirm_what_is_unknown_but_not_what_is_open_or_unrelated() -> None:
    pair = poly(OURS), kalshi("KXMENWORLDCUP-26-ES", THEIRS)
    clauses = related(*pair).clauses
    assert refusals_of(pair, ("identity", "review"), clauses, is_confirmed=True) == ()
    assert refusals_of(pair, ("subset", "review"), clauses, is_confirmed=True)
    rest = ContractText(
        id=pair[0].id, venue="polymarket", title="Other", group_item="Other", is_augmented=True
    )
    assert refusals_of((rest, pair[1]), ("identity", "accept"), clauses, is_confirmed=True)
    placeholder = msgspec.structs.replace(rest, title="Will Person B win?", group_item="Person B")
    assert refusals_of((placeholder, pair[1]), ("identity", "accept"), clauses, is_confirmed=True)
    named = msgspec.structs.replace(rest, title="Will Spain win?", group_item="Spain")
    assert not refusals_of((named, pair[1]), ("identity", "accept"), clauses, is_confirmed=True)


@pytest.mark.parametrize("relation", get_args(RelationKind))
@pytest.mark.parametrize("voids", ["agree", "unknown"])
def test_the_payoff_matrix_holds_every_joint_ending_once(relation: str, voids: str) -> None:
    cells = payoff_matrix(relation, voids)  # pyright: ignore[reportArgumentType]  # literals above
    endings = get_args(JointOutcome)
    assert [(c.a, c.b) for c in cells] == [(a, b) for a in endings for b in endings]
    possible = {(c.a, c.b) for c in cells if c.is_possible}
    assert (("yes", "yes") in possible) == (relation not in {"complement", "disjoint"})
    assert (("void", "yes") in possible) == (voids != "agree")


@given(st.sampled_from(sorted(COUNTS)))
def test_confidence_is_a_chance_and_never_certain(tier: Tier) -> None:
    assert 0 < confidence_ppm(tier) < MICRO


@pytest.mark.parametrize("tier", ["stated", "inferred", "game"])
def test_every_accepting_tier_reaches_what_accepting_asks(tier: Tier) -> None:
    assert confidence_ppm(tier) >= ACCEPT_PPM


def test_stations_of_one_source_must_agree() -> None:
    rules = "Resolves as reported by the National Weather Service at {}."
    title = "Will the high temp in NYC be 42-43° on Mar 2, 2026?"
    park = read(poly(title, rules=rules.format("Central Park")))
    field = read(kalshi("X", title, rules=rules.format("LaGuardia")))
    assert check_source(park, park).agreement == "agree"
    assert check_source(park, field).agreement == "differ"
    assert check_void(park, field).agreement == "absent"


def test_one_time_of_day_in_two_zones_agrees() -> None:
    eastern = read(poly("BTC above $1 on March 31, 2026 at 5pm ET"))
    universal = read(poly("BTC above $1 on March 31, 2026 at 9pm UTC"))
    later = read(poly("BTC above $1 on March 31, 2026 at 10pm UTC"))
    assert check_moment(eastern, universal).agreement == "agree"
    assert check_moment(eastern, later).agreement == "differ"
