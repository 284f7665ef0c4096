"""What a live desk left at the venues, its successor finds: positions, payouts, conversions."""

import msgspec

from foreshock.adapters.sim.corrections import pay_by_hand
from foreshock.core.domain.messages.account import PositionsRead
from foreshock.core.domain.messages.conversions import ConversionRequested
from foreshock.core.domain.messages.decisions import (
    IncidentOpened,
    IncidentResolved,
    PositionSettled,
)
from foreshock.core.domain.messages.market_data import MarketListed, MarketResolved
from foreshock.core.domain.units import MICRO, Price
from tests.scenarios.live_scene import OUR_CASH
from tests.scenarios.successor import Successor
from tests.scenarios.test_conversions import PM, Converting
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
    at.desk.tell(ConversionRequested("redeem-1", "redeem", at.a, contracts(0), "command line"))
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
    second.desk.tell(ConversionRequested("redeem-1", "redeem", second.a, contracts(0), "a person"))
    second.desk.run(60)
    assert second.held(PM) == (0, 0)
    assert first.cash() == OUR_CASH // MICRO - 5 + 10
    assert not second.desk.said(PositionSettled), "it was booked when the market resolved"
    second.desk.run(70)
    assert drifts(second) == []
