"""How does this simulated Kalshi behave where the real one varies?"""

import msgspec

from foreshock.adapters.sim.kalshi_limits import TierName
from foreshock.core.domain.units import DAY, Duration


class KalshiRules(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Knobs of the venue.

    tier: told by `/account/limits`, and enforced when is_throttled. lag_max: longest delay
    between a happening and the reads that show it. keeps_hours: pause on Thursday nights.
    cancel_tail: how long after a cancel-all orders are still cancelled on arrival, as documented
    of the venue ("in the following minute"), at worst.
    live_window: how long ended orders, fills and settled positions stay out of the archive.
    """

    tier: TierName = "basic"
    is_throttled: bool = False
    lag_max: Duration = Duration(0)
    seed: int = 0
    keeps_hours: bool = False
    cancel_tail: Duration = Duration(0)
    live_window: Duration = Duration(90 * DAY)
