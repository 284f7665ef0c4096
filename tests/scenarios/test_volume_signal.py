"""The named acceptance: a steady million a day is silent, a million to five in four hours is not.

Dollars are contracts: each is a bet of one dollar between its two sides.
"""

from collections.abc import Iterator
from copy import deepcopy

import pytest

from foreshock.core.domain.alerts import Alert
from foreshock.core.domain.messages.market_data import Traded
from foreshock.core.domain.messages.signals import AlertRaised, VolumeMeasured
from foreshock.core.domain.units import Instant
from foreshock.core.signals.volume_agent import VolumeAgent
from foreshock.core.signals.volume_settings import VolumeSettings
from tests.unit.core.signals.driven import Driven
from tests.unit.core.signals.signal_feed import (
    BEGIN,
    DAY,
    HOUR,
    MINUTE,
    STARTED,
    opened,
    print_of,
    prints,
)

MARKET = "polymarket:0xa"
MILLION = 1_000_000
STEADY_DAYS = 15


def watched_for(days: int) -> Driven:
    """A desk that has seen a million dollars a day, steadily."""
    desk = Driven([VolumeAgent(VolumeSettings())], BEGIN)
    desk.tell(STARTED, *opened(MARKET))
    follow(desk, prints(MARKET, BEGIN, BEGIN + days * DAY, MILLION))
    return desk


def follow(desk: Driven, trades: Iterator[Traded]) -> None:
    for trade in trades:
        desk.until(trade.event_us)
        desk.tell(trade)


def rising(first_us: int) -> Iterator[Traded]:
    """From a rate of a million a day to one of five within four hours, the price following."""
    count = 4 * HOUR // MINUTE
    for number in range(count):
        share = number / count
        contracts = (1 + 4 * share) * MILLION / 1_440
        at_us = first_us + number * MINUTE
        yield print_of(MARKET, at_us // MINUTE, at_us, contracts, 0.5 + 0.2 * share)


def alerts(desk: Driven) -> list[Alert]:
    return [raised.alert for raised in desk.of(AlertRaised)]


@pytest.fixture(scope="module")
def steady() -> Driven:
    return watched_for(STEADY_DAYS)


def test_a_steady_million_dollars_a_day_is_silent(steady: Driven) -> None:
    measured = steady.of(VolumeMeasured)
    assert len(measured) > (STEADY_DAYS - 1) * 288
    assert measured[-1].rows[0].state == "ready"
    assert alerts(steady) == []


def test_a_million_to_five_in_four_hours_is_a_signal(steady: Driven) -> None:
    desk = deepcopy(steady)
    begins = Instant(BEGIN + STEADY_DAYS * DAY)
    follow(desk, rising(begins))
    told = alerts(desk)
    levels = [alert.level for alert in told]
    assert "elevated" in levels
    first = next(alert for alert in told if alert.level == "elevated")
    assert first.event_us < begins + 4 * HOUR
    assert "VROC +" in first.words
    assert {figure.name for figure in first.figures} >= {"horizon", "VROC 1 h", "acceleration"}
    assert first.price is not None


def test_the_same_volume_without_a_price_that_follows_stays_at_watch(steady: Driven) -> None:
    desk = deepcopy(steady)
    begins = BEGIN + STEADY_DAYS * DAY
    follow(desk, prints(MARKET, begins, begins + 4 * HOUR, 5 * MILLION))
    assert {alert.level for alert in alerts(desk)} == {"watch"}
    assert "the price did not follow" in alerts(desk)[0].words


def test_four_days_of_history_are_no_baseline() -> None:
    desk = watched_for(4)
    follow(desk, rising(BEGIN + 4 * DAY))
    assert alerts(desk) == []
    row = desk.of(VolumeMeasured)[-1].rows[0]
    assert row.state == "warming"
    assert row.score_milli_sigma == (None, None, None)
    assert row.volume > 0
