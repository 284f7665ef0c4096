"""From when on is a package with unequal legs not worth completing?"""

import msgspec

from foreshock.core.domain.units import Duration, Price, Quantity


class UnwindLimits(msgspec.Struct, frozen=True, kw_only=True):
    """When an open package with unequal legs is not completed any more, but evened out.

    adverse_max, adverse_for: what is held more of sells for so much less, for so long. depth_min:
    in millionths of the unequal contracts, what must rest to sell them to, or to buy the missing
    ones from. exit_net_min: net a contract that completing must leave. mismatch_max: contracts by
    which legs may differ and count as equal.
    """

    adverse_max: Price
    adverse_for: Duration
    depth_min_ppm: int
    exit_net_min: int
    mismatch_max: Quantity
