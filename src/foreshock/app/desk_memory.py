"""What did the last run of this mode leave, and who keeps it for the next one?

    last snapshot + the steps of its journal behind it -> DeskRestored + what follows from it

The first snapshot of a run is in place before its journal begins, so at every moment the snapshot
and one journal tell everything. A start that finds nothing new is the start before once more.
"""

import hashlib
from collections.abc import Iterator

from foreshock.adapters.storage.journal import JOURNAL_NAME, Place, Told, read_tail
from foreshock.adapters.storage.snapshots import Snapshot, read_snapshot, write_snapshot
from foreshock.app.wiring import DeskConfig
from foreshock.core.domain.errors import ConfigError, StorageError
from foreshock.core.domain.markets import MarketId
from foreshock.core.domain.messages.risk import DeskRestored
from foreshock.core.domain.messages.union import Message
from foreshock.core.domain.recollection import digest_text
from foreshock.core.domain.units import SECOND, Duration, Instant
from foreshock.core.engine import Entry
from foreshock.core.execution.remembering import Remembering, resumption
from foreshock.core.ports import Folder

KEPT_MODES = frozenset({"paper", "live"})
"""A demo begins anew each time, and who watches holds nothing."""
SNAPSHOT_EVERY = Duration(60 * SECOND)
SNAPSHOT_STEPS = 5_000


class DeskMemory:
    """The memory of one mode of a data folder: restored once, then kept up to date."""

    hears = Remembering.hears

    def __init__(self, home: Folder, config: DeskConfig, run: str) -> None:
        self._home = home
        self._config = config
        self._run = run
        self._name = file_name(config.mode)
        self._fold = Remembering(config.limits.bankroll)
        self._saved_step = 0
        self._saved_us = Instant(0)

    def restored(self, now_us: Instant) -> list[Message]:
        """What the desk must hear before anything else; nothing when there was no run before.

        Raises ConfigError when what was left cannot be read: nobody may trade past it. Raises it,
        too, when nothing can be written.
        """
        if self._config.mode not in KEPT_MODES:
            return []
        try:
            snapshot = read_snapshot(self._home, self._name)
            said = [] if snapshot is None else self._carry_on(snapshot, now_us)
        except StorageError as error:
            where = self._home.where(self._name)
            raise ConfigError(
                f"cannot read what the last {self._config.mode} run left: {error}; look with "
                f"`foreshock verify`, restore a backup, or remove {where} to begin with nothing"
            ) from error
        try:
            self._save(0, now_us, Place())
        except StorageError as error:
            raise ConfigError(
                f"cannot keep what is known: {error}; nothing is lost: make room, then start again"
            ) from error
        return said

    def markets(self) -> tuple[MarketId, ...]:
        """Where something is held, or may still be: it must be watched, whatever else is."""
        ledger = self._fold.ledger
        open_orders = (order.placed.market for order in ledger.orders() if not order.is_final)
        held = (market for market, _ in ledger.held())
        return tuple(dict.fromkeys((*held, *open_orders)))

    def books_hash(self) -> str:
        """SHA-256 of the books, the same for the same books however they came to be."""
        return hashlib.sha256(digest_text(self._fold.memory().ledger)).hexdigest()

    def listen(self, _step: int, entry: Entry, now_us: Instant) -> None:
        """Learn what is heard and said."""
        self._fold.hear(entry.message, now_us)

    def recorded(self, step: int, now_us: Instant, place: Place) -> None:
        """A step is on record: keep what was learnt up to it now and then.

        Raises StorageError when the disk refuses.
        """
        is_long = step - self._saved_step >= SNAPSHOT_STEPS
        is_due = is_long or now_us - self._saved_us >= SNAPSHOT_EVERY
        if is_due and self._config.mode in KEPT_MODES:
            self._save(step, now_us, place)

    def _carry_on(self, snapshot: Snapshot, now_us: Instant) -> list[Message]:
        fold = Remembering(self._config.limits.bankroll)
        fold.hear(_restored(snapshot, Duration(0)), snapshot.at_us)
        step, at_us = snapshot.step, snapshot.at_us
        journal = self._home.open(f"{snapshot.run}/{JOURNAL_NAME}")
        for tail in read_tail(journal, snapshot.place):
            for message in _messages(tail.input, tail.said):
                fold.hear(message, tail.now_us)
            step, at_us = tail.step, tail.now_us
        last = Snapshot(snapshot.run, step, at_us, snapshot.place, fold.memory())
        restored = _restored(last, Duration(max(0, now_us - at_us)))
        self._fold.hear(restored, now_us)
        return [restored, *resumption(last.memory, self._config.live_venues)]

    def _save(self, step: int, now_us: Instant, place: Place) -> None:
        snapshot = Snapshot(self._run, step, now_us, place, self._fold.memory())
        write_snapshot(self._home, self._name, snapshot)
        self._saved_step, self._saved_us = step, now_us


def has_past(home: Folder) -> bool:
    """Whether a run of any mode that keeps something was begun in this folder.

    What cannot be read is there.
    """
    return any(_is_there(home, file_name(mode)) for mode in sorted(KEPT_MODES))


def _is_there(home: Folder, name: str) -> bool:
    try:
        return home.read(name) is not None
    except StorageError:
        return True


def _restored(snapshot: Snapshot, down_for: Duration) -> DeskRestored:
    return DeskRestored(snapshot.run, snapshot.step, snapshot.memory, down_for)


def _messages(heard: object, said: tuple[Entry, ...]) -> Iterator[Message]:
    """What a step tells; what the feeds said is on the tape and moves no books."""
    if isinstance(heard, Told):
        yield heard.message
    for entry in said:
        yield entry.message


def file_name(mode: str) -> str:
    """Where the snapshot of a mode stands in the data folder."""
    return f"memory-{mode}.fss"
