"""Which baselines did somebody discard, and what brings them back?

A reset deletes nothing: what was observed is left out of the baselines from then on, and an undo
takes it in again.
"""

import msgspec
import numpy as np
from numpy.typing import NDArray

from foreshock.core.signals.volume_buckets import Places
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
        reset = self._kept.pop(reset_id, None)
        if reset is None:
            return False
        history.bring_back(reset.columns, reset.mask, reset.bucket)
        return True
