"""Does every lever of the simulated Polymarket do what it says, and refuse what it cannot?"""

import json
from typing import Any

import pytest

from foreshock.adapters.seams import HttpRequest
from foreshock.adapters.sim.control import ControlHost, Controlled
from foreshock.adapters.sim.faults import Faults
from foreshock.adapters.sim.polymarket_face import ClobFace
from foreshock.adapters.sim.polymarket_gamma import GammaFace
from foreshock.adapters.sim.polymarket_levers import PolymarketLevers
from foreshock.adapters.sim.polymarket_relayer import relayer_key
from foreshock.adapters.venues.polymarket.payouts import parse_payouts, payouts_requests
from foreshock.core.domain.markets import CurveFee, MarketId
from foreshock.core.domain.messages.market_data import MarketResolved
from foreshock.core.domain.units import MICRO, parse_price
from tests.unit.adapters.sim.exchange_scene import real_fees
from tests.unit.adapters.sim.face_scenario import (
    CONDITIONS,
    TOKENS,
    polymarket_exchange,
    rest_some,
)
from tests.unit.adapters.sim.polymarket_trader import Json, Trader

ALONE = CONDITIONS[2]
YES, NO = TOKENS[ALONE]


class Scene:
    """A trader, and the control host beside the venue."""

    def __init__(self) -> None:
        exchange = polymarket_exchange()
        exchange.ledger().fee_of = real_fees()
        rest_some(exchange, ALONE)
        clob = ClobFace(exchange)
        self.trader = Trader(clob, exchange)
        levers = PolymarketLevers(exchange, clob.private).levers()
        self.control = ControlHost({"clob": Controlled(Faults(), levers)})

    def pull(self, lever: str, status: int = 200, **body: object) -> Json:
        raw = json.dumps(body).encode()
        request = HttpRequest("POST", f"/sim/control/clob/{lever}", (), raw)
        answer = self.control.handle(request, self.trader.now)
        assert answer.status == status, answer
        return json.loads(answer.body)

    def cash(self) -> int:
        path = "/balance-allowance?asset_type=COLLATERAL"
        return int(self.trader.ask("GET", path)["balance"])

    def tokens(self, token: str = YES) -> int:
        path = f"/balance-allowance?asset_type=CONDITIONAL&token_id={token}"
        return int(self.trader.ask("GET", path)["balance"])


@pytest.fixture
def scene() -> Scene:
    return Scene()


def test_an_account_is_funded_and_gets_its_keys(scene: Scene) -> None:
    made = scene.pull("account", owner="0x" + "ab" * 20, cash="12.5")
    assert made["signature_type"] == 0
    assert scene.trader.face.private.keys.known(made["apiKey"], made["secret"], made["passphrase"])
    scene.pull("account", owner=scene.trader.signer, cash="500")
    assert scene.cash() == 1_500 * MICRO


def test_a_stranger_trades_against_a_resting_order(scene: Scene) -> None:
    order_id = scene.trader.place("BUY", "0.50", "20")["orderID"]
    done = scene.pull("trade", token_id=YES, side="SELL", price="0.50", size="8")
    assert (done["filled"], done["trades"]) == ("8", 1)
    assert scene.trader.ask("GET", f"/data/order/{order_id}")["size_matched"] == "8"


def test_a_trade_by_hand_shows_up_as_the_accounts_own(scene: Scene) -> None:
    scene.trader.listen()
    scene.pull("trade", wallet=scene.trader.maker, token_id=YES, side="BUY", price="0.55", size="7")
    assert [f["type"] for f in scene.trader.told()] == ["TRADE", "PLACEMENT", "UPDATE"]
    (fill,) = scene.trader.ask("GET", "/data/trades")["data"]
    assert (fill["size"], fill["trader_side"]) == ("7", "TAKER")
    resting = scene.pull(
        "trade", wallet=scene.trader.maker, token_id=NO, side="BUY", price="0.30", size="9"
    )
    found = scene.trader.ask("GET", "/data/orders")["data"]
    assert [(row["id"], row["outcome"]) for row in found] == [(resting["order_id"], "No")]


def test_a_trade_that_cannot_be_is_refused(scene: Scene) -> None:
    scene.pull("trade", 400, token_id=YES, side="BUY", price="0.505", size="8")
    scene.pull("trade", 404, token_id="7", side="BUY", price="0.50", size="8")
    scene.pull("trade", 404, token_id=YES, side="BUY", price="0.50", size="8", wallet="0x1")


def test_positions_are_moved_by_hand(scene: Scene) -> None:
    scene.pull("position", wallet=scene.trader.maker, token_id=YES, size="10")
    assert (scene.tokens(), scene.cash()) == (10 * MICRO, 1_000 * MICRO)
    scene.pull("position", wallet=scene.trader.maker, token_id=YES, size="-4")
    assert scene.tokens() == 6 * MICRO
    scene.pull("position", 400, wallet=scene.trader.maker, token_id=YES, size="-7")


def test_sets_are_split_and_merged(scene: Scene) -> None:
    scene.pull("sets", wallet=scene.trader.maker, condition_id=ALONE, action="split", size="10")
    assert (scene.tokens(), scene.tokens(NO), scene.cash()) == (10 * MICRO, 10 * MICRO, 990 * MICRO)
    scene.pull("sets", wallet=scene.trader.maker, condition_id=ALONE, action="merge", size="4")
    assert (scene.tokens(), scene.cash()) == (6 * MICRO, 994 * MICRO)
    scene.pull("sets", 400, wallet=scene.trader.maker, condition_id=ALONE, action="merge", size="7")
    scene.pull("sets", 404, wallet=scene.trader.maker, condition_id="0x1", action="merge", size="7")


def test_a_leaked_counter_keeps_cash_from_use(scene: Scene) -> None:
    scene.pull("leak", wallet=scene.trader.maker, cash="995")
    assert scene.cash() == 1_000 * MICRO
    refused = scene.trader.place("BUY", "0.50", "20")
    assert refused["error"].endswith("sum of matched orders: 995000000, order amount: 10000000")
    scene.pull("leak", wallet=scene.trader.maker, cash="-995")
    assert scene.trader.place("BUY", "0.50", "20")["http"] == 200


def test_fees_change_and_change_back(scene: Scene) -> None:
    scene.pull("fee", condition_id=ALONE, rate_ppm=100_000)
    scene.trader.place("BUY", "0.55", "10")
    scene.trader.wait(60)
    charged = 10 * 100_000 * 55 * 45 // 10_000
    assert scene.cash() == 1_000 * MICRO - 5_500_000 - charged
    scene.pull("fee", 400, condition_id=ALONE, rate_ppm=900_000)
    scene.pull("fee", condition_id=ALONE)
    assert scene.trader.exchange.market(ALONE).listing.market.fee == CurveFee(40_000, 1)


@pytest.mark.parametrize(("payout", "cash"), [("1", 10), ("0", 0), ("0.5", 5)])
def test_a_market_is_resolved_with_any_payout(scene: Scene, payout: str, cash: int) -> None:
    scene.pull("position", wallet=scene.trader.maker, token_id=YES, size="10")
    told = scene.pull("market", condition_id=ALONE, action="resolve", yes_payout=payout)
    assert told == {"status": "settled"}
    assert scene.cash() == (1_000 + cash) * MICRO
    scene.pull("market", 400, condition_id=ALONE, action="resume")


@pytest.mark.parametrize("payout", ["1", "0", "0.5"])
def test_what_a_market_paid_is_read_from_its_listing_when_no_frame_told_it(
    scene: Scene, payout: str
) -> None:
    """Nobody is connected: the frame of a resolution is lost, and a split has none."""
    listings, market = GammaFace(scene.trader.exchange), MarketId(f"polymarket:{ALONE}")
    (request,) = payouts_requests([market])
    before = listings.handle(request, scene.trader.now)
    scene.pull("market", condition_id=ALONE, action="resolve", yes_payout=payout)
    after = listings.handle(request, scene.trader.now)
    assert parse_payouts(before.body, scene.trader.now) == []
    paid = parse_payouts(after.body, scene.trader.now)
    assert paid == [MarketResolved(market, parse_price(payout), scene.trader.now)]


def test_a_market_pauses_resumes_clears_and_is_proposed(scene: Scene) -> None:
    assert scene.pull("market", condition_id=ALONE, action="pause") == {"status": "paused"}
    assert scene.trader.place("BUY", "0.50", "10")["http"] == 400
    assert scene.pull("market", condition_id=ALONE, action="resume") == {"status": "open"}
    scene.trader.place("BUY", "0.50", "10")
    scene.pull("market", condition_id=ALONE, action="clear")
    assert scene.trader.ask("GET", "/data/orders")["data"] == []
    assert scene.pull("market", condition_id=ALONE, action="propose") == {"status": "proposed"}
    scene.pull("market", 404, condition_id="0x1", action="pause")


def test_the_venues_condition_restart_and_lag(scene: Scene) -> None:
    scene.pull("condition", name="cancel_only")
    assert scene.trader.place("BUY", "0.50", "10")["http"] == 503
    scene.pull("condition", name="open")
    scene.pull("restart", for_us=5_000_000)
    assert scene.trader.place("BUY", "0.50", "10")["http"] == 425
    scene.trader.wait(200)
    scene.pull("lag", shortest_us=1_000_000, longest_us=1_000_000)
    scene.trader.place("BUY", "0.50", "10")
    assert scene.trader.ask("GET", "/data/orders")["data"] == []


def test_limits_are_enforced_on_order(scene: Scene) -> None:
    scene.pull("limits", is_enforced=True)
    statuses = [scene.trader.send("POST", "/order", {}).status for _ in range(61)]
    assert (statuses[59], statuses[60]) == (400, 429)


def test_settlements_get_their_pace_and_fates(scene: Scene) -> None:
    pace = {"step_us_min": 90_000_000, "step_us_max": 90_000_000}
    assert scene.pull("settlement", pace=pace, fates=["fail"]) == {"open": 0}
    scene.trader.place("BUY", "0.55", "10")
    assert scene.pull("settlement") == {"open": 1}
    scene.trader.wait(179)
    assert scene.pull("settlement") == {"open": 1}
    scene.trader.wait(2)
    assert scene.pull("settlement") == {"open": 0}
    assert scene.cash() == 1_000 * MICRO


def test_partial_fills_allowances_and_standing(scene: Scene) -> None:
    scene.pull("partial", shares_ppm=[500_000])
    assert scene.trader.spend("11", "0.55")["takingAmount"] == "10"
    scene.pull("allowance", wallet=scene.trader.maker, amount=1)
    assert "allowance is not enough" in scene.trader.place("BUY", "0.50", "10")["error"]
    scene.pull("standing", wallet=scene.trader.maker, is_banned=True)
    assert "banned" in scene.trader.place("BUY", "0.50", "10")["error"]


def test_a_wallet_may_redeem_by_itself_and_transactions_have_fates(scene: Scene) -> None:
    scene.pull("sets", wallet=scene.trader.maker, condition_id=ALONE, action="split", size="10")
    scene.pull("standing", wallet=scene.trader.maker, redeems_itself=True)
    scene.pull("market", condition_id=ALONE, action="resolve")
    assert (scene.cash(), scene.tokens()) == (990 * MICRO, 10 * MICRO)
    scene.pull("relayer", fates=["fail"])
    assert scene.trader.face.private.transactions.fates == ["fail"]
    scene.pull("relayer", 400, fates=["explode"])
    key = scene.pull("account", owner=scene.trader.signer)["relayer_key"]
    assert key == relayer_key(scene.trader.signer)


@pytest.mark.parametrize(
    ("lever", "body"),
    [
        ("account", {}),
        ("account", {"owner": "0x1", "cash": "ten"}),
        ("condition", {"name": "on fire"}),
        ("settlement", {"fates": ["explode"]}),
        ("market", {"condition_id": ALONE, "action": "resolve", "yes_payout": "2"}),
        ("partial", {"shares": [1]}),
    ],
)
def test_orders_that_are_not_understood_are_refused(
    scene: Scene, lever: str, body: dict[str, Any]
) -> None:
    scene.pull(lever, 400, **body)
