"""How much volume is measured and told, and what was known beforehand?"""

import msgspec

from foreshock.core.domain.units import SECOND, Duration
from foreshock.core.signals.known_events import KnownEvents


class VolumeSettings(msgspec.Struct, frozen=True, kw_only=True):
    """feeds: names of the feeds that tell trades. rows_max: markets told at a bucket's close.

    alerts_max: alerts told at once. cooldown: a market is not told again at the same level.
    """

    markets_max: int = 20_000
    rows_max: int = 100
    alerts_max: int = 20
    cooldown: Duration = Duration(7_200 * SECOND)
    feeds: tuple[str, ...] = ("polymarket", "kalshi")
    known: KnownEvents = KnownEvents()
