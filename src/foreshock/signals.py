"""What did the detectors measure? For notebooks: a recorded run as numpy arrays or DuckDB relation.

from foreshock import signals

found = signals.read("~/.foreshock/runs/20261121T080512...Z-watch")
found.volume.vroc                  # closes x markets x (1 h, 4 h, 24 h)
found.alerts                       # as they were told
signals.relation(found.volume)     # needs foreshock[analysis]
"""

from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from foreshock.app.recorded_signals import RecordedSignals, RecordedVolume, recorded_signals
from foreshock.core.domain.errors import ConfigError

if TYPE_CHECKING:
    from duckdb import DuckDBPyRelation

__all__ = ["RecordedSignals", "RecordedVolume", "read", "relation"]
COLUMNS = (
    "close_us bigint, market varchar, volume float, expected float, "
    "vroc_1h float, vroc_4h float, vroc_24h float, score_1h float, score_4h float, "
    "score_24h float, acceleration_1h float, acceleration_4h float, acceleration_24h float, "
    "rvol float, vcv float, level varchar"
)
"""Of a relation; amounts in contracts, changes as shares, acceleration an hour. NULL = unknown."""
LEVELS = ("none", "watch", "elevated", "critical")


def read(folder: str | PathLike[str]) -> RecordedSignals:
    """The signals of a run folder. Raises StorageError when it cannot be read."""
    return recorded_signals(Path(folder).expanduser())


def relation(volume: RecordedVolume) -> "DuckDBPyRelation":
    """One row a close and market, columns as in COLUMNS. Raises ConfigError without DuckDB."""
    try:
        import duckdb  # noqa: PLC0415 - heavy and optional
    except ImportError as missing:
        raise ConfigError("relations need DuckDB: pip install 'foreshock[analysis]'") from missing
    closes, markets = volume.level.shape
    table = {
        "close_us": np.repeat(volume.closes_us, markets),
        "market": np.tile(np.array(volume.markets, dtype=object), closes),
        "volume": volume.volume.ravel(),
        "expected": volume.expected.ravel(),
        "rvol": volume.rvol.ravel(),
        "vcv": volume.vcv.ravel(),
        "level": np.array(LEVELS, dtype=object)[volume.level.ravel()],
    }
    for place, horizon in enumerate(("1h", "4h", "24h")):
        table[f"vroc_{horizon}"] = volume.vroc[:, :, place].ravel()
        table[f"score_{horizon}"] = volume.score[:, :, place].ravel()
        table[f"acceleration_{horizon}"] = volume.acceleration[:, :, place].ravel()
    names = [column.rpartition(" ") for column in COLUMNS.split(", ")]
    chosen = ", ".join(f"{name}::{kind} as {name}" for name, _, kind in names)
    connection = duckdb.connect()
    connection.register("measured", table)
    return connection.sql(f"select {chosen} from measured")  # noqa: S608 - our own column names
