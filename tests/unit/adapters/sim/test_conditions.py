"""Does exactly what was ordered happen to requests and frames, and nothing else?"""

from foreshock.adapters.seams import HttpRequest, HttpResponse
from foreshock.adapters.sim.conditions import (
    ATTEMPTS_KEPT_MAX,
    CLEAR,
    OTHER_ATTEMPTS,
    Conditions,
    FrameRule,
    RequestRule,
    answer_under,
)
from tests.unit.adapters.sim.face_scenario import T0
from tests.unit.adapters.sim.fake_face import EchoFace

POST = HttpRequest("POST", "/order?x=1", (), b"{}")
GET = HttpRequest("GET", "/order")


def test_strikes_only_matching_requests_and_only_so_often() -> None:
    conditions = Conditions()
    conditions.add_request_rule(
        RequestRule(effect="drop_request", method="POST", path="/order", count=2)
    )
    assert conditions.passage(GET) == CLEAR
    assert conditions.passage(HttpRequest("POST", "/auth")) == CLEAR
    assert [conditions.passage(POST).is_request_lost for _ in range(3)] == [True, True, False]


def test_lets_some_pass_first_and_strikes_until_cleared() -> None:
    conditions = Conditions()
    conditions.add_request_rule(RequestRule(effect="drop_answer", after=1, count=None))
    assert [conditions.passage(GET).is_answer_lost for _ in range(4)] == [False, True, True, True]
    conditions.clear()
    assert conditions.passage(GET) == CLEAR


def test_rules_of_different_kinds_add_up() -> None:
    conditions = Conditions()
    conditions.add_request_rule(RequestRule(effect="delay_request", delay_us=5))
    conditions.add_request_rule(RequestRule(effect="delay_answer", delay_us=7))
    passage = conditions.passage(GET)
    assert (passage.request_delay, passage.answer_delay) == (5, 7)


def test_an_answer_instead_asks_nobody_and_a_replaced_one_does() -> None:
    conditions, seen = Conditions(), EchoFace()
    headers = (("Retry-After", "3"),)
    conditions.add_request_rule(RequestRule(effect="answer_instead", status=429, headers=headers))
    conditions.add_request_rule(RequestRule(effect="replace_answer", status=502, body="gone"))
    first = conditions.passage(GET)
    second = conditions.passage(GET)
    assert answer_under(first, seen, GET, T0) == HttpResponse(429, b"", headers)
    assert second == CLEAR  # both rules were used up by the first request
    conditions.add_request_rule(RequestRule(effect="replace_answer", status=502, body="gone"))
    assert answer_under(conditions.passage(GET), seen, GET, T0) == HttpResponse(502, b"gone")


def test_counts_attempts_without_end_and_without_growing() -> None:
    conditions = Conditions()
    for number in range(ATTEMPTS_KEPT_MAX + 3):
        conditions.passage(HttpRequest("GET", f"/{number}"))
    conditions.passage(HttpRequest("GET", "/0?again"))
    assert conditions.attempts["GET /0"] == 2
    assert conditions.attempts[OTHER_ATTEMPTS] == 3


def test_frames_are_lost_repeated_or_late_as_ordered() -> None:
    conditions = Conditions()
    conditions.add_frame_rule(FrameRule(effect="drop", containing="trade", connection=1))
    conditions.add_frame_rule(FrameRule(effect="duplicate", containing="order"))
    conditions.add_frame_rule(FrameRule(effect="delay", containing="book", delay_us=10))
    assert conditions.frames(2, "trade", T0) == ["trade"]
    assert conditions.frames(1, "trade", T0) == []
    assert conditions.frames(1, "trade", T0) == ["trade"]
    assert conditions.frames(1, "order", T0) == ["order", "order"]
    assert conditions.frames(1, "book", T0) == []
    assert conditions.take_late_frames(T0) == []
    late = T0 + 10
    assert conditions.take_late_frames(type(T0)(late)) == [(1, "book")]
    assert conditions.take_late_frames(type(T0)(late)) == []
