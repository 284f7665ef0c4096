"""Was this told already? The same market is not told again at the same loudness for a while."""

from collections import OrderedDict

from foreshock.core.domain.alerts import Severity
from foreshock.core.domain.markets import MarketId
from foreshock.core.domain.units import Duration, Instant

MARKETS_MAX = 100_000
"""Markets remembered; the one told longest ago is forgotten first."""


class Cooldown:
    """When each market was last told, and how loudly. Louder is always told."""

    def __init__(self, duration: Duration) -> None:
        self._duration = duration
        self._told: OrderedDict[MarketId, tuple[Severity, Instant]] = OrderedDict()

    def take(self, market: MarketId, severity: Severity, now_us: Instant) -> bool:
        """Whether it may be told now; then it counts as told."""
        before = self._told.get(market)
        if before is not None and severity <= before[0] and now_us - before[1] < self._duration:
            return False
        self._told[market] = severity, now_us
        self._told.move_to_end(market)
        if len(self._told) > MARKETS_MAX:
            self._told.popitem(last=False)
        return True
