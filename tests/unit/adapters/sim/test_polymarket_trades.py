"""Do matches settle, retry and revert, and does money move only when the chain says so?"""

import msgspec
import pytest

from foreshock.adapters.sim.corrections import CLEARING_CASH
from foreshock.adapters.sim.exchange import Exchange
from foreshock.adapters.sim.polymarket_face import ClobFace
from foreshock.adapters.sim.polymarket_trades import SETTLEMENTS_KEPT_MAX, Fate, SettlementPace
from foreshock.core.domain.units import MICRO, Price
from tests.unit.adapters.sim.exchange_scene import real_fees
from tests.unit.adapters.sim.face_scenario import (
    CONDITIONS,
    TOKENS,
    order,
    polymarket_exchange,
    rest_some,
)
from tests.unit.adapters.sim.polymarket_trader import OTHER_KEY, Json, Trader

ALONE = CONDITIONS[2]
YES = TOKENS[ALONE][0]


@pytest.fixture
def trader() -> Trader:
    exchange = polymarket_exchange()
    rest_some(exchange, ALONE)
    return Trader(ClobFace(exchange), exchange)


def cash(trader: Trader) -> int:
    return int(trader.ask("GET", "/balance-allowance?asset_type=COLLATERAL")["balance"])


def tokens(trader: Trader) -> int:
    path = f"/balance-allowance?asset_type=CONDITIONAL&token_id={YES}"
    return int(trader.ask("GET", path)["balance"])


def fate(trader: Trader, *fates: Fate) -> None:
    """What becomes of the next matches."""
    trader.face.private.desk.settlements.fates += fates


def last_trade(trader: Trader) -> Json:
    return trader.ask("GET", "/data/trades")["data"][0]


def test_balances_move_when_confirmed_and_not_before(trader: Trader) -> None:
    trader.place("BUY", "0.55", "10")
    assert last_trade(trader)["status"] == "TRADE_STATUS_MATCHED"
    assert last_trade(trader)["transaction_hash"] == ""
    assert (cash(trader), tokens(trader)) == (1_000 * MICRO, 0)
    refused = trader.place("SELL", "0.50", "10")
    assert (refused["http"], refused["error"].split(":")[0]) == (
        400,
        "not enough balance / allowance",
    )
    trader.wait(60)
    assert last_trade(trader)["status"] == "TRADE_STATUS_CONFIRMED"
    assert last_trade(trader)["transaction_hash"].startswith("0x")
    assert (cash(trader), tokens(trader)) == (994_500_000, 10 * MICRO)
    assert trader.place("SELL", "0.50", "10")["status"] == "live"


def test_what_a_sale_brings_cannot_be_spent_before_it_is_confirmed(trader: Trader) -> None:
    trader.hold("20")
    assert trader.place("SELL", "0.45", "20")["status"] == "matched"
    assert cash(trader) == 1_000 * MICRO
    assert trader.place("BUY", "0.30", "3350")["http"] == 400
    trader.wait(60)
    assert cash(trader) == 1_009 * MICRO
    assert trader.place("BUY", "0.30", "3350")["http"] == 200


def test_a_failed_match_gives_everything_back(trader: Trader) -> None:
    before = sum(trader.exchange.totals())
    fate(trader, "fail")
    trader.listen()
    trader.place("BUY", "0.55", "10")
    trader.wait(60)
    told = [frame["status"] for frame in trader.told() if frame["event_type"] == "trade"]
    assert told == ["MATCHED", "RETRYING", "FAILED"]
    assert last_trade(trader)["status"] == "TRADE_STATUS_FAILED"
    assert (cash(trader), tokens(trader)) == (1_000 * MICRO, 0)
    balances = trader.exchange.balances(trader.maker.lower())
    assert (balances.cash, balances.reserved) == (1_000 * MICRO, 0)
    assert sum(trader.exchange.totals()) == before + CLEARING_CASH


def test_a_failed_sale_gives_the_contracts_back(trader: Trader) -> None:
    trader.hold("20")
    fate(trader, "fail")
    trader.place("SELL", "0.45", "20")
    trader.wait(60)
    assert (cash(trader), tokens(trader)) == (1_000 * MICRO, 20 * MICRO)


def test_a_retried_match_is_sent_again_and_confirmed(trader: Trader) -> None:
    fate(trader, "retry")
    trader.listen()
    trader.place("BUY", "0.55", "10")
    trader.wait(60)
    trades = [frame for frame in trader.told() if frame["event_type"] == "trade"]
    assert [t["status"] for t in trades] == ["MATCHED", "RETRYING", "MINED", "CONFIRMED"]
    assert len({t["id"] for t in trades}) == 1
    hashes = [t["transaction_hash"] for t in trades]
    assert hashes[0] is None
    assert hashes[1] == hashes[2] == hashes[3]
    assert (cash(trader), tokens(trader)) == (994_500_000, 10 * MICRO)


def test_fees_come_back_with_a_failed_match() -> None:
    exchange = polymarket_exchange()
    exchange.ledger().fee_of = real_fees()
    rest_some(exchange, ALONE)
    trader = Trader(ClobFace(exchange), exchange)
    fate(trader, "confirm", "fail")
    trader.place("BUY", "0.55", "10")
    trader.place("BUY", "0.55", "10")
    trader.wait(60)
    fee = 99_000  # 10 contracts at 0.04 x 0.55 x 0.45
    assert cash(trader) == 994_500_000 - fee
    assert exchange.totals()[2] == fee


def test_both_known_sides_of_a_match_share_its_fate(trader: Trader) -> None:
    other = Trader(trader.face, trader.exchange, OTHER_KEY)
    trader.hold("10")
    trader.place("SELL", "0.50", "10")
    fate(trader, "fail")
    other.place("BUY", "0.50", "10")
    other.wait(60)
    trader.now = other.now
    assert (tokens(trader), cash(trader)) == (10 * MICRO, 1_000 * MICRO)
    assert (tokens(other), cash(other)) == (0, 1_000 * MICRO)
    assert last_trade(trader)["trader_side"] == "MAKER"
    assert last_trade(other)["trader_side"] == "TAKER"


def test_a_resolved_market_confirms_what_was_open(trader: Trader) -> None:
    fate(trader, "fail")
    trader.place("BUY", "0.55", "10")
    trader.exchange.close(ALONE, trader.now)
    trader.exchange.propose(ALONE, Price(MICRO), trader.now)
    trader.exchange.settle(ALONE, trader.now)
    trader.wait(60)
    assert last_trade(trader)["status"] == "TRADE_STATUS_CONFIRMED"
    assert cash(trader) == 1_004_500_000


def test_contracts_moved_by_hand_meanwhile_do_not_break_a_reversal(trader: Trader) -> None:
    fate(trader, "fail")
    trader.place("BUY", "0.55", "10")
    holding = trader.exchange.ledger().accounts[trader.maker.lower()].holdings[ALONE]
    holding.promised[0] += 4 * MICRO  # somebody else holds on to a part
    trader.wait(60)
    assert tokens(trader) == 4 * MICRO


def test_the_pace_is_seeded_and_can_be_set() -> None:
    def moments(seed: int) -> list[str]:
        exchange: Exchange = polymarket_exchange()
        rest_some(exchange, ALONE)
        trader = Trader(ClobFace(exchange, seed), exchange)
        trader.listen()
        trader.place("BUY", "0.55", "10")
        trader.wait(60)
        return [frame["timestamp"] for frame in trader.told()]

    assert moments(1) == moments(1) != moments(2)
    exchange = polymarket_exchange()
    rest_some(exchange, ALONE)
    trader = Trader(ClobFace(exchange), exchange)
    pace = SettlementPace(step_us_min=30 * MICRO, step_us_max=30 * MICRO)
    trader.face.private.desk.settlements.pace = pace
    trader.place("BUY", "0.55", "10")
    trader.wait(31)
    assert last_trade(trader)["status"] == "TRADE_STATUS_MINED"
    trader.wait(30)
    assert last_trade(trader)["status"] == "TRADE_STATUS_CONFIRMED"


def test_old_matches_are_forgotten() -> None:
    exchange = polymarket_exchange()
    trader = Trader(ClobFace(exchange), exchange)
    desk = trader.face.private.desk
    order(exchange, ALONE, ("buy", "no"), ("0.45", "9000"))
    trader.place("BUY", "0.55", "10")
    trader.wait(60)
    settlements = desk.settlements
    account = trader.maker.lower()
    first = next(iter(settlements.of(account)))
    for number in range(100, 100 + SETTLEMENTS_KEPT_MAX):
        settlements.matched(msgspec.structs.replace(first.trade, number=number))
        settlements.filled(msgspec.structs.replace(first.fills[0], trade=number))
        settlements.resolved(ALONE)
    kept = list(settlements.of(account))
    assert len(kept) == SETTLEMENTS_KEPT_MAX
    assert first not in kept
