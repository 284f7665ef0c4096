"""Which faults does a seed have, and how strong? Drawn anew for each: a swarm finds most.

A tenth of all seeds has none. A trouble that a seed has is drawn with its own strength, so weak and
strong ones meet in all combinations.
"""

import random
from typing import TypeAlias

import msgspec

from foreshock.core.domain.units import SECOND, Instant

CALM_SHARE = 0.1
TROUBLE_SHARE = 0.3
"""Chance of each trouble in a seed that has any."""
HURT_S = (70.0, 150.0)
HEAL_S = 270.0
LONG_HEAL_S = 660.0
LONG_SHARE = 1 / 16
"""Some seeds heal until everything that the desk does every ten minutes was done once."""
PAIRS_COUNT = 4
PAIR_IDS = (
    "fed-27JAN-3.25",
    "fed-27JAN-3.50",
    "fed-27JAN-3.75",
    "cpi-26NOV-2.8",
    "cpi-26NOV-2.9",
    "u3-26NOV-4.2",
    "race-SENTX-Keller",
    "topic-00-40",
    "topic-05-40",
    "game-00-atlanta-cleveland",
    "game-01-boston-miami",
    "game-03-cleveland-dallas",
    "game-30-miami-orlando",
)
"""All of them trade on one exchange shard of Kalshi; the last one is paid out during the run."""
STARTS = (
    Instant(1_795_000_000 * SECOND),  # a Wednesday afternoon, November 2026
    Instant(1_795_000_000 * SECOND),
    Instant(1_793_511_960 * SECOND),  # 2026-11-01 05:46 UTC: clocks go back within the run
    Instant(1_805_007_540 * SECOND),  # 2027-03-14 06:59 UTC: clocks go forward
    Instant(1_795_132_740 * SECOND),  # shortly before midnight UTC
)
TROUBLES = (
    "requests",
    "links",
    "frames",
    "silence",
    "lies",
    "settlement",
    "partials",
    "conditions",
    "markets",
    "clock",
    "crash",
    "disk",
    "slow",
    "people",
    "hands",
    "text",
    "twin",
    "sets",
    "hedges",
)
Strength: TypeAlias = float
"""From just above 0, hardly ever, to 1, all the time."""


class Mix(msgspec.Struct, frozen=True, kw_only=True):
    """What a seed is made of. troubles: name and strength."""

    name: str
    start_us: Instant
    hurt_s: float
    heal_s: float
    pair_ids: tuple[str, ...]
    troubles: tuple[tuple[str, Strength], ...] = ()


MIXES = ("swarm", "calm", "storm", "patient", *TROUBLES)
"""Every trouble is also a mix of its own; storm: half of them at once; patient: all heal long."""


def draw_mix(name: str, rng: random.Random) -> Mix:
    """The mix of one seed. Raises KeyError for an unknown name."""
    if name not in MIXES:
        raise KeyError(name)
    shares = {"swarm": TROUBLE_SHARE, "calm": 0.0, "storm": 0.5, "patient": TROUBLE_SHARE}
    is_calm = name == "swarm" and rng.random() < CALM_SHARE
    share = 0.0 if is_calm else shares.get(name, 0.0)
    chosen = [
        (trouble, rng.uniform(0.05, 1.0))
        for trouble in TROUBLES
        if trouble == name or rng.random() < share
    ]
    return Mix(
        name="calm" if is_calm else name,
        start_us=rng.choice(STARTS),
        hurt_s=rng.uniform(*HURT_S),
        pair_ids=tuple(rng.sample(PAIR_IDS, PAIRS_COUNT)),
        troubles=tuple(chosen),
        heal_s=LONG_HEAL_S if name == "patient" or rng.random() < LONG_SHARE else HEAL_S,
    )
