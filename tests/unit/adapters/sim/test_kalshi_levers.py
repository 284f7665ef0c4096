"""Can the simulated Kalshi be made to do by hand what live venues do by themselves?"""

import json

import pytest

from foreshock.adapters.seams import HttpRequest, HttpResponse
from foreshock.adapters.sim.control import ControlHost, Controlled
from foreshock.adapters.sim.faults import Faults
from foreshock.adapters.sim.kalshi_levers import KalshiLevers
from foreshock.core.domain.units import MICRO
from tests.unit.adapters.sim.kalshi_scene import BITCOIN, FED, Json, Scene, error


class Controls:
    """The control host beside a scene."""

    def __init__(self, venue: Scene) -> None:
        self._venue = venue
        levers = KalshiLevers(venue.face).levers()
        self._face = ControlHost({"kalshi": Controlled(Faults(), levers)})

    def pull(self, lever: str, **body: object) -> HttpResponse:
        path = f"/sim/control/kalshi/{lever}"
        request = HttpRequest("POST", path, (), json.dumps(body).encode())
        return self._face.handle(request, self._venue.now_us)

    def do(self, lever: str, **body: object) -> Json:
        answer = self.pull(lever, **body)
        assert answer.status == 200, answer
        return json.loads(answer.body)


@pytest.fixture
def venue() -> Scene:
    return Scene()


@pytest.fixture
def controls(venue: Scene) -> Controls:
    return Controls(venue)


def held(venue: Scene, ticker: str = FED) -> str:
    rows = venue.read(f"/portfolio/positions?ticker={ticker}")["market_positions"]
    return rows[0]["position_fp"] if rows else "0.00"


def test_a_member_gets_cash(venue: Scene, controls: Controls) -> None:
    told = controls.do("account", cash="12.50", member="ann", exchange_index=2)
    assert told == {"balances": {"0": "10000", "2": "12.5"}}
    assert venue.read("/portfolio/balance")["balance_dollars"] == "10012.5000"
    assert controls.pull("account", cash="-1").status == 400


def test_a_member_trades_by_hand_on_the_same_account(venue: Scene, controls: Controls) -> None:
    venue.connect("fill", "user_orders", "market_positions")
    told = controls.do("fill", ticker=FED, side="bid", price="0.60", count="7", member="ann")
    assert told["filled"] == "7"
    kinds = [frame["type"] for frame in venue.told()]
    assert sorted(kinds) == ["fill", "market_position", "user_order"]
    (fill,) = venue.read("/portfolio/fills")["fills"]
    assert fill["order_id"] == told["order_id"]
    assert venue.order(told["order_id"])["client_order_id"] == ""
    assert held(venue) == "7.00"


def test_a_stranger_trades_against_a_resting_order(venue: Scene, controls: Controls) -> None:
    mine = venue.place("bid 10 at 0.40 gtc")["order_id"]
    controls.do("trade", ticker=FED, side="ask", price="0.40", count="3", time_in_force="ioc")
    assert venue.order(mine)["fill_count_fp"] == "3.00"
    assert controls.pull("trade", ticker=FED, side="ask", price="0.405", count="3").status == 400
    assert controls.pull("trade", ticker="KX", side="ask", price="0.40", count="3").status in {
        400,
        404,
    }


def test_contracts_come_and_go_without_a_trade(venue: Scene, controls: Controls) -> None:
    controls.do("position", ticker=FED, count="5", member="ann")
    assert held(venue) == "5.00"
    controls.do("position", ticker=FED, count="-8", member="ann")
    assert held(venue) == "-3.00"
    assert venue.read("/portfolio/balance")["balance_dollars"] == "10000.0000"
    assert venue.read("/portfolio/fills")["fills"] == []


@pytest.mark.parametrize(
    ("words", "filled"),
    [("bid 10 at 0.52 ioc", "4.00"), ("bid 10 at 0.52 gtc", "4.00"), ("bid 3 at 0.52 fok", "3.00")],
)
def test_strangers_leave_only_so_much(
    venue: Scene, controls: Controls, words: str, filled: str
) -> None:
    venue.place("ask 6 at 0.50 gtc", "bob")
    venue.place("ask 9 at 0.52 gtc", "bob")
    venue.place("ask 9 at 0.60 gtc", "bob")
    controls.do("partial", counts=["4"])
    assert venue.place(words)["fill_count"] == filled
    left = {"4.00": 0, "3.00": 1}[filled]
    asks = venue.exchange.levels(FED, "ask")
    assert asks[-1] == (600_000, 9 * MICRO)
    assert sum(size for price, size in asks if price < 600_000) == left * MICRO


def test_a_bought_out_book_kills_the_next_order(venue: Scene, controls: Controls) -> None:
    venue.place("bid 6 at 0.50 gtc", "bob")
    controls.do("partial", counts=["0", "100"])
    assert venue.post("ask 6 at 0.50 fok").status == 409
    venue.place("bid 6 at 0.50 gtc", "bob")
    assert venue.place("ask 6 at 0.50 fok")["fill_count"] == "6.00"


def test_the_venue_pauses_and_resumes(venue: Scene, controls: Controls) -> None:
    assert controls.do("venue", trading_active=False)["trading_active"] is False
    assert error(venue.post("bid 1 at 0.40 gtc"))[1] == "trading_is_paused"
    controls.do("venue", exchange_active=False, trading_active=True)
    assert venue.read("/exchange/status")["exchange_active"] is False
    controls.do("venue", exchange_active=True)
    assert venue.place("bid 1 at 0.40 gtc")


def test_rules_can_be_changed_while_it_runs(venue: Scene, controls: Controls) -> None:
    controls.do("rules", lag_max=500_000, tier="expert", is_throttled=True, seed=9)
    assert venue.read("/account/limits")["usage_tier"] == "expert"
    placed = venue.place("bid 1 at 0.40 gtc")["order_id"]
    assert venue.call("GET", f"/portfolio/orders/{placed}").status == 404
    venue.wait(0.5)
    assert venue.order(placed)["status"] == "resting"
    assert (venue.face.rules.seed, venue.face.rules.lag_max) == (0, 500_000)
    assert controls.pull("rules", tier=5).status == 400
    assert controls.pull("rules", tier="unheard of").status == 400


@pytest.mark.parametrize(("payout", "revenue"), [("1", 500), ("0", 0), ("0.5", 250)])
def test_a_market_is_determined_and_settled(
    venue: Scene, controls: Controls, payout: str, revenue: int
) -> None:
    venue.connect("market_lifecycle_v2")
    controls.do("fill", ticker=FED, side="bid", price="0.60", count="5", member="ann")
    assert controls.do("market", ticker=FED, action="pause") == {"status": "paused"}
    assert controls.do("market", ticker=FED, action="resume") == {"status": "open"}
    told = controls.do("market", ticker=FED, action="determine", yes_payout=payout)
    assert told == {"status": "proposed"}
    assert venue.read("/portfolio/settlements")["settlements"] == []
    assert controls.do("market", ticker=FED, action="settle", yes_payout=payout)
    (row,) = venue.read("/portfolio/settlements")["settlements"]
    assert row["revenue"] == revenue
    events = [frame["msg"]["event_type"] for frame in venue.told()]
    assert events[-2:] == ["determined", "settled"]
    assert controls.pull("market", ticker=FED, action="resume").status == 400


def test_a_market_is_disputed_and_settled_otherwise(venue: Scene, controls: Controls) -> None:
    controls.do("market", ticker=FED, action="determine", yes_payout="1")
    controls.do("market", ticker=FED, action="dispute")
    controls.do("market", ticker=FED, action="settle", yes_payout="0")
    assert venue.exchange.market(FED).yes_payout == 0
    controls.do("market", ticker=BITCOIN, action="settle")
    assert venue.exchange.market(BITCOIN).status == "settled"


def test_fees_can_differ_from_the_listed_ones(venue: Scene, controls: Controls) -> None:
    controls.do("fee", ticker=FED, fee_type="quadratic", multiplier_ppm=500_000)
    controls.do("fill", ticker=FED, side="bid", price="0.48", count="1", member="ann")
    assert venue.read("/portfolio/fills")["fills"][0]["fee_cost"] == "0.008800"
    controls.do("fee", ticker=FED)
    controls.do("fill", ticker=FED, side="bid", price="0.48", count="1", member="ann")
    assert venue.read("/portfolio/fills")["fills"][0]["fee_cost"] == "0.017500"
