"""Does the simulated venue charge what the desk expects to pay?"""

import msgspec
import pytest

from foreshock.adapters.sim.exchange_fees import packed_fees
from foreshock.app.fee_packs import load_fee_packs
from foreshock.core.domain.errors import InvariantError
from foreshock.core.domain.markets import CurveFee
from foreshock.core.domain.units import MICRO, Money
from foreshock.core.pricing.fees import Fill
from tests.samples import market
from tests.unit.adapters.sim.exchange_scene import ROOT, contracts, dollars, price
from tests.unit.adapters.sim.face_scenario import T0


def test_the_dated_schedules_are_charged() -> None:
    """Rows of both venues' fee tables, autumn 2026: 100 contracts at one half."""
    fee_of = packed_fees(load_fee_packs(ROOT / "config" / "fees"))
    fill = Fill(price(0.5), contracts(100))
    assert fee_of(market("kalshi:K"), fill, T0, Money(0)) == (dollars(1.75), 0)
    curve = msgspec.structs.replace(market("polymarket:P"), fee=CurveFee(40_000, 1))
    assert fee_of(curve, fill, T0, Money(0)) == (dollars(1), 0)


def test_a_market_whose_fee_nobody_knows_is_a_bug_of_the_world() -> None:
    fee_of = packed_fees(load_fee_packs(ROOT / "config" / "fees"))
    for strange in (market("polymarket:P", fee=None), market("elsewhere:E")):
        with pytest.raises(InvariantError, match=strange.id):
            fee_of(strange, Fill(price(0.5), contracts(1)), T0, Money(MICRO))
