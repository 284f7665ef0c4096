"""How well does the fair probability know where a coin ends, with no market to compare with?

Every quarter of an hour of a spot record is asked 5 minutes before its end. The shape of the model
was chosen on Bitcoin's before IN_SAMPLE_END; everything else says whether it holds.
"""

import math
from bisect import bisect_right
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

import msgspec

from foreshock.app.fair_value_files import MINUTE_S, read_spot, read_spot_tables
from foreshock.core.signals.fair_value import (
    Shape,
    above_probability,
    normal,
    realised_volatility,
    student,
)

LOOKBACK_MINUTES: Final = 60
SPOT_AGE_S_MAX: Final = 120
HORIZON_S: Final = 900
ASKED_S: Final = HORIZON_S * 2 // 3
IN_SAMPLE_END_S: Final = 1_766_188_800
"""2025-12-20 00:00 UTC."""
ODDS_MIN: Final = 1e-4
"""A probability counts as no surer than this when its logarithm is taken."""


class SpotScore(msgspec.Struct, frozen=True):
    """One record. is_chosen_on: the model's shape was chosen on these very windows."""

    name: str
    windows_count: int
    brier: float
    normal_brier: float
    log_loss: float
    normal_log_loss: float
    is_chosen_on: bool


class SpotPrices:
    """Spot prices by when they were known; nothing later is ever used."""

    def __init__(self, prices: Mapping[int, float]) -> None:
        self.prices = prices
        self.known_s = sorted(prices)
        self._volatility: dict[int, float] = {}

    def before(self, at_s: int) -> int | None:
        """When the newest price that is not too old became known."""
        number = bisect_right(self.known_s, at_s)
        found = self.known_s[number - 1] if number else None
        return found if found is not None and at_s - found <= SPOT_AGE_S_MAX else None

    def volatility(self, known_s: int) -> float:
        """Of the hour up to a price."""
        if known_s not in self._volatility:
            first_s = known_s - LOOKBACK_MINUTES * MINUTE_S
            minutes = range(first_s, known_s + 1, MINUTE_S)
            hour = [self.prices.get(minute) for minute in minutes]
            self._volatility[known_s] = realised_volatility(hour, MINUTE_S)
        return self._volatility[known_s]

    def up_probability(self, asked: tuple[int, int, int], shape: Shape = student) -> float:
        """Of ending no lower than at the start; asked: start, now and end, in seconds.

        Returns NaN when a price or the volatility is missing.
        """
        start_s, at_s, end_s = asked
        known_s, strike = self.before(at_s), self.prices.get(start_s)
        if known_s is None or strike is None or known_s < start_s:
            return math.nan
        volatility = self.volatility(known_s)
        return above_probability(self.prices[known_s], strike, volatility, end_s - known_s, shape)


def score_spot(folder: Path) -> tuple[SpotScore, ...]:
    """Every record of the folder: `spot/*.csv`, and `spot/*.parquet` where duckdb is installed."""
    return tuple(_scores(folder))


def _scores(folder: Path) -> Iterator[SpotScore]:
    spot = SpotPrices(read_spot(folder))
    for name, is_chosen_on in (("csv, chosen on", True), ("csv, after it", False)):
        starts = [s for s in spot.known_s if (s < IN_SAMPLE_END_S) == is_chosen_on]
        score = _score(name, spot, starts, is_chosen_on=is_chosen_on)
        if score is not None:
            yield score
    for name, prices in read_spot_tables(folder):
        table = SpotPrices(prices)
        score = _score(name, table, table.known_s, is_chosen_on=False)
        if score is not None:
            yield score


def _score(
    name: str, spot: SpotPrices, starts_s: list[int], *, is_chosen_on: bool
) -> SpotScore | None:
    """None where no window has all it needs."""
    rows = list(_windows(spot, starts_s))
    if not rows:
        return None
    model, plain = ([(row[n], row[2]) for row in rows] for n in (0, 1))
    return SpotScore(
        name,
        len(rows),
        _brier(model),
        _brier(plain),
        _log_loss(model),
        _log_loss(plain),
        is_chosen_on,
    )


def _windows(spot: SpotPrices, starts_s: list[int]) -> Iterator[tuple[float, float, float]]:
    """(model, normal shape, outcome) of every quarter of an hour."""
    for start_s in (each for each in starts_s if each % HORIZON_S == 0):
        end = spot.prices.get(start_s + HORIZON_S)
        asked = (start_s, start_s + ASKED_S, start_s + HORIZON_S)
        model = spot.up_probability(asked)
        if end is not None and not math.isnan(model):
            outcome = 1.0 if end >= spot.prices[start_s] else 0.0
            yield model, spot.up_probability(asked, normal), outcome


def _brier(told: list[tuple[float, float]]) -> float:
    return sum((chance - outcome) ** 2 for chance, outcome in told) / len(told)


def _log_loss(told: list[tuple[float, float]]) -> float:
    right = [chance if outcome else 1 - chance for chance, outcome in told]
    return -sum(math.log(min(1 - ODDS_MIN, max(ODDS_MIN, p))) for p in right) / len(right)
