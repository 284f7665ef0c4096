"""Fault rows A1-A15: orders and their identity, through the real adapters, signatures included.

Each row is named by its id; the venues keep the truth, the network and the clock obey the test.
"""

from itertools import permutations

import msgspec
import pytest

from foreshock.adapters.storage.journal import Told
from foreshock.core.domain.messages import account as a
from foreshock.core.domain.messages import trading as t
from foreshock.core.domain.messages.decisions import Halted, TradeRefused
from foreshock.core.domain.messages.union import Message
from foreshock.core.domain.units import Duration
from tests.scenarios.live_scene import Scene
from tests.trading import contracts

PM, KS = "polymarket", "kalshi"
PLACE = {PM: "/order", KS: "/trade-api/v2/portfolio/events/orders"}
OF_LEG = {PM: "0", KS: "1"}


def scene(first: int = 100, second: int = 100) -> Scene:
    made = Scene()
    made.offer_both(first, second)
    return made.ready()


def test_an_order_is_on_record_before_its_first_byte_leaves() -> None:
    at = scene()
    package = at.trade(10)
    at.desk.run(10)
    assert at.outcome(package) == "hedged"
    assert at.held(PM) == (10, 0)
    assert at.held(KS) == (0, 10)
    kinds = [type(m).__name__ for m in at.desk.heard if getattr(m, "order_id", "") == "r1/0.0"]
    assert kinds[:3] == ["PlaceOrder", "OrderPrepared", "SendOrder"]
    recorded = [
        step.now_us
        for step in at.desk.steps
        if isinstance(step.input, Told) and isinstance(step.input.message, a.OrderPrepared)
    ]
    posts = [us for us, _, r in at.desk.sent if r.method == "POST" and "heartbeat" not in r.path]
    assert len(recorded) == len(posts) == 2
    assert all(before <= left for before, left in zip(recorded, posts, strict=True))


@pytest.mark.parametrize("venue", [PM, KS])
def test_A1_an_answer_lost_after_acceptance_is_asked_for_until_proven(venue: str) -> None:
    at = scene()
    at.desk.rule(venue, effect="drop_answer", method="POST", path=PLACE[venue])
    at.desk.disconnect(venue)  # nor does the user channel tell
    at.desk.connect(venue)
    at.desk.run(3)
    package = at.trade(10)
    at.desk.run(40)
    assert at.placed(venue) == 1
    assert at.outcome(package) == "hedged"
    assert at.held(PM) == (10, 0)
    assert at.held(KS) == (0, 10)


@pytest.mark.parametrize("venue", [PM, KS])
def test_A2_a_request_lost_before_the_venue_never_becomes_two(venue: str) -> None:
    at = scene()
    at.desk.rule(venue, effect="drop_request", method="POST", path=PLACE[venue])
    package = at.trade(10)
    at.desk.run(5)
    assert at.placed(venue) == 1, "nothing is sent again before absence is proven"
    at.desk.run(60)
    sent = at.placed(venue)
    if venue == PM:  # the entry: proven absent and given up
        assert sent == 1
        assert at.outcome(package) == "missed"
        assert at.held(PM) == (0, 0)
    else:  # the hedge: the very same bytes once more
        bodies = [r.body for _, v, r in at.desk.sent if v == KS and r.method == "POST"]
        assert sent == 2
        assert bodies[0] == bodies[1]
        assert at.outcome(package) == "hedged"
        assert at.held(KS) == (0, 10)


@pytest.mark.parametrize("status", [500, 502, 503, 504])
@pytest.mark.parametrize("venue", [PM, KS])
def test_A3_a_server_error_after_acceptance_is_no_rejection(venue: str, status: int) -> None:
    at = scene()
    at.desk.rule(venue, effect="replace_answer", method="POST", path=PLACE[venue], status=status)
    package = at.trade(10)
    at.desk.run(40)
    assert not at.desk.said(t.OrderRejected)
    assert at.placed(venue) == 1
    assert at.outcome(package) == "hedged"


BROKEN = [
    "",
    "{}",
    "[]",
    "null",
    "<html>busy</html>",
    '{"order_id":7}',
    '{"success":true}',
    "{" * 99,
]


@pytest.mark.parametrize("body", BROKEN)
@pytest.mark.parametrize("venue", [PM, KS])
def test_A4_a_success_that_says_nothing_is_unknown(venue: str, body: str) -> None:
    at = scene()
    status = 200 if venue == PM else 201
    at.desk.rule(
        venue, effect="replace_answer", method="POST", path=PLACE[venue], status=status, body=body
    )
    package = at.trade(10)
    at.desk.run(1)
    told = at.desk.said(a.VenueConditionTold)
    assert any(m.venue == venue and "nobody understands" in m.words for m in told), "degraded"
    at.desk.run(40)
    assert not at.desk.said(t.OrderRejected)
    assert at.placed(venue) == 1
    assert at.outcome(package) == "hedged"


def test_A5_a_definite_refusal_ends_the_order_and_a_killed_one_is_no_rejection() -> None:
    at = scene()
    at.desk.rule(
        PM,
        effect="answer_instead",
        method="POST",
        path="/order",
        status=400,
        body='{"error":"not enough balance / allowance"}',
    )
    package = at.trade(10)
    at.desk.run(2)
    assert [type(m) for m in at.desk.said(t.OrderRejected)] == [t.OrderRejected]
    assert at.outcome(package) == "missed"


@pytest.mark.parametrize("words", ["a text nobody listed", "", "order crosses", "Duplicated"])
def test_A5_an_unlisted_refusal_is_unknown(words: str) -> None:
    at = scene()
    at.desk.rule(
        PM,
        effect="replace_answer",
        method="POST",
        path="/order",
        status=400,
        body=msgspec.json.encode({"error": words}).decode(),
    )
    package = at.trade(10)
    at.desk.run(30)
    assert not at.desk.said(t.OrderRejected)
    assert at.outcome(package) == "hedged"


@pytest.mark.parametrize("venue", [PM, KS])
def test_A6_placing_is_tried_once_whatever_comes_back(venue: str) -> None:
    for status in (408, 425, 429, 500, 502, 503, 504):
        at = scene()
        at.desk.rule(
            venue,
            effect="replace_answer",
            method="POST",
            path=PLACE[venue],
            status=status,
            count=None,
        )
        at.trade(10)
        at.desk.run(8)
        conditions = at.accounts[0 if venue == PM else 1].trading.faults.conditions
        orders = [m for m in at.desk.said(a.OrderPrepared) if at_venue(m, venue)]
        assert conditions.attempts[f"POST {PLACE[venue]}"] <= len(orders)
        bodies = [r.body for _, v, r in at.desk.sent if v == venue and r.path == PLACE[venue]]
        assert len(set(bodies)) == len(bodies), "no body left twice"


def at_venue(message: Message, venue: str) -> bool:
    return isinstance(message, a.OrderPrepared) and f"/{OF_LEG[venue]}." in message.order_id


def test_A7_names_follow_from_the_decision() -> None:
    first, again = scene(), scene()
    for at in (first, again):
        at.trade(10)
        at.desk.run(1)
    assert first.desk.said(a.OrderPrepared) == again.desk.said(a.OrderPrepared)
    assert len(first.desk.said(a.OrderPrepared)) == 2


def test_A8_before_anything_is_sent_again_ended_orders_and_fills_are_looked_at() -> None:
    at = scene()
    at.desk.rule(KS, effect="drop_answer", method="POST", path=PLACE[KS])
    at.trade(10)
    at.desk.run(40)
    asked = [r.path.partition("?")[0] for _, v, r in at.desk.sent if v == KS and r.method == "GET"]
    assert "/trade-api/v2/portfolio/orders" in asked
    assert at.placed(KS) == 1, "it had filled and ended: no second order"
    assert at.held(KS) == (0, 10)


def test_A9_legs_are_never_batched() -> None:
    at = scene()
    at.trade(10)
    at.desk.run(10)
    assert not [r for _, _, r in at.desk.sent if "batch" in r.path or r.path == "/orders"]


@pytest.mark.parametrize("late_s", [1, 5, 9])
@pytest.mark.parametrize("venue", [PM, KS])
def test_A10_an_order_that_arrives_late_is_still_ours(venue: str, late_s: int) -> None:
    at = scene()
    at.desk.rule(
        venue,
        effect="delay_request",
        method="POST",
        path=PLACE[venue],
        delay_us=late_s * 1_000_000,
    )
    package = at.trade(10)
    at.desk.run(60)
    assert at.placed(venue) == 1
    assert at.outcome(package) in {"hedged", "missed"}
    assert at.ours(at.a, "yes") == at.held(PM)[0]
    assert at.ours(at.b, "no") == at.held(KS)[1]


def test_A11_a_cancel_is_a_request_whatever_the_order_of_the_words() -> None:
    facts: tuple[t.OrderAccepted | t.OrderClosed | t.OrderUnknown, ...] = (
        t.OrderAccepted("r1/0.0", "0x1"),
        t.OrderUnknown("r1/0.0", "a cancel was not answered"),
        t.OrderClosed("r1/0.0", contracts(10), "filled"),
    )
    ends: set[tuple[int, str | None]] = set()
    for order in permutations(facts):
        at = scene()
        at.desk.rule(PM, effect="drop_answer", method="POST", path="/order")
        at.trade(10)
        at.desk.run(0.3)
        for fact in order:
            named = fact
            if isinstance(fact, t.OrderAccepted):
                prepared = at.desk.said(a.OrderPrepared)[0]
                named = t.OrderAccepted("r1/0.0", prepared.venue_order_id or "")
            at.desk.tell(a.OrderAnswered("r1/0.0", (named,), ()))
        at.desk.run(30)
        ends.add((at.ours(at.a, "yes"), at.outcome("r1")))
    assert ends == {(10, "hedged")}


def test_A12_a_starved_budget_lets_the_hedge_go_first() -> None:
    at = scene()
    at.desk.rule(
        KS, effect="answer_instead", method="GET", path="/trade-api/v2", status=429, count=None
    )
    package = at.trade(10)
    at.desk.run(10)
    assert at.placed(KS) == 1
    assert at.held(KS) == (0, 10)
    assert at.outcome(package) in {None, "hedged"}


def test_A13_identical_rejects_halt_their_venue() -> None:
    at = scene()
    at.desk.rule(
        PM,
        effect="answer_instead",
        method="POST",
        path="/order",
        status=400,
        body='{"error":"not enough balance / allowance"}',
        count=None,
    )
    for _ in range(6):
        at.trade(10)
        at.desk.run(2)
    assert at.placed(PM) == 3
    assert [m.scope for m in at.desk.said(Halted)] == [PM]


def test_A14_what_was_signed_too_late_is_not_sent() -> None:
    at = scene()
    at.desk.sign_takes = Duration(1_000_000)
    package = at.trade(10)
    at.desk.run(5)
    assert at.placed(PM) == 0
    assert at.outcome(package) == "missed"
    refused = at.desk.said(t.SendRefused)
    assert {m.refusal.code for m in refused} == {"CANCELLED_UNSENT"}


def test_A15_an_account_that_is_not_set_up_closes_its_venue_to_entries() -> None:
    at = scene()
    at.desk.rule(
        PM,
        effect="answer_instead",
        method="POST",
        path="/order",
        status=400,
        body='{"error":"maker address not allowed, please use the deposit wallet flow"}',
        count=None,
    )
    at.trade(10)
    at.desk.run(1)
    at.trade(10)
    at.desk.run(1)
    refused = [m.refusal.code for m in at.desk.said(TradeRefused)]
    assert refused == ["VENUE_CONDITION"]
    assert at.placed(PM) == 1
