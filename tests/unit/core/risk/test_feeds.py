"""Which of the three clocks is it?"""

import pytest

from foreshock.core.domain.messages.market_data import ConnectionOpened, MarketsWatched
from foreshock.core.domain.messages.operations import LoopLagged
from foreshock.core.domain.units import Duration, Instant
from foreshock.core.risk.feeds import Feeds
from tests.trading import START, A, B
from tests.unit.core.risk.desk import FRESHNESS, measured


def feeds(**changes: object) -> Feeds:
    fold = Feeds(FRESHNESS)
    fold.observe(ConnectionOpened(1, "polymarket", "polymarket.market", (A,)), START)
    fold.observe(measured(1, "polymarket", **changes), START)
    return fold


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({}, None),
        ({"message_age_p95": Duration(3_000_000)}, "message age 3 s, at most 2 s"),
        ({"checked_at_us": None}, "no REST check yet"),
        ({"checked_at_us": Instant(START - 61_000_000)}, "REST check age 61 s"),
    ],
)
def test_each_clock_has_its_words(changes: dict[str, object], words: str | None) -> None:
    told = feeds(**changes).stale_words(A, START, START)
    assert told is None if words is None else told is not None and words in told


def test_the_lag_of_the_loop_is_told_in_milliseconds_rounded_against_us() -> None:
    fold = feeds()
    fold.observe(LoopLagged(Duration(400_390)), START)
    assert fold.lag_words(START) == "the loop was 401 ms late, at most 250 ms"


def test_a_message_of_the_market_itself_is_data_too() -> None:
    fold = feeds(data_at_us=Instant(START - 20_000_000))
    assert fold.stale_words(A, START, START) is None
    told = fold.stale_words(A, Instant(START - 20_000_000), START)
    assert told is not None
    assert "data age" in told


def test_a_market_is_known_by_the_connection_that_carries_it() -> None:
    fold = feeds()
    assert fold.stale_words(B, START, START) == f"no open connection carries {B}"
    fold.observe(MarketsWatched(1, (B,), (A,)), START)
    assert fold.stale_words(B, START, START) is None
    assert fold.stale_words(A, START, START) == f"no open connection carries {A}"


def test_a_measurement_of_a_closed_connection_revives_nothing() -> None:
    fold = Feeds(FRESHNESS)
    fold.observe(measured(1, "polymarket"), START)
    assert fold.stale_words(A, START, START) is not None


def test_a_market_is_heard_of_while_its_connection_brings_data() -> None:
    fold = feeds()
    latest_us = Instant(START + FRESHNESS.data_age_max)
    assert fold.is_heard(A, latest_us)
    assert not fold.is_heard(A, Instant(latest_us + 1))
    assert not fold.is_heard(B, START)
    assert not Feeds(FRESHNESS).is_heard(A, START)
