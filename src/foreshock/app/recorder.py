"""Is it written down? Tape and journal of one run, made durable together before anything leaves."""

from collections.abc import Callable, Sequence

from foreshock.adapters.storage.journal import JOURNAL_NAME, Journal, Place
from foreshock.adapters.storage.tape import Tape
from foreshock.app.worker import Work
from foreshock.core.domain.units import Instant
from foreshock.core.ports import File

Recorded = Callable[[int, Instant, Place], None]
"""Hears the last step that is on record, its time, and the place behind it."""


class Recorder:
    """Frames first, then the steps that cite them."""

    def __init__(self, open_file: Callable[[str], File], recorded: Sequence[Recorded] = ()) -> None:
        self._recorded = recorded
        self._tape = Tape(open_file)
        self._journal = Journal(open_file(JOURNAL_NAME))

    def record(self, work: Work) -> None:
        """Returns when everything is durable. Raises StorageError when the disk refuses."""
        if work.frames:
            self._tape.append(work.frames)
            self._tape.fsync()
        if work.steps:
            self._journal.append(work.steps)
            self._journal.fsync()
            last, place = work.steps[-1], self._journal.place()
            for recorded in self._recorded:
                recorded(last.step, last.now_us, place)

    def close(self) -> None:
        """Give the files back."""
        self._tape.close()
        self._journal.close()
