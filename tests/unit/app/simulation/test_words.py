"""Everybody who talks to a desk in a seed wants something, and comes in by a real door."""

import random

from foreshock.app.simulation.words import HOSTILE, Voices, answer
from foreshock.core.domain.messages.advice import AskModel, ModelAnswered, ModelFailed
from foreshock.core.domain.messages.alerting import ObservationReceived
from foreshock.core.domain.messages.signals import AlertRaised, NewsAsked, NewsSeen
from foreshock.core.domain.units import Instant, Money
from foreshock.core.matching.second_reading import judged, read

NOW = Instant(1_795_000_000_000_000)
TITLES = [("kalshi:KXFED-27JAN-T3.25", "Will the rate be above 3.25%?")]
QUESTION = AskModel(
    ask_id="pair/a/b/identity",
    purpose="second-reading",
    instructions="",
    material="",
    output_tokens_max=1,
    cost_max=Money(1),
)


def test_a_model_agrees_vetoes_babbles_and_fails() -> None:
    rng = random.Random(1)
    said = [answer(QUESTION, rng) for _ in range(60)]
    assert {message.ask_id for message in said if isinstance(message, ModelAnswered)} == {
        QUESTION.ask_id
    }
    texts = [message.text for message in said if isinstance(message, ModelAnswered)]
    verdicts = {judged(read(text), "identity") for text in texts}
    assert verdicts == {"agrees", "doubts", "vetoes", "unreviewed"}
    assert any(isinstance(message, ModelFailed) for message in said)


def test_a_paper_a_relay_and_a_stranger_speak() -> None:
    voices = Voices(TITLES, random.Random(1))
    said = [message for _ in range(30) for message in voices.speak(NOW)]
    kinds = {type(message) for message in said}
    assert kinds == {NewsSeen, NewsAsked, AlertRaised, ObservationReceived}
    alerts = [message.alert for message in said if isinstance(message, AlertRaised)]
    assert {alert.level for alert in alerts} == {"notable"}
    assert len({alert.alert_id for alert in alerts}) == len(alerts)


def test_the_same_chance_says_the_same() -> None:
    first, again = (Voices(TITLES, random.Random(7)) for _ in range(2))
    assert [first.speak(NOW) for _ in range(9)] == [again.speak(NOW) for _ in range(9)]
    assert len(set(HOSTILE)) == len(HOSTILE)
