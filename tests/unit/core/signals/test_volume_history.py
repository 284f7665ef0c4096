"""Running window sums equal those summed from scratch, whatever came between."""

import numpy as np
import pytest

from foreshock.core.domain.errors import InvariantError
from foreshock.core.signals.volume_buckets import (
    DAY_BUCKETS,
    HISTORY_BUCKETS,
    BucketFlow,
    Doubles,
    Flags,
    Singles,
    unobserved,
)
from foreshock.core.signals.volume_history import CHUNK, WINDOWS, VolumeHistory

OPEN = 500_000
COLUMNS = 5
NONE: Flags = np.zeros(COLUMNS, dtype=np.bool_)


def flow(volume: Doubles) -> BucketFlow:
    return BucketFlow(volume, volume / 2, np.ones(len(volume), np.int32), volume, volume * 0 + 0.5)


def history_of(totals: Singles) -> VolumeHistory:
    history = VolumeHistory(COLUMNS, OPEN)
    history.load(totals)
    return history


def random_totals(seed: int = 1) -> Singles:
    return np.random.default_rng(seed).gamma(0.5, 90, (HISTORY_BUCKETS, COLUMNS)).astype(np.float32)


def test_running_sums_equal_those_of_a_rebuild() -> None:
    rng = np.random.default_rng(2)
    history = history_of(random_totals())
    for step in range(400):
        volume = rng.gamma(0.5, 90, COLUMNS)
        volume[rng.random(COLUMNS) < 0.03] = np.nan
        history.close(flow(volume), rng.random(COLUMNS) < 0.02)
        assert history.bucket == OPEN + step + 1
    history.prepare()
    kept = [a.copy() for a in (history.current, history.middle, history.deviation, history.squares)]
    days = history.days.copy()
    history.rebuild()
    history.prepare()
    again = (history.current, history.middle, history.deviation, history.squares)
    for before, after in zip(kept, again, strict=True):
        assert np.allclose(before, after, rtol=1e-5, equal_nan=True)
    assert (days == history.days).all()


def test_the_baseline_is_of_the_same_time_on_the_days_before_and_not_of_today() -> None:
    totals = np.full((HISTORY_BUCKETS, COLUMNS), 10.0, dtype=np.float32)
    totals[-DAY_BUCKETS:] = 1e6  # today is wild; no day before was
    history = history_of(totals)
    for _ in range(3):  # three buckets of a new day: yesterday's window is the wild one
        history.close(flow(np.full(COLUMNS, 7.0)), NONE)
    history.prepare()
    assert history.middle[0].tolist() == [30.0] * COLUMNS
    assert np.allclose(history.current[0], 21.0)


def test_an_excluded_event_leaves_the_baseline_and_stays_in_what_was_traded() -> None:
    history = history_of(np.full((HISTORY_BUCKETS, COLUMNS), 10.0, dtype=np.float32))
    first = OPEN + 3 - 5 * DAY_BUCKETS
    history.exclude([(np.array([1]), first - 12, first)])
    history.prepare()
    days = history.days[WINDOWS.index(12)].tolist()
    assert days[0] - days[1] == 1
    assert history.window(1, HISTORY_BUCKETS).sum() == pytest.approx(10.0 * HISTORY_BUCKETS)


def test_a_missing_day_takes_a_day_from_the_count_and_never_counts_as_zero() -> None:
    totals = np.full((HISTORY_BUCKETS, COLUMNS), 10.0, dtype=np.float32)
    totals[-5 * DAY_BUCKETS : -4 * DAY_BUCKETS] = np.nan
    history = history_of(totals)
    history.prepare()
    assert history.days[1].tolist() == [12] * COLUMNS
    assert history.middle[1].tolist() == [120.0] * COLUMNS
    assert history.deviation[1].tolist() == [0.0] * COLUMNS


def test_one_missing_bucket_in_an_hour_is_scaled_for() -> None:
    totals = np.full((HISTORY_BUCKETS, COLUMNS), 10.0, dtype=np.float32)
    totals[-DAY_BUCKETS - 1] = np.nan
    history = history_of(totals)
    history.prepare()
    assert history.middle[1].tolist() == [120.0] * COLUMNS
    assert history.days_of(0)[0, 1] == pytest.approx(120.0)


def test_a_reset_market_starts_anew_and_the_others_do_not_notice() -> None:
    history = history_of(random_totals())
    history.prepare()
    before = history.middle.copy()
    history.reset(np.array([2]))
    history.prepare()
    assert history.days[:, 2].tolist() == [0] * len(WINDOWS)
    others = [0, 1, 3, 4]
    assert np.allclose(before[:, others], history.middle[:, others])
    assert np.isnan(history.window(2, DAY_BUCKETS)).all()


def test_all_markets_can_be_reset() -> None:
    history = history_of(random_totals())
    history.reset(slice(None))
    history.prepare()
    assert not history.days.any()


def test_an_unobserved_bucket_is_not_a_quiet_one() -> None:
    history = history_of(random_totals())
    history.close(unobserved(COLUMNS), NONE)
    assert history.current_missing[0].tolist() == [1] * COLUMNS


def test_negative_history_is_refused() -> None:
    totals = random_totals()
    totals[7, 3] = -1.0
    with pytest.raises(InvariantError):
        history_of(totals)


def test_a_baseline_worked_out_in_portions_is_the_same_and_says_when_it_is_done() -> None:
    rng = np.random.default_rng(3)
    totals = rng.gamma(0.5, 100, (HISTORY_BUCKETS, CHUNK + 5)).astype(np.float32)
    whole, parts = (VolumeHistory(CHUNK + 5, 900_000) for _ in range(2))
    whole.load(totals)
    parts.load(totals)
    whole.prepare()
    assert [parts.prepare_next(), parts.prepare_next(), parts.prepare_next()] == [False, True, True]
    assert np.array_equal(whole.middle, parts.middle, equal_nan=True)
    assert np.array_equal(whole.days, parts.days)


def test_an_event_that_takes_nothing_out_lets_the_baseline_stand() -> None:
    """Each market that is listed names the events anew: summing all again would hold up books."""
    history = history_of(random_totals())
    everything = np.arange(COLUMNS), OPEN - 50, OPEN - 40
    history.exclude([everything])
    history.prepare()
    history.middle[1, 2] = 7_777  # whoever works the baseline out again writes over it
    history.exclude([everything, (np.array([1]), 0, OPEN - HISTORY_BUCKETS)])
    history.prepare()
    assert history.middle[1, 2] == 7_777


def test_time_in_which_nothing_was_ever_seen_needs_no_sums_and_leaves_the_same() -> None:
    history = VolumeHistory(COLUMNS, OPEN)
    history.load_signed(unobserved_totals())
    history.advance(OPEN + 3 * DAY_BUCKETS)
    history.prepare()
    kept = [a.copy() for a in (history.current_missing, history.middle, history.days)]
    history.rebuild()
    history.prepare()
    again = (history.current_missing, history.middle, history.days)
    for before, after in zip(kept, again, strict=True):
        assert np.array_equal(before, after, equal_nan=True)
    history.close(flow(np.full(COLUMNS, 7.0)), NONE)
    assert (history.current == 7.0).all()


def unobserved_totals() -> Singles:
    return np.full((HISTORY_BUCKETS, COLUMNS), np.nan, dtype=np.float32)
