"""What did earlier runs observe? The part of a desk's state that outlives it, as plain arrays."""

import msgspec
import numpy as np

from foreshock.core.domain.errors import InvariantError
from foreshock.core.domain.markets import MarketId
from foreshock.core.signals.volume_buckets import HISTORY_BUCKETS, Doubles, Singles
from foreshock.core.signals.volume_history import VolumeHistory
from foreshock.core.signals.volume_metrics import VolumeMetrics
from foreshock.core.signals.volume_resets import Resets


class VolumePast(msgspec.Struct, frozen=True, eq=False):
    """Signed totals of the HISTORY_BUCKETS before `bucket`: buckets x markets, oldest first.

    print_size: contracts a print usually has, one a market. resets: those that can be undone.
    """

    markets: tuple[MarketId, ...]
    bucket: int
    totals: Singles
    print_size: Doubles
    resets: Resets

    def put_into(self, history: VolumeHistory, metrics: VolumeMetrics) -> None:
        """Fill the first columns of a history; what lies between then and now is not observed.

        Raises InvariantError when the history is not empty or lies before what is known.
        """
        passed, count = history.bucket - self.bucket, len(self.markets)
        if passed < 0 or count > history.columns_count:
            raise InvariantError("what was observed does not fit the history")
        totals = np.full((HISTORY_BUCKETS, history.columns_count), np.nan, dtype=np.float32)
        if passed < HISTORY_BUCKETS:
            totals[: HISTORY_BUCKETS - passed, :count] = self.totals[passed:]
        history.load_signed(totals)
        metrics.print_size[:count] = self.print_size
