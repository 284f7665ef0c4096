"""Seeded mixtures of faults under the eyes of all checkers, after every event.

The desk, its order paths and the venues are real; books are told, see `live_scene`. What runs the
public feeds, the disk and crashes as well is `foreshock sim`.
"""

import random

import msgspec
import pytest

from foreshock.app.simulation.checkers.conversions import ConvertedOnce
from foreshock.app.simulation.checkers.reached import Reached
from foreshock.app.simulation.checkers.trace import Trace
from foreshock.core.domain.units import NOTHING
from tests.scenarios.live_desk import live_config
from tests.scenarios.live_scene import VENUES
from tests.scenarios.test_order_swarm import ATTEMPTS, attempt, heal
from tests.scenarios.watched import WatchedScene

MUST_REACH = (
    "package hedged",
    "package missed",
    "package unwound",
    "partial fill",
    "unknown order",
    "revert",
    "answer given up",
    "order resent",
    "halt",
    "incident",
    "venue condition",
)
"""What the order path alone can come to; the rest is for the whole simulation."""


def watched_story(seed: int) -> WatchedScene:
    """Both venues, faults drawn by the seed, then healing; judged all along.

    Odd seeds halt whatever a package leaves, the others as the shipped configuration says.
    """
    rng = random.Random(seed)
    config = live_config(VENUES)
    if seed % 2:
        execution = msgspec.structs.replace(config.execution, dust_max=NOTHING)
        config = msgspec.structs.replace(config, execution=execution)
    at = WatchedScene(config)
    at.offer_both(rng.choice((6, 20, 100)), rng.choice((3, 20, 100)))
    if rng.random() < 0.5:
        at.pm.offer("yes", 43, 100, "buy")
    if rng.random() < 0.5:
        at.ks.offer("no", 46, 100, "buy")
    at.ready()
    for _ in range(ATTEMPTS):
        attempt(at, rng)
    at.enter("heal")
    heal(at)
    at.enter("rest")
    return at


def prove(seeds: range) -> Reached:
    """No seed violates anything; returns what they reached together."""
    total = Reached(Trace(), ConvertedOnce())
    for seed in seeds:
        at = watched_story(seed)
        assert not at.violations, f"seed {seed}: {at.violations[:3]}"
        total.add(at.desk.reached)
    return total


def test_no_checker_objects_to_a_few_seeds_that_get_where_it_hurts() -> None:
    reached = prove(range(40, 58))
    assert not [name for name in MUST_REACH if not reached.counts[name]], reached.counts


@pytest.mark.soak
@pytest.mark.timeout(3_600)
def test_no_checker_objects_to_many_seeds() -> None:
    prove(range(1_000, 2_000))
