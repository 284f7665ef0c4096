from foreshock.core.domain.markets import MarketId
from foreshock.core.domain.messages.alerting import ObservationReceived
from foreshock.core.domain.messages.market_data import MarketStatusChanged
from foreshock.core.domain.messages.signals import AlertRaised
from foreshock.core.domain.units import MICRO, SECOND, Duration, Instant, Price, Quantity
from foreshock.core.signals.spike_agent import SpikeAgent, SpikeAgentSettings
from tests.unit.core.signals.driven import Driven
from tests.unit.core.signals.signal_feed import BEGIN, STARTED, opened, print_of

A = "polymarket:0xa"
POINT = Duration(10 * SECOND)


def quiet_desk(points: int = 24) -> Driven:
    """A market that trades 20 contracts at 50 cents a point."""
    desk = Driven([SpikeAgent(SpikeAgentSettings())], BEGIN)
    desk.tell(STARTED, *opened(A))
    for number in range(points):
        trade(desk, number, 20, 0.5)
    return desk


def trade(desk: Driven, number: int, contracts: float, price: float) -> None:
    """One print in point `number`, and the time until the next."""
    at_us = BEGIN + number * POINT
    desk.until(Instant(at_us))
    desk.tell(print_of(A, number, at_us + 1, contracts, price))
    desk.until(Instant(at_us + POINT))


def observed(
    number: int, volume: int, price: int, *, is_total: bool = False
) -> ObservationReceived:
    return ObservationReceived(
        observation_id=f"o{number}",
        source="a scraper",
        market=MarketId("elsewhere:m"),
        title="m",
        yes_price=Price(price * 10_000),
        volume=Quantity(volume * MICRO),
        is_total=is_total,
        is_simulated=False,
        event_us=Instant(BEGIN + number * SECOND),
        recv_us=Instant(BEGIN + number * SECOND),
    )


def test_steady_prints_are_no_spike() -> None:
    assert quiet_desk().of(AlertRaised) == []


def test_volume_with_a_price_that_follows_is_high_conviction_flow() -> None:
    desk = quiet_desk()
    trade(desk, 24, 200, 0.6)
    (raised,) = desk.of(AlertRaised)
    alert = raised.alert
    assert (alert.detector, alert.level, alert.price) == ("spike", "high conviction flow", 600_000)
    # 10 x 0.75 + (0.1 / 0.03) x 1.25
    assert alert.figures[0].value == "11.67"


def test_the_same_spike_is_not_told_twice_within_the_cooldown() -> None:
    desk = quiet_desk()
    trade(desk, 24, 200, 0.6)
    trade(desk, 25, 400, 0.7)
    assert len(desk.of(AlertRaised)) == 1


def test_a_whale_that_moves_no_price_is_no_spike() -> None:
    desk = quiet_desk()
    trade(desk, 24, 5_000, 0.5)
    assert desk.of(AlertRaised) == []


def test_prints_at_bid_and_ask_in_turn_are_no_move() -> None:
    desk = quiet_desk()
    at_us = BEGIN + 24 * POINT + 1
    for number in range(20):
        desk.tell(print_of(A, 100 + number, at_us + number, 10, 0.46 if number % 2 else 0.54))
    desk.until(Instant(at_us + POINT))
    assert desk.of(AlertRaised) == []


def test_a_print_told_twice_counts_once() -> None:
    desk = quiet_desk()
    at_us = BEGIN + 24 * POINT + 1
    for _ in range(50):
        desk.tell(print_of(A, 100, at_us, 20, 0.6))
    desk.until(Instant(at_us + POINT))
    assert all(each.alert.figures[1].value == "20 contracts" for each in desk.of(AlertRaised))


def test_a_market_that_is_closed_brings_no_spike() -> None:
    desk = quiet_desk()
    desk.tell(MarketStatusChanged(MarketId(A), "closed", BEGIN))
    trade(desk, 24, 200, 0.99)
    assert desk.of(AlertRaised) == []


def test_what_is_observed_outside_is_a_point_at_once() -> None:
    desk = Driven([SpikeAgent(SpikeAgentSettings())], BEGIN)
    desk.tell(*(observed(number, 20, 50) for number in range(8)))
    desk.tell(observed(9, 300, 60))
    (raised,) = desk.of(AlertRaised)
    assert raised.alert.market == "elsewhere:m"


def test_running_totals_count_by_differences_and_survive_a_reset() -> None:
    desk = Driven([SpikeAgent(SpikeAgentSettings())], BEGIN)
    desk.tell(*(observed(n, 1_000_000 + 20 * n, 50, is_total=True) for n in range(9)))
    desk.tell(observed(10, 5_000, 60, is_total=True))
    assert desk.of(AlertRaised) == []
    desk.tell(observed(11, 5_400, 60, is_total=True))
    assert len(desk.of(AlertRaised)) == 1
