"""What is told of a bucket: which markets, which numbers, and in which words?"""

import math
from collections.abc import Sequence

import numpy as np

from foreshock.core.domain.alerts import Alert, Figure
from foreshock.core.domain.markets import MarketId
from foreshock.core.domain.messages.signals import VolumeRow
from foreshock.core.domain.units import MICRO, PAYOUT, Instant, Money, Price
from foreshock.core.signals.volume_buckets import Doubles, bucket_end
from foreshock.core.signals.volume_history import VolumeHistory
from foreshock.core.signals.volume_levels import HORIZONS, LEVELS, FlowGates, Level
from foreshock.core.signals.volume_metrics import state_of
from foreshock.core.signals.volume_monitor import Verdict

MILLI = 1_000
HELD = {
    "scheduled": "a known event is on",
    "resolving": "the price is at an end",
    "one_print": "one print is most of it",
    "few": "only a few prints",
    "no_impact": "the price did not follow",
}


def level_at(verdict: Verdict, column: int) -> Level | None:
    """The level of a column."""
    number = int(verdict.levels.level[column])
    return LEVELS[number - 1] if number else None


def most_unusual(verdict: Verdict, count: int, columns_count: int) -> list[int]:
    """Columns with the highest level, then the highest score, then anything known at all."""
    reading = verdict.reading
    score = np.nan_to_num(reading.score_sigma[:, :columns_count], nan=-np.inf).max(axis=0)
    level = verdict.levels.level[:columns_count].astype(np.float64)
    rank = np.clip(score, -MILLI, MILLI) + level * 10 * MILLI
    if count < columns_count:
        best = np.argpartition(-rank, count)[:count]
    else:
        best = np.arange(columns_count)
    order = best[np.argsort(-rank[best], kind="stable")]
    return [int(column) for column in order]


def row_of(market: MarketId, verdict: Verdict, history: VolumeHistory, column: int) -> VolumeRow:
    """One market's numbers."""
    reading = verdict.reading
    state = state_of(reading, 0, column)
    baseline = None if state == "warming" else money(float(reading.baseline[0, column]))
    return VolumeRow(
        market=market,
        state=state,
        volume=money(max(0.0, float(history.current[1, column]))) or Money(0),
        expected=baseline,
        vroc_ppm=_three(reading.vroc[:, column], MICRO),
        score_milli_sigma=_three(reading.score_sigma[:, column], MILLI),
        acceleration_ppm_per_hour=_best(reading.acceleration_per_hour[:, column]),
        rvol_ppm=whole(float(reading.rvol[column]), MICRO),
        vcv_ppm=whole(float(reading.vcv[column]), MICRO),
        level=level_at(verdict, column),
    )


def alert_of(
    market: MarketId,
    verdict: Verdict,
    history: VolumeHistory,
    column: int,
    moving: Sequence[MarketId],
) -> Alert:
    """What fired, at which horizon, with the numbers it rests on. The column has a level."""
    level = level_at(verdict, column) or "watch"
    horizon = int(verdict.levels.horizon[column])
    reading, gates = verdict.reading, verdict.gates
    vroc, baseline = float(reading.vroc[horizon, column]), float(reading.baseline[horizon, column])
    score = float(reading.score_sigma[horizon, column])
    held = held_words(gates, column)
    volume, usual = _dollars((1 + vroc) * baseline), _dollars(baseline)
    words = (
        f"{volume} traded in {HORIZONS[horizon]}, {usual} is usual at this time of day: "
        f"VROC {vroc:+.0%}, {score:.1f} sigma"
    )
    move = float(gates.move[column])
    if not math.isnan(move):
        words += f"; price {move * 100:+.1f}¢ within the hour"
    if moving:
        alike = "contract moves" if len(moving) == 1 else "contracts move"
        words += f"; {len(moving)} correlated {alike} too"
    if level == "watch" and held:
        words += f"; held at watch: {', '.join(held)}"
    end_us = bucket_end(reading.bucket)
    return Alert(
        alert_id=f"volume:{market}:{end_us // MICRO}",
        detector="volume",
        level=level,
        market=market,
        words=words,
        figures=_figures(verdict, history, column),
        related=tuple(moving),
        event_us=Instant(end_us),
    )


def held_words(gates: FlowGates, column: int) -> list[str]:
    """Why a market is held at watch, in words; empty when it is not."""
    return [words for name, words in HELD.items() if bool(getattr(gates, name)[column])]


def price_of(yes_price: float) -> Price | None:
    """A price of 0 to 1 in millionths, None where it is not known."""
    if math.isnan(yes_price):
        return None
    return Price(min(PAYOUT, max(0, round(yes_price * MICRO))))


def money(dollars: float) -> Money | None:
    """Dollars in millionths, None where they are not known."""
    found = whole(dollars, MICRO)
    return None if found is None else Money(found)


def whole(number: float, unit: int) -> int | None:
    """A number in whole parts of one, None where it is not known."""
    return None if not math.isfinite(number) else round(number * unit)


def _figures(verdict: Verdict, history: VolumeHistory, column: int) -> tuple[Figure, ...]:
    reading = verdict.reading
    horizon = int(verdict.levels.horizon[column])
    top = float(reading.score_sigma[horizon, column])
    shown = [Figure("score", f"{top:.1f} sigma"), Figure("horizon", HORIZONS[horizon])]
    for place, name in enumerate(HORIZONS):
        vroc, score = float(reading.vroc[place, column]), float(reading.score_sigma[place, column])
        if math.isnan(vroc):
            state = state_of(reading, place, column)
            shown.append(Figure(f"VROC {name}", "warming up" if state == "warming" else "unknown"))
        else:
            shown.append(Figure(f"VROC {name}", f"{vroc:+.0%} ({score:.1f} sigma)"))
    shown.append(Figure("baseline", f"{_dollars(float(reading.baseline[horizon, column]))}"))
    shown.append(Figure("days of baseline", str(int(history.days[horizon + 1, column]))))
    for name, value, text in (
        ("acceleration", float(reading.acceleration_per_hour[horizon, column]), "{:+.0%} an hour"),
        ("RVOL 15 min", float(reading.rvol[column]), "{:.2f}"),
        ("VCV", float(reading.vcv[column]), "{:.2f}"),
        ("price move 1 h", float(verdict.gates.move[column]) * 100, "{:+.1f}¢"),
    ):
        shown.append(Figure(name, "unknown" if math.isnan(value) else text.format(value)))
    held = held_words(verdict.gates, column)
    if held:
        shown.append(Figure("held by", ", ".join(held)))
    return tuple(shown)


def _three(values: Doubles, unit: int) -> tuple[int | None, int | None, int | None]:
    a, b, c = (whole(float(value), unit) for value in values)
    return a, b, c


def _best(values: Doubles) -> int | None:
    known = values[~np.isnan(values)]
    return None if not len(known) else whole(float(known.max()), MICRO)


def _dollars(amount: float) -> str:
    return f"${amount:,.0f}"
