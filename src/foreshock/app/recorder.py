"""Is it written down? Tape and journal of one run, made durable together before anything leaves."""

from collections.abc import Callable

from foreshock.adapters.storage.journal import JOURNAL_NAME, Journal
from foreshock.adapters.storage.tape import Tape
from foreshock.app.worker import Work
from foreshock.core.ports import File


class Recorder:
    """Frames first, then the steps that cite them."""

    def __init__(self, open_file: Callable[[str], File]) -> None:
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

    def close(self) -> None:
        """Give the files back."""
        self._tape.close()
        self._journal.close()
