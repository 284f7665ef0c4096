"""Do prices move in the hour after unusual volume more than after any other hour, on a recording?

A short baseline, not the product's: a few days cannot carry a time of day, so a window is compared
with every window of the baseline. An alert is volume over ELEVATED_SIGMA that accelerates, with and
without a price that has moved already. Each is matched with random instants of the same market.
"""

import random
from collections.abc import Iterator
from pathlib import Path

import msgspec
import numpy as np

from foreshock.app.exits import CommandError, Exit
from foreshock.app.recorded_volume import RecordedVolume, read_recorded
from foreshock.core.signals.volume_buckets import DAY_BUCKETS, HOUR_BUCKETS, Doubles
from foreshock.core.signals.volume_levels import ELEVATED_SIGMA, IMPACT_MIN
from foreshock.core.signals.volume_metrics import FLOOR_PER_HOUR, SIGMA_MIN, SLOPE_BUCKETS
from foreshock.core.signals.volume_robust import MAD_TO_SIGMA

LABEL = "short baseline, not the product's"
MATCHES, RESAMPLES, SEED = 20, 1_000, 7
COOLDOWN = 2 * HOUR_BUCKETS
HORIZONS = (HOUR_BUCKETS, 4 * HOUR_BUCKETS)
Z95 = 1.96
Interval = tuple[float, float]


class FollowUp(msgspec.Struct, frozen=True):
    """Alerts of one rule, and how often the price moved by IMPACT_MIN in the hour after.

    Shares with 95 % intervals, None without alerts: of the alerts (Wilson), of matched random
    instants, and the difference (markets drawn again with replacement).
    """

    rule: str
    alerts_count: int
    markets_count: int
    per_market_day: float
    share: float | None
    share_interval: Interval | None
    matched_share: float | None
    difference_interval: Interval | None


class RecordedEvaluation(msgspec.Struct, frozen=True):
    """What a recording says. rules is empty where it holds no volume that may be differenced."""

    file: str
    label: str
    baseline_days: float
    markets_count: int
    readings_count: int
    market_days: float
    refused: dict[str, int]
    rules: tuple[FollowUp, ...]
    reason: str

    def lines(self) -> Iterator[str]:
        """For people."""
        yield f"{self.file}: {self.markets_count} markets, {self.readings_count} readings"
        yield (
            f"{self.label}: {self.baseline_days:g} days; {self.market_days:.1f} market-days judged"
        )
        refused = ", ".join(f"{why} {count}" for why, count in self.refused.items())
        yield f"readings that told no volume: {refused or 'none'}"
        if self.reason:
            yield f"n/a: {self.reason}"
        for rule in self.rules:
            yield (
                f"{rule.rule}: {rule.alerts_count} alerts in {rule.markets_count} markets, "
                f"{rule.per_market_day:.3f} a market-day"
            )
            yield (
                f"  price moved {IMPACT_MIN:g} or more in the next hour: "
                f"{_share(rule.share, rule.share_interval)}; matched random instants "
                f"{_share(rule.matched_share, None)}; "
                f"difference {_between(rule.difference_interval)}"
            )


def evaluate_recorded(path: Path, baseline: str) -> RecordedEvaluation:
    """Judge one Parquet file with a baseline such as `2d`."""
    days = _days(baseline)
    recorded = read_recorded(path)
    span = len(recorded.flows)
    warm = round(days * DAY_BUCKETS)
    reason, rules, judged = "", tuple[FollowUp, ...](), 0
    if not recorded.has_volume:
        reason = "only rolling 24-hour volume is told, which is a level and never differenced"
    elif span <= warm + HOUR_BUCKETS:
        reason = f"the recording spans {span / DAY_BUCKETS:.1f} days, no more than the baseline"
    else:
        judged = span - warm - HOUR_BUCKETS
        rules = _judge(recorded, warm, judged)
    return RecordedEvaluation(
        file=path.name,
        label=LABEL,
        baseline_days=days,
        markets_count=len(recorded.markets),
        readings_count=recorded.readings_count,
        market_days=judged * len(recorded.markets) / DAY_BUCKETS,
        refused=recorded.refused,
        rules=rules,
        reason=reason,
    )


def _days(text: str) -> float:
    number = text.removesuffix("d")
    if not text.endswith("d") or not number.replace(".", "", 1).isdigit() or float(number) <= 0:
        raise CommandError(Exit.USAGE, "BASELINE", f"no number of days: {text}", "write it as 2d")
    return float(number)


def _judge(recorded: RecordedVolume, warm: int, judged: int) -> tuple[FollowUp, ...]:
    volume = np.nan_to_num(np.stack([flow.volume for flow in recorded.flows]))
    price = np.stack([flow.price for flow in recorded.flows])
    fires = _unusual(volume, warm)[warm : warm + judged]
    moved = np.zeros_like(price)
    moved[HOUR_BUCKETS:] = np.abs(price[HOUR_BUCKETS:] - price[:-HOUR_BUCKETS])
    has_impact = np.nan_to_num(moved[warm : warm + judged]) >= IMPACT_MIN
    after = np.nan_to_num(moved[warm + HOUR_BUCKETS : warm + HOUR_BUCKETS + judged]) >= IMPACT_MIN
    return (
        _follow_up("volume alone", fires, after),
        _follow_up("volume and price", fires & has_impact, after),
    )


def _unusual(volume: Doubles, warm: int) -> np.ndarray[tuple[int, ...], np.dtype[np.bool_]]:
    """Buckets x markets: over ELEVATED_SIGMA at some horizon and accelerating."""
    found = np.zeros(volume.shape, dtype=np.bool_)
    sums = np.cumsum(np.vstack([np.zeros(volume.shape[1]), volume]), axis=0)
    for length in HORIZONS:
        window = np.zeros_like(volume)
        window[length - 1 :] = sums[length:] - sums[:-length]
        floor = FLOOR_PER_HOUR * length / HOUR_BUCKETS
        for place in range(warm, len(volume)):
            # the baseline ends where the window begins: nothing of it is its own past
            past = window[max(length - 1, place - warm - length) : place - length + 1]
            middle = np.median(past, axis=0)
            base = np.maximum(middle, floor)
            mad = np.median(np.abs(past - middle), axis=0)
            sigma = np.maximum(MAD_TO_SIGMA * mad / base, SIGMA_MIN)
            rises = window[place] > window[place - SLOPE_BUCKETS]
            found[place] |= rises & ((window[place] / base - 1) / sigma > ELEVATED_SIGMA)
    return found


def _follow_up(
    rule: str,
    fires: np.ndarray[tuple[int, ...], np.dtype[np.bool_]],
    after: np.ndarray[tuple[int, ...], np.dtype[np.bool_]],
) -> FollowUp:
    rng = random.Random(SEED)  # noqa: S311 - draws instants to compare with, guards nothing
    hits: list[tuple[list[bool], list[bool]]] = []
    for column in range(fires.shape[1]):
        raised: list[int] = []
        for place in np.flatnonzero(fires[:, column]).tolist():
            if not raised or place - raised[-1] >= COOLDOWN:
                raised.append(place)
        free = [p for p in range(len(fires)) if all(abs(p - r) > HOUR_BUCKETS for r in raised)]
        if raised and free:
            matched = [rng.choice(free) for _ in range(MATCHES * len(raised))]
            hits.append((
                [bool(after[p, column]) for p in raised],
                [bool(after[p, column]) for p in matched],
            ))  # fmt: skip
    count = sum(len(alerts) for alerts, _ in hits)
    good = sum(sum(alerts) for alerts, _ in hits)
    # Where nothing ever moved, drawing again tells nothing of how sure the nothing is.
    has_moved = any(any(alerts) or any(matched) for alerts, matched in hits)
    return FollowUp(
        rule=rule,
        alerts_count=count,
        markets_count=len(hits),
        per_market_day=count * DAY_BUCKETS / fires.size,
        share=good / count if count else None,
        share_interval=_wilson(good, count) if count else None,
        matched_share=_mean([m for _, matched in hits for m in matched]) if count else None,
        difference_interval=_resampled(hits, rng) if has_moved else None,
    )


def _wilson(good: int, count: int) -> Interval:
    share, square = good / count, Z95**2
    middle = (share + square / (2 * count)) / (1 + square / count)
    half = Z95 * (share * (1 - share) / count + square / (4 * count**2)) ** 0.5
    half /= 1 + square / count
    return max(0.0, middle - half), min(1.0, middle + half)


def _resampled(hits: list[tuple[list[bool], list[bool]]], rng: random.Random) -> Interval:
    differences: list[float] = []
    for _ in range(RESAMPLES):
        drawn = [rng.choice(hits) for _ in hits]
        alerts = _mean([a for found, _ in drawn for a in found])
        differences.append(alerts - _mean([m for _, matched in drawn for m in matched]))
    differences.sort()
    return differences[RESAMPLES // 40], differences[-RESAMPLES // 40]


def _mean(values: list[bool]) -> float:
    return sum(values) / len(values)


def _share(share: float | None, interval: Interval | None) -> str:
    if share is None:
        return "n/a"
    return f"{share:.3f}" + ("" if interval is None else f" ({_between(interval)})")


def _between(interval: Interval | None) -> str:
    return "n/a" if interval is None else f"{interval[0]:.3f} to {interval[1]:.3f}"
