"""What was decided about pairs, across restarts? A file beside the runs that only ever grows.

One JSON object a line: verdicts, reopenings and rulings on sources, oldest first, so the file is
also their history. A line is on disk before its step is: after a crash a verdict may be there
without the run that took it, never the other way round. Simulated markets have a file of their own.
"""

from collections.abc import Iterator
from typing import TypeAlias

import msgspec

from foreshock.core.domain.errors import ConfigError, StorageError
from foreshock.core.domain.markets import MarketId
from foreshock.core.domain.messages.matching import PairDecided, PairReopened, SourcesRuled
from foreshock.core.domain.messages.union import Message
from foreshock.core.domain.units import Instant
from foreshock.core.engine import Entry
from foreshock.core.ports import Folder

FILE_NAME = "verdicts.jsonl"
SIMULATED_FILE_NAME = "verdicts.demo.jsonl"
FILE_BYTES_MAX = 64 * 1024 * 1024

Kept: TypeAlias = PairDecided | PairReopened | SourcesRuled


class VerdictStore:
    """The verdicts of a data folder."""

    hears: frozenset[type[Message]] = frozenset({PairDecided, PairReopened, SourcesRuled})

    def __init__(self, home: Folder, *, is_simulated: bool) -> None:
        self._home = home
        self._name = SIMULATED_FILE_NAME if is_simulated else FILE_NAME

    def carried(self) -> list[Kept]:
        """Everything decided in earlier runs, oldest first; half a line at the end is cut off.

        Raises ConfigError when the file cannot be read: nobody may trade past a verdict unread.
        """
        data = self._data()
        whole = data[: data.rfind(b"\n") + 1]
        if len(whole) < len(data):
            file = self._home.open(self._name)
            file.truncate(len(whole))
            file.close()
        return list(self._decoded(whole))

    def peek(self) -> list[Kept]:
        """The same without touching the file, which a running desk may be writing.

        Raises ConfigError when the file cannot be read.
        """
        data = self._data()
        return list(self._decoded(data[: data.rfind(b"\n") + 1]))

    def listen(self, _step: int, entry: Entry, _now_us: Instant) -> None:
        """Keep what is decided from now on. Raises StorageError when it cannot be kept.

        What comes from outside was carried over: it is in the file already.
        """
        if entry.cause is not None and isinstance(entry.message, Kept):
            self._append(msgspec.json.encode(entry.message) + b"\n")

    def _data(self) -> bytes:
        where = self._home.where(self._name)
        try:
            data = self._home.read(self._name) or b""
        except StorageError as error:
            raise ConfigError(f"cannot read {where}: {error}") from error
        if len(data) > FILE_BYTES_MAX:
            raise ConfigError(f"{where} is longer than {FILE_BYTES_MAX} bytes")
        return data

    def _decoded(self, data: bytes) -> Iterator[Kept]:
        decoder = msgspec.json.Decoder(Kept)
        for number, line in enumerate(data.splitlines(), 1):
            try:
                yield decoder.decode(line)
            except (msgspec.MsgspecError, UnicodeDecodeError) as error:
                raise ConfigError(
                    f"line {number} of {self._home.where(self._name)} is damaged ({error}): "
                    "restore the file, or move it away to have every pair decided anew"
                ) from error

    def _append(self, line: bytes) -> None:
        file = self._home.open(self._name)
        try:
            file.append(line)
            file.fsync()
        finally:
            file.close()


def accepted_markets(kept: list[Kept]) -> list[MarketId]:
    """Both markets of every pair whose newest verdict accepts it: these must be watched."""
    newest = {fact.pair_id: fact for fact in kept if isinstance(fact, PairDecided)}
    accepted = [fact for fact in newest.values() if fact.verdict == "accept"]
    return list(dict.fromkeys(market for fact in accepted for market in (fact.a, fact.b)))
