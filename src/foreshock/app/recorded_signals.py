"""What did the detectors measure in a recorded run, as arrays? Its feeds and timers once more.

Only the volume agent runs again, on the frames and messages of the record; alerts and leaders are
read as they were told.
"""

from collections.abc import Callable, Iterator
from pathlib import Path

import msgspec
import numpy as np
from numpy.typing import NDArray

from foreshock.adapters.storage.journal import JOURNAL_NAME, Drained, Step, Told, read_journal
from foreshock.adapters.storage.tape import TapeFrame, read_tape
from foreshock.app.baseline_store import recorded_past
from foreshock.app.feeds import Feeds
from foreshock.app.recordings import open_folder
from foreshock.app.replay import started
from foreshock.app.venues import FEEDS
from foreshock.app.wiring import DeskConfig, recorded_config
from foreshock.app.worker import Worker
from foreshock.core.domain.alerts import Alert
from foreshock.core.domain.errors import StorageError
from foreshock.core.domain.markets import MarketId
from foreshock.core.domain.messages.market_data import ConnectionOpened
from foreshock.core.domain.messages.signals import AlertRaised, LeadMeasured, VolumeMeasured
from foreshock.core.domain.units import Instant
from foreshock.core.engine import Engine, Entry
from foreshock.core.ports import File
from foreshock.core.signals.volume_agent import VolumeAgent

HORIZONS_COUNT = 3
Values = NDArray[np.float32]


class RecordedVolume(msgspec.Struct, frozen=True, eq=False):
    """One row a closed bucket, one column a market; NaN where it is not known.

    closes_us: the end of each bucket, microseconds UTC. volume, expected: contracts of the hour
    before, and what is usual at this time of day. vroc, score, acceleration: one for 1 h, 4 h and
    24 h each, shape (closes, markets, 3). level: 0 none, 1 watch, 2 elevated, 3 critical.
    """

    closes_us: NDArray[np.int64]
    markets: tuple[MarketId, ...]
    volume: Values
    expected: Values
    vroc: Values
    score: Values
    acceleration: Values
    rvol: Values
    vcv: Values
    level: NDArray[np.int8]


class RecordedSignals(msgspec.Struct, frozen=True, eq=False):
    """Everything that the detectors of a run measured and told."""

    volume: RecordedVolume
    alerts: tuple[Alert, ...]
    leads: tuple[LeadMeasured, ...]


class _Close(msgspec.Struct, frozen=True, eq=False):
    end_us: int
    ones: Values
    """volume, expected, rvol, vcv: four rows of markets."""
    threes: Values
    """vroc, score, acceleration by horizon: three by three rows of markets."""
    level: NDArray[np.int8]


def recorded_signals(folder: Path) -> RecordedSignals:
    """Measure a run again. Raises StorageError when it cannot be read."""
    open_file = open_folder(folder)
    if not (folder / JOURNAL_NAME).is_file():
        raise StorageError(f"{folder} is not a run folder: it holds no {JOURNAL_NAME}")
    try:
        config = recorded_config(started(open_file))
    except msgspec.MsgspecError as error:
        raise StorageError(f"{folder} was recorded by another version: {error}") from error
    agent, closes = _measured_again(open_file, config)
    steps = read_journal(open_file(JOURNAL_NAME))
    told = [entry.message for step in steps for entry in step.said]
    return RecordedSignals(
        volume=_table(tuple(agent.markets), closes),
        alerts=tuple(message.alert for message in told if isinstance(message, AlertRaised)),
        leads=tuple(message for message in told if isinstance(message, LeadMeasured)),
    )


def _measured_again(
    open_file: Callable[[str], File], config: DeskConfig
) -> tuple[VolumeAgent, list[_Close]]:
    agent = VolumeAgent(config.signals.volume, recorded_past(open_file, config.baselines))
    closes: list[_Close] = []

    def listen(_step: int, entry: Entry, _now_us: Instant) -> None:
        if isinstance(entry.message, VolumeMeasured) and not entry.message.is_recalled:
            closes.append(_close(agent, entry.message.bucket_end_us))

    worker = Worker(Engine([agent]), Feeds(FEEDS), [listen])
    frames = read_tape(open_file)
    for step in read_journal(open_file(JOURNAL_NAME)):
        if _is_ours(step):
            worker.repeat(step, _cited(step, frames))
    return agent, closes


def _is_ours(step: Step) -> bool:
    """Connections of accounts and oracles tell no public trades."""
    message = step.input.message if isinstance(step.input, Told) else None
    return not isinstance(message, ConnectionOpened) or message.feed in FEEDS


def _cited(step: Step, frames: Iterator[TapeFrame]) -> Iterator[TapeFrame]:
    if not isinstance(step.input, Drained):
        return
    for frame in frames:
        yield frame
        if frame.frame_seq == step.input.frame_seq:
            return


def _close(agent: VolumeAgent, end_us: int) -> _Close:
    verdict, count = agent.last, len(agent.markets)
    if verdict is None:
        raise StorageError("a bucket that nobody closed")
    reading, history = verdict.reading, agent.monitor.history
    warming = reading.is_warming[0, :count]
    expected = np.where(warming, np.nan, reading.baseline[0, :count])
    ones = (history.current[1, :count], expected, reading.rvol[:count], reading.vcv[:count])
    threes = (reading.vroc, reading.score_sigma, reading.acceleration_per_hour)
    return _Close(
        end_us=end_us,
        ones=np.stack(ones).astype(np.float32),
        threes=np.stack([rows[:, :count] for rows in threes]).astype(np.float32),
        level=verdict.levels.level[:count].astype(np.int8),
    )


def _table(markets: tuple[MarketId, ...], closes: list[_Close]) -> RecordedVolume:
    shape = (len(closes), len(markets))
    ones = np.full((4, *shape), np.nan, dtype=np.float32)
    threes = np.full((HORIZONS_COUNT, *shape, HORIZONS_COUNT), np.nan, dtype=np.float32)
    level = np.zeros(shape, dtype=np.int8)
    for row, close in enumerate(closes):
        count = len(close.level)
        ones[:, row, :count] = close.ones
        threes[:, row, :count] = close.threes.transpose(0, 2, 1)
        level[row, :count] = close.level
    return RecordedVolume(
        closes_us=np.array([close.end_us for close in closes], dtype=np.int64),
        markets=markets,
        volume=ones[0],
        expected=ones[1],
        rvol=ones[2],
        vcv=ones[3],
        vroc=threes[0],
        score=threes[1],
        acceleration=threes[2],
        level=level,
    )
