"""Was this question answered before? One small file an answer, kept across runs."""

from pathlib import Path

import msgspec

from foreshock.core.domain.errors import StorageError
from foreshock.core.domain.messages.advice import ModelAnswered

ANSWERS_MAX = 20_000
"""More are not kept: asking again costs little, a full disk costs the desk."""


class AnswerCache:
    """Answers by digest of their question, in a folder of its own."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._count: int | None = None

    def get(self, digest: str) -> ModelAnswered | None:
        """The answer of an earlier question; a file that cannot be read is no answer."""
        try:
            return msgspec.json.decode(self._path(digest).read_bytes(), type=ModelAnswered)
        except (OSError, msgspec.DecodeError):
            return None

    def put(self, digest: str, answer: ModelAnswered) -> None:
        """Keep an answer, whole or not at all. Raises StorageError when the disk refuses."""
        path = self._path(digest)
        try:
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            if self._count is None:
                self._count = sum(1 for _ in self._folder.iterdir())
            if self._count >= ANSWERS_MAX:
                return
            part = path.with_suffix(".part")
            part.write_bytes(msgspec.json.encode(answer))
            part.replace(path)
        except OSError as error:
            raise StorageError(f"cannot keep an answer in {self._folder}: {error}") from error
        self._count += 1

    def _path(self, digest: str) -> Path:
        return self._folder / f"{digest}.json"
