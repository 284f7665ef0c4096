"""Does every correction keep double entry, and only what it says?"""

import pytest

from foreshock.adapters.sim import corrections
from foreshock.adapters.sim.exchange import Exchange
from foreshock.adapters.sim.exchange_types import POLYMARKET_POLICY, OrderRefused
from foreshock.core.domain.errors import InvariantError
from tests.unit.adapters.sim.exchange_scene import (
    MARKET,
    RICH,
    at,
    contracts,
    dollars,
    exchange,
    placed,
    refused,
    request,
)


def deposits(count: int) -> int:
    return count * RICH + corrections.CLEARING_CASH


def held(venue: Exchange, account: str, index: int) -> int:
    position = venue.positions(account)[0]
    return position.no if index else position.yes


def test_held_cash_cannot_be_spent_until_let_go() -> None:
    venue = exchange(POLYMARKET_POLICY)
    corrections.hold_cash(venue, "ann", RICH)
    assert refused(venue.place(request("buy yes 10 at 0.40"), at(0))) == "insufficient_balance"
    corrections.hold_cash(venue, "ann", -RICH)
    assert placed(venue.place(request("buy yes 10 at 0.40"), at(0))).status == "resting"


def test_held_contracts_cannot_be_sold_until_let_go() -> None:
    venue = exchange(POLYMARKET_POLICY)
    venue.split("ann", MARKET, contracts(10), at(0))
    corrections.hold_contracts(venue, "ann", MARKET, 0, contracts(4))
    sell = request("sell yes 7 at 0.40")
    assert isinstance(venue.place(sell, at(0)), OrderRefused)
    corrections.hold_contracts(venue, "ann", MARKET, 0, -contracts(4))
    assert placed(venue.place(sell, at(0))).status == "resting"


def test_giving_and_taking_conserve_every_dollar() -> None:
    venue = exchange(POLYMARKET_POLICY)
    corrections.give(venue, "ann", MARKET, 1, (contracts(10), dollars(4)))
    assert sum(venue.totals()) == deposits(3)
    assert venue.balances("ann").cash == RICH - dollars(4)
    assert held(venue, "ann", 1) == contracts(10)
    corrections.take(venue, "ann", MARKET, 1, (contracts(6), dollars(5)))
    assert sum(venue.totals()) == deposits(3)
    assert venue.balances("ann").cash == RICH + dollars(1)
    assert held(venue, "ann", 1) == contracts(4)


def test_what_is_not_held_free_cannot_be_taken() -> None:
    venue = exchange(POLYMARKET_POLICY)
    corrections.give(venue, "ann", MARKET, 0, (contracts(10), 0))
    placed(venue.place(request("sell yes 6 at 0.90"), at(0)))
    with pytest.raises(ValueError, match="free"):
        corrections.take(venue, "ann", MARKET, 0, (contracts(5), 0))


def test_a_refunded_fee_is_no_longer_collected() -> None:
    venue = exchange(POLYMARKET_POLICY)
    venue.ledger().fees += 7
    corrections.refund_fee(venue, "ann", 7)
    assert venue.totals()[2] == 0
    assert venue.balances("ann").cash == RICH + 7


def test_the_clearing_account_holds_what_it_shall_sell() -> None:
    venue = exchange(POLYMARKET_POLICY)
    name = corrections.clearing_trade_account(venue, MARKET, contracts(3))
    assert held(venue, name, 0) == held(venue, name, 1) == contracts(3)
    corrections.clearing_trade_account(venue, MARKET, contracts(2))
    assert held(venue, name, 0) == contracts(3)


def test_unknown_accounts_are_a_bug() -> None:
    with pytest.raises(InvariantError):
        corrections.hold_cash(exchange(POLYMARKET_POLICY), "nobody", 1)
