"""What does acceptance say, for a buyer and for a seller?"""

from foreshock.adapters.sim.polymarket_face import ClobFace
from foreshock.adapters.sim.polymarket_order_matching import TIMES_IN_FORCE, answer_of
from tests.unit.adapters.sim.face_scenario import CONDITIONS, polymarket_exchange, rest_some
from tests.unit.adapters.sim.polymarket_trader import Trader


def test_making_is_what_one_gives_and_taking_what_one_gets() -> None:
    exchange = polymarket_exchange()
    rest_some(exchange, CONDITIONS[2])
    trader = Trader(ClobFace(exchange), exchange)
    trader.hold("10")
    bought = trader.place("BUY", "0.55", "10")
    sold = trader.place("SELL", "0.45", "10")
    assert (bought["makingAmount"], bought["takingAmount"]) == ("5.5", "10")
    assert (sold["makingAmount"], sold["takingAmount"]) == ("10", "4.5")


def test_a_market_order_never_trades_with_its_own_account() -> None:
    exchange = polymarket_exchange()
    trader = Trader(ClobFace(exchange), exchange)
    trader.hold("10")
    trader.place("SELL", "0.50", "10")
    assert trader.spend("5", "0.50")["http"] == 400
    assert trader.ask("GET", "/data/trades")["data"] == []


def test_every_order_type_has_its_time_in_force() -> None:
    assert TIMES_IN_FORCE == {"GTC": "gtc", "GTD": "gtd", "FOK": "fok", "FAK": "ioc"}
    assert answer_of("0x1", "live")["success"] is True
