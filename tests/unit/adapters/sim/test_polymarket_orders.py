"""Does the simulated Polymarket take, refuse, match, delay and cancel as documented?"""

import json
import re
from typing import Any

import msgspec
import pytest

from foreshock.adapters.sim.exchange import Exchange
from foreshock.adapters.sim.faults import Faults, FaultyFace
from foreshock.adapters.sim.loopback import Loopback
from foreshock.adapters.sim.polymarket_eip712 import NEG_RISK, POSITIONS, STANDARD
from foreshock.adapters.sim.polymarket_face import ClobFace
from foreshock.adapters.sim.polymarket_order_checks import (
    BALANCE,
    FAK_UNMATCHED,
    FOK_UNFILLED,
    NOT_MAKER,
    NOT_OWNER,
    NOT_READY,
    NOT_SIGNER,
)
from foreshock.adapters.sim.polymarket_order_wire import OLD_VERSION, PAYLOAD
from foreshock.adapters.sim.polymarket_orders import CANCELED, MATCHED, NOT_FOUND
from foreshock.core.domain.units import MICRO, SECOND, Duration, Instant
from tests.unit.adapters.sim.face_scenario import (
    CONDITIONS,
    T0,
    TOKENS,
    order,
    polymarket_exchange,
    rest_some,
)
from tests.unit.adapters.sim.polymarket_trader import OTHER_KEY, Json, Trader

ALONE = CONDITIONS[2]
YES, NO = TOKENS[ALONE]


@pytest.fixture
def exchange() -> Exchange:
    """Asks 0.55 x 30 and 0.60 x 1146.3, bids 0.45 x 20.5 and 0.40 x 100, in every market."""
    made = polymarket_exchange()
    for native_id in CONDITIONS:
        rest_some(made, native_id)
    return made


@pytest.fixture
def trader(exchange: Exchange) -> Trader:
    return Trader(ClobFace(exchange), exchange)


def refused(answer: Json) -> tuple[int, str]:
    return answer["http"], answer["error"]


# ---- accepting


def test_a_resting_order_is_live_under_its_hash(trader: Trader) -> None:
    terms = trader.terms("BUY", "0.50", "10")
    answer = trader.post(trader.body(terms))
    assert answer | {"orderID": ""} == {
        "http": 200,
        "success": True,
        "errorMsg": "",
        "orderID": "",
        "status": "live",
        "makingAmount": "",
        "takingAmount": "",
        "tradeIDs": [],
        "transactionsHashes": [],
    }
    # The hash of exactly these terms, as the venue's official client computes it.
    assert trader.exchange.order(answer["orderID"]) is not None


def test_a_crossing_order_trades_at_the_makers_price(trader: Trader) -> None:
    answer = trader.place("BUY", "0.58", "10")
    assert answer["status"] == "matched"
    assert (answer["makingAmount"], answer["takingAmount"]) == ("5.5", "10")
    assert len(answer["tradeIDs"]) == 1


def test_what_does_not_trade_at_once_rests(trader: Trader) -> None:
    answer = trader.place("BUY", "0.55", "40")
    assert (answer["status"], answer["takingAmount"]) == ("matched", "30")
    row = trader.ask("GET", f"/data/order/{answer['orderID']}")
    assert (row["status"], row["original_size"], row["size_matched"]) == ("LIVE", "40", "30")


def test_the_other_token_trades_in_the_same_book(trader: Trader) -> None:
    """Buying NO at 0.55 takes the bid for YES at 0.45: both tokens are minted."""
    answer = trader.place("BUY", "0.55", "10", token=NO)
    assert (answer["status"], answer["makingAmount"]) == ("matched", "5.5")
    trader.wait(60)
    held = trader.ask("GET", f"/balance-allowance?asset_type=CONDITIONAL&token_id={NO}")
    assert held["balance"] == "10000000"


def test_neg_risk_markets_have_a_domain_of_their_own(trader: Trader) -> None:
    terms = trader.terms("BUY", "0.50", "10", TOKENS[CONDITIONS[0]][0])
    assert trader.domain(terms) is NEG_RISK
    assert trader.post(trader.body(terms))["status"] == "live"


@pytest.mark.parametrize("kind", [1, 2, 3])
def test_wallets_trade_by_their_owners_signature(exchange: Exchange, kind: int) -> None:
    wallet = "0x" + "ab" * 20
    trader = Trader(ClobFace(exchange), exchange, wallet=(wallet, kind))
    answer = trader.place("BUY", "0.50", "10")
    assert answer["status"] == "live", answer
    row = trader.ask("GET", "/data/orders")["data"][0]
    assert row["maker_address"] == wallet
    path = f"/balance-allowance?asset_type=COLLATERAL&signature_type={kind}"
    assert trader.ask("GET", path)["balance"] == str(1_000 * MICRO)


def test_a_market_order_spends_its_budget_over_several_levels(trader: Trader) -> None:
    answer = trader.spend("22.5", "0.60")
    assert answer["status"] == "matched"
    assert (answer["makingAmount"], answer["takingAmount"]) == ("22.5", "40")
    assert len(answer["tradeIDs"]) == 2


def test_a_market_order_may_be_small_in_shares(trader: Trader) -> None:
    assert trader.spend("1", "0.60")["takingAmount"] == "1.81"


def test_fak_kills_what_it_cannot_fill(trader: Trader) -> None:
    answer = trader.spend("100", "0.55")
    assert (answer["makingAmount"], answer["takingAmount"]) == ("16.5", "30")
    assert trader.ask("GET", "/data/orders")["data"] == []


def test_a_share_of_the_next_market_order_can_be_ordered(trader: Trader) -> None:
    trader.face.private.desk.shares_ppm.append(250_000)
    assert trader.spend("11", "0.55")["takingAmount"] == "5"
    assert trader.spend("5.5", "0.55")["takingAmount"] == "10"


# ---- refusing


def test_each_documented_refusal_has_its_status_and_words(trader: Trader) -> None:
    hash_of = r"order 0x[0-9a-f]{64} is invalid\. "
    cases: list[tuple[Json, int, str]] = [
        (trader.place("BUY", "0.505", "10"), 400, hash_of + "Price \\(0.505\\) breaks minimum tick size rule: 0.01"),
        (trader.place("BUY", "0.50", "4"), 400, hash_of + "Size \\(4\\) lower than the minimum: 5"),
        (trader.place("BUY", "0.60", "10", postOnly=True), 400, "invalid post-only order: order crosses book"),
        (trader.spend("900", "0.55", "FOK"), 400, FOK_UNFILLED),
        (trader.spend("5", "0.50"), 400, FAK_UNMATCHED),
        (trader.place("BUY", "0.50", "3000"), 400, BALANCE + ": the balance is not enough -> balance: 1000000000, sum of matched orders: 0, order amount: 1500000000"),
        (trader.place("SELL", "0.50", "10"), 400, BALANCE + ": the balance is not enough -> balance: 0, sum of matched orders: 0, order amount: 10000000"),
        (trader.place("BUY", "0.50", "10", "GTD"), 400, "invalid expiration"),
        (trader.place("BUY", "0.50", "10", expiration=trader.now // SECOND + 600), 400, "invalid expiration"),
    ]  # fmt: skip
    for answer, status, pattern in cases:
        wanted = pattern if pattern.startswith(hash_of) else re.escape(pattern)
        assert answer["http"] == status, answer
        assert re.fullmatch(wanted, answer["error"]), answer
    assert trader.ask("GET", "/data/orders")["data"] == []
    assert trader.exchange.balances(trader.maker.lower()).reserved == 0


def test_a_marketable_purchase_costs_a_dollar_at_least(trader: Trader) -> None:
    order(trader.exchange, ALONE, ("sell", "yes"), ("0.05", "200"), account="bob")
    assert refused(trader.place("BUY", "0.05", "10")) == (
        400,
        "invalid amount for a marketable BUY order ($0.5), min size: $1",
    )
    assert trader.place("BUY", "0.04", "10")["status"] == "live"


def test_the_same_order_is_taken_once(trader: Trader) -> None:
    body = trader.body(trader.terms("BUY", "0.50", "10"))
    first = trader.post(body)
    assert refused(trader.post(body)) == (
        400,
        f"order {first['orderID']} is invalid. Duplicated.",
    )
    trader.ask("DELETE", "/cancel-all")
    assert trader.post(body)["http"] == 400  # not even after it ended


def test_the_payload_decides_before_anything_else(trader: Trader) -> None:
    assert refused(trader.post({})) == (400, PAYLOAD)
    body = trader.body(trader.terms("BUY", "0.50", "10"))
    old = {name: value for name, value in body["order"].items() if name != "timestamp"}
    assert refused(trader.post(body | {"order": old | {"nonce": "0"}})) == (400, OLD_VERSION)


def test_only_the_owner_of_key_and_wallet_may_send_it(trader: Trader) -> None:
    other = Trader(trader.face, trader.exchange, OTHER_KEY)
    mine = trader.body(trader.terms("BUY", "0.50", "10"))
    assert refused(other.post(mine)) == (400, NOT_OWNER)
    assert refused(other.post(mine | {"owner": other.api_key})) == (400, NOT_SIGNER)
    foreign = trader.terms("BUY", "0.50", "10", maker=other.maker)
    assert refused(trader.post(trader.body(foreign))) == (400, NOT_MAKER)


def test_a_changed_or_foreign_signature_is_invalid(trader: Trader) -> None:
    body = trader.body(trader.terms("BUY", "0.50", "10"))
    body["order"]["takerAmount"] = "20000000"
    assert refused(trader.post(body)) == (400, "invalid signature")
    terms = trader.terms("BUY", "0.50", "10")
    assert refused(trader.post(trader.body(terms, "GTC", NEG_RISK))) == (400, "invalid signature")


def test_signing_for_another_version_is_told_apart(trader: Trader) -> None:
    terms = trader.terms("BUY", "0.50", "10")
    assert trader.domain(terms) is STANDARD
    answer = trader.post(trader.body(terms, "GTC", POSITIONS))
    assert refused(answer) == (400, "order_version_mismatch")


def test_unknown_and_sleeping_markets(trader: Trader) -> None:
    terms = trader.terms("BUY", "0.50", "10", "12345")
    assert refused(trader.post(trader.body(terms, "GTC", STANDARD))) == (404, "market not found")
    trader.exchange.pause(ALONE, trader.now)
    assert refused(trader.place("BUY", "0.50", "10")) == (400, NOT_READY)


def test_standing_and_allowance_of_a_wallet(trader: Trader) -> None:
    wallet = trader.face.private.desk.wallets.get(trader.maker)
    assert wallet is not None
    wallet.allowance = 1_000_000
    assert refused(trader.place("BUY", "0.50", "10")) == (
        400,
        f"{BALANCE}: the allowance is not enough -> allowance: 1000000, order amount: 5000000",
    )
    wallet.is_closed_only = True
    words = f"'{trader.maker}' address in closed only mode"
    assert refused(trader.place("BUY", "0.50", "10")) == (400, words)
    assert trader.ask("GET", "/auth/ban-status/closed-only") == {"closed_only": True}
    trader.hold("10")
    assert trader.place("SELL", "0.50", "10")["status"] == "live"
    wallet.is_banned = True
    banned = f"'{trader.maker}' address banned"
    assert refused(trader.place("SELL", "0.50", "10")) == (400, banned)


def test_open_orders_and_matches_are_promised(trader: Trader) -> None:
    trader.place("BUY", "0.50", "1900")
    answer = trader.place("BUY", "0.50", "200")
    assert answer["error"].endswith(
        "balance: 1000000000, sum of matched orders: 950000000, order amount: 100000000"
    )


# ---- batches


def test_a_batch_answers_each_order_in_its_place(trader: Trader) -> None:
    bodies = [
        trader.body(trader.terms("BUY", price, size))
        for price, size in (("0.50", "10"), ("0.50", "4"), ("0.58", "10"))
    ]
    legs: Any = trader.ask("POST", "/orders", bodies)
    assert [leg["status"] for leg in legs] == ["live", "", "matched"]
    assert "lower than the minimum" in legs[1]["errorMsg"]
    assert (legs[1]["orderID"], legs[1]["success"]) == ("", True)


def test_a_batch_of_sixteen_or_of_none_is_refused(trader: Trader) -> None:
    body = trader.body(trader.terms("BUY", "0.50", "10"))
    answer = trader.send("POST", "/orders", [body] * 16)
    words = "Too many orders in payload: 16, max allowed: 15"
    assert (answer.status, json.loads(answer.body)) == (400, {"error": words})
    assert trader.send("POST", "/orders", []).status == 400
    assert trader.send("POST", "/orders", {}).status == 400


# ---- expiry and delay


def test_gtd_ends_a_minute_before_its_time(trader: Trader) -> None:
    expiration = trader.now // SECOND + 200
    answer = trader.place("BUY", "0.50", "10", "GTD", expiration=expiration)
    assert answer["status"] == "live"
    trader.wait(139)
    assert trader.ask("GET", "/data/orders")["count"] == 1
    trader.wait(2)
    assert trader.ask("GET", "/data/orders")["count"] == 0


def delayed(exchange: Exchange, delay_us: int = 3 * SECOND) -> Exchange:
    """The same exchange with a delay for takers where YES and NO trade alone."""
    market = exchange.ledger().markets[ALONE]
    market.listing = msgspec.structs.replace(market.listing, taker_delay=Duration(delay_us))
    return exchange


def test_a_delayed_order_waits_cannot_be_cancelled_and_then_trades(exchange: Exchange) -> None:
    trader = Trader(ClobFace(delayed(exchange)), exchange)
    answer = trader.place("BUY", "0.55", "10")
    assert (answer["status"], answer["makingAmount"], answer["takingAmount"]) == (
        "delayed",
        "0",
        "0",
    )
    gone = trader.ask("DELETE", "/order", {"orderID": answer["orderID"]})
    assert gone == {"canceled": [], "not_canceled": {answer["orderID"]: NOT_FOUND}}
    assert trader.ask("GET", f"/data/order/{answer['orderID']}")["status"] == "DELAYED"
    trader.wait(4)
    assert trader.ask("GET", "/data/trades")["count"] == 1


def test_a_delayed_order_that_finds_nobody_ends_unmatched(exchange: Exchange) -> None:
    trader = Trader(ClobFace(delayed(exchange)), exchange)
    trader.listen()
    assert trader.spend("5.5", "0.55")["status"] == "delayed"
    exchange.clear_book(ALONE, trader.now)
    trader.wait(4)
    told = [frame["status"] for frame in trader.told() if frame["event_type"] == "order"]
    assert told == ["DELAYED", "UNMATCHED"]
    assert trader.place("BUY", "0.40", "10")["status"] == "live"  # what crosses nobody is not held


async def test_a_short_delay_holds_the_call_and_judges_the_book_afterwards(
    exchange: Exchange,
) -> None:
    clob = ClobFace(delayed(exchange, 150_000))
    trader = Trader(clob, exchange)

    async def wait() -> None:
        trader.now = Instant(trader.now + 10_000)
        if trader.now - T0 == 50_000:  # the asks leave while the order waits
            exchange.clear_book(ALONE, trader.now)

    loopback = Loopback(FaultyFace(clob, Faults()), lambda: trader.now, wait)
    body = trader.body(trader.terms("BUY", "0.55", "10"))
    answer = await loopback.send(trader.request("POST", "/order", body))
    assert trader.now - T0 == 150_000
    assert json.loads(answer.body)["status"] == "live"
    resting = trader.body(trader.terms("BUY", "0.50", "10"))
    await loopback.send(trader.request("POST", "/order", resting))
    assert trader.now - T0 == 150_000  # who takes nothing waits for nothing


@pytest.mark.parametrize(
    ("price", "order_type", "changes", "held_us"),
    [
        ("0.55", "GTC", {}, 150_000),
        ("0.54", "GTC", {}, 0),
        ("0.55", "GTC", {"postOnly": True}, 0),
        ("0.555", "GTC", {}, 0),
    ],
)
def test_only_takers_are_held(
    exchange: Exchange, price: str, order_type: str, changes: Json, held_us: int
) -> None:
    clob = ClobFace(delayed(exchange, 150_000))
    trader = Trader(clob, exchange)
    body = trader.body(trader.terms("BUY", price, "10"), order_type, **changes)
    assert clob.hold(trader.request("POST", "/order", body)) == held_us
    assert clob.hold(trader.request("POST", "/orders", [{}, body])) == held_us
    others: list[tuple[str, object]] = [
        ("/order", {}),
        ("/orders", {}),
        ("/orders", []),
        ("/x", None),
    ]
    for path, other in others:
        assert clob.hold(trader.request("POST", path, other)) == 0
    body["order"]["tokenId"] = "77"
    assert clob.hold(trader.request("POST", "/order", body)) == 0


# ---- cancelling


def test_cancels_answer_for_every_order_once(trader: Trader) -> None:
    live, gone = (trader.place("BUY", "0.50", "10")["orderID"] for _ in range(2))
    done = trader.place("BUY", "0.58", "10")["orderID"]
    assert trader.ask("DELETE", "/order", {"orderID": gone})["canceled"] == [gone]
    ids = [live, gone, done, "0xunknown", live]
    assert trader.ask("DELETE", "/orders", ids) == {
        "canceled": [live],
        "not_canceled": {gone: CANCELED, done: MATCHED, "0xunknown": NOT_FOUND},
    }


def test_others_orders_are_not_found(trader: Trader) -> None:
    other = Trader(trader.face, trader.exchange, OTHER_KEY)
    mine = trader.place("BUY", "0.50", "10")["orderID"]
    assert other.ask("DELETE", "/order", {"orderID": mine})["not_canceled"] == {mine: NOT_FOUND}
    assert other.ask("DELETE", "/cancel-all") == {"canceled": [], "not_canceled": {}}
    assert other.ask("GET", "/data/orders")["data"] == []
    assert other.send("GET", f"/data/order/{mine}").body == b"null"


def test_cancels_by_market_by_token_and_all(trader: Trader) -> None:
    elsewhere = TOKENS[CONDITIONS[0]][0]
    yes, no, other = (
        trader.place("BUY", "0.40", "10", token=token)["orderID"] for token in (YES, NO, elsewhere)
    )
    by_token = trader.ask("DELETE", "/cancel-market-orders", {"asset_id": NO})
    assert by_token["canceled"] == [no]
    by_market = trader.ask("DELETE", "/cancel-market-orders", {"market": ALONE})
    assert by_market["canceled"] == [yes]
    assert trader.ask("DELETE", "/cancel-all")["canceled"] == [other]
    assert trader.send("DELETE", "/cancel-market-orders", {}).status == 400
    assert trader.send("DELETE", "/orders", ["0x1"] * 1_001).status == 400
    assert trader.send("DELETE", "/order", []).status == 400


def test_a_closed_market_ends_its_orders_as_resolved(trader: Trader) -> None:
    trader.listen()
    trader.place("BUY", "0.50", "10")
    trader.exchange.close(ALONE, T0)
    assert [f["status"] for f in trader.told()] == ["LIVE", "CANCELED_MARKET_RESOLVED"]
