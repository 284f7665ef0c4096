"""The sorting network sorts, and its medians are the medians."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from foreshock.core.signals.volume_robust import comparators, median_and_mad


@given(values=st.lists(st.integers(-9, 9), min_size=1, max_size=20))
def test_any_count_of_values_gets_sorted(values: list[int]) -> None:
    mine = values.copy()
    for a, b in comparators(len(values)):
        mine[a], mine[b] = min(mine[a], mine[b]), max(mine[a], mine[b])
    assert mine == sorted(values)


@pytest.mark.parametrize("valid", range(1, 14))
def test_median_and_deviation_are_of_the_days_that_count(valid: int) -> None:
    rng = np.random.default_rng(valid)
    rows = np.full((13, 50), np.inf, dtype=np.float32)
    for column in range(50):
        rows[rng.permutation(13)[:valid], column] = rng.normal(size=valid)
    known = [rows[np.isfinite(rows[:, c]), c] for c in range(50)]
    middle, spread = median_and_mad(rows, np.full(50, valid, dtype=np.int32))
    medians = np.array([np.median(k) for k in known])
    assert np.allclose(middle, medians)
    expected = [np.median(np.abs(k - m)) for k, m in zip(known, medians, strict=True)]
    assert np.allclose(spread, expected, atol=1e-6)


def test_a_column_without_days_has_no_median() -> None:
    rows = np.full((13, 1), np.inf, dtype=np.float32)
    middle, spread = median_and_mad(rows, np.zeros(1, dtype=np.int32))
    assert np.isnan(middle[0])
    assert np.isnan(spread[0])
