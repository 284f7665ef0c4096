"""What is left of a package below a venue's minimum: sold where that can be, else bounded and named."""

from foreshock.core.domain.messages.decisions import IncidentOpened, LimitsMeasured
from foreshock.core.domain.messages.operations import HaltRequested
from foreshock.core.domain.messages.trading import PlaceOrder
from foreshock.core.domain.units import MICRO
from tests.scenarios.live_scene import Scene

PM, KS = "polymarket", "kalshi"


def left_over(*, is_bid: bool) -> Scene:
    """Ten at Polymarket, whose least resting order is 5, but only eight at Kalshi."""
    at = Scene()
    at.offer_both(second=8)
    if is_bid:
        at.pm.offer("yes", 44, 100, "buy")
    at.ready()
    package = at.trade(10)
    at.desk.run(40)
    assert at.outcome(package) in {"hedged", "residual"}
    return at


def test_a_remainder_below_the_least_resting_order_is_sold_to_who_bids() -> None:
    at = left_over(is_bid=True)
    sold = [m for m in at.desk.said(PlaceOrder) if m.action == "sell"]
    assert [(m.market, m.quantity) for m in sold] == [(at.a, 2 * MICRO)]
    assert (at.held(PM)[0], at.held(KS)[1]) == (8, 8)
    assert not at.desk.said(HaltRequested)
    assert not [m for m in at.desk.said(IncidentOpened) if "residual" in m.id]


def test_one_that_nobody_buys_is_named_with_its_worst_loss_and_halts_nobody() -> None:
    at = left_over(is_bid=False)
    (incident,) = [m for m in at.desk.said(IncidentOpened) if "residual" in m.id]
    assert f"2 yes of {at.a}" in incident.words
    assert "at worst $0.9" in incident.words
    assert "Hold until it pays, or buy up to 5 yes" in incident.words
    assert not at.desk.said(HaltRequested)
    uses = {(use.code, use.scope): use.used for use in at.desk.said(LimitsMeasured)[-1].uses}
    assert uses["MARKET_LIMIT", at.a] == 4_500_000, "all ten count, the two beyond the hedge too"
    at.ks.offer("no", 48, 100)
    second = at.trade(10)
    at.desk.run(20)
    assert at.outcome(second) == "hedged", "trading goes on"
