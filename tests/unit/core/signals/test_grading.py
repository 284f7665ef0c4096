from foreshock.core.domain.alerts import Alert
from foreshock.core.domain.markets import MarketId
from foreshock.core.domain.messages.market_data import BookLost, MarketResolved
from foreshock.core.domain.messages.signals import AlertGraded, AlertRaised
from foreshock.core.domain.messages.trading import TimerFired
from foreshock.core.domain.units import PAYOUT, Instant, Price
from foreshock.core.signals.grading import HORIZONS, OPEN_MAX, Grader
from tests.unit.core.signals.driven import Driven
from tests.unit.core.signals.signal_feed import BEGIN, DAY, HOUR, book

A = "polymarket:0xa"


def raised(number: int = 1) -> AlertRaised:
    return AlertRaised(
        Alert(
            alert_id=f"a{number}",
            detector="volume",
            level="watch",
            market=MarketId(A),
            words="much",
            figures=(),
            related=(),
            event_us=BEGIN,
            price=Price(400_000),
        )
    )


def waiting() -> Driven:
    desk = Driven([Grader()], BEGIN)
    desk.tell(raised())
    return desk


def after(desk: Driven) -> list[tuple[int, int | None]]:
    return [(graded.after, graded.price_after) for graded in desk.of(AlertGraded)]


def test_an_alert_is_graded_after_an_hour_four_and_a_day() -> None:
    desk = waiting()
    for hour, mid in ((0.9, 0.45), (3.9, 0.5), (23.9, 0.3)):
        desk.until(Instant(BEGIN + int(hour * HOUR)))
        desk.tell(book(A, mid, desk.now_us))
    desk.until(Instant(BEGIN + 2 * DAY))
    assert after(desk) == [(HOUR, 450_000), (4 * HOUR, 500_000), (DAY, 300_000)]
    assert {graded.price_then for graded in desk.of(AlertGraded)} == {400_000}


def test_a_lost_book_leaves_the_price_unknown() -> None:
    desk = waiting()
    desk.tell(book(A, 0.45, BEGIN), BookLost(MarketId(A), 1, "gap"))
    desk.until(Instant(BEGIN + HOUR))
    assert after(desk) == [(HOUR, None)]


def test_a_market_that_resolves_is_worth_its_payout() -> None:
    desk = waiting()
    desk.tell(book(A, 0.45, BEGIN), MarketResolved(MarketId(A), PAYOUT, BEGIN))
    desk.until(Instant(BEGIN + HOUR))
    assert after(desk) == [(HOUR, PAYOUT)]


def test_timers_of_others_and_a_second_telling_change_nothing() -> None:
    desk = waiting()
    assert desk.tell(raised(), TimerFired("matcher"), TimerFired("grade:nobody")) == []


def test_only_so_many_alerts_wait() -> None:
    desk = Driven([Grader()], BEGIN)
    desk.tell(*(raised(number) for number in range(OPEN_MAX + 5)))
    desk.until(Instant(BEGIN + DAY))
    assert len(desk.of(AlertGraded)) == OPEN_MAX * len(HORIZONS)
