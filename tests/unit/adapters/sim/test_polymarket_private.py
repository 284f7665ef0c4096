"""Does the private side keep every dollar whatever happens to its traders?"""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from foreshock.adapters.sim.corrections import CLEARING_CASH
from foreshock.adapters.sim.exchange import Exchange
from foreshock.adapters.sim.polymarket_face import ClobFace
from foreshock.adapters.sim.polymarket_private import OWN_STATUS, PrivateSide
from foreshock.adapters.sim.polymarket_trades import Fate
from foreshock.adapters.sim.polymarket_wallets import Wallets
from foreshock.core.domain.units import MICRO, Money
from tests.unit.adapters.sim.exchange_scene import real_fees
from tests.unit.adapters.sim.face_scenario import (
    CONDITIONS,
    TOKENS,
    order,
    polymarket_exchange,
    rest_some,
)
from tests.unit.adapters.sim.polymarket_trader import OTHER_KEY, Trader

ALONE = CONDITIONS[2]
STEP = st.tuples(
    st.sampled_from(["limit", "market", "crowd", "cancel", "wait"]),
    st.booleans(),
    st.booleans(),
    st.integers(40, 60),
    st.integers(5, 80),
    st.sampled_from(["confirm", "retry", "fail"]),
)
Step = tuple[str, bool, bool, int, int, Fate]


def act(step: Step, trader: Trader) -> None:
    what, is_buy, is_yes, cents, size, fate = step
    side, price = "BUY" if is_buy else "SELL", f"0.{cents}"
    token = TOKENS[ALONE][0 if is_yes else 1]
    trader.face.private.desk.settlements.fates.append(fate)
    match what:
        case "limit":
            trader.place(side, price, str(size), token=token)
        case "market":
            trader.spend(str(size), price)
        case "crowd":
            crowd = trader.exchange
            order(
                crowd, ALONE, ("buy" if is_buy else "sell", "yes"), (price, str(size)), trader.now
            )
        case "cancel":
            trader.ask("DELETE", "/cancel-all")
        case _:
            trader.wait(size / 20)


@settings(max_examples=40)
@given(st.lists(STEP, max_size=25))
def test_money_is_conserved_and_nobody_owes_through_any_history(steps: list[Step]) -> None:
    exchange = polymarket_exchange()
    exchange.ledger().fee_of = real_fees()
    rest_some(exchange, ALONE)
    face = ClobFace(exchange)
    traders = [Trader(face, exchange), Trader(face, exchange, OTHER_KEY)]
    for trader in traders:
        trader.hold("200")
        trader.hold("200", 1)
    deposits = sum(exchange.totals())
    assert deposits > CLEARING_CASH
    for number, step in enumerate(steps):
        trader = traders[number % 2]
        trader.now = max(t.now for t in traders)
        act(step, trader)
        assert sum(exchange.totals()) == deposits
        for one in traders:
            balances = exchange.balances(one.maker.lower())
            assert min(balances.cash, balances.reserved, balances.available) >= 0
    for trader in traders:
        trader.now = max(t.now for t in traders)
        trader.ask("DELETE", "/cancel-all")
        trader.wait(600)
    check_settled(face, exchange, traders)


def check_settled(face: ClobFace, exchange: Exchange, traders: list[Trader]) -> None:
    """Nothing open is left, so the chain and the exchange agree and nothing is held."""
    assert face.private.desk.settlements.count_open() == 0
    for trader in traders:
        account = trader.maker.lower()
        balances = exchange.balances(account)
        assert balances.reserved == 0
        assert face.private.desk.settlements.unsettled_cash(account) == 0
        path = "/balance-allowance?asset_type=COLLATERAL"
        assert trader.ask("GET", path)["balance"] == str(balances.cash)
        for fill in trader.ask("GET", "/data/trades")["data"]:
            assert fill["status"] in {"TRADE_STATUS_CONFIRMED", "TRADE_STATUS_FAILED"}


def test_a_venue_without_wallets_is_left_alone() -> None:
    exchange = polymarket_exchange()
    private = PrivateSide(exchange, 0)
    before = exchange.ledger().now_us
    private.advance(before + 10**9)  # pyright: ignore[reportArgumentType]  # any later moment
    assert exchange.ledger().now_us == before


@pytest.mark.parametrize("status", [403, 425, 503])
def test_what_concerns_the_venue_refuses_a_whole_batch(status: int) -> None:
    assert status not in OWN_STATUS


def test_a_wallet_belongs_to_who_signed_first() -> None:
    exchange = polymarket_exchange()
    wallets = Wallets(exchange)
    first = wallets.known("0xAB", "0xCD", 1)
    assert wallets.known("0xab", "0xEE", 2) is first
    assert (first.owner, first.kind) == ("0xcd", 1)
    assert wallets.of_owner("0xcd", 2) == []
    wallets.fund("0xAB", "0xCD", 1, Money(5 * MICRO))
    assert exchange.balances("0xab").cash == 5 * MICRO
    assert wallets.count() == 1
