"""Untidy feeds change no baseline silently; what the agent tells is bounded and explained."""

import msgspec
import numpy as np

from foreshock.core.domain.markets import MarketId, Pair
from foreshock.core.domain.messages.decisions import PairListed, PairUnlisted
from foreshock.core.domain.messages.market_data import (
    BookLost,
    ConnectionClosed,
    FeedGapped,
    MarketListed,
    MarketResolved,
)
from foreshock.core.domain.messages.signals import (
    AlertRaised,
    VolumeGapMeasured,
    VolumeMeasured,
)
from foreshock.core.domain.units import PAYOUT, Instant
from foreshock.core.signals import volume_gaps, volume_teller, volume_telling
from foreshock.core.signals.volume_agent import COLUMNS_START, VolumeAgent
from foreshock.core.signals.volume_resets import RESETS_MAX, Resets
from foreshock.core.signals.volume_settings import VolumeSettings
from tests.samples import market
from tests.unit.core.signals.driven import Driven
from tests.unit.core.signals.signal_feed import (
    BEGIN,
    DAY,
    HOUR,
    MINUTE,
    STARTED,
    book,
    opened,
    print_of,
    prints,
)
from tests.unit.core.signals.test_volume_recall import USUAL, past

A, B = "polymarket:0xa", "polymarket:0xb"


def desk_of(*names: str, settings: VolumeSettings | None = None) -> tuple[Driven, VolumeAgent]:
    agent = VolumeAgent(settings or VolumeSettings())
    desk = Driven([agent], BEGIN)
    desk.tell(STARTED, *opened(*names))
    return desk, agent


def counted(desk: Driven, agent: VolumeAgent, buckets: int) -> list[float]:
    """Closed buckets of the first market."""
    desk.until(Instant(BEGIN + buckets * 5 * MINUTE + MINUTE))
    return agent.monitor.history.window(0, buckets).tolist()


def test_a_print_counts_once_in_the_bucket_in_which_it_happened() -> None:
    desk, agent = desk_of(A)
    early, late = BEGIN + MINUTE, BEGIN + 4 * MINUTE
    desk.until(Instant(BEGIN + 5 * MINUTE + 10))
    desk.tell(print_of(A, 1, late, 30), print_of(A, 1, late, 30), print_of(A, 2, early, 12))
    assert counted(desk, agent, 2) == [42.0, 0.0]


def test_a_print_of_a_closed_bucket_or_of_a_market_nobody_carries_counts_nowhere() -> None:
    desk, agent = desk_of(A)
    desk.until(Instant(BEGIN + 6 * MINUTE))
    desk.tell(print_of(A, 1, BEGIN + MINUTE, 30), print_of(B, 2, BEGIN + 6 * MINUTE, 30))
    assert counted(desk, agent, 2) == [0.0, 0.0]


def test_what_counts_nowhere_is_tallied_by_why_and_told_at_the_close() -> None:
    desk, _ = desk_of(A)
    desk.until(Instant(BEGIN + 6 * MINUTE))
    again = print_of(A, 2, BEGIN + 6 * MINUTE, 30)
    wrong = msgspec.structs.replace(past(A), volume=b"damaged")
    desk.tell(print_of(A, 1, BEGIN + MINUTE, 30), again, again, wrong)
    desk.until(Instant(BEGIN + 11 * MINUTE))
    assert desk.of(VolumeMeasured)[-1].refused == {"late": 1, "duplicate": 1, "past": 1}
    desk.until(Instant(BEGIN + 16 * MINUTE))
    assert desk.of(VolumeMeasured)[-1].refused == {}


def test_a_market_beyond_the_most_is_told_of() -> None:
    desk, _ = desk_of(A, B, settings=VolumeSettings(markets_max=1))
    desk.until(Instant(BEGIN + 6 * MINUTE))
    assert desk.of(VolumeMeasured)[-1].refused == {"no room": 1}


def test_a_gap_or_a_lost_book_leaves_the_bucket_unknown_and_not_quiet() -> None:
    for told in (FeedGapped("polymarket", 1, "gap"), BookLost(MarketId(A), 1, "gap")):
        desk, agent = desk_of(A)
        desk.until(Instant(BEGIN + MINUTE))
        desk.tell(told)
        assert np.isnan(counted(desk, agent, 1)).all()
        assert counted(desk, agent, 3)[-1] == 0.0


def test_a_market_that_comes_back_within_a_bucket_was_not_seen_throughout() -> None:
    desk, agent = desk_of(A)
    desk.until(Instant(BEGIN + 6 * MINUTE))
    desk.tell(ConnectionClosed(1, "polymarket", "reset"), *opened(A))
    seen = counted(desk, agent, 3)
    assert np.isnan(seen[1])
    assert (seen[0], seen[2]) == (0.0, 0.0)


def test_a_clock_that_jumps_leaves_what_nobody_saw_unknown() -> None:
    desk, agent = desk_of(A)
    counted(desk, agent, 2)
    desk.now_us = Instant(BEGIN + 3 * DAY)
    desk.until(Instant(BEGIN + 3 * DAY + 10 * MINUTE))
    window = agent.monitor.history.window(0, 288)
    assert np.isnan(window[:-2]).all()
    assert agent.monitor.history.bucket * 300 * 1_000_000 >= BEGIN + 3 * DAY


def test_hours_in_which_the_desk_stood_still_are_unknown_and_not_quiet() -> None:
    desk, agent = desk_of(A)
    counted(desk, agent, 2)
    desk.now_us = Instant(BEGIN + 3 * HOUR + MINUTE)
    desk.until(Instant(BEGIN + 3 * HOUR + 11 * MINUTE))
    window = agent.monitor.history.window(0, 36)
    assert np.isnan(window[:-1]).all()
    assert window[-1] == 0.0
    told = desk.of(VolumeMeasured)[-2:]
    assert [each.refused for each in told] == [{"buckets asleep": 34}, {}]


def test_no_price_move_and_no_slope_reaches_over_a_time_nobody_saw() -> None:
    desk, agent = desk_of(A)
    desk.tell(past(A, move=0.05), book(A, 0.5, BEGIN))
    counted(desk, agent, 2)
    desk.now_us = Instant(BEGIN + 3 * DAY)
    desk.tell(book(A, 0.9, desk.now_us))
    desk.until(Instant(BEGIN + 3 * DAY + 11 * MINUTE))
    assert agent.last is not None
    assert np.isnan(agent.last.gates.move[0])
    assert np.isnan(agent.last.reading.acceleration_per_hour[:, 0]).all()


def test_more_markets_than_columns_make_room() -> None:
    names = [f"polymarket:0x{number}" for number in range(3 * COLUMNS_START)]
    desk, agent = desk_of(*names)
    desk.tell(print_of(names[-1], 1, BEGIN + MINUTE, 25))
    desk.until(Instant(BEGIN + 6 * MINUTE))
    assert agent.monitor.history.window(len(names) - 1, 1).tolist() == [25.0]
    assert desk.of(VolumeMeasured)[0].markets_count == len(names)


def test_rows_and_alerts_are_bounded_and_the_loudest_come_first() -> None:
    settings = VolumeSettings(rows_max=3, alerts_max=2)
    names = [f"polymarket:0x{number}" for number in range(6)]
    desk, _ = desk_of(*names, settings=settings)
    desk.tell(*(past(name, last_hour=(n + 1) * USUAL, move=0.05) for n, name in enumerate(names)))
    desk.until(Instant(BEGIN + MINUTE))
    assert len(desk.of(AlertRaised)) == settings.alerts_max
    desk.until(Instant(BEGIN + 6 * MINUTE))
    closed = desk.of(VolumeMeasured)[-1]
    assert [row.market for row in closed.rows] == names[::-1][:3]


def test_a_market_is_not_told_again_within_its_cooldown() -> None:
    desk, _ = desk_of(A)
    desk.tell(past(A, last_hour=5 * USUAL, move=0.05))
    for trade in prints(A, BEGIN, BEGIN + HOUR, per_day=10 * USUAL * 288):
        desk.until(trade.event_us)
        desk.tell(trade)
    assert [raised.alert.level for raised in desk.of(AlertRaised)] == ["elevated"]


def test_a_market_that_resolves_or_closes_raises_nothing() -> None:
    for end in (
        MarketResolved(MarketId(A), PAYOUT, BEGIN),
        MarketListed(market(A, status="closed")),
    ):
        desk, _ = desk_of(A)
        desk.tell(end, past(A, last_hour=5 * USUAL, move=0.05))
        desk.until(Instant(BEGIN + MINUTE))
        assert desk.of(VolumeMeasured)
        assert desk.of(AlertRaised) == []


def test_the_price_of_an_alert_is_the_mid_of_the_book_when_there_is_one() -> None:
    desk, _ = desk_of(A)
    desk.tell(past(A), book(A, 0.62, BEGIN))
    for trade in prints(A, BEGIN, BEGIN + HOUR, per_day=20 * USUAL * 288, prices=[0.55]):
        desk.until(trade.event_us)
        desk.tell(trade, book(A, 0.62, trade.event_us))
    assert desk.of(AlertRaised)[0].alert.price == 620_000


def test_the_gap_of_a_pair_is_told_every_quarter_of_an_hour() -> None:
    desk, _ = desk_of(A, B)
    pair = Pair(
        id="p",
        a=MarketId(A),
        b=MarketId(B),
        relation="identity",
        label="",
        confirmed_by="a test",
        note="",
    )
    desk.tell(PairListed(pair), past(A, last_hour=3 * USUAL, move=0.05), past(B))
    desk.until(Instant(BEGIN + 29 * MINUTE))
    gaps = desk.of(VolumeGapMeasured)
    ends = {gap.event_us for gap in gaps}
    assert all(end // (300 * 1_000_000) % volume_gaps.EVERY_BUCKETS == 0 for end in ends)
    assert len(ends) in {1, 2}
    assert gaps[0].horizon == "1 h"
    assert gaps[0].gap_ppm > 0
    desk.tell(PairUnlisted("p", "reopened"))
    desk.until(Instant(BEGIN + 2 * HOUR))
    assert len(desk.of(VolumeGapMeasured)) == len(gaps)


def test_only_so_many_resets_can_be_undone() -> None:
    agent = VolumeAgent(VolumeSettings())
    resets, history = Resets(), agent.monitor.history
    for number in range(RESETS_MAX + 1):
        resets.reset(history, f"r{number}", np.array([0]))
    assert not resets.restore(history, "r0")
    assert resets.restore(history, f"r{RESETS_MAX}")
    assert not resets.restore(history, f"r{RESETS_MAX}")


def test_resets_can_be_undone_in_any_order() -> None:
    """The older one undone first brings nothing back that the newer one discarded too."""
    desk, agent = desk_of(A, B)
    desk.tell(past(A), past(B))
    desk.until(Instant(BEGIN + MINUTE))
    history = agent.monitor.history
    before = history.totals[:, :2].copy()
    resets = Resets()
    resets.reset(history, "one", np.array([0, 1]))
    resets.reset(history, "other", np.array([1]))
    assert resets.restore(history, "one")
    assert (history.totals[:, 0] == before[:, 0]).all()
    assert (history.totals[:, 1] < 0).all()
    assert resets.restore(history, "other")
    assert (history.totals[:, :2] == before).all()


def test_what_is_not_known_is_told_as_not_known() -> None:
    assert volume_telling.whole(float("nan"), 5) is None
    assert volume_telling.money(float("inf")) is None
    assert volume_telling.price_of(float("nan")) is None
    assert volume_telling.price_of(1.5) == PAYOUT


def test_a_teller_tells_the_market_that_a_column_stands_for() -> None:
    desk, agent = desk_of(A, B)
    desk.tell(past(B, last_hour=4 * USUAL, move=0.04))
    desk.until(Instant(BEGIN + MINUTE))
    assert volume_teller.VolumeTeller.__doc__
    assert list(agent.markets) == [A, B]
    assert desk.of(AlertRaised)[0].alert.market == B
    assert msgspec.json.encode(desk.of(VolumeMeasured)[0])
