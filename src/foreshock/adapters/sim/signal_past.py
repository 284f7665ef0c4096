"""What would a simulated market have traded before the world began? A seeded past, SIMULATED.

The rates are those at which the world's own crowd trades, so that what comes afterwards is usual.
On some questions those who know something have just begun to trade when the past ends: more
prints, to one side, and the price follows. They do it at every market of the question.
"""

import random
from collections.abc import Mapping

import msgspec
import numpy as np

from foreshock.adapters.sim.catalogue import catalogue
from foreshock.adapters.sim.questions import Question
from foreshock.adapters.sim.world import (
    OTHER_PULSE_S,
    PAIRED_PULSE_S,
    STALE_PULSE_FACTOR,
    TRADE_MIN,
    TRADE_SHARE,
    TRADE_TAIL,
    activity,
)
from foreshock.core.domain.markets import MarketId
from foreshock.core.domain.messages.signals import VolumeRecalled
from foreshock.core.domain.units import MICRO, SECOND, Instant
from foreshock.core.signals.packed import UNKNOWN, pack
from foreshock.core.signals.volume_buckets import (
    BUCKET,
    DAY_BUCKETS,
    HISTORY_BUCKETS,
    Doubles,
    Places,
    bucket_end,
)

SOURCE = "a simulated past"
SIZE_MAX = 150.0
"""Contracts; more does not rest at the best prices."""
BUCKET_S = BUCKET // SECOND
UNREST, UNREST_BUCKETS = 0.12, 36
PRICE_STEP = 0.002
LOWEST, HIGHEST = 0.02, 0.98
EVEN = 0.5
INFORMED_SHARE = 0.06
"""Of questions, those on which somebody trades on knowledge when the past ends."""
INFORMED_BUCKETS = (4, 10)
INFORMED_FACTOR = (5.0, 9.0)
INFORMED_SIDE = 0.88
INFORMED_MOVE = (0.04, 0.09)
LEAST_PRINTS = 2.5
"""A bucket: where hardly anybody trades, knowledge does not either."""


class PastMarket(msgspec.Struct, frozen=True):
    """A market of the world: how many prints a bucket it has on average, and of which question."""

    prints: float
    question: str


def past_markets(markets_max: int) -> Mapping[str, PastMarket]:
    """Every market of a world by its native id."""
    asked = catalogue(markets_max)
    paired = {pair.question for pair in asked.pairs}
    return {
        place.native_id: PastMarket(
            _prints(question, is_paired=question.key in paired), question.key
        )
        for question in asked.questions
        for place in question.places
    }


def simulated_past(
    seed: int, market: MarketId, known: PastMarket, bucket: int, yes_price: float
) -> VolumeRecalled:
    """The HISTORY_BUCKETS before `bucket`. yes_price: at which they end, 0 to 1."""
    rng = np.random.default_rng(random.Random(f"{seed} {market}").getrandbits(64))
    buckets = np.arange(bucket - HISTORY_BUCKETS, bucket)
    rate = known.prints * _daily(buckets) * _unrest(rng)
    drift = rng.normal(0.0, PRICE_STEP, HISTORY_BUCKETS)
    yes_share = np.full(HISTORY_BUCKETS, EVEN)
    _inform(seed, known, yes_price, (rate, drift, yes_share))
    prints = rng.poisson(rate)
    cell = np.repeat(np.arange(HISTORY_BUCKETS), prints)
    size = np.minimum(TRADE_MIN * (1 + rng.pareto(TRADE_TAIL, cell.size)), SIZE_MAX).round()
    is_yes = rng.random(cell.size) < yes_share[cell]
    largest = np.zeros(HISTORY_BUCKETS)
    np.maximum.at(largest, cell, size)
    price = np.clip(yes_price - (drift.sum() - np.cumsum(drift)), LOWEST, HIGHEST)
    return VolumeRecalled(
        market=market,
        source=SOURCE,
        first_bucket=bucket - HISTORY_BUCKETS,
        volume=_packed(_summed(cell, size)),
        taker_yes=_last_day(_summed(cell, size * is_yes)),
        trades=_last_day(prints / MICRO),
        largest=_last_day(largest),
        price=_last_day(price.round(3)),
    )


def _prints(question: Question, *, is_paired: bool) -> float:
    pulse_s = PAIRED_PULSE_S if is_paired else OTHER_PULSE_S
    if question.liquidity == "stale":
        pulse_s *= STALE_PULSE_FACTOR
    return BUCKET_S / pulse_s * TRADE_SHARE / len(question.places)


def _daily(buckets: np.ndarray[tuple[int], np.dtype[np.int64]]) -> Doubles:
    of_day = np.array([activity(Instant(bucket_end(b))) for b in range(DAY_BUCKETS)])
    return of_day[buckets % DAY_BUCKETS]


def _unrest(rng: np.random.Generator) -> Doubles:
    """A wandering factor around one that forgets itself in a few hours."""
    keep = float(np.exp(-1 / UNREST_BUCKETS))
    shocks = rng.normal(0, np.sqrt(1 - keep**2), HISTORY_BUCKETS)
    wandering = np.empty(HISTORY_BUCKETS)
    last = 0.0
    for place, shock in enumerate(shocks.tolist()):
        last = keep * last + shock
        wandering[place] = last
    return np.exp(UNREST * wandering - UNREST**2 / 2)


def _inform(
    seed: int, known: PastMarket, yes_price: float, series: tuple[Doubles, Doubles, Doubles]
) -> None:
    """Let those who know something trade at the end, on some questions that are open enough."""
    dice = random.Random(f"{seed} {known.question}")
    if dice.random() >= INFORMED_SHARE or known.prints < LEAST_PRINTS:
        return
    rate, drift, yes_share = series
    last = slice(HISTORY_BUCKETS - dice.randint(*INFORMED_BUCKETS), HISTORY_BUCKETS)
    move = dice.uniform(*INFORMED_MOVE)
    is_up = yes_price > EVEN
    rate[last] *= dice.uniform(*INFORMED_FACTOR)
    rate[last] *= np.linspace(0.6, 1.4, len(rate[last]))
    yes_share[last] = INFORMED_SIDE if is_up else 1 - INFORMED_SIDE
    drift[last] = (move if is_up else -move) / len(rate[last])


def _summed(cell: Places, size: Doubles) -> Doubles:
    return np.bincount(cell, size, HISTORY_BUCKETS).astype(np.float64)


def _packed(values: Doubles) -> bytes:
    return pack((np.nan_to_num(values) * MICRO).round().astype(np.int64).tolist())


def _last_day(values: Doubles) -> bytes:
    """Only the last day: before, gates and sides are not asked for."""
    whole = (values * MICRO).round().astype(np.int64)
    whole[:-DAY_BUCKETS] = UNKNOWN
    return pack(whole.tolist())
