"""How are 14 days of every market's volume written down, and read back after a crash?

    Head | Columns ... | Block ... | Row, Columns, Block, Discarded, BroughtBack, ...

Records are framed as those of the journal: a torn tail is cut off, damage elsewhere is an error. A
Row is one bucket of all columns, a Block the 14 days of a few. Both are float32, compressed.
"""

import zlib
from collections.abc import Iterable, Iterator, Sequence
from typing import TypeAlias

import msgspec
import numpy as np

from foreshock.adapters.storage.records import frame, unframe
from foreshock.core.domain.errors import InvariantError, StorageError
from foreshock.core.domain.markets import MarketId
from foreshock.core.signals.volume_buckets import (
    HISTORY_BUCKETS,
    Doubles,
    Flags,
    Singles,
    widen,
)
from foreshock.core.signals.volume_history import VolumeHistory
from foreshock.core.signals.volume_past import VolumePast
from foreshock.core.signals.volume_resets import Resets

VERSION = 1
BLOCK_COLUMNS = 500
LEVEL = 1
MARKETS_MAX = 200_000


class Head(msgspec.Struct, frozen=True, tag=True):
    """Which format, whose data: simulated and real data never share a file."""

    version: int
    is_simulated: bool
    bucket: int


class Columns(msgspec.Struct, frozen=True, tag=True):
    """More markets: they get the next columns, in this order."""

    markets: tuple[MarketId, ...]


class Block(msgspec.Struct, frozen=True, tag=True):
    """All kept buckets before `bucket` of some columns, and contracts a print usually has."""

    bucket: int
    columns: tuple[int, ...]
    totals: bytes
    print_size: tuple[float, ...]


class Row(msgspec.Struct, frozen=True, tag=True):
    """One closed bucket: of every column the total, then contracts a print usually has."""

    bucket: int
    totals: bytes
    print_size: bytes


class Discarded(msgspec.Struct, frozen=True, tag=True):
    """Baselines that somebody discarded when `bucket` was open; of all columns when empty."""

    reset_id: str
    bucket: int
    columns: tuple[int, ...]


class BroughtBack(msgspec.Struct, frozen=True, tag=True):
    """That was undone."""

    reset_id: str


Record: TypeAlias = Head | Columns | Block | Row | Discarded | BroughtBack
_DECODER: msgspec.msgpack.Decoder[Record] = msgspec.msgpack.Decoder(Record)


def record_bytes(record: Record) -> bytes:
    """One record as it is appended."""
    return frame(msgspec.msgpack.encode(record))


def row_of(history: VolumeHistory, print_size: Doubles, bucket: int, count: int) -> Row:
    """One closed bucket of the first `count` columns."""
    row = history.totals[bucket % HISTORY_BUCKETS, :count]
    return Row(bucket, _packed(row), _packed(print_size[:count].astype(np.float32)))


def block_of(history: VolumeHistory, print_size: Doubles, columns: Sequence[int]) -> Block:
    """Everything that is kept of some columns."""
    totals = np.stack([history.recent(column) for column in columns], axis=1)
    sizes = tuple(float(print_size[column]) for column in columns)
    return Block(history.bucket, tuple(columns), _packed(totals), sizes)


def past_bytes(past: VolumePast, *, is_simulated: bool) -> bytes:
    """A whole file that says the same as all the records that led to it, resets aside."""
    parts = [head_bytes(past.bucket, is_simulated=is_simulated)]
    parts.append(record_bytes(Columns(past.markets)))
    for start in range(0, len(past.markets), BLOCK_COLUMNS):
        columns = range(start, min(start + BLOCK_COLUMNS, len(past.markets)))
        totals = _packed(past.totals[:, start : start + BLOCK_COLUMNS])
        sizes = tuple(float(past.print_size[column]) for column in columns)
        parts.append(record_bytes(Block(past.bucket, tuple(columns), totals, sizes)))
    return b"".join(parts)


def head_bytes(bucket: int, *, is_simulated: bool) -> bytes:
    """The beginning of a file in which nothing was observed before `bucket`."""
    return record_bytes(Head(VERSION, is_simulated, bucket))


def read_past(data: bytes, *, is_simulated: bool) -> VolumePast:
    """What a file says, up to a torn tail. Raises StorageError for damage or another's data."""
    folded = _Fold()
    records = _records(data)
    head = next(records, None)
    if not isinstance(head, Head) or head.version != VERSION:
        raise StorageError("baselines of an unknown format")
    if head.is_simulated != is_simulated:
        kinds = ("simulated", "real") if head.is_simulated else ("real", "simulated")
        raise StorageError(f"baselines of {kinds[0]} markets, where {kinds[1]} ones are watched")
    folded.history.bucket = head.bucket
    for record in records:
        try:
            folded.take(record)
        except (InvariantError, ValueError, IndexError, zlib.error) as error:
            raise StorageError(f"baselines do not add up: {error}") from error
    return folded.past()


def without_idle(past: VolumePast) -> VolumePast:
    """Only the markets that traded at all in what is kept: others have nothing to lose."""
    with np.errstate(invalid="ignore"):
        traded: Flags = np.any(np.abs(past.totals) >= 1, axis=0)
    return VolumePast(
        markets=tuple(past.markets[column] for column in np.flatnonzero(traded).tolist()),
        bucket=past.bucket,
        totals=past.totals[:, traded],
        print_size=past.print_size[traded],
        resets=Resets(),
    )


class _Fold:
    """The records taken in so far."""

    def __init__(self) -> None:
        self.history = VolumeHistory(1, 0)
        self._markets: list[MarketId] = []
        self._print_size: Doubles = np.zeros(1)
        self._resets = Resets()

    def take(self, record: Record) -> None:
        match record:
            case Columns():
                self._widen(record.markets)
            case Block():
                self._block(record)
            case Row():
                self._row(record)
            case Discarded():
                columns = record.columns or range(len(self._markets))
                self._resets.reset(self.history, record.reset_id, np.array(columns, dtype=np.intp))
            case BroughtBack():
                self._resets.restore(self.history, record.reset_id)
            case Head():
                raise InvariantError("a second head")

    def past(self) -> VolumePast:
        """Where the records lead."""
        count, history = len(self._markets), self.history
        rows = np.arange(history.bucket - HISTORY_BUCKETS, history.bucket) % HISTORY_BUCKETS
        return VolumePast(
            markets=tuple(self._markets),
            bucket=history.bucket,
            totals=history.totals[rows, :count],
            print_size=self._print_size[:count].copy(),
            resets=self._resets,
        )

    def _widen(self, markets: Iterable[MarketId]) -> None:
        self._markets += markets
        count = len(self._markets)
        if count > MARKETS_MAX:
            raise InvariantError(f"{count} markets")
        if count > self.history.columns_count:
            wide = max(count, 2 * self.history.columns_count)
            widen(self.history, VolumeHistory(wide, self.history.bucket))
            self.history.columns_count = wide
            sizes, self._print_size = self._print_size, np.zeros(wide)
            self._print_size[: len(sizes)] = sizes

    def _block(self, record: Block) -> None:
        columns = np.array(record.columns, dtype=np.intp)
        totals = _unpacked(record.totals).reshape(HISTORY_BUCKETS, len(columns))
        rows = np.arange(record.bucket - HISTORY_BUCKETS, record.bucket) % HISTORY_BUCKETS
        self.history.totals[np.ix_(rows, columns)] = totals
        self._print_size[columns] = record.print_size
        self.history.bucket = max(self.history.bucket, record.bucket)

    def _row(self, record: Row) -> None:
        row, sizes = _unpacked(record.totals), _unpacked(record.print_size)
        passed = record.bucket - self.history.bucket
        if passed < 0:
            raise InvariantError(f"bucket {record.bucket} comes twice")
        unseen = np.arange(self.history.bucket, record.bucket + 1)[-HISTORY_BUCKETS:]
        self.history.totals[unseen % HISTORY_BUCKETS] = np.nan
        self.history.totals[record.bucket % HISTORY_BUCKETS, : len(row)] = row
        self._print_size[: len(sizes)] = sizes
        self.history.bucket = record.bucket + 1


def _records(data: bytes) -> Iterator[Record]:
    for _, payload in unframe(data):
        try:
            yield _DECODER.decode(payload)
        except msgspec.MsgspecError as error:
            raise StorageError(f"baselines hold a record of another format: {error}") from error


def _packed(values: Singles) -> bytes:
    return zlib.compress(np.ascontiguousarray(values, dtype="<f4").tobytes(), LEVEL)


def _unpacked(data: bytes) -> Singles:
    return np.frombuffer(zlib.decompress(data), dtype="<f4").astype(np.float32)
