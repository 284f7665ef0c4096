"""Is what a person writes what is kept, and what is shown what is in force?"""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from foreshock.app.limit_amounts import SIGNS, parsed, shown
from foreshock.core.domain.limit_keys import LimitUnit


@pytest.mark.parametrize(
    ("text", "unit", "value", "again"),
    [
        ("40", "dollars", 40_000_000, "$40.00"),
        ("$2.5", "dollars", 2_500_000, "$2.50"),
        ("1.5", "cents", 15_000, "1.5 cents"),
        ("20", "percent", 200_000, "20 %"),
        ("20 %", "percent", 200_000, "20 %"),
        ("1500", "milliseconds", 1_500_000, "1500 ms"),
        ("8", "count", 8, "8"),
        ("1", "contracts", 1_000_000, "1 contracts"),
        ("none", "dollars", None, "not watched"),
    ],
)
def test_amounts_are_written_in_their_unit(
    text: str, unit: LimitUnit, value: int | None, again: str
) -> None:
    assert parsed(text, unit) == value
    assert shown(value, unit) == again


@pytest.mark.parametrize(
    ("text", "unit"),
    [("", "dollars"), ("x", "count"), ("1.5", "count"), ("0.00001", "cents"), ("1e999", "dollars")],
)
def test_what_is_no_amount_is_an_error(text: str, unit: LimitUnit) -> None:
    with pytest.raises(ValueError, match=r"number|finer|finite"):
        parsed(text, unit)


@given(st.integers(0, 10**12), st.sampled_from(sorted(SIGNS)))
def test_what_is_shown_can_be_written(number: int, unit: LimitUnit) -> None:
    value = number * 1_000 if unit == "milliseconds" else number
    text = (
        shown(value, unit).removeprefix("$").removesuffix(SIGNS[unit] if SIGNS[unit] != "$" else "")
    )
    assert parsed(text, unit) == value
