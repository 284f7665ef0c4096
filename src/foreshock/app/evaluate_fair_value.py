"""Does the fair probability of up/down markets beat what the market itself says?

Brier score (mean squared error of a probability; lower is better) of the model and of the market's
own mid on the same rows. Rows of one market share one outcome, so the interval resamples markets.
"""

import math
import random
from collections.abc import Sequence
from pathlib import Path
from typing import Final, NamedTuple

import msgspec

from foreshock.app.evaluate_spot import SpotPrices, SpotScore, score_spot
from foreshock.app.exits import CommandError, Exit
from foreshock.app.fair_value_files import Quote, read_quotes, read_spot
from foreshock.core.signals.fair_value import normal

DECIDED_MIN: Final = 0.95
"""The last quote must say this much for one side, or the outcome is not known."""
CUTS_S: Final = (60, 180, 300, 600, 900)
"""Rows are grouped by the seconds left, up to each of these."""
RESAMPLES_COUNT, SEED, TAIL = 2_000, 7, 0.025
FEW_MARKETS: Final = 100


class TimeLeft(msgspec.Struct, frozen=True):
    """Rows with at most so many seconds left, and more than the group before."""

    left_s_max: int
    rows_count: int
    model_brier: float
    market_brier: float


class FairValueEvaluation(msgspec.Struct, frozen=True, kw_only=True):
    """What `evaluate fair-value` says.

    difference: model minus market, below 0 when the model is better, with its 95 % interval over
    markets. normal_brier: of the model with the shape of a plain random walk. spot: of both shapes
    on spot alone, 5 minutes before the end of every quarter of an hour, beside the 0.25 of always
    saying a half.
    """

    rows_count: int
    markets_count: int
    skipped_count: int
    undecided_count: int
    model_brier: float
    normal_brier: float
    market_brier: float
    difference: float
    difference_low: float
    difference_high: float
    beats_market: bool
    words: str
    spot: tuple[SpotScore, ...]
    groups: tuple[TimeLeft, ...]


class _Row(NamedTuple):
    market_s: int
    left_s: int
    model: float
    normal: float
    market: float
    outcome: float

    @property
    def errors(self) -> tuple[float, float]:
        return (self.model - self.outcome) ** 2, (self.market - self.outcome) ** 2


def evaluate(folder: Path) -> FairValueEvaluation:
    """Score every book row for which both are known. Raises CommandError when there is none."""
    quotes, spot = read_quotes(folder), SpotPrices(read_spot(folder))
    outcomes = _outcomes(quotes)
    found = [_row(quote, spot, outcomes[quote.end_s]) for quote in quotes]
    rows = [row for row in found if row is not None]
    if not rows:
        raise CommandError(
            Exit.USAGE,
            "NO_ROWS",
            f"{folder} holds no book row with a known outcome, quote and spot price",
            "give spot prices from an hour before the first book",
        )
    model, market = _brier(rows)
    low, high = _interval(rows)
    markets_count = len({row.market_s for row in rows})
    return FairValueEvaluation(
        rows_count=len(rows),
        markets_count=markets_count,
        skipped_count=len(quotes) - len(rows),
        undecided_count=sum(outcome is None for outcome in outcomes.values()),
        model_brier=model,
        normal_brier=sum((row.normal - row.outcome) ** 2 for row in rows) / len(rows),
        market_brier=market,
        difference=model - market,
        difference_low=low,
        difference_high=high,
        beats_market=high < 0,
        words=_words(low, high, markets_count),
        spot=score_spot(folder),
        groups=tuple(_groups(rows)),
    )


def _outcomes(quotes: Sequence[Quote]) -> dict[int, float | None]:
    """1 up, 0 down by the last quote of each market; None where that leaves doubt."""
    last: dict[int, Quote] = {}
    for quote in sorted(quotes, key=lambda each: each.at_s):
        last[quote.end_s] = quote
    return {end_s: _decided(quote) for end_s, quote in last.items()}


def _decided(quote: Quote) -> float | None:
    if (quote.up_bid or 0.0) >= DECIDED_MIN:
        return 1.0
    return 0.0 if (quote.down_bid or 0.0) >= DECIDED_MIN else None


def _row(quote: Quote, spot: SpotPrices, outcome: float | None) -> _Row | None:
    asked = (quote.start_s, quote.at_s, quote.end_s)
    model, market = spot.up_probability(asked), _market(quote)
    if outcome is None or market is None or math.isnan(model):
        return None
    left_s = quote.end_s - quote.at_s
    return _Row(quote.end_s, left_s, model, spot.up_probability(asked, normal), market, outcome)


def _market(quote: Quote) -> float | None:
    """The mid of the up book; a missing side is taken from the down book, else there is none."""
    bid = quote.up_bid if quote.up_bid is not None else _turned(quote.down_ask)
    ask = quote.up_ask if quote.up_ask is not None else _turned(quote.down_bid)
    return None if bid is None or ask is None else (bid + ask) / 2


def _turned(price: float | None) -> float | None:
    return None if price is None else 1.0 - price


def _brier(rows: Sequence[_Row]) -> tuple[float, float]:
    errors = [row.errors for row in rows]
    model, market = (sum(side) / len(rows) for side in zip(*errors, strict=True))
    return model, market


def _interval(rows: Sequence[_Row]) -> tuple[float, float]:
    """Of the difference of both scores, markets drawn with replacement."""
    markets: dict[int, tuple[int, float]] = {}
    for row in rows:
        count, total = markets.get(row.market_s, (0, 0.0))
        model, market = row.errors
        markets[row.market_s] = (count + 1, total + model - market)
    rng, sums = random.Random(SEED), list(markets.values())  # noqa: S311 - a seeded resampling
    drawn: list[float] = []
    for _ in range(RESAMPLES_COUNT):
        sample = rng.choices(sums, k=len(sums))
        drawn.append(sum(total for _, total in sample) / sum(count for count, _ in sample))
    drawn.sort()
    edge = int(RESAMPLES_COUNT * TAIL)
    return drawn[edge], drawn[-1 - edge]


def _words(low: float, high: float, markets_count: int) -> str:
    few = (
        f" {markets_count} markets are few: read it as a first look."
        if (markets_count < FEW_MARKETS)
        else ""
    )
    if high < 0:
        return "the model beats the market on these rows." + few
    if low > 0:
        return "the market beats the model: do not trade on it." + few
    return "the model does not beat the market: do not trade on it." + few


def _groups(rows: Sequence[_Row]) -> list[TimeLeft]:
    found: list[TimeLeft] = []
    for after_s, until_s in zip((-1, *CUTS_S), CUTS_S, strict=False):
        group = [row for row in rows if after_s < row.left_s <= until_s]
        if group:
            found.append(TimeLeft(until_s, len(group), *_brier(group)))
    return found
