"""What venues tell of the past stands behind what we saw, and never in its place."""

import msgspec
import numpy as np
import pytest

from foreshock.core.domain.errors import DataError
from foreshock.core.domain.markets import MarketId
from foreshock.core.domain.messages.market_data import MarketListed
from foreshock.core.domain.messages.signals import (
    AlertRaised,
    BaselinesReset,
    BaselinesRestored,
    VolumeMeasured,
    VolumeRecalled,
)
from foreshock.core.domain.messages.union import Message
from foreshock.core.domain.units import MICRO, Instant
from foreshock.core.signals.packed import UNKNOWN, pack
from foreshock.core.signals.volume_agent import VolumeAgent
from foreshock.core.signals.volume_buckets import DAY_BUCKETS, HISTORY_BUCKETS, bucket_of
from foreshock.core.signals.volume_recall import check
from foreshock.core.signals.volume_settings import VolumeSettings
from tests.unit.core.signals.driven import Driven
from tests.unit.core.signals.signal_feed import BEGIN, HOUR, MINUTE, STARTED, opened, prints

A, B = "polymarket:0xa", "polymarket:0xb"
USUAL = 100


def past(name: str, *, last_hour: int = USUAL, move: float = 0.0) -> VolumeRecalled:
    """USUAL contracts a bucket for 14 days, more in the last hour, in ten prints to YES."""
    first = bucket_of(BEGIN) - HISTORY_BUCKETS
    volume = np.full(HISTORY_BUCKETS, USUAL)
    volume[-12:] = last_hour
    volume[-6:] = 2 * last_hour - USUAL
    price = np.full(HISTORY_BUCKETS, 0.5)
    price[-12:] += np.linspace(0, move, 12)
    return VolumeRecalled(
        market=MarketId(name),
        source="a test",
        first_bucket=first,
        volume=pack((volume * MICRO).tolist()),
        taker_yes=pack((volume * MICRO).tolist()),
        trades=pack([10] * HISTORY_BUCKETS),
        largest=pack((volume // 10 * MICRO).tolist()),
        price=pack((price * MICRO).astype(np.int64).tolist()),
    )


def desk_with(*told: VolumeRecalled) -> tuple[Driven, VolumeAgent]:
    agent = VolumeAgent(VolumeSettings())
    desk = Driven([agent], BEGIN)
    desk.tell(STARTED, *opened(A, B))
    desk.tell(*told)
    desk.until(Instant(BEGIN + MINUTE))
    return desk, agent


def test_a_past_makes_a_baseline_at_once() -> None:
    desk, agent = desk_with(past(A))
    (measured,) = desk.of(VolumeMeasured)
    assert [row.market for row in measured.rows] == [A]
    assert measured.rows[0].state == "ready"
    assert measured.rows[0].vroc_ppm == (0, 0, 0)
    assert agent.monitor.history.days[1, 0] == 13
    assert agent.monitor.history.days[1, 1] == 0
    assert desk.of(AlertRaised) == []


def test_a_burst_that_is_on_is_told_at_once() -> None:
    desk, _ = desk_with(past(A, last_hour=5 * USUAL, move=0.05))
    (raised,) = desk.of(AlertRaised)
    assert (raised.alert.level, raised.alert.market) == ("elevated", A)


def test_two_contracts_of_one_event_make_it_critical() -> None:
    desk = Driven([VolumeAgent(VolumeSettings())], BEGIN)
    twins = opened(A, B)
    desk.tell(STARTED, *twins)
    one, other = (past(name, last_hour=5 * USUAL, move=0.05) for name in (A, B))
    desk.tell(one, other)
    desk.until(Instant(BEGIN + MINUTE))
    assert {raised.alert.level for raised in desk.of(AlertRaised)} == {"elevated"}
    related = Driven([VolumeAgent(VolumeSettings())], BEGIN)
    related.tell(STARTED, *opened_together(A, B))
    related.tell(one, other)
    related.until(Instant(BEGIN + MINUTE))
    assert {raised.alert.level for raised in related.of(AlertRaised)} == {"critical"}
    assert related.of(AlertRaised)[0].alert.related == (B,)


def opened_together(*names: str) -> list[Message]:
    return [
        MarketListed(msgspec.structs.replace(message.market, event_id="one event"))
        if isinstance(message, MarketListed)
        else message
        for message in opened(*names)
    ]


def test_what_was_observed_is_not_overwritten() -> None:
    agent = VolumeAgent(VolumeSettings())
    desk = Driven([agent], BEGIN)
    desk.tell(STARTED, *opened(A))
    for trade in prints(A, BEGIN, BEGIN + HOUR, per_day=1_440_000):
        desk.until(trade.event_us)
        desk.tell(trade)
    desk.until(Instant(BEGIN + HOUR + MINUTE))
    desk.tell(past(A))
    desk.until(Instant(BEGIN + HOUR + 2 * MINUTE))
    seen = agent.monitor.history.window(0, 13)
    assert seen[-12:].tolist() == [5_000.0] * 12
    assert seen[0] == USUAL


@pytest.mark.parametrize(
    "damaged",
    [
        {"volume": b"not packed"},
        {"price": pack([1, 2, 3])},
        {"trades": pack([UNKNOWN] * 5)},
    ],
)
def test_numbers_that_do_not_add_up_change_nothing(damaged: dict[str, bytes]) -> None:
    wrong = msgspec.structs.replace(past(A), **damaged)
    with pytest.raises(DataError):
        check(wrong)
    desk, agent = desk_with(wrong)
    assert desk.of(VolumeMeasured) == []
    assert np.isnan(agent.monitor.history.totals).all()


def test_a_reset_warms_up_again_and_its_undoing_brings_everything_back() -> None:
    desk, agent = desk_with(past(A), past(B))
    history = agent.monitor.history
    desk.until(Instant(BEGIN + 6 * MINUTE))
    desk.tell(BaselinesReset("r1", MarketId(A), "me"))
    desk.until(Instant(BEGIN + HOUR))
    history.prepare()
    assert history.days[1:, :2].tolist() == [[0, 13]] * 3
    assert history.current[3, 0] > 0
    desk.tell(BaselinesRestored("r1", "me"), BaselinesRestored("r1", "me"))
    desk.until(Instant(BEGIN + HOUR + 10 * MINUTE))
    history.prepare()
    assert history.days[1, :2].tolist() == [13, 13]
    assert history.middle[1, 0] == 12 * USUAL


def test_a_reset_of_everything_and_its_undoing_leave_what_events_excluded() -> None:
    _, agent = desk_with(past(A))
    history = agent.monitor.history
    history.exclude([
        (np.array([0]), history.bucket - 5 * DAY_BUCKETS, history.bucket - 4 * DAY_BUCKETS)
    ])
    before = history.totals[:, 0].copy()
    mask = history.discard(np.arange(history.columns_count))
    assert not (history.totals[:, 0] > 0).any()
    history.bring_back(np.arange(history.columns_count), mask, history.bucket)
    assert np.array_equal(history.totals[:, 0], before, equal_nan=True)
