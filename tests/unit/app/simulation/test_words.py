"""Everybody who talks to a desk in a seed wants something, and comes in by a real door."""

import random

from foreshock.app.simulation.words import (
    HOSTILE,
    TITLE_CHARS_MAX,
    WORDS_CHARS_MAX,
    Voices,
    answer,
)
from foreshock.core.domain.messages.advice import AskModel, ModelAnswered, ModelFailed
from foreshock.core.domain.messages.alerting import ObservationReceived
from foreshock.core.domain.messages.signals import AlertRaised, NewsAsked, NewsSeen
from foreshock.core.domain.units import MICRO, Instant, Money
from foreshock.core.matching.second_reading import judged, read
from foreshock.dashboard import told_from_outside
from foreshock.dashboard.ingest import may_speak_for
from foreshock.dashboard.told_from_outside import RelayBody, relayed

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


def test_what_they_say_is_what_the_doors_of_a_real_desk_would_let_in() -> None:
    voices = Voices(TITLES, random.Random(1))
    said = [message for _ in range(30) for message in voices.speak(NOW)]
    body = RelayBody(title="x", message="y", price="0.01", volume=10**9)
    let_in = relayed(body, "0" * 24, NOW)
    alerts = [message.alert for message in said if isinstance(message, AlertRaised)]
    for alert in alerts:
        assert len(alert.words) <= WORDS_CHARS_MAX == told_from_outside.WORDS_CHARS_MAX
        assert alert.words.startswith("polyalerthub says: ")
        assert (alert.detector, alert.level) == (let_in.detector, let_in.level)
        assert alert.figures == let_in.figures
        assert len(alert.alert_id) == len(let_in.alert_id)
    seen = [message for message in said if isinstance(message, ObservationReceived)]
    for one in seen:
        assert len(one.title) <= TITLE_CHARS_MAX == told_from_outside.TITLE_CHARS_MAX
        assert may_speak_for(("",), one.source)
        assert one.volume <= told_from_outside.VOLUME_MAX * MICRO


def test_the_same_chance_says_the_same() -> None:
    first, again = (Voices(TITLES, random.Random(7)) for _ in range(2))
    assert [first.speak(NOW) for _ in range(9)] == [again.speak(NOW) for _ in range(9)]
    assert len(set(HOSTILE)) == len(HOSTILE)
