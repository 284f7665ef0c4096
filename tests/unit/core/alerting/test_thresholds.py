"""States are told when they begin and again only after they ended."""

from foreshock.core.alerting.thresholds import CALM_PERCENT, FAILURES_MIN, Thresholds
from foreshock.core.alerting.tiers import TIERS
from foreshock.core.domain.messages.decisions import LimitsMeasured, LimitUse
from foreshock.core.domain.messages.market_data import ConnectionFailed, ConnectionOpened
from foreshock.core.domain.units import Instant
from tests.trading import START

OPENED = ConnectionOpened(1, "kalshi", "kalshi", ())


def measured(percent: int, code: str = "DAILY_LOSS", limit: int = 100) -> LimitsMeasured:
    return LimitsMeasured("personal", (LimitUse(code, "all", percent, limit, "money"),))


def cases(watch: Thresholds, *percents: int) -> list[str]:
    return [
        happening.case
        for number, percent in enumerate(percents)
        for happening in watch.limits_measured(measured(percent), Instant(START + number))
    ]


def test_a_venue_is_down_once_and_back_once() -> None:
    watch = Thresholds()
    told = [
        happening.case
        for attempt in range(FAILURES_MIN * 3)
        for happening in watch.connection_failed(ConnectionFailed("kalshi", "x", attempt), START)
    ]
    assert told == ["down"]
    assert [each.case for each in watch.connection_opened(OPENED, START)] == ["back"]
    assert list(watch.connection_opened(OPENED, START)) == []


def test_a_source_that_is_down_is_less_than_a_venue() -> None:
    failed = ConnectionFailed("oracle:coinbase", "x", FAILURES_MIN)
    (told,) = Thresholds().connection_failed(failed, START)
    assert told.case == "source down"
    assert TIERS[told.kind, told.case].severity < TIERS["venue", "down"].severity
    assert "no trade rests on them" in told.words


def test_a_limit_may_be_reached_without_having_been_near() -> None:
    assert cases(Thresholds(), 10, 130, 90, 100) == ["reached"]


def test_a_limit_that_swings_about_its_mark_is_told_once() -> None:
    assert cases(Thresholds(), 80, 79, 81, CALM_PERCENT, 85) == ["near"]
    assert cases(Thresholds(), 80, CALM_PERCENT - 1, 85) == ["near", "near"]


def test_limits_that_fill_up_on_good_days_and_absent_ones_are_not_told() -> None:
    watch = Thresholds()
    assert list(watch.limits_measured(measured(100, "PLATFORM_LIMIT"), START)) == []
    assert list(watch.limits_measured(measured(100, limit=0), START)) == []
