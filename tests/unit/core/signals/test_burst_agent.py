from foreshock.core.domain.alerts import Alert
from foreshock.core.domain.markets import MarketId
from foreshock.core.domain.messages.market_data import MarketStatusChanged
from foreshock.core.domain.messages.signals import AlertRaised
from foreshock.core.domain.units import Instant
from foreshock.core.signals.burst_agent import WINDOWS_MIN, BurstAgent, BurstSettings
from tests.unit.core.signals.driven import Driven
from tests.unit.core.signals.signal_feed import BEGIN, MINUTE, STARTED, opened, print_of

A = "polymarket:0xa"
WINDOW = 5 * MINUTE


def usual_desk(windows: int = WINDOWS_MIN + 10) -> Driven:
    """Two prints of 20 contracts a window."""
    desk = Driven([BurstAgent(BurstSettings())], BEGIN)
    desk.tell(STARTED, *opened(A))
    for number in range(windows):
        window(desk, number, [20, 20])
    return desk


def window(desk: Driven, number: int, sizes: list[float], move: float = 0.0) -> None:
    """One window of prints by takers of YES, the price going by `move`."""
    first_us = BEGIN + number * WINDOW
    for place, size in enumerate(sizes):
        price = 0.5 + move * place / max(1, len(sizes) - 1)
        desk.tell(print_of(A, 1_000 * number + place, first_us + place, size, price))
    desk.until(Instant(first_us + WINDOW))


def told(desk: Driven) -> list[Alert]:
    return [raised.alert for raised in desk.of(AlertRaised)]


def test_the_usual_is_silent() -> None:
    assert told(usual_desk()) == []


def test_many_prints_that_move_the_price_are_a_burst() -> None:
    desk = usual_desk()
    window(desk, WINDOWS_MIN + 10, [20] * 20, move=0.04)
    (alert,) = told(desk)
    assert (alert.detector, alert.level, alert.market) == ("burst", "watch", A)
    assert "20 prints where 2.0 are usual" in alert.words
    assert alert.price == 540_000


def test_a_storm_of_prints_is_louder() -> None:
    desk = usual_desk()
    window(desk, WINDOWS_MIN + 10, [20] * 60, move=0.04)
    assert [alert.level for alert in told(desk)] == ["notable"]


def test_whales_that_come_together_are_told_and_one_alone_is_not() -> None:
    desk = usual_desk()
    window(desk, WINDOWS_MIN + 10, [20, 900], move=0.04)
    assert told(desk) == []
    window(desk, WINDOWS_MIN + 11, [900, 900, 20, 900, 900], move=0.04)
    (alert,) = told(desk)
    assert alert.level == "notable"
    assert "4 prints of 20 times the usual size" in alert.words


def test_prints_that_move_no_price_are_wash() -> None:
    desk = usual_desk()
    window(desk, WINDOWS_MIN + 10, [20] * 60)
    window(desk, WINDOWS_MIN + 11, [20] * 60, move=-0.05)
    assert told(desk) == []


def test_nothing_is_told_of_a_market_that_was_hardly_seen() -> None:
    desk = usual_desk(WINDOWS_MIN // 2)
    window(desk, WINDOWS_MIN // 2, [20] * 60, move=0.05)
    assert told(desk) == []


def test_hours_without_a_print_count_as_seen_and_make_prints_rarer() -> None:
    desk = usual_desk()
    desk.until(Instant(BEGIN + 400 * WINDOW))
    window(desk, 400, [20] * 9, move=0.04)
    assert len(told(desk)) == 1


def test_a_print_told_twice_counts_once_and_a_closed_market_not_at_all() -> None:
    desk = usual_desk()
    first_us = BEGIN + (WINDOWS_MIN + 10) * WINDOW
    for _ in range(60):
        desk.tell(print_of(A, 5, first_us, 20, 0.5), print_of(A, 6, first_us + 1, 20, 0.6))
    desk.until(Instant(first_us + WINDOW))
    assert told(desk) == []
    desk.tell(MarketStatusChanged(MarketId(A), "closed", BEGIN))
    window(desk, WINDOWS_MIN + 11, [20] * 60, move=0.05)
    assert told(desk) == []
