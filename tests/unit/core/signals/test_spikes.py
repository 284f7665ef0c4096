"""The documented score, tiers, minima and cooldown; and what must not fool it."""

import math

import pytest

from foreshock.core.domain.units import SECOND, Instant
from foreshock.core.signals.spikes import (
    SpikeDetector,
    SpikeMeasure,
    SpikeSettings,
    spike_score,
    tier_of,
)


def calm(settings: SpikeSettings | None = None) -> SpikeDetector:
    """24 points of 100 at 0.50, ten seconds apart."""
    detector = SpikeDetector(settings or SpikeSettings())
    for point in range(24):
        detector.see(100.0, 0.5, Instant(point * 10 * SECOND))
    return detector


def after(detector: SpikeDetector, volume: float, price: float, at_s: int = 240) -> SpikeMeasure:
    measure = detector.see(volume, price, Instant(at_s * SECOND))
    assert measure is not None
    return measure


def test_a_mean_is_the_same_number_in_every_python() -> None:
    """From 3.12 on `sum` rounds floats otherwise: a score at its threshold would differ."""
    detector = SpikeDetector(SpikeSettings())
    for point in range(24):
        detector.see(100.1, 0.1, Instant(point * 10 * SECOND))
    measure = after(detector, 300.3, 0.1)
    assert measure.volume_multiple == 300.3 / (math.fsum([100.1] * 24) / 24)
    assert measure.price_score == abs(0.1 - math.fsum([0.1] * 24) / 24) / 0.03


def test_the_score_is_the_documented_sum() -> None:
    measure = after(calm(), 300.0, 0.56)
    assert measure.volume_multiple == pytest.approx(3.0)
    assert measure.price_score == pytest.approx(2.0)
    assert measure.score == pytest.approx(3 * 0.75 + 2 * 1.25) == pytest.approx(spike_score(3, 2))


@pytest.mark.parametrize(
    ("multiple", "price_score", "tier"),
    [
        (2.5, 1.0, "watch"),
        (3.0, 1.4, "notable"),
        (5.0, 1.8, "high conviction flow"),
        (3.0, 3.0, "high conviction flow"),
        (2.9, 3.1, "notable"),
        (9.0, 1.7, "notable"),
    ],
)
def test_tiers_ask_for_price_and_volume_both(
    multiple: float, price_score: float, tier: str
) -> None:
    assert tier_of(spike_score(multiple, price_score), multiple, price_score) == tier


def test_the_defaults_are_the_documented_ones() -> None:
    settings = SpikeSettings()
    assert (settings.volume_delta_min, settings.price_move_min) == (120.0, 0.03)
    assert (settings.score_threshold, settings.baseline_points) == (3.0, 24)
    assert settings.cooldown == 300 * SECOND


def test_a_second_spike_within_the_cooldown_is_not_told() -> None:
    detector = calm()
    assert after(detector, 500.0, 0.60, 240).tier is not None
    assert after(detector, 900.0, 0.70, 400).hushed == "cooldown"
    assert after(detector, 2000.0, 0.80, 540).tier is not None


def test_one_whale_print_with_no_price_effect_is_no_spike() -> None:
    measure = after(calm(), 50_000.0, 0.50)
    assert measure.score > 100
    assert (measure.tier, measure.hushed) == (None, "no price effect")


def test_little_volume_and_little_move_are_not_considered() -> None:
    settings = SpikeSettings(score_threshold=0.0)
    assert after(calm(settings), 119.0, 0.52).hushed == "small"


def test_thin_history_is_silent() -> None:
    detector = SpikeDetector(SpikeSettings())
    assert after(detector, 9999.0, 0.9, 1).hushed == "thin"


@pytest.mark.parametrize(
    ("volume", "price", "at_s"),
    [(-1.0, 0.5, 300), (1.0, 1.2, 300), (1.0, 0.5, 230), (1.0, -0.1, 300)],
)
def test_bad_points_change_no_baseline(volume: float, price: float, at_s: int) -> None:
    spoiled, clean = calm(), calm()
    assert spoiled.see(volume, price, Instant(at_s * SECOND)) is None
    assert after(spoiled, 300.0, 0.56) == after(clean, 300.0, 0.56)


def test_only_the_last_points_count() -> None:
    detector = calm()
    for point in range(24):
        after(detector, 200.0, 0.5, 240 + point)
    assert after(detector, 200.0, 0.5, 300).volume_multiple == pytest.approx(1.0)
