"""The dead-man's switch: beats chain, and nothing is submitted from the first missed one."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from foreshock.adapters.seams import HttpResponse
from foreshock.adapters.venues.order_path import Unsigned
from foreshock.adapters.venues.polymarket.heartbeat import (
    ACK_WITHIN,
    BEAT_EVERY,
    Heartbeat,
)
from foreshock.core.domain.units import Instant
from tests.unit.adapters.venues.polymarket.builders import NOW
from tests.unit.adapters.venues.polymarket.orders import signer

SECOND = 1_000_000
VENUES_LIMIT = 10 * SECOND
"""Without a beat for so long the venue cancels every open order."""


def at(seconds: float) -> Instant:
    return Instant(NOW + int(seconds * SECOND))


def acked(name: str) -> HttpResponse:
    return HttpResponse(200, json.dumps({"heartbeat_id": name}).encode())


def wrong(expected: str) -> HttpResponse:
    body = {"error_msg": "Invalid Heartbeat ID", "heartbeat_id": expected}
    return HttpResponse(400, json.dumps(body).encode())


def carried(beat: Unsigned | None) -> str:
    assert beat is not None
    return str(json.loads(beat.body)["heartbeat_id"])


def beating() -> Heartbeat:
    """One acknowledged beat, sent at 0 s."""
    heart = Heartbeat()
    assert carried(heart.due(at(0))) == ""
    heart.answered(acked("one"))
    return heart


def test_nothing_is_submitted_before_the_first_acknowledgement() -> None:
    heart = Heartbeat()
    assert not heart.may_submit(at(0))
    heart.due(at(0))
    assert not heart.may_submit(at(0))
    heart.answered(acked("one"))
    assert heart.may_submit(at(0.1))


def test_beats_chain_every_five_seconds() -> None:
    heart = beating()
    assert heart.due(at(4.9)) is None
    assert carried(heart.due(at(5))) == "one"
    heart.answered(acked("two"))
    assert carried(heart.due(at(10))) == "two"


def test_a_beat_is_a_signed_request_of_its_kind() -> None:
    beat = Heartbeat().due(at(0))
    assert beat is not None
    assert (beat.kind, beat.method, beat.path) == ("heartbeat", "POST", "/v1/heartbeats")
    assert signer().sign(beat, at(0)).body == b'{"heartbeat_id":""}'


@pytest.mark.parametrize(
    "answer",
    [
        None,
        HttpResponse(500, b""),
        HttpResponse(200, b"{}"),
        HttpResponse(200, b"<html>"),
        HttpResponse(429, b""),
        wrong("three"),
    ],
)
def test_submitting_stops_at_the_first_missed_beat_until_one_is_acknowledged(
    answer: HttpResponse | None,
) -> None:
    heart = beating()
    heart.due(at(5))
    heart.answered(answer)
    assert not heart.may_submit(at(5.1))
    assert heart.due(at(5 + ACK_WITHIN / SECOND)) is not None
    assert not heart.may_submit(at(7))
    heart.answered(acked("four"))
    assert heart.may_submit(at(7.1))


def test_an_acknowledgement_that_is_late_counts_as_missed_while_it_is() -> None:
    heart = beating()
    heart.due(at(5))
    assert heart.may_submit(at(6))
    assert not heart.may_submit(at(7.1))
    heart.answered(acked("two"))
    assert heart.may_submit(at(7.2))


def test_a_beat_without_answer_is_sent_again_well_before_the_venues_limit() -> None:
    heart = beating()
    heart.due(at(5))
    assert heart.due(at(6.9)) is None
    assert carried(heart.due(at(7))) == "one"
    assert not heart.may_submit(at(7))


def test_a_wrong_id_is_corrected_at_once_but_only_once_in_a_row() -> None:
    heart = beating()
    heart.due(at(5))
    heart.answered(wrong("expected"))
    assert carried(heart.due(at(5.1))) == "expected"
    heart.answered(wrong("other"))
    assert heart.due(at(5.2)) is None
    assert carried(heart.due(at(7.1))) == "other"


def test_the_expected_id_may_be_empty() -> None:
    heart = beating()
    heart.due(at(5))
    heart.answered(wrong(""))
    assert carried(heart.due(at(5.1))) == ""


def test_a_desk_that_forgot_to_beat_may_not_submit() -> None:
    heart = beating()
    assert heart.may_submit(at(7))
    assert not heart.may_submit(at(7.1))


def test_an_answer_to_no_beat_changes_nothing() -> None:
    heart = beating()
    heart.answered(wrong("expected"))
    assert heart.may_submit(at(1))
    assert carried(heart.due(at(5))) == "one"


@given(st.lists(st.tuples(st.integers(1, 4_000), st.sampled_from(["ok", "lost", "wrong", ""]))))
def test_whoever_may_submit_was_heard_within_the_venues_limit(
    steps: list[tuple[int, str]],
) -> None:
    """Whatever is lost: an order is only let go within the limit of an acknowledged beat."""
    heart, now, sent, heard = Heartbeat(), NOW, NOW, None
    answers = {"ok": acked("x"), "lost": None, "wrong": wrong("y")}
    for wait_ms, answer in steps:
        now = Instant(now + wait_ms * 1_000)
        if heart.due(now) is not None:
            sent = now
            if answer:
                heart.answered(answers[answer])
                heard = sent if answer == "ok" else heard
        if heart.may_submit(now):
            assert heard is not None
            assert now - heard <= BEAT_EVERY + ACK_WITHIN < VENUES_LIMIT


def test_a_clock_that_is_set_back_stops_submissions_and_not_the_beats() -> None:
    heart = beating()
    assert not heart.may_submit(at(-3_600)), "an acknowledgement from our future proves nothing"
    assert heart.due(at(-3_600)) is not None
    heart.answered(acked("b2"))
    assert heart.may_submit(at(-3_600))
