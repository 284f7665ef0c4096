"""Fault rows D2-D4 and D6: clocks that step, days that are longer, stamps of another hour.

D1 stands in `test_clocks.py`, D5 with the windows of the loss limits.
"""

from datetime import UTC, datetime

import pytest

from foreshock.adapters.venues.kalshi.maintenance import new_york, routine_pauses
from foreshock.app.simulation.story import run_seed
from foreshock.core.domain.messages import market_data as m
from foreshock.core.domain.units import MICRO, Instant
from foreshock.core.matching.compare import Comparer
from tests.mutants.stories import ask
from tests.scenarios.test_market_data_c import measure, ready, refusal
from tests.trading import book
from tests.unit.adapters.venues.polymarket import builders as pm
from tests.unit.adapters.venues.polymarket.test_protocol import feed, say
from tests.unit.core.matching.written import kalshi, poly

DAY_S = 86_400
HOUR_US = 3_600 * MICRO


@pytest.mark.parametrize("seed", [4])
def test_D2_a_wall_clock_that_steps_moves_no_deadline(seed: int) -> None:
    """The wall clock is set by seconds and hours in the middle of packages."""
    report = run_seed(seed, "clock")
    assert report.faults.get("clock step", 0) > 0
    assert report.violations == ()
    assert report.failures == ()


@pytest.mark.parametrize(
    ("day", "start_hour_utc"),
    [("2026-10-29", 7), ("2026-11-05", 8), ("2027-03-11", 8), ("2027-03-18", 7)],
)
def test_D3_the_weekly_pause_keeps_its_hour_in_new_york(day: str, start_hour_utc: int) -> None:
    """Three in the morning there, before and after both changes of the clocks."""
    noon_before = Instant(round(datetime.fromisoformat(f"{day}T00:00+00:00").timestamp() * MICRO))
    (pause, *_) = routine_pauses(noon_before, new_york())
    start = datetime.fromtimestamp(pause.start_us / MICRO, UTC)
    assert (start.strftime("%Y-%m-%d"), start.hour) == (day, start_hour_utc)
    assert pause.end_us - pause.start_us == 2 * HOUR_US


@pytest.mark.parametrize("kickoff", ["2026-03-25", "2026-04-18"])
def test_D4_contracts_that_end_at_different_times_are_not_proven_the_same(kickoff: str) -> None:
    """A field that means something else is often a week off: nobody trades on it."""
    words = "Will the Fed decrease interest rates by 25 bps after its next meeting?"
    first = poly(words, "2026-03-18")
    later = kalshi("KXFEDNEXT-C25", words, f"{kickoff}T17:59:00Z")
    assert Comparer()(first, later).decision != "accept"


@pytest.mark.parametrize("shift_s", [-DAY_S, -3_600, 3_600, DAY_S, 10 * DAY_S])
def test_D6_a_stamp_from_another_time_makes_no_book_fresh(shift_s: int) -> None:
    made = feed()
    made.drain()
    change = pm.price_change(pm.change("0.48", "9"), at_ms=pm.NOW_MS + shift_s * 1_000)
    say(made, change, recv_us=pm.NOW + MICRO)
    said = made.drain()
    for message in said:
        if isinstance(message, m.BookChanged):
            assert message.recv_us == pm.NOW + MICRO, "when it came is ours to say"
    at = ready()
    at.desk.run(601)
    future_us = Instant(at.desk.now_us + DAY_S * MICRO)
    old = book(at.a, 44, 45, at_us=at.desk.now_us - 601 * MICRO)
    at.desk.tell(msg_replace(old, future_us))
    measure(at)
    ask(at, 10)
    assert refusal(at) is not None, "a stamp of tomorrow does not make the book of today"


def msg_replace(changed: m.BookChanged, event_us: Instant) -> m.BookChanged:
    return m.BookChanged(
        market=changed.market,
        epoch=changed.epoch,
        quality=changed.quality,
        event_us=event_us,
        recv_us=changed.recv_us,
        bids=changed.bids,
        asks=changed.asks,
    )
