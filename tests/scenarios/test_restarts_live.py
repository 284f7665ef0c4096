"""What a live desk left at the venues, its successor finds: positions, payouts, conversions."""

import msgspec
import pytest

from foreshock.adapters.sim.corrections import pay_by_hand
from foreshock.core.domain.messages import conversions as c
from foreshock.core.domain.messages.account import PositionsRead
from foreshock.core.domain.messages.decisions import (
    IncidentOpened,
    IncidentResolved,
    PositionSettled,
)
from foreshock.core.domain.messages.market_data import MarketListed, MarketResolved
from foreshock.core.domain.messages.operations import ResumeRequested
from foreshock.core.domain.units import MICRO, Price
from tests.scenarios.live_scene import OUR_CASH
from tests.scenarios.successor import Successor
from tests.scenarios.test_conversions import PM, SUBMIT, Converting
from tests.trading import contracts, dollars

KS = "kalshi"


def holding() -> Converting:
    """A desk that holds ten of each leg, and a Polymarket that pays only who asks."""
    at = Converting()
    pay_by_hand(at.pm.exchange, at.holder.wallet.lower(), is_on=True)
    at.offer_both()
    at.ready()
    package = at.trade(10)
    at.desk.run(20)
    assert at.outcome(package) == "hedged"
    return at


def end(at: Converting) -> None:
    """YES wins at Polymarket while no desk runs."""
    exchange, name = at.pm.exchange, at.pm.native_id
    exchange.close(name, at.desk.now_us)
    exchange.propose(name, Price(MICRO), at.desk.now_us)
    exchange.settle(name, at.desk.now_us)


def drifts(at: Successor) -> list[IncidentOpened]:
    return [one for one in at.desk.said(IncidentOpened) if "drift" in one.id]


def test_what_is_held_in_a_market_nobody_lists_is_neither_a_difference_nor_silent() -> None:
    before = holding()
    end(before)
    at = Successor(before).ready(listed=[KS])
    at.desk.run(60)
    read = [one for one in at.desk.said(PositionsRead) if one.venue == PM]
    assert {one.unlisted for one in read} == {(at.a,)}
    unread = [one for one in at.desk.said(IncidentOpened) if "unreadable" in one.id]
    assert "cannot be read" in unread[0].words
    assert drifts(at) == []
    assert at.state(PM) == "active"


def test_a_market_that_ended_while_the_desk_was_off_is_paid_and_redeemed() -> None:
    before = holding()
    end(before)
    at = Successor(before).ready(listed=[KS])
    at.desk.run(10)
    cash = before.cash()
    over = msgspec.structs.replace(at.pm.market, status="settled")
    at.desk.tell(MarketListed(over), MarketResolved(at.a, Price(MICRO), at.desk.now_us))
    (paid,) = at.desk.said(PositionSettled)
    assert (paid.quantity, paid.received) == (contracts(10), dollars(10))
    at.desk.run(40)
    at.desk.tell(c.ConversionRequested("redeem-1", "redeem", at.a, contracts(0), "command line"))
    at.desk.run(40)
    assert before.cash() == cash + 10
    assert at.held(PM) == (0, 0)
    at.desk.run(70)
    assert drifts(at) == []
    assert at.state(PM) == "active"
    assert [one for one in at.desk.said(IncidentResolved) if "unreadable" in one.id]


def test_what_an_earlier_desk_left_unredeemed_can_still_be_redeemed() -> None:
    """Paid and booked by the first desk, never handed in: the third desk does."""
    first = holding()
    end(first)
    first.desk.tell(MarketResolved(first.a, Price(MICRO), first.desk.now_us))
    assert first.desk.said(PositionSettled)
    second = Successor(first).ready(listed=[KS])
    second.desk.run(5)
    read = second.desk.said(PositionsRead)
    assert any(second.a in one.unlisted for one in read if one.venue == PM)
    over = msgspec.structs.replace(second.pm.market, status="settled")
    second.desk.tell(MarketListed(over), MarketResolved(second.a, Price(MICRO), second.desk.now_us))
    second.desk.run(40)
    second.desk.tell(
        c.ConversionRequested("redeem-1", "redeem", second.a, contracts(0), "a person")
    )
    second.desk.run(60)
    assert second.held(PM) == (0, 0)
    assert first.cash() == OUR_CASH // MICRO - 5 + 10
    assert not second.desk.said(PositionSettled), "it was booked when the market resolved"
    second.desk.run(70)
    assert drifts(second) == []


def converting(**rule: object) -> tuple[Converting, str]:
    """A desk that asks for ten contracts of each outcome."""
    at = Converting()
    at.ready()
    if rule:
        at.rule(method="POST", path=SUBMIT, **rule)
    return at, at.ask("split", 10)


def closed(at: Successor, name: str) -> list[str]:
    return [m.outcome for m in at.desk.said(c.ConversionClosed) if m.conversion_id == name]


def submits(*desks: Converting | Successor) -> int:
    return sum(at.desk.venue_calls(PM, "POST", SUBMIT) for at in desks)


@pytest.mark.parametrize("down_s", [0, 60])
def test_a_conversion_under_way_is_followed_to_its_end_by_the_next_desk(down_s: int) -> None:
    before, name = converting()
    while not before.desk.said(c.ConversionTold):
        before.desk.run(0.01)
    assert before.desk.said(c.ConversionTold)[-1].transaction_id is not None
    at = Successor(before, down_s)
    at.ready()
    at.desk.run(60)
    assert closed(at, name) == ["confirmed"]
    assert submits(before, at) == 1
    assert (at.ours_booked("yes"), at.ours_booked("no")) == (10, 10)
    at.desk.run(70)
    assert (drifts(at), at.state(PM)) == ([], "active")


def test_one_whose_answer_was_lost_with_the_desk_is_proven_by_turn_and_list() -> None:
    before, name = converting(effect="drop_answer")
    while not submits(before):
        before.desk.run(0.001)
    before.desk.run(1)
    assert not before.desk.said(c.ConversionTold)
    at = Successor(before)
    at.ready()
    at.desk.run(90)
    assert closed(at, name) == ["confirmed"]
    assert submits(before, at) == 1
    assert at.held(PM) == (10, 10)
    at.desk.run(70)
    assert (drifts(at), at.state(PM)) == ([], "active")


def test_one_that_was_lost_before_the_relayer_stays_open_over_two_restarts() -> None:
    """The signed bytes may still be somewhere: only a person ends it."""
    before, name = converting(effect="drop_request")
    while not submits(before):
        before.desk.run(0.001)
    middle = Successor(before)
    middle.ready()
    middle.desk.run(10)
    at = Successor(middle)
    at.ready()
    at.desk.run(90)
    assert submits(before, middle, at) == 1
    assert closed(at, name) == []
    (incident,) = [i for i in at.desk.said(IncidentOpened) if i.id == f"{name}/unknown"]
    assert incident.about == name
    at.desk.tell(c.ConversionRequested("other", "split", at.a, contracts(5), "a person"))
    (refused,) = at.desk.said(c.ConversionRefused)
    assert refused.refusal.code == "CONVERSION_OPEN"
    at.desk.tell(ResumeRequested(PM, "a person"))
    assert closed(at, name) == ["taken_over"]
    at.desk.run(70)
    assert (drifts(at), at.state(PM)) == ([], "active")


def test_one_that_never_left_is_over_with_its_desk() -> None:
    before, name = converting()
    while not before.desk.said(c.ConvertSets):
        before.desk.run(0.001)
    assert not submits(before)
    at = Successor(before)
    (refused,) = at.desk.said(c.ConversionRefused)
    assert (refused.conversion_id, refused.refusal.code) == (name, "NOT_SENT")
    at.ready()
    at.desk.run(60)
    assert submits(before, at) == 0
    assert at.held(PM) == (0, 0)


def test_one_whose_turn_was_over_waits_for_the_list_of_the_next_desk() -> None:
    before, name = converting(effect="drop_answer")
    while [m.verdict for m in before.desk.said(c.ConversionTold)][-1:] != ["spent"]:
        before.desk.run(0.1)
    at = Successor(before)
    at.ready()
    at.desk.run(60)
    assert closed(at, name) == ["confirmed"]
    assert submits(before, at) == 1
