"""Does the simulated venue charge what the desk's schedules say, and refuse to guess?"""

import msgspec
import pytest

from foreshock.adapters.sim.exchange_types import KALSHI_POLICY, POLYMARKET_POLICY
from foreshock.core.domain.errors import InvariantError
from foreshock.core.domain.units import MICRO, NOTHING, Instant, Price, Quantity
from foreshock.core.pricing.fees import Fill
from tests.unit.adapters.sim.exchange_cases import FEES, T0, listed

FIFTY = Fill(Price(500_000), Quantity(100 * MICRO))


def test_takers_pay_the_published_curves() -> None:
    """Kalshi: 0.07 x 100 x 0.25 dollars; Polymarket: rate x 100 x 0.25."""
    kalshi = listed(KALSHI_POLICY, "M1").market
    polymarket = listed(POLYMARKET_POLICY, "M1").market
    assert FEES(kalshi, FIFTY, T0, NOTHING)[0] == 1_750_000
    assert FEES(polymarket, FIFTY, T0, NOTHING)[0] == 1_250_000


def test_makers_pay_where_the_terms_say_so() -> None:
    made = msgspec.structs.replace(FIFTY, is_taker=False)
    assert FEES(listed(KALSHI_POLICY, "M1").market, made, T0, NOTHING)[0] == 437_500
    assert FEES(listed(POLYMARKET_POLICY, "M1").market, made, T0, NOTHING)[0] == 0


def test_a_market_whose_fee_is_unknown_is_a_mistake_of_the_world() -> None:
    market = msgspec.structs.replace(listed(KALSHI_POLICY, "M1").market, fee=None)
    with pytest.raises(InvariantError, match="kalshi:M1"):
        FEES(market, FIFTY, T0, NOTHING)
    with pytest.raises(InvariantError):
        FEES(listed(KALSHI_POLICY, "M1").market, FIFTY, Instant(0), NOTHING)
