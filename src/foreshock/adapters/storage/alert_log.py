"""Where do the lines of alerts.jsonl go? A file that turns over when it is long; few are kept.

alerts.jsonl        now
alerts.1.jsonl ...  before, the newest first
"""

from pathlib import Path

from foreshock.adapters.storage.files import DiskFile
from foreshock.core.domain.errors import StorageError

FILE_NAME = "alerts.jsonl"
FILE_BYTES_MAX = 16 * 1024 * 1024
FILES_MAX = 8
"""Older ones kept beside the newest."""
TAIL_BYTES = 64 * 1024
"""Looked through for a line that was written right before a kill."""


class AlertLog:
    """The alert log of a data folder."""

    def __init__(self, folder: Path, bytes_max: int = FILE_BYTES_MAX) -> None:
        self._path = folder / FILE_NAME
        self._folder = folder
        self._bytes_max = bytes_max
        self._file = DiskFile(self._path)
        self._recent: set[bytes] | None = None

    def write(self, line: bytes) -> None:
        """Append a line, once: one that stands at the end already is not written again.

        It survives this process at once and the machine a little later: the journal has it, too.
        Raises StorageError when the disk refuses.
        """
        recent = self._recent_lines()
        if line in recent:
            return
        self._turn_over(len(line))
        self._file.append(line)

    def close(self) -> None:
        """Give the file back."""
        self._file.close()

    def _recent_lines(self) -> set[bytes]:
        """The last lines of an earlier run; a torn one at the end is ended first."""
        if self._recent is None:
            data = self._tail()
            if data and not data.endswith(b"\n"):
                self._file.append(b"\n")
            self._recent = {line + b"\n" for line in data.split(b"\n") if line}
        return self._recent

    def _tail(self) -> bytes:
        try:
            with self._path.open("rb") as file:
                file.seek(max(0, self._path.stat().st_size - TAIL_BYTES))
                return file.read()
        except FileNotFoundError:
            return b""
        except OSError as error:
            raise StorageError(f"cannot read {self._path}: {error.strerror}") from error

    def _turn_over(self, more: int) -> None:
        """Begin a new file before this line would make the old one too long."""
        try:
            size = self._path.stat().st_size if self._path.exists() else 0
            if size == 0 or size + more <= self._bytes_max:
                return
            self._file.close()
            self._numbered(FILES_MAX).unlink(missing_ok=True)
            for number in range(FILES_MAX - 1, 0, -1):
                if self._numbered(number).exists():
                    Path(self._numbered(number)).replace(self._numbered(number + 1))
            Path(self._path).replace(self._numbered(1))
        except OSError as error:
            raise StorageError(f"cannot turn {self._path} over: {error.strerror}") from error

    def _numbered(self, number: int) -> Path:
        return self._folder / f"alerts.{number}.jsonl"
