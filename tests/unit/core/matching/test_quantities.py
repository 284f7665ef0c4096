"""Numbers are read exactly and compared on the grid on which they move."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from foreshock.core.domain.markets import MarketId
from foreshock.core.domain.units import MICRO
from foreshock.core.matching.contract import ContractText
from foreshock.core.matching.evidence import from_ticker
from foreshock.core.matching.quantities import (
    Threshold,
    above,
    at_least,
    at_most,
    below,
    between,
    find_thresholds,
    micros_of,
    relate,
)
from foreshock.core.matching.strikes import step_of, strike_threshold, ticker_threshold

TENTH = MICRO // 10


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("be <=4.0%?", "<= 4%"),
        ("be 31°f or below on", "<= 31°F"),
        ("be 31-32° on", ">= 31° and <= 32°"),
        ("be >47° on", "> 47°"),
        ("points o/u 14.5", "> 14.5"),
        ("15+ points", ">= 15"),
        ("decrease by 50+ bps", ">= 50bps"),
        ("cut rates by >25bps at", "> 25bps"),
        ("above $58,000 on", "> 58000$"),
        ("between $200-250b in", ">= 200000000000$ and <= 250000000000$"),
        ("between 25k and 50k jobs", ">= 25000 and <= 50000"),
        ("above -25000 jobs", "> -25000"),
        ("greater than or equal to 3.0%", ">= 3%"),
        ("less than 300k", "< 300000"),
        ("2.5 million or more", ">= 2500000"),
        ("hit $1.5t", ">= 1500000000000$"),
        ("exactly 4 cuts", "= 4"),
    ],
)
def test_reads_what_venues_write(text: str, said: str) -> None:
    assert [str(t) for t in find_thresholds(text)] == [said]


@pytest.mark.parametrize("text", ["4 justices", "claude 5", "gpt-5.3", "#1 song", "hot 100", "1."])
def test_a_number_without_unit_or_comparison_is_a_word(text: str) -> None:
    assert find_thresholds(text) == []


@pytest.mark.parametrize(
    ("a", "b", "step", "relation"),
    [
        (at_least(30 * TENTH), above(29 * TENTH), TENTH, "identity"),
        (at_least(30 * TENTH), above(29 * TENTH), None, "subset"),
        (above(45 * TENTH), at_least(5 * MICRO), MICRO, "identity"),
        (at_most(4 * MICRO), above(4 * MICRO), TENTH, "complement"),
        (at_most(4 * MICRO), above(4 * MICRO), None, "complement"),
        (at_most(4 * MICRO), at_least(4 * MICRO), None, "overlap"),
        (below(4 * MICRO), above(4 * MICRO), None, "disjoint"),
        (below(4 * MICRO), at_least(5 * MICRO), MICRO, "disjoint"),
        (at_most(4 * MICRO), at_least(5 * MICRO), MICRO, "complement"),
        (between(42 * MICRO, 43 * MICRO), at_least(42 * MICRO), MICRO, "subset"),
        (above(2 * MICRO), between(3 * MICRO, 4 * MICRO), MICRO, "superset"),
        (between(1 * MICRO, 3 * MICRO), between(3 * MICRO, 5 * MICRO), MICRO, "overlap"),
        (between(1 * MICRO, 2 * MICRO), between(3 * MICRO, 5 * MICRO), MICRO, "disjoint"),
        (above(25 * MICRO), at_least(50 * MICRO), 25 * MICRO, "identity"),
    ],
)
def test_ladder_arithmetic(a: Threshold, b: Threshold, step: int | None, relation: str) -> None:
    assert relate(a, b, step) == relation


ENDS = st.integers(-30, 30).map(lambda n: n * TENTH)
SETS = st.one_of(
    st.builds(at_least, ENDS),
    st.builds(above, ENDS),
    st.builds(at_most, ENDS),
    st.builds(below, ENDS),
    st.tuples(ENDS, ENDS).map(lambda ends: between(min(ends), max(ends))),
)


def holds(threshold: Threshold, number: int) -> bool:
    low, high = threshold.low, threshold.high
    above_low = low is None or number > low or (number == low and threshold.is_low_in)
    return above_low and (
        high is None or number < high or (number == high and threshold.is_high_in)
    )


@given(SETS, SETS)
def test_the_relation_is_that_of_the_numbers_themselves(a: Threshold, b: Threshold) -> None:
    """Against a count of every possible number between two that no end reaches."""
    worlds = [(holds(a, n), holds(b, n)) for n in range(-40 * TENTH, 41 * TENTH, TENTH)]
    seen = set(worlds)
    relation = relate(a, b, TENTH)
    expected = {
        "identity": not seen & {(True, False), (False, True)},
        "complement": not seen & {(True, True), (False, False)},
        "subset": (True, False) not in seen,
        "superset": (False, True) not in seen,
        "disjoint": (True, True) not in seen,
        "overlap": {(True, True), (True, False), (False, True)} <= seen,
    }
    assert expected[relation]


@given(SETS, SETS)
def test_the_relation_turns_round_with_its_sides(a: Threshold, b: Threshold) -> None:
    swapped = {"subset": "superset", "superset": "subset"}
    relation = relate(a, b, None)
    assert relate(b, a, None) == swapped.get(relation, relation)


@pytest.mark.parametrize(
    ("text", "scale", "micros"),
    [("1,000.5", None, 1000_500_000), ("-3", "k", -3_000_000_000), ("$2", "m", 2 * MICRO**2)],
)
def test_numbers_are_exact(text: str, scale: str | None, micros: int) -> None:
    assert micros_of(text, scale) == micros


@pytest.mark.parametrize("text", ["1" * 40, "0.00000001", "x", ""])
def test_absurd_numbers_are_none(text: str) -> None:
    assert micros_of(text) is None


def kalshi_strike(kind: str, floor: str = "", cap: str = "") -> Threshold | None:
    return strike_threshold(
        ContractText(
            id=MarketId("kalshi:X"),
            venue="kalshi",
            title="",
            strike_type=kind,
            strike_floor=floor,
            strike_cap=cap,
        )
    )


def test_strike_fields_are_thresholds() -> None:
    assert kalshi_strike("greater", "3.75") == above(3_750_000)
    assert kalshi_strike("greater_or_equal", "440") == at_least(440 * MICRO)
    assert kalshi_strike("less", cap="31") == below(31 * MICRO)
    assert kalshi_strike("between", "31", "32") == between(31 * MICRO, 32 * MICRO)
    assert kalshi_strike("custom", "31") is None
    assert kalshi_strike("greater") is None


def test_a_ticker_tells_its_side_only_by_ninety_nine_cents() -> None:
    strike = from_ticker("KXBTCD-26JUL0317-T57999.99")
    assert ticker_threshold(strike) == above(57_999_990_000, "$")
    assert ticker_threshold(from_ticker("KXFED-26DEC-T3.75")) is None
    assert ticker_threshold(from_ticker("KXHIGHNY-26MAR02-B42.5")) is None


def test_the_step_belongs_to_what_is_measured() -> None:
    assert step_of(frozenset({"rebounds"}), "") == MICRO
    assert step_of(frozenset({"rate", "cut"}), "bps") == 25 * MICRO
    assert step_of(frozenset({"unemployment"}), "%") == TENTH
    assert step_of(frozenset({"trump"}), "%") is None
