"""What is usual in every market, across restarts? A file beside the runs, and a copy in each run.

The file grows by one record a bucket and is written anew, without what is too old, at each start.
The copy in a run's folder is what that run began with: a replay starts from it and checks its
digest. Only real markets are kept: a demo's past is made anew each time.
"""

import hashlib
from collections.abc import Callable, Iterable

import msgspec

from foreshock.adapters.storage.baselines import (
    BroughtBack,
    Columns,
    Discarded,
    Record,
    block_of,
    head_bytes,
    past_bytes,
    read_past,
    record_bytes,
    row_of,
    without_idle,
)
from foreshock.adapters.storage.records import whole_size
from foreshock.core.domain.errors import StorageError
from foreshock.core.domain.messages.decisions import IncidentOpened
from foreshock.core.domain.messages.signals import (
    BaselinesReset,
    BaselinesRestored,
    VolumeMeasured,
)
from foreshock.core.domain.messages.union import Message
from foreshock.core.domain.units import Instant
from foreshock.core.engine import Agent, Entry
from foreshock.core.ports import File, Folder
from foreshock.core.signals.volume_agent import VolumeAgent
from foreshock.core.signals.volume_buckets import bucket_of
from foreshock.core.signals.volume_past import VolumePast

FILE_NAME = "baselines.fsb"
DAMAGED_NAME = "baselines.damaged"


class BaselinesUsed(msgspec.Struct, frozen=True):
    """What a run began with: the digest of the file in its folder, and how many markets it has."""

    digest: str
    markets_count: int


class BaselineStore:
    """The baselines of a data folder while a desk runs on it."""

    hears: frozenset[type[Message]] = frozenset({VolumeMeasured, BaselinesReset, BaselinesRestored})

    def __init__(self, home: Folder) -> None:
        self._home = home
        self._agent: VolumeAgent | None = None
        self._columns_count = 0
        self._has_head = False
        self._has_begun = False
        self.incidents: tuple[IncidentOpened, ...] = ()
        """What a person has to know of the beginning."""

    def begin(self, run: str) -> tuple[BaselinesUsed, VolumePast] | None:
        """What earlier runs observed, copied into the folder `run`; None when there is nothing.

        A damaged file is put aside, and baselines begin anew: `incidents` then says so. A desk with
        open positions must not stay down for want of what is usual. Raises StorageError.
        """
        self._has_begun = True
        data = self._home.read(FILE_NAME) or b""
        if not data:
            return None
        try:
            past = without_idle(read_past(data[: whole_size(data)], is_simulated=False))
        except StorageError as error:
            self._put_aside(data, error)
            return None
        data = past_bytes(past, is_simulated=False)
        copy = self._home.open(f"{run}/{FILE_NAME}")
        copy.append(data)
        copy.fsync()
        copy.close()
        self._home.replace(FILE_NAME, data)
        self._columns_count, self._has_head = len(past.markets), True
        used = BaselinesUsed(hashlib.sha256(data).hexdigest(), len(past.markets))
        return used, past

    def _put_aside(self, data: bytes, error: StorageError) -> None:
        self._home.replace(DAMAGED_NAME, data)
        self._home.replace(FILE_NAME, b"")
        where = self._home.where(DAMAGED_NAME)
        words = f"what is usual in every market is lost and warms up again: {error}; kept: {where}"
        self.incidents = (IncidentOpened("baselines", "baselines", words),)

    def watch_among(self, agents: Iterable[Agent]) -> None:
        """Keep what the agent among these that counts volume observes; only after `begin`."""
        for agent in agents:
            if isinstance(agent, VolumeAgent) and self._has_begun:
                self._agent = agent

    def listen(self, _step: int, entry: Entry, _now_us: Instant) -> None:
        """A bucket closed, a past became known, or somebody discarded something.

        Raises StorageError when it cannot be kept.
        """
        match entry.message:
            case VolumeMeasured():
                self._keep(entry.message)
            case BaselinesReset(reset_id=reset_id, market=market):
                self._keep_reset(reset_id, market)
            case BaselinesRestored(reset_id=reset_id) if self._agent is not None:
                self._append([BroughtBack(reset_id)])
            case _:
                pass

    def _keep(self, message: VolumeMeasured) -> None:
        agent = self._agent
        if agent is None or not agent.markets:
            return
        history, sizes = agent.monitor.history, agent.monitor.metrics.print_size
        records = self._new_columns(agent)
        if message.is_recalled:
            places = {market: column for column, market in enumerate(agent.markets)}
            columns = [places[row.market] for row in message.rows if row.market in places]
            records.append(block_of(history, sizes, columns))
        else:
            bucket = bucket_of(message.bucket_end_us) - 1
            records.append(row_of(history, sizes, bucket, len(agent.markets)))
        self._append(records)

    def _new_columns(self, agent: VolumeAgent) -> list[Record]:
        count = len(agent.markets)
        if count == self._columns_count:
            return []
        new = tuple(agent.markets[self._columns_count :])
        self._columns_count = count
        return [Columns(new)]

    def _keep_reset(self, reset_id: str, market: str | None) -> None:
        agent = self._agent
        if agent is None:
            return
        columns = tuple(c for c, name in enumerate(agent.markets) if name == market)
        if market is None or columns:
            bucket = agent.monitor.history.bucket
            self._append([*self._new_columns(agent), Discarded(reset_id, bucket, columns)])

    def _append(self, records: list[Record]) -> None:
        file = self._home.open(FILE_NAME)
        try:
            if not self._has_head and self._agent is not None:
                bucket = self._agent.monitor.history.bucket - 1
                file.append(head_bytes(bucket, is_simulated=False))
                self._has_head = True
            file.append(b"".join(record_bytes(record) for record in records))
            file.fsync()
        finally:
            file.close()


def recorded_past(
    open_file: Callable[[str], File], used: BaselinesUsed | None
) -> VolumePast | None:
    """What a recorded run began with. Raises StorageError when it is gone or changed."""
    if used is None:
        return None
    data = open_file(FILE_NAME).read()
    digest = hashlib.sha256(data).hexdigest()
    if digest != used.digest:
        raise StorageError(
            f"{FILE_NAME} is not what this run began with ({digest}, not {used.digest}): put the "
            "former one back"
        )
    return read_past(data, is_simulated=False)
