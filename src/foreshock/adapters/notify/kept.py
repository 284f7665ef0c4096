"""What was to be told when the process ended? A small file of messages and of what became of them.

One JSON object a line: a `Notify`, and later its `Notified` or `NotifyFailed`. A message is written
before its step is recorded, so a kill at any moment leaves it here or nowhere: told at least once.
Losing this file loses notices and no money: a disk that refuses is told, and trading goes on.
"""

from collections.abc import Sequence
from typing import TypeAlias

import msgspec

from foreshock.adapters.notify.outbox import Outbox
from foreshock.core.domain.errors import StorageError
from foreshock.core.domain.messages.alerting import Notified, Notify, NotifyFailed
from foreshock.core.domain.units import Instant
from foreshock.core.ports import File, Folder

FILE_NAME = "outbox.jsonl"
SIMULATED_FILE_NAME = "outbox.demo.jsonl"
FILE_BYTES_MAX = 8 * 1024 * 1024
"""Beyond this the file is written anew with what still counts."""
READ_BYTES_MAX = 64 * 1024 * 1024
Kept: TypeAlias = Notify | Notified | NotifyFailed


class KeptOutbox:
    """The file beside the queue. failure: why the last write did not succeed, "" when it did."""

    def __init__(self, home: Folder, *, is_simulated: bool) -> None:
        self.failure = ""
        self._home = home
        self._name = SIMULATED_FILE_NAME if is_simulated else FILE_NAME
        self._file: File = home.open(self._name)
        self._bytes_count = 0
        self._is_synced = True
        self._encoder = msgspec.json.Encoder()

    def restore(self, outbox: Outbox, now_us: Instant) -> int:
        """Queue what earlier runs left; returns the number of lines that could not be read.

        A file that cannot be read at all is set aside by writing it anew: notices are no reason
        not to start.
        """
        try:
            data = self._home.read(self._name) or b""
        except StorageError as error:
            self.failure = str(error)
            return 0
        bad_count = 0
        decoder = msgspec.json.Decoder(Kept)
        for line in data[:READ_BYTES_MAX].splitlines():
            try:
                self._take(decoder.decode(line), outbox, now_us)
            except msgspec.MsgspecError:
                bad_count += 1
        outbox.release_all()
        self.compact(outbox)
        return bad_count

    def keep(self, kept: Kept) -> None:
        """Hand a line to the operating system: it survives this process from here on."""
        line = self._encoder.encode(kept) + b"\n"
        try:
            self._file.append(line)
        except StorageError as error:
            self.failure = str(error)
            return
        self.failure = ""
        self._is_synced = False
        self._bytes_count += len(line)

    def sync(self) -> None:
        """Make what was kept survive the machine, too."""
        if self._is_synced:
            return
        self._is_synced = True
        try:
            self._file.fsync()
        except StorageError as error:
            self.failure = str(error)

    def compact(self, outbox: Outbox) -> None:
        """Write the file anew: what waits, and which messages were told lately."""
        kept: Sequence[Kept] = [
            *(Notified(key, "file", 0) for key in outbox.done_keys()),
            *outbox.waiting(),
        ]
        data = b"".join(self._encoder.encode(each) + b"\n" for each in kept)
        self._file.close()
        try:
            self._home.replace(self._name, data)
        except StorageError as error:
            self.failure = str(error)
        self._file = self._home.open(self._name)
        self._bytes_count = len(data)

    def is_long(self) -> bool:
        """Whether it is time to write it anew."""
        return self._bytes_count > FILE_BYTES_MAX

    def close(self) -> None:
        """Give the file back."""
        self.sync()
        self._file.close()

    def _take(self, kept: Kept, outbox: Outbox, now_us: Instant) -> None:
        match kept:
            case Notify():
                outbox.add(kept, now_us, is_held=True)
            case Notified(dedupe_key=key) | NotifyFailed(dedupe_key=key):
                outbox.done(key)
