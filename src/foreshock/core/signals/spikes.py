"""Does a market's newest point stand out from its last 24: by volume, by price, or by both?

score = volume_multiple x 0.75 + price_score x 1.25
volume_multiple = volume of the point / mean of the points before
price_score     = distance from their mean price / the least price move that counts
"""

import math
from collections import deque
from typing import Literal, TypeAlias

import msgspec

from foreshock.core.domain.units import SECOND, Duration, Instant

Tier: TypeAlias = Literal["watch", "notable", "high conviction flow"]
Hushed: TypeAlias = Literal["thin", "small", "low", "cooldown", "no price effect"]
"""Why a point is no spike. thin: too few points before it. small: under both minima."""
VOLUME_WEIGHT, PRICE_WEIGHT = 0.75, 1.25
NOTABLE_SCORE, HIGH_SCORE = 4.0, 6.0
HIGH_PRICE_SCORE, HIGH_VOLUME_MULTIPLE = 1.75, 3.0
POINTS_MIN = 6
MOVED_PRICE_SCORE = 0.5
"""Volume alone, with the price nearer to its mean than this, is wash or one whale, and no flow."""
VOLUME_LEAST = 1.0
"""Dollars: the mean volume is taken for at least this, so that a ratio exists."""


class SpikeSettings(msgspec.Struct, frozen=True, kw_only=True):
    """The documented defaults, in the order of their variables.

    `SPIKE_MIN_VOLUME_DELTA` (the venue's unit), `SPIKE_MIN_PRICE_MOVE` (0 to 1),
    `SPIKE_SCORE_THRESHOLD`, `SPIKE_BASELINE_POINTS`, `SPIKE_COOLDOWN_SECONDS`.
    """

    volume_delta_min: float = 120.0
    price_move_min: float = 0.03
    score_threshold: float = 3.0
    baseline_points: int = 24
    cooldown: Duration = Duration(300 * SECOND)


class SpikeMeasure(msgspec.Struct, frozen=True):
    """What was seen in a point. A tier or the reason for silence, never both."""

    score: float
    volume_multiple: float
    price_score: float
    tier: Tier | None
    hushed: Hushed | None


class SpikeDetector:
    """Rolling state of one market: its last points and when it last told of a spike."""

    def __init__(self, settings: SpikeSettings) -> None:
        self._settings = settings
        self._volumes: deque[float] = deque(maxlen=settings.baseline_points)
        self._prices: deque[float] = deque(maxlen=settings.baseline_points)
        self._told_us: Instant | None = None
        self._seen_us: Instant | None = None

    def see(self, volume: float, price: float, event_us: Instant) -> SpikeMeasure | None:
        """Measure a point against the ones before it, then remember it.

        volume: traded since the last point. None for what cannot be: negative volume, a price
        outside 0 to 1, a point no newer than the last; nothing is remembered of it.
        """
        is_old = self._seen_us is not None and event_us <= self._seen_us
        if not volume >= 0 or not 0.0 <= price <= 1.0 or is_old:
            return None
        measure = self._measure(volume, price, event_us)
        self._volumes.append(volume)
        self._prices.append(price)
        self._seen_us = event_us
        if measure.tier is not None:
            self._told_us = event_us
        return measure

    def _measure(self, volume: float, price: float, event_us: Instant) -> SpikeMeasure:
        settings = self._settings
        count = len(self._volumes)
        if count < min(POINTS_MIN, settings.baseline_points):
            return SpikeMeasure(0.0, 0.0, 0.0, None, "thin")
        multiple = volume / max(math.fsum(self._volumes) / count, VOLUME_LEAST)
        move = abs(price - math.fsum(self._prices) / count)
        price_score = move / settings.price_move_min
        score = spike_score(multiple, price_score)
        hushed: Hushed | None = None
        if volume < settings.volume_delta_min and move < settings.price_move_min:
            hushed = "small"
        elif score < settings.score_threshold:
            hushed = "low"
        elif price_score < MOVED_PRICE_SCORE:
            hushed = "no price effect"
        elif self._told_us is not None and event_us - self._told_us < settings.cooldown:
            hushed = "cooldown"
        tier = None if hushed else tier_of(score, multiple, price_score)
        return SpikeMeasure(score, multiple, price_score, tier, hushed)


def spike_score(volume_multiple: float, price_score: float) -> float:
    """The documented sum."""
    return volume_multiple * VOLUME_WEIGHT + price_score * PRICE_WEIGHT


def tier_of(score: float, volume_multiple: float, price_score: float) -> Tier:
    """The tier of a score that is over the threshold."""
    is_backed = price_score >= HIGH_PRICE_SCORE and volume_multiple >= HIGH_VOLUME_MULTIPLE
    if score >= HIGH_SCORE and is_backed:
        return "high conviction flow"
    return "notable" if score >= NOTABLE_SCORE else "watch"
