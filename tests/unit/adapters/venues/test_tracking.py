from foreshock.adapters.seams import HttpRequest
from foreshock.adapters.venues.order_path import Prepared, Unsigned
from foreshock.adapters.venues.tracking import LATE_ARRIVAL, LOOK_WAIT, LOOK_WAIT_MAX, Tracked
from foreshock.core.domain.units import SECOND, Duration, Instant
from tests.trading import START, order

UNSIGNED = Unsigned(venue="kalshi", kind="place", method="POST", path="/orders", body=b"{}")


def tracked() -> Tracked:
    return Tracked(
        order("o1"), Prepared(order_id="o1", client_id="c1", venue_order_id=None, request=UNSIGNED)
    )


def test_looks_become_rarer_up_to_a_ceiling() -> None:
    at = tracked()
    at.send(START)
    now, waits = START, list[int]()
    for _ in range(8):
        assert at.look_us is not None
        waits.append(at.look_us - now)
        now = at.look_us
        at.begin_round(now)
        at.end_round(now, is_absent=False)
    assert waits[0] == LOOK_WAIT
    assert waits == sorted(waits)
    assert waits[-1] == LOOK_WAIT_MAX


def test_absence_is_proven_twice_and_never_before_a_request_can_be_late() -> None:
    at = tracked()
    at.send(START)
    early = Instant(START + LATE_ARRIVAL - 1)
    for _ in range(5):
        at.begin_round(early)
        assert not at.end_round(early, is_absent=True)
    late = Instant(START + LATE_ARRIVAL)
    at.begin_round(late)
    assert not at.end_round(late, is_absent=True)
    at.begin_round(late)
    assert at.end_round(late, is_absent=True)


def test_one_sight_of_it_begins_the_proof_anew() -> None:
    at = tracked()
    at.send(START)
    late = Instant(START + LATE_ARRIVAL)
    at.begin_round(late)
    at.end_round(late, is_absent=True)
    at.begin_round(late)
    at.find()
    assert not at.end_round(late, is_absent=True)
    at.begin_round(late)
    assert not at.end_round(late, is_absent=True)


def test_nothing_more_is_due_while_a_round_is_under_way() -> None:
    at = tracked()
    at.send(START)
    at.begin_round(Instant(START + LOOK_WAIT))
    at.look_soon(Instant(START + LOOK_WAIT))
    assert at.next_look_us is None, "a shell would spin"
    at.end_round(Instant(START + 2 * LOOK_WAIT), is_absent=False)
    assert at.next_look_us == START + 3 * LOOK_WAIT


def test_only_the_very_same_bytes_are_signed_again() -> None:
    at = tracked()
    request = HttpRequest("POST", "/orders", (("t", "1"),), b"{}")
    assert at.sign(request)
    assert at.sign(HttpRequest("POST", "/orders", (("t", "2"),), b"{}")), "headers carry the time"
    assert not at.sign(HttpRequest("POST", "/orders", (), b'{"x":1}'))


def test_questions_reach_behind_a_clock_that_is_minutes_wrong() -> None:
    """A question that begins too late finds nothing, and would prove a trade to be absent."""
    assert tracked().since_us <= START - Duration(300 * SECOND)


def test_a_clock_that_is_set_back_keeps_no_question_waiting() -> None:
    at = tracked()
    at.send(START)
    assert not at.is_due(START)
    assert at.is_due(Instant(START + LOOK_WAIT))
    assert at.is_due(Instant(START - 3_600 * SECOND))
