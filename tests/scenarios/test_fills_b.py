"""Fault rows B1-B15: fills, settlement and the ledger, through the real adapters.

Each row is named by its id; what the venues hold is the truth that ours is compared with.
"""

import pytest

from foreshock.adapters.sim.conditions import FrameRule
from foreshock.core.domain.messages import account as a
from foreshock.core.domain.messages import decisions as d
from foreshock.core.domain.messages import trading as t
from foreshock.core.domain.messages.market_data import MarketResolved
from foreshock.core.domain.messages.operations import HaltRequested, ResumeRequested
from foreshock.core.domain.units import MICRO, Instant, Price
from tests.scenarios.live_scene import Scene

PM, KS = "polymarket", "kalshi"


def scene(first: int = 100, second: int = 100) -> Scene:
    made = Scene()
    made.offer_both(first, second)
    return made.ready()


def agrees(at: Scene) -> None:
    """Our facts add up to what the venues hold, and each fill was counted once."""
    assert at.ours(at.a, "yes") == at.held(PM)[0]
    assert at.ours(at.b, "no") == at.held(KS)[1]
    told = [(m.order_id, m.fill_id) for m in at.desk.said(t.OrderFilled)]
    assert len(told) == len(set(told))


@pytest.mark.parametrize("count", [5, 6, 9])
def test_B1_the_second_leg_is_sized_to_what_the_first_really_filled(count: int) -> None:
    at = scene(first=count)
    package = at.trade(10)
    at.desk.run(12)
    assert at.outcome(package) == "hedged"
    assert at.held(PM) == (count, 0)
    assert at.held(KS) == (0, count)
    agrees(at)


@pytest.mark.parametrize("count", [1, 4, 9])
def test_B2_a_partial_second_leg_is_completed_or_unwound_or_told(count: int) -> None:
    at = scene(second=count)
    at.pm.offer("yes", 44, 100, "buy")  # somebody takes the first leg back
    package = at.trade(10)
    at.desk.run(60)
    assert at.outcome(package) in {"hedged", "unwound", "residual"}
    if at.held(PM)[0] != at.held(KS)[1]:
        assert any("residual" in m.id for m in at.desk.said(d.IncidentOpened))
    else:
        assert at.held(PM)[0] == count
    agrees(at)


@pytest.mark.parametrize("number", range(6))
def test_B3_a_lost_frame_of_a_healthy_stream_is_found_by_reading(number: int) -> None:
    at = scene()
    for account in at.accounts:
        conditions = account.trading.faults.conditions
        if number:
            conditions.add_frame_rule(FrameRule(effect="delay", count=number, delay_us=0))
        conditions.add_frame_rule(FrameRule(effect="drop", count=1))
    package = at.trade(10)
    at.desk.run(30)
    assert at.outcome(package) == "hedged"
    agrees(at)


@pytest.mark.parametrize("after_s", [0.0, 0.02, 0.03, 0.045, 0.06, 0.1, 0.5])
@pytest.mark.parametrize("venue", [PM, KS])
def test_B4_what_fills_during_a_disconnect_is_fetched_before_trading_goes_on(
    venue: str, after_s: float
) -> None:
    at = scene()
    package = at.trade(10)
    at.desk.run(after_s)
    at.desk.disconnect(venue)
    assert at.state(venue) == "reconciling"
    at.trade(10)
    refused = [m.refusal.code for m in at.desk.said(d.TradeRefused)]
    assert refused == ["NOT_RECONCILED"]
    at.desk.run(2)
    at.desk.connect(venue)
    at.desk.run(30)
    assert at.state(venue) == "active"
    assert at.outcome(package) == ("missed" if at.placed(PM) == 0 else "hedged")
    agrees(at)


def test_B5_a_fill_told_twice_counts_once() -> None:
    at = scene()
    for account in at.accounts:
        account.trading.faults.conditions.add_frame_rule(FrameRule(effect="duplicate", count=None))
    at.trade(10)
    at.desk.run(8)
    for message in list(at.desk.heard):
        if isinstance(message, a.AccountFillSeen | a.OrderAnswered | a.FillsRead):
            at.desk.tell(message)
    at.desk.run(8)
    agrees(at)
    assert at.held(PM) == (10, 0)


def test_B6_two_fills_of_one_instant_are_two() -> None:
    at = Scene()
    for _ in range(2):
        at.pm.offer("yes", 45, 5)
    at.ks.offer("no", 48, 100)
    at.ready()
    package = at.trade(10)
    at.desk.run(12)
    fills = [m for m in at.desk.said(t.OrderFilled) if m.order_id.endswith("/0.0")]
    assert sum(m.quantity for m in fills) == 10 * MICRO
    assert len({m.fill_id for m in fills}) == len(fills) >= 1
    assert at.outcome(package) == "hedged"
    agrees(at)


@pytest.mark.parametrize("venue", [PM, KS])
def test_B7_a_fill_that_is_told_before_its_order_waits_for_it(venue: str) -> None:
    at = scene()
    path = "/order" if venue == PM else "/trade-api/v2/portfolio/events/orders"
    at.desk.rule(venue, effect="delay_answer", method="POST", path=path, delay_us=2_000_000)
    package = at.trade(10)
    at.desk.run(20)
    assert at.outcome(package) == "hedged"
    assert not at.desk.said(a.ExternalHeld), "never somebody else's"
    agrees(at)


@pytest.mark.parametrize("bid", [0, 44])
def test_B8_a_match_that_fails_reopens_its_package_and_rests_the_pair(bid: int) -> None:
    at = scene()
    if bid:
        at.ks.offer("no", 44, 100, "buy")
    at.lever(PM, "settlement", fates=["fail"])
    package = at.trade(10)
    at.desk.run(40)
    assert at.desk.said(t.FillReverted)
    moves = [(m.state, m.reason) for m in at.desk.said(d.PackageMoved)]
    assert ("second_leg", "reverted") in moves
    assert at.outcome(package) == "hedged", "bought again"
    agrees(at)


def test_B8_what_is_provisional_stays_reserved() -> None:
    at = scene()
    at.trade(10)
    at.desk.run(0.5)
    measured = at.desk.said(d.LimitsMeasured)[-1]
    packages = next(use for use in measured.uses if use.code == "PACKAGES_OPEN_MAX")
    assert packages.used == 1
    at.desk.run(15)
    assert at.desk.said(d.PackageClosed)


def test_B9_a_slow_settlement_is_waited_for_not_bought_again() -> None:
    at = scene()
    at.lever(PM, "settlement", fates=["retry"])
    package = at.trade(10)
    at.desk.run(2)
    assert at.outcome(package) is None
    at.desk.run(40)
    assert at.placed(PM) == 1
    assert at.outcome(package) == "hedged"
    agrees(at)


@pytest.mark.parametrize("venue", [PM, KS])
def test_B10_a_balance_that_differs_reduces_its_venue(venue: str) -> None:
    at = scene()
    at.trade(10)
    at.desk.run(50)
    assert at.state(venue) == "active"
    if venue == PM:
        owner = at.holder.address
        at.lever(PM, "account", owner=owner, cash="12.50")
    else:
        at.lever(KS, "account", cash="12.50")
    at.desk.run(70)
    assert at.state(venue) == "reducing"
    assert any("12.5" in m.words for m in at.desk.said(d.IncidentOpened))
    at.trade(10)
    assert [m.refusal.code for m in at.desk.said(d.TradeRefused)] == ["NOT_RECONCILED"]
    at.desk.tell(ResumeRequested(venue, "a person"))
    at.desk.run(5)
    assert at.state(venue) == "active"


@pytest.mark.parametrize("size", ["0.005", "-0.01"])
def test_B11_dust_goes_to_its_own_account_and_nothing_is_snapped(size: str) -> None:
    at = scene()
    at.trade(10)
    at.desk.run(50)
    at.lever(KS, "position", ticker=at.ks.native_id, count=size)
    at.desk.run(70)
    dust = at.desk.said(a.DustBooked)
    assert [m.quantity for m in dust] == [-round(float(size) * MICRO)]
    assert at.state(KS) == "active"


def test_B12_the_fee_that_was_charged_is_the_one_booked() -> None:
    at = scene()
    at.lever(KS, "fee", ticker=at.ks.native_id, fee_type="quadratic", multiplier_ppm=4 * MICRO)
    package = at.trade(10)
    at.desk.run(15)
    charged = sum(m.fee for m in at.desk.said(t.OrderFilled))
    closed = next(m for m in at.desk.said(d.PackageClosed) if m.package_id == package)
    assert closed.fees == charged
    told = at.desk.said(a.FeesVaried)
    assert sum(m.charged for m in told) == charged, "every difference is booked"
    varied = [m for m in told if not m.is_tolerated]
    assert [m.market for m in varied] == [at.b]
    assert varied[0].charged > varied[0].quoted
    assert any(m.about == "pair-1" for m in at.desk.said(d.IncidentOpened))


@pytest.mark.parametrize("venue", [PM, KS])
def test_B13_what_the_venue_holds_is_the_truth(venue: str) -> None:
    at = scene()
    at.trade(10)
    at.desk.run(50)
    if venue == KS:
        at.lever(KS, "position", ticker=at.ks.native_id, count="3")
    else:
        token = at.pm.market.outcome_ids[0]
        at.lever(PM, "position", wallet=at.holder.wallet, token_id=token, size="3")
    at.desk.run(70)
    assert at.state(venue) == "reducing"
    assert any("3 YES more" in m.words for m in at.desk.said(d.IncidentOpened))
    assert at.desk.said(a.ExternalHeld)[-1].quantity == 3 * MICRO


@pytest.mark.parametrize("venue", [PM, KS])
def test_B14_trades_by_hand_count_toward_the_limits(venue: str) -> None:
    at = scene()
    before = limit_use(at, venue)
    if venue == KS:
        at.lever(KS, "fill", ticker=at.ks.native_id, side="bid", price="0.60", count="7")
    else:
        token = at.pm.market.outcome_ids[0]
        wallet = at.holder.wallet
        at.lever(PM, "trade", token_id=token, side="BUY", price="0.45", size="7", wallet=wallet)
    at.desk.run(70)
    assert at.state(venue) == "active", "a trade by hand is no error"
    held = at.desk.said(a.ExternalHeld)
    assert abs(held[-1].quantity) == 7 * MICRO
    assert limit_use(at, venue) - before == held[-1].worth > 0


def limit_use(at: Scene, venue: str) -> int:
    uses = at.desk.said(d.LimitsMeasured)[-1].uses
    return next(use.used for use in uses if (use.code, use.scope) == ("PLATFORM_LIMIT", venue))


PAYOUTS = [0, 500_000, 1_000_000]


@pytest.mark.parametrize("first", PAYOUTS)
@pytest.mark.parametrize("second", PAYOUTS)
def test_B15_each_leg_is_paid_by_its_own_resolution(first: int, second: int) -> None:
    at = scene()
    at.trade(10)
    at.desk.run(12)
    at.desk.tell(MarketResolved(at.a, Price(first), at.desk.now_us))
    at.desk.tell(MarketResolved(at.b, Price(second), at.desk.now_us))
    paid = {m.market: m.received for m in at.desk.said(d.PositionSettled)}
    assert paid == {at.a: 10 * first, at.b: 10 * (MICRO - second)}
    at.lever(KS, "market", ticker=at.ks.native_id, action="settle", yes_payout=str(second / MICRO))
    at.desk.run(70)
    assert at.state(KS) == "active", "a payout that was due is no surprise"


def test_unarmed_venues_take_no_entry_and_hedges_still_pass() -> None:
    at = scene()
    at.desk.tell(a.VenueDisarmed(KS, "a person"))
    at.trade(10)
    assert [m.refusal.code for m in at.desk.said(d.TradeRefused)] == ["NOT_ARMED"]
    at.desk.tell(a.VenueArmed(KS, Instant(at.desk.now_us + 10 * MICRO), "a person", ""))
    package = at.trade(10)
    at.desk.run(0.03)
    at.desk.tell(a.VenueDisarmed(KS, "a person"), HaltRequested("all", "a person", "enough"))
    at.desk.run(15)
    assert at.outcome(package) == "hedged"


def test_arming_expires() -> None:
    at = scene()
    at.desk.tell(a.VenueArmed(PM, Instant(at.desk.now_us + 5 * MICRO), "a person", ""))
    at.desk.run(6)
    at.trade(10)
    assert at.desk.said(d.TradeRefused)[-1].refusal.code == "NOT_ARMED"
