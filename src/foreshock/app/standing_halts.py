"""Which halts are in force across restarts? A small file beside the runs, rewritten at each change.

The journal has every halt too; this file spares the next start from reading the last run whole. A
halt is written before its step is on record, a resumption after: whenever the desk crashes, a halt
may be there once too often, never once too little. Where a desk ran before and the file is gone,
nobody knows what was halted: then everything is.
"""

from collections.abc import Sequence

import msgspec

from foreshock.adapters.storage.journal import Place
from foreshock.adapters.storage.sealed import sealed, unsealed
from foreshock.core.domain.errors import ConfigError, StorageError
from foreshock.core.domain.messages.decisions import Halted, Resumed
from foreshock.core.domain.messages.operations import HaltRequested
from foreshock.core.domain.messages.union import Message
from foreshock.core.domain.units import Instant
from foreshock.core.engine import Entry
from foreshock.core.ports import Folder
from foreshock.core.risk.halts import EVERYWHERE

FILE_NAME = "halts.json"
BY = "standing-halts"
GONE = f"{FILE_NAME} is gone, and with it what was halted: look, then resume"


class StandingHalts:
    """The halts of a data folder by scope."""

    hears: frozenset[type[Message]] = frozenset({Halted, Resumed})

    def __init__(self, home: Folder) -> None:
        self._home = home
        self._halts: dict[str, Halted] = {}
        self._kept: dict[str, Halted] = {}

    def carried(self, venues: Sequence[str], *, has_past: bool) -> list[HaltRequested]:
        """Halts of earlier runs, to be asked for again; until then they stay in the file.

        has_past: whether a run of any mode that keeps something was begun before. Raises
        ConfigError when the file cannot be read: nobody may trade past a halt unread.
        """
        try:
            data = self._home.read(FILE_NAME)
            if data is None:
                return self._begin(venues if has_past else ())
            halts = msgspec.json.decode(unsealed(data), type=list[Halted])
        except (StorageError, msgspec.MsgspecError, UnicodeDecodeError) as error:
            raise ConfigError(
                f"cannot read the standing halts in {self._home.where(FILE_NAME)}: {error}; remove "
                "the file: the next start halts everything until you resume"
            ) from error
        self._halts = {halt.scope: halt for halt in halts}
        self._kept = dict(self._halts)
        return [HaltRequested(halt.scope, halt.by, halt.reason) for halt in halts]

    def listen(self, _step: int, entry: Entry, _now_us: Instant) -> None:
        """Follow halts and resumptions. Raises StorageError when one cannot be kept."""
        match entry.message:
            case Halted(scope=scope):
                self._halts[scope] = self._kept[scope] = entry.message
                self._write()
            case Resumed(scope=scope):
                self._halts.pop(scope, None)
            case _:
                pass

    def recorded(self, _step: int, _now_us: Instant, _place: Place) -> None:
        """Everything heard is on record: what was resumed leaves the file. Raises StorageError."""
        if self._kept != self._halts:
            self._kept = dict(self._halts)
            self._write()

    def _begin(self, venues: Sequence[str]) -> list[HaltRequested]:
        """There is no file: make one. Whether it may start empty, the caller knows."""
        scopes = (EVERYWHERE, *venues) if venues else ()
        self._halts = {scope: Halted(scope, BY, GONE) for scope in scopes}
        self._kept = dict(self._halts)
        self._write()
        return [HaltRequested(scope, BY, GONE) for scope in scopes]

    def _write(self) -> None:
        try:
            self._home.replace(FILE_NAME, sealed(list(self._kept.values())))
        except StorageError as error:
            raise StorageError(f"cannot keep the halts: {error}") from error
