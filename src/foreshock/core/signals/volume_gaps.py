"""How differently do the two markets of a pair accelerate? Every 15 minutes, largest gaps first."""

from collections.abc import Iterator

from foreshock.core.domain.markets import MarketId, Pair
from foreshock.core.domain.messages.signals import VolumeGapMeasured
from foreshock.core.domain.units import MICRO, Instant
from foreshock.core.signals.volume_levels import HORIZONS
from foreshock.core.signals.volume_markets import VolumeMarkets
from foreshock.core.signals.volume_metrics import VolumeReading
from foreshock.core.signals.volume_telling import whole

EVERY_BUCKETS = 3
PAIRS_MAX = 5_000
TOLD_MAX = 300


class VolumeGaps:
    """The pairs that take part."""

    def __init__(self) -> None:
        self._pairs: dict[str, tuple[MarketId, MarketId]] = {}

    def add(self, pair: Pair) -> None:
        """A pair takes part; beyond PAIRS_MAX it is not compared."""
        if pair.id in self._pairs or len(self._pairs) < PAIRS_MAX:
            self._pairs[pair.id] = pair.a, pair.b

    def remove(self, pair_id: str) -> None:
        """It does no longer."""
        self._pairs.pop(pair_id, None)

    def measure(
        self, reading: VolumeReading, markets: VolumeMarkets, end_us: Instant
    ) -> Iterator[VolumeGapMeasured]:
        """VROC of the first less that of the second, at every horizon at which both are known."""
        if (reading.bucket + 1) % EVERY_BUCKETS:
            return
        found = [
            gap
            for pair_id, (a, b) in self._pairs.items()
            for gap in _gaps(reading, pair_id, (markets.column(a), markets.column(b)), end_us)
        ]
        found.sort(key=lambda gap: -abs(gap.gap_ppm))
        yield from found[:TOLD_MAX]


def _gaps(
    reading: VolumeReading, pair_id: str, columns: tuple[int | None, int | None], end_us: Instant
) -> Iterator[VolumeGapMeasured]:
    a, b = columns
    if a is None or b is None:
        return
    for place, horizon in enumerate(HORIZONS):
        gap = whole(float(reading.vroc[place, a] - reading.vroc[place, b]), MICRO)
        if gap is not None:
            yield VolumeGapMeasured(pair_id, horizon, gap, end_us)
