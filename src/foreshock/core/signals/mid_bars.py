"""What was the mid of each market when a bar closed, and is it known at all?

A venue speaks when something changes, so within a bar the last mid stands until it is older than
`stale_us` or its book is lost: from then on the bar has no mid, rather than one that did not move.
"""

from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from foreshock.core.domain.units import Duration, Instant
from foreshock.core.signals.lead_lag_rolling import NO_MID

Ints: TypeAlias = NDArray[np.int64]


class MidBars:
    """The newest mid of a fixed number of series; `close` reads all of them at once."""

    def __init__(self, series_count: int, stale_us: Duration) -> None:
        self._stale_us = stale_us
        self._mids: Ints = np.full(series_count, NO_MID)
        self._seen_us: Ints = np.zeros(series_count, np.int64)

    def observe(self, series: int, mid: int, at_us: Instant) -> None:
        """Keep a mid, in any unit that is fixed for its series; an older one changes nothing."""
        if at_us >= self._seen_us[series]:
            self._mids[series] = mid
            self._seen_us[series] = at_us

    def confirm(self, series: int, at_us: Instant) -> None:
        """The mid still stands: its book was heard of again, unchanged."""
        self._seen_us[series] = max(self._seen_us[series], at_us)

    def lose(self, series: int) -> None:
        """The book has a gap: no mid until the next one is observed."""
        self._mids[series] = NO_MID

    def widen(self, series_count: int) -> None:
        """Make room for more series."""
        mids, seen_us = np.full(series_count, NO_MID), np.zeros(series_count, np.int64)
        mids[: len(self._mids)], seen_us[: len(self._mids)] = self._mids, self._seen_us
        self._mids, self._seen_us = mids, seen_us

    def close(self, at_us: Instant) -> Ints:
        """The mid of every series at the end of a bar, NO_MID where it is lost or stale."""
        is_fresh = self._seen_us >= at_us - self._stale_us
        return np.where(is_fresh, self._mids, NO_MID)
