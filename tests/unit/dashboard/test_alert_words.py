"""Notices and what came from outside, in words of a line."""

import pytest

from foreshock.core.domain.messages import alerting as al
from foreshock.dashboard.alert_words import ALERTING_SAYINGS
from foreshock.dashboard.words import say
from tests.unit.dashboard.alerting_told import alerting_messages, notice


def test_every_kind_has_its_row() -> None:
    assert set(ALERTING_SAYINGS) == {type(message) for message in alerting_messages()}


@pytest.mark.parametrize(
    ("message", "words"),
    [
        (
            al.Notify("slack/n1", "slack", notice()),
            "slack is to tell (notable): 4 times the usual volume",
        ),
        (al.Notified("slack/n1", "slack", 1), "slack took it"),
        (al.Notified("slack/n1", "slack", 3), "slack took it at attempt 3"),
        (al.NoticeTestRequested("t", None, "me"), "me asks for a test notice on every channel"),
    ],
)
def test_they_are_short_and_plain(
    message: al.Notify | al.Notified | al.NoticeTestRequested, words: str
) -> None:
    assert say(message)[1] == words


def test_an_observation_says_who_told_it_and_whether_it_is_made_up() -> None:
    observed = next(m for m in alerting_messages() if isinstance(m, al.ObservationReceived))
    about, words = say(observed)
    assert about == "polymarket:will-fed-cut-june"
    assert words == "my-scraper says: YES at 0.58, 1450 traded"
