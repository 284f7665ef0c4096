"""Real processes over a faulty network, killed at random moments: is anything lost, or untold?

Venues, desk, signer and proxies are processes and sockets as in life. A seed draws the faults and
the moments; the machine decides the rest, so what a seed finds may take some runs to meet again.
"""

from pathlib import Path

import pytest

from tests.processes.desk import Verdict, ordeal

SOAK_SEEDS = range(1, 31)


def judge(seed: int, verdict: Verdict) -> None:
    """Nothing stands alone untold, nothing can still trade, everything is on record."""
    story = f"seed {seed}: {verdict}"
    assert verdict.unexplained == [], story
    assert verdict.held.open_orders_count == 0, story
    assert set(verdict.states.values()) <= {"active", "reducing"}, story
    assert verdict.orphans == [], story
    assert len(verdict.verified) >= verdict.kills_count + 2, story
    assert verdict.packages_count > 0, story


@pytest.mark.timeout(400)
def test_a_desk_that_is_hurt_and_killed_once_loses_nothing_untold(tmp_path: Path) -> None:
    verdict = ordeal(7, tmp_path, kills_max=1, hurt_s=8.0)
    judge(7, verdict)
    assert verdict.kills_count == 1
    assert sum(verdict.faults.values()) > 0


@pytest.mark.soak
@pytest.mark.timeout(900)
@pytest.mark.parametrize("seed", SOAK_SEEDS)
def test_nothing_is_lost_untold_whatever_the_seed(seed: int, tmp_path: Path) -> None:
    judge(seed, ordeal(seed, tmp_path, kills_max=seed % 4, hurt_s=20.0 + seed % 3 * 10))
