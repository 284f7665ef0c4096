"""Which limits were in force last? A small file, so that no edit and no restart loosens one.

For each limit it keeps what the file of limits said and what was in force. A file that says
something tighter since is obeyed; one that says something looser is told, and waits until a person
confirms it. What a person confirmed stands until the file says something else. A tighter limit is
written before its step is on record, a looser one after.
"""

import msgspec

from foreshock.adapters.storage.journal import Place
from foreshock.adapters.storage.sealed import sealed, unsealed
from foreshock.app.wiring import DeskConfig
from foreshock.core.domain.errors import ConfigError, StorageError
from foreshock.core.domain.limit_keys import is_looser, key_of
from foreshock.core.domain.messages.risk import LimitChanged, LimitKept
from foreshock.core.domain.messages.union import Message
from foreshock.core.domain.units import Instant
from foreshock.core.engine import Entry
from foreshock.core.ports import Folder
from foreshock.core.risk.limit_changes import values, with_limits

BY = "limits.toml"
LOOSER = "the file says something looser: confirm it with foreshock limits set"
CHANGES_MAX = 1_000
KEPT_MODES = frozenset({"paper", "live"})
"""Where limits outlive a run: a demo's money is made up, and who watches does not trade."""


class Recorded(msgspec.Struct, frozen=True):
    """One limit. written: in the file of limits when this was kept."""

    written: int | None
    in_force: int | None


class Change(msgspec.Struct, frozen=True):
    """One change that was made."""

    at_us: Instant
    key: str
    before: int | None
    after: int | None
    by: str


class Record(msgspec.Struct):
    """The whole file. changes: the last ones, oldest first."""

    limits: dict[str, Recorded] = msgspec.field(default_factory=dict[str, Recorded])
    changes: list[Change] = msgspec.field(default_factory=list[Change])


class LimitsRecord:
    """The limits of one mode of a data folder."""

    hears: frozenset[type[Message]] = frozenset({LimitChanged})

    def __init__(self, home: Folder, mode: str) -> None:
        self._home = home
        self._mode = mode
        self._name = file_name(mode)
        self._record = Record()
        self._loosened: dict[str, tuple[LimitChanged, Instant]] = {}
        self._written: dict[str, int | None] = {}

    def adopt(self, config: DeskConfig) -> tuple[DeskConfig, list[Message]]:
        """The configuration with the limits that hold, and what a person should know of them.

        Raises ConfigError when the record cannot be read: nobody may trade past it.
        """
        if self._mode not in KEPT_MODES:
            return config, []
        self._record, self._written = self._read(), values(config.limits, config.gate)
        said: list[Message] = []
        for name, written in self._written.items():
            told, self._record.limits[name] = adopted(name, written, self._record.limits.get(name))
            said += [] if told is None else [told]
        in_force = {name: self._record.limits[name].in_force for name in self._written}
        limits, gate = with_limits(config.limits, config.gate, in_force)
        self._write()
        return msgspec.structs.replace(config, limits=limits, gate=gate), said

    def listen(self, _step: int, entry: Entry, now_us: Instant) -> None:
        """Keep what changes. Raises StorageError when it cannot be kept."""
        changed = entry.message
        if not isinstance(changed, LimitChanged) or changed.key not in self._written:
            return
        key, kept = key_of(changed.key), self._record.limits[changed.key].in_force
        self._loosened.pop(changed.key, None)
        if key is not None and is_looser(key, kept, changed.after):
            self._loosened[changed.key] = (changed, now_us)
        else:
            self._note(changed, now_us)
            self._write()

    def recorded(self, _step: int, _now_us: Instant, _place: Place) -> None:
        """Everything heard is on record: what was loosened is kept, too. Raises StorageError."""
        if self._loosened:
            for changed, now_us in self._loosened.values():
                self._note(changed, now_us)
            self._loosened = {}
            self._write()

    def _note(self, changed: LimitChanged, now_us: Instant) -> None:
        written = self._written[changed.key]
        self._record.limits[changed.key] = Recorded(written, changed.after)
        change = Change(now_us, changed.key, changed.before, changed.after, changed.by)
        self._record.changes = [*self._record.changes, change][-CHANGES_MAX:]

    def _read(self) -> Record:
        try:
            data = self._home.read(self._name)
            return Record() if data is None else msgspec.json.decode(unsealed(data), type=Record)
        except (StorageError, msgspec.MsgspecError, UnicodeDecodeError) as error:
            raise ConfigError(
                f"cannot read the limits last in force in {self._home.where(self._name)}: {error}; "
                "if the limits in limits.toml are meant to hold, remove the file"
            ) from error

    def _write(self) -> None:
        try:
            self._home.replace(self._name, sealed(self._record))
        except StorageError as error:
            raise StorageError(f"cannot keep the limits in force: {error}") from error


def adopted(
    name: str, written: int | None, kept: Recorded | None
) -> tuple[Message | None, Recorded]:
    """What holds of one limit, and what is said about it: nothing while nothing differs."""
    key = key_of(name)
    if kept is None or key is None:
        return None, Recorded(written, written)
    if written == kept.written:
        return None, kept
    if is_looser(key, kept.in_force, written):
        return LimitKept(name, kept.in_force, written, BY, LOOSER), kept
    if written == kept.in_force:
        return None, Recorded(written, written)
    return LimitChanged(name, kept.in_force, written, BY), Recorded(written, written)


def file_name(mode: str) -> str:
    """Where the record of a mode stands in the data folder."""
    return f"limits-{mode}.json"
