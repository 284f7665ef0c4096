"""Poisson surprise is the chance it says, and clusters need several whales."""

import math

import numpy as np
import pytest

from foreshock.core.signals.bursts import burst_sigma, poisson_surprise, whale_cluster


@pytest.mark.parametrize(("count", "expected"), [(5, 2.0), (1, 0.1), (40, 10.0), (3, 0.01)])
def test_surprise_is_the_logarithm_of_the_tail(count: int, expected: float) -> None:
    below = sum(math.exp(-expected) * expected**k / math.factorial(k) for k in range(count))
    assert poisson_surprise(count, expected) == pytest.approx(-math.log10(1 - below), rel=1e-4)


@pytest.mark.parametrize(("count", "expected"), [(0, 0.0), (2, 2.0), (1, 7.5)])
def test_nothing_unusual_is_no_surprise(count: int, expected: float) -> None:
    assert poisson_surprise(count, expected) == 0.0


def test_a_huge_count_still_has_a_surprise() -> None:
    assert poisson_surprise(100_000, 1.0) > 100_000


def test_bursts_count_against_unrest_and_not_against_chance_alone() -> None:
    found = burst_sigma(np.array([150.0, 15.0]), np.array([100.0, 0.0]))
    assert found[0] == pytest.approx(50 / math.sqrt(100 + 35**2))
    assert math.isfinite(found[1])


def test_one_whale_is_no_cluster_and_three_are() -> None:
    assert whale_cluster([5000.0, 10.0, 12.0], 10.0, 0.01) is None
    assert (whale_cluster([5000.0, 4000.0, 900.0, 10.0], 10.0, 0.01) or 0) > 6
    assert whale_cluster([5000.0, 4000.0, 900.0], 10.0, 3.0) is None
