"""Are signers told how much they may still send, and refused only when the venue says so?"""

import json

import pytest

from foreshock.adapters.seams import HttpResponse
from foreshock.adapters.sim.polymarket_face import ClobFace
from foreshock.adapters.sim.polymarket_limits import RATES, RateLimits
from foreshock.core.domain.units import SECOND, Instant
from tests.unit.adapters.sim.face_scenario import T0, polymarket_exchange
from tests.unit.adapters.sim.polymarket_trader import OTHER_KEY, Trader

RATE, BURST = RATES["place"]


def told(response: HttpResponse) -> dict[str, str]:
    return {name: value for name, value in response.headers if name != "content-type"}


@pytest.fixture
def trader() -> Trader:
    exchange = polymarket_exchange()
    return Trader(ClobFace(exchange), exchange)


def test_answers_count_down_and_refill(trader: Trader) -> None:
    first = told(trader.send("POST", "/order", {}))
    assert first == {
        "poly-ratelimit-remaining": str(BURST - 1),
        "poly-ratelimit-reset": str(trader.now // SECOND),
        "poly-ratelimit-tier": "Standard",
    }
    batch = [trader.body(trader.terms("BUY", "0.40", "5")) for _ in range(10)]
    assert told(trader.send("POST", "/orders", batch))["poly-ratelimit-remaining"] == str(
        BURST - 11
    )
    assert told(trader.send("DELETE", "/cancel-all"))["poly-ratelimit-remaining"] == str(
        RATES["cancel"][1] - 11
    )
    trader.wait(1)
    assert told(trader.send("POST", "/order", {}))["poly-ratelimit-remaining"] == str(BURST - 1)
    assert told(trader.send("GET", "/data/orders")) == {}


def test_too_much_is_warned_of_first_and_refused_when_enforced(trader: Trader) -> None:
    answers = [trader.send("POST", "/order", {}) for _ in range(BURST + 1)]
    assert {answer.status for answer in answers} == {400}
    assert told(answers[-1])["poly-ratelimit-warning"] == "true"
    trader.face.private.limits.is_enforced = True
    refused = trader.send("POST", "/order", trader.body(trader.terms("BUY", "0.40", "5")))
    assert (refused.status, json.loads(refused.body)) == (429, {"error": "Too Many Requests"})
    assert told(refused)["retry-after"] == "1"
    assert trader.ask("GET", "/data/orders")["data"] == []
    other = Trader(trader.face, trader.exchange, OTHER_KEY)
    assert other.place("BUY", "0.40", "5")["http"] == 200
    trader.wait(1 / RATE)
    assert trader.place("BUY", "0.40", "5")["http"] == 200


def test_a_refused_cost_takes_nothing() -> None:
    limits = RateLimits()
    limits.is_enforced = True
    assert limits.spend("a", "place", BURST + 1, T0)[1] is not None
    assert limits.spend("a", "place", BURST, T0)[1] is None
    late = Instant(T0 + 3_600 * SECOND)
    assert limits.spend("a", "place", BURST, late)[1] is None  # never more than the burst
    assert limits.spend("a", "place", 1, late)[1] is not None
