"""An alert's picture has a past from the first minute on, the same as the metrics would have had."""

import numpy as np
import pytest

from foreshock.core.domain.markets import MarketId
from foreshock.core.domain.messages.signals import AlertRaised, VolumeMeasured, VolumePictured
from foreshock.core.domain.units import MICRO, Instant
from foreshock.core.signals.packed import UNKNOWN, unpack
from foreshock.core.signals.volume_agent import VolumeAgent
from foreshock.core.signals.volume_buckets import DAY_BUCKETS, HISTORY_BUCKETS, bucket_of
from foreshock.core.signals.volume_history import VolumeHistory
from foreshock.core.signals.volume_picture import POINTS, STEP_BUCKETS, picture_of
from foreshock.core.signals.volume_settings import VolumeSettings
from tests.unit.core.signals.driven import Driven
from tests.unit.core.signals.signal_feed import BEGIN, MINUTE, STARTED, opened
from tests.unit.core.signals.test_volume_recall import USUAL, past

A = MarketId("polymarket:0xa")


def history_of(totals: np.ndarray[tuple[int], np.dtype[np.float32]]) -> VolumeHistory:
    history = VolumeHistory(1, bucket_of(BEGIN))
    history.load_signed(totals[:, None])
    return history


def points(found: VolumePictured) -> tuple[list[int], list[int]]:
    return unpack(found.volume).tolist(), unpack(found.expected).tolist()


def steady() -> np.ndarray[tuple[int], np.dtype[np.float32]]:
    return np.full(HISTORY_BUCKETS, USUAL, dtype=np.float32)


def test_a_steady_market_trades_every_hour_what_is_usual() -> None:
    found = picture_of(A, history_of(steady()), 0)
    hour = 12 * USUAL * MICRO
    assert points(found) == ([hour] * POINTS, [hour] * POINTS)
    assert found.end_us == BEGIN
    assert found.step_buckets * POINTS == DAY_BUCKETS


def test_a_burst_shows_where_it_was_and_does_not_move_what_is_usual() -> None:
    totals = steady()
    totals[-24:-12] *= 5
    volume, expected = points(picture_of(A, history_of(totals), 0))
    assert volume[-1 - 12 // STEP_BUCKETS] == 5 * volume[0]
    assert volume[-1] == volume[0]
    assert set(expected) == {volume[0]}


def test_an_excluded_hour_counts_as_volume_and_not_as_usual() -> None:
    totals = steady()
    totals[: HISTORY_BUCKETS - 4 * DAY_BUCKETS] *= -1
    volume, expected = points(picture_of(A, history_of(totals), 0))
    assert volume[-1] == 12 * USUAL * MICRO
    assert set(expected) == {UNKNOWN}


def test_what_was_not_observed_is_unknown_and_no_zero() -> None:
    totals = steady()
    totals[-6:] = np.nan
    volume, expected = points(picture_of(A, history_of(totals), 0))
    assert volume[-1] == UNKNOWN
    assert volume[0] == expected[-1] == 12 * USUAL * MICRO


@pytest.mark.parametrize("seed", range(3))
def test_its_last_point_is_what_the_metrics_say(seed: int) -> None:
    """At the close after which it is drawn, of a market whose past came with a venue's trades."""
    desk = Driven([VolumeAgent(VolumeSettings())], BEGIN)
    desk.tell(STARTED, *opened(A), past(A, last_hour=(5 + seed) * USUAL, move=0.05))
    desk.until(Instant(BEGIN + MINUTE))
    (raised,), (pictured,) = desk.of(AlertRaised), desk.of(VolumePictured)
    row = desk.of(VolumeMeasured)[-1].rows[0]
    volume, expected = points(pictured)
    assert (volume[-1], expected[-1]) == (row.volume, row.expected)
    assert pictured.market == raised.alert.market
    assert len(volume) == POINTS


def test_an_alert_of_a_market_that_nobody_counts_has_no_picture() -> None:
    desk = Driven([VolumeAgent(VolumeSettings())], BEGIN)
    other = Driven([VolumeAgent(VolumeSettings())], BEGIN)
    other.tell(STARTED, *opened(A), past(A, last_hour=5 * USUAL, move=0.05))
    other.until(Instant(BEGIN + MINUTE))
    desk.tell(STARTED)
    assert desk.tell(other.of(AlertRaised)[0]) == []
