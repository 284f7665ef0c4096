"""What does the simulated venue charge? The same dated schedules that the desk prices with."""

from foreshock.adapters.sim.exchange_types import FeeFunction
from foreshock.core.domain.errors import InvariantError
from foreshock.core.domain.markets import Market
from foreshock.core.domain.units import Instant, Money
from foreshock.core.pricing.fees import FeePacks, FeeUnknown, Fill, fill_fee


def packed_fees(packs: FeePacks) -> FeeFunction:
    """A fee function over the configured packs; it raises InvariantError for an unknown fee.

    A simulated market whose fee the packs do not explain is a mistake in the simulated world.
    """

    def fee_of(market: Market, fill: Fill, at_us: Instant, carried: Money) -> tuple[Money, Money]:
        found = fill_fee(packs.get(market.venue), market.fee, fill, at_us, carried)
        if isinstance(found, FeeUnknown):
            raise InvariantError(f"{market.id}: {found.words}")
        return found.fee, found.carried

    return fee_of
