"""Fault rows F1-F11: logic, risk and outside services. F4 stands in `test_interleavings.py`."""

from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from foreshock.adapters.notify.outbox import WAITING_MAX
from foreshock.core.domain.messages import decisions as d
from foreshock.core.domain.messages.advice import ModelFailed, PairAdvised
from foreshock.core.domain.messages.alerting import NotifierLost, NotifyFailed
from foreshock.core.domain.messages.trading import PlaceOrder
from foreshock.core.domain.units import (
    MICRO,
    PAYOUT,
    Duration,
    Money,
    Price,
    Quantity,
    Rounding,
    notional,
)
from foreshock.core.matching.compare import Comparer
from foreshock.core.matching.tradable import refusals_of
from tests.mutants.stories import ask, tight
from tests.scenarios.test_market_data_c import ready, refusal
from tests.scenarios.watched import WatchedScene
from tests.trading import START, A, B, book, contracts, edge, leg, order, request
from tests.unit.adapters.notify.test_outbox import DOWN, Run
from tests.unit.adapters.notify.told import notify
from tests.unit.core.execution.test_gate import gate
from tests.unit.core.matching.test_lookalikes import NOT_THE_SAME, THE_SAME
from tests.unit.core.matching.test_second_reader import Read, answered, asked, related
from tests.unit.core.matching.written import kalshi, poly

ORDERS_A_MINUTE = 30
OUTCOMES = ((1, 0), (0, 1))
"""Dollars that YES and NO pay when the event happens, and when it does not."""


def test_F1_no_pair_whose_rules_differ_is_declared_the_same() -> None:
    """Draws, voids, postponements, sources, windows: labelled by hand."""
    compare = Comparer()
    accepted = [
        (a.title, b.title)
        for a, b in NOT_THE_SAME
        if (found := compare(a, b)).decision == "accept"
        and found.relation in {"identity", "complement"}
    ]
    assert not accepted
    assert sum(compare(a, b).decision == "accept" for a, b in THE_SAME) > 10, "it does accept some"


def test_F2_other_in_an_augmented_group_is_never_traded() -> None:
    """What "Other" means changes when an outcome is added."""
    other = msgspec.structs.replace(
        poly("Who will win? Other", "2026-11-03"), is_augmented=True, group_item="Other"
    )
    twin = kalshi("KXWIN-26-OTH", "Will somebody else win?", "2026-11-03T17:00:00Z")
    for is_confirmed in (False, True):
        found = refusals_of((other, twin), ("identity", "accept"), (), is_confirmed=is_confirmed)
        assert any("unnamed" in words for words in found)


@given(
    first=st.integers(1, 98),
    second=st.integers(1, 98),
    counts=st.tuples(st.integers(1, 500), st.integers(1, 500)),
)
def test_F3_legs_are_counted_in_contracts_and_pay_in_every_state(
    first: int, second: int, counts: tuple[int, int]
) -> None:
    """Equal contracts of YES and NO pay a dollar whatever happens; equal dollars do not."""
    quantity = min(counts)
    made = edge(leg(A, "yes", first, quantity), leg(B, "no", second, quantity))
    held = {one.outcome: one.quantity for one in made.legs}
    assert set(held) == {"yes", "no"}, "the token is named, never a default"
    for yes_pays, no_pays in OUTCOMES:
        assert yes_pays * held["yes"] + no_pays * held["no"] == made.payout


@settings(max_examples=300)
@given(
    price=st.integers(1, PAYOUT - 1),
    quantity=st.integers(1, 10**13),
    rounding=st.sampled_from([Rounding.UP, Rounding.DOWN]),
)
def test_F5_money_is_what_exact_decimals_say(price: int, quantity: int, rounding: Rounding) -> None:
    exact = Decimal(price) * Decimal(quantity) / MICRO
    mode = ROUND_CEILING if rounding is Rounding.UP else ROUND_FLOOR
    expected = int(exact.to_integral_value(mode))
    assert notional(Price(price), Quantity(quantity), rounding) == expected


def test_F6_a_strategy_that_never_stops_asking_is_held_to_every_cap() -> None:
    at = tight(3)
    sent = [one for one in at.desk.sent if one[2].method == "POST" and "order" in one[2].path]
    for index, (at_us, venue, _) in enumerate(sent):
        minute = [x for x in sent[: index + 1] if x[1] == venue and at_us - x[0] < 60 * MICRO]
        assert len(minute) <= 2 * ORDERS_A_MINUTE
    refused = {x.refusal.code for x in at.desk.said(d.TradeRefused)}
    assert refused & {"MARKET_LIMIT", "PACKAGES_OPEN_MAX"}
    children: dict[str, int] = {}
    for placed in at.desk.said(PlaceOrder):
        children[placed.package_id] = children.get(placed.package_id, 0) + 1
    assert max(children.values()) <= 30
    assert not at.violations


@given(limit=st.integers(1, PAYOUT - 1), count=st.integers(1, 1_000_000))
def test_F7_no_order_far_from_the_own_mid_or_beyond_its_size_leaves(limit: int, count: int) -> None:
    made = gate()  # the mid stands at 44 cents
    wanted = order(limit=Price(limit), quantity=contracts(count))
    refused = made.judge(wanted, START)
    may_leave = limit <= 440_000 + 30_000 and limit * count <= 20 * MICRO
    assert (refused is None) is may_leave


def test_F7_a_model_cannot_ask_for_more_than_the_limits() -> None:
    at = ready()
    at.see_books()
    at.requests_count += 1
    huge = edge(leg(at.a, "yes", 45, 1_000_000, 0), leg(at.b, "no", 48, 1_000_000, 0))
    at.desk.tell(request("huge", huge))
    assert refusal(at) in {"MARKET_LIMIT", "PLATFORM_LIMIT", "PORTFOLIO_LIMIT", "CASH_SHORT"}


@pytest.mark.parametrize("ask_now", [46, 52, 70])
def test_F8_an_edge_that_is_gone_when_the_order_leaves_costs_nothing(ask_now: int) -> None:
    """The limit of the decision holds, whatever the book has become meanwhile."""
    at = WatchedScene()
    at.pm.offer("yes", ask_now, 100)
    at.ks.offer("no", 48, 100)
    at.ready()
    at.desk.sign_takes = Duration(100_000)
    at.see_books()
    ask(at, 10)
    at.desk.run(0.01)
    at.desk.tell(book(at.a, ask_now - 1, ask_now, at_us=at.desk.now_us))
    at.desk.run(30)
    (closed,) = at.desk.said(d.PackageClosed)
    assert closed.outcome == "missed"
    assert closed.paid == 0
    assert not at.violations


NONSENSE = ("", "{", "null", '{"relation":"buy everything"}', "Sure! I accept this pair.")


@pytest.mark.parametrize("text", NONSENSE)
def test_F10_a_reader_that_talks_nonsense_leaves_a_pair_unreviewed(text: str) -> None:
    read = Read()
    (question,) = asked(read.tell(related()))
    (advised,) = read.tell(answered(question, text))
    assert isinstance(advised, PairAdvised)
    assert (advised.advice, advised.relation) == ("unreviewed", None)


def test_F10_a_reader_that_is_down_is_asked_again_and_decides_nothing() -> None:
    read = Read()
    (question,) = asked(read.tell(related()))
    said = read.tell(ModelFailed(question.ask_id, "timed out", Money(0)))
    assert not [x for x in said if isinstance(x, PairAdvised) and x.advice == "agrees"]


def test_F11_a_channel_that_is_down_loses_nothing_in_silence_and_waits_for_nobody() -> None:
    """The outbox tries again, gives up with a fact, and says when a channel is lost."""
    run = Run()
    run.add(*range(1, 6))
    for _ in range(200):
        if run.outbox.next_due_us() is not None:
            run.answer(DOWN)
    told = {type(fact) for fact in run.facts}
    assert NotifierLost in told
    run.add(*range(10, 10 + 2 * WAITING_MAX))
    assert run.outbox.waiting_count(notify(1, 3).sink) <= WAITING_MAX
    assert [fact for fact in run.facts if isinstance(fact, NotifyFailed)]
