"""Which baselines did somebody discard, and what brings them back?

A reset deletes nothing: what was observed is left out of the baselines from then on, and an undo
takes it in again, unless a newer reset that stands has left it out too.
"""

import msgspec
import numpy as np
from numpy.typing import NDArray

from foreshock.core.signals.volume_buckets import HISTORY_BUCKETS, Flags, Places
from foreshock.core.signals.volume_history import VolumeHistory

RESETS_MAX = 20
"""Resets that can be undone; the oldest is final first."""


class Reset(msgspec.Struct, frozen=True, eq=False):
    """What one reset left out: columns, when, and which of their buckets were out already."""

    columns: Places
    bucket: int
    mask: NDArray[np.uint8]


class Resets:
    """The resets that still can be undone, newest last."""

    def __init__(self) -> None:
        self._kept: dict[str, Reset] = {}

    def reset(self, history: VolumeHistory, reset_id: str, columns: Places) -> None:
        """Leave out what these columns have seen. The same id again does nothing."""
        if reset_id in self._kept or not len(columns):
            return
        mask = history.discard(columns)
        self._kept[reset_id] = Reset(columns, history.bucket, mask)
        if len(self._kept) > RESETS_MAX:
            del self._kept[next(iter(self._kept))]

    def restore(self, history: VolumeHistory, reset_id: str) -> bool:
        """Undo a reset; whether there was one to undo."""
        if reset_id not in self._kept:
            return False
        later = list(self._kept.values())[list(self._kept).index(reset_id) + 1 :]
        reset = self._kept.pop(reset_id)
        is_free = np.ones(len(reset.columns), dtype=np.bool_)
        for newer in later:
            is_free[is_free] = ~_hand_on(reset, newer, is_free)
        mask = np.compress(is_free, reset.mask, axis=1)
        history.bring_back(reset.columns[is_free], mask, reset.bucket)
        return True


def _hand_on(reset: Reset, newer: Reset, is_free: Flags) -> Flags:
    """Columns that a newer reset discarded too stay out, and come back with that one.

    It then has to know what was out before the older one. Returns which of the free columns.
    """
    columns = reset.columns[is_free]
    _, mine, theirs = np.intersect1d(columns, newer.columns, return_indices=True)
    rows = np.arange(newer.bucket - HISTORY_BUCKETS, reset.bucket) % HISTORY_BUCKETS
    before = np.unpackbits(np.compress(is_free, reset.mask, axis=1), axis=0, count=HISTORY_BUCKETS)
    after = np.unpackbits(newer.mask, axis=0, count=HISTORY_BUCKETS)
    after[np.ix_(rows, theirs)] = before[np.ix_(rows, mine)]
    newer.mask[:] = np.packbits(after, axis=0)
    is_shared = np.zeros(len(columns), dtype=np.bool_)
    is_shared[mine] = True
    return is_shared
