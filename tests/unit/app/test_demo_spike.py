"""A made-up spike is labelled as one, and the detector itself speaks of it."""

from foreshock.app.demo_spike import make_spike
from foreshock.core.domain.messages.alerting import ObservationReceived
from foreshock.core.domain.messages.signals import AlertRaised
from foreshock.core.domain.messages.union import Message
from foreshock.core.domain.units import SECOND, Instant
from foreshock.core.signals.spike_agent import SpikeAgent, SpikeAgentSettings
from tests.trading import START


def alerts_of(told: list[Message]) -> list[AlertRaised]:
    agent = SpikeAgent(SpikeAgentSettings())
    said = [answer for message in told for answer in agent.handle(message, START)]
    return [each for each in said if isinstance(each, AlertRaised)]


def test_the_detector_speaks_of_it_once() -> None:
    told: list[Message] = []
    view = make_spike(None, START, told.append)
    (raised,) = alerts_of(told)
    assert raised.alert.market == view.market
    assert raised.alert.level == "high conviction flow"


def test_it_is_labelled_and_of_no_market_that_a_venue_has() -> None:
    told: list[Message] = []
    view = make_spike("KXBTC<script>", START, told.append)
    observed = [each for each in told if isinstance(each, ObservationReceived)]
    assert len(observed) == len(told)
    assert all(each.is_simulated and each.source == "demo" for each in observed)
    assert view.market.startswith("demo:KXBTCscript-")
    assert [each.event_us for each in observed] == sorted(each.event_us for each in observed)


def test_every_one_is_a_market_of_its_own() -> None:
    first, second = (
        make_spike(None, Instant(START + n * SECOND), lambda _: None) for n in range(2)
    )
    assert first.market != second.market
