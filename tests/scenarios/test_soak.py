"""Many seeds of the whole desk: every package comes to its end, and every run is the same twice."""

import pytest

from foreshock.core.domain.messages.decisions import (
    IncidentOpened,
    PackageClosed,
    PackageOpened,
    TradeApproved,
)
from tests.scenarios.stepped import Venues, in_memory, journal_bytes

STEPS_COUNT = 240
STEP_US = 250_000
MARKETS_MAX = 60


async def prove(seed: int) -> int:
    """Run a seed twice; returns the packages it opened."""
    desk = await in_memory(Venues(seed, MARKETS_MAX), STEPS_COUNT, STEP_US)
    again = await in_memory(Venues(seed, MARKETS_MAX), STEPS_COUNT, STEP_US)
    assert journal_bytes(desk) == journal_bytes(again), f"seed {seed} is not deterministic"
    opened, closed = desk.said(PackageOpened), desk.said(PackageClosed)
    assert len(desk.said(TradeApproved)) == len(opened)
    limit = desk.config.limits.packages_open_max
    assert len(opened) - len(closed) <= limit, f"seed {seed} leaves too many packages open"
    residuals = [c for c in closed if isinstance(c, PackageClosed) and c.outcome == "residual"]
    if residuals:
        assert desk.said(IncidentOpened), f"seed {seed} closed a residual without an incident"
    return len(opened)


async def test_a_few_seeds_end_as_they_should() -> None:
    assert sum([await prove(seed) for seed in (1, 2)]) > 0


@pytest.mark.soak
@pytest.mark.timeout(3_600)
async def test_many_seeds_end_as_they_should() -> None:
    assert sum([await prove(seed) for seed in range(100, 160)]) > 100
