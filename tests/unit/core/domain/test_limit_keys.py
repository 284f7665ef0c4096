"""Is every limit there with its unit, its rule and the way in which it is looser?"""

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from foreshock.core.domain.limit_keys import (
    KEYS,
    PER_VENUE,
    flattened,
    is_looser,
    key_of,
    nonsense,
)
from foreshock.core.risk.rules import RULES
from tests.unit.core.execution.test_gate import SETTINGS
from tests.unit.core.risk.desk import LIMITS

VALUES = st.one_of(st.none(), st.integers(0, 10**9))


def flat() -> dict[str, int | None]:
    return flattened(msgspec.to_builtins(LIMITS), msgspec.to_builtins(SETTINGS))


def test_every_number_of_the_limits_has_a_key() -> None:
    names = set(flat())
    nested = {"freshness": LIMITS.freshness, "health": LIMITS.health, "unwind": LIMITS.unwind}
    for part, holder in nested.items():
        assert {f"{part}.{field}" for field in holder.__struct_fields__} <= names
    others = {"profile", "bankroll", "daily_zone", "weekly_zone", "monthly_zone", *nested}
    assert set(LIMITS.__struct_fields__) - others <= names
    gate = {f"gate.{field}" for field in SETTINGS.__struct_fields__}
    assert gate - {"gate.notional_per_minute_max"} <= names
    assert f"{PER_VENUE}polymarket" in names


def test_every_key_is_found_in_the_limits() -> None:
    for key in KEYS:
        name = f"{PER_VENUE}polymarket" if key.name == PER_VENUE else key.name
        assert name in flat()
        assert key_of(name) == key
    assert key_of("market_min") is None


def test_codes_are_those_that_the_rules_say() -> None:
    at_the_gate = {"PRICE_COLLAR", "ORDER_RATE", "NOTIONAL_RATE", "STALE_DECISION"}
    of_packages = {"ADVERSE_MOVE", "LIQUIDITY_COLLAPSE", "EDGE_DECAYED", "LEG_MISMATCH"}
    known = {code for code, _ in RULES} | at_the_gate | of_packages
    assert {key.code for key in KEYS} <= known


@pytest.mark.parametrize("key", KEYS, ids=lambda key: key.name)
@given(VALUES, VALUES)
def test_one_way_is_looser_and_the_other_is_not(
    key: object, first: int | None, second: int | None
) -> None:
    known = next(one for one in KEYS if one is key)
    there, back = is_looser(known, first, second), is_looser(known, second, first)
    assert not (there and back)
    assert (there or back) == (first != second)
    if second is None and first is not None:
        assert there, "what is not watched is loosest"


@pytest.mark.parametrize(
    ("name", "value", "is_sense"),
    [
        ("market_max", 0, True),
        ("market_max", -1, False),
        ("market_max", None, False),
        ("market_max", 10**16, False),
        ("weekly_loss_max", None, True),
        ("drawdown_max_ppm", 1_000_000, True),
        ("drawdown_max_ppm", 1_000_001, False),
        ("unwind.exit_net_min", -20_000, True),
    ],
)
def test_nonsense_is_told(name: str, value: int | None, *, is_sense: bool) -> None:
    key = key_of(name)
    assert key is not None
    assert (nonsense(key, value) is None) == is_sense
