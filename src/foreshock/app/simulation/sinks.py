"""What leaves the simulated process, byte by byte? Everything in which a key might be found.

Told as `SinkWritten` and never hashed or counted: each of them follows from something that is.
Headers that are there to authenticate are left out of requests, and of nothing else.
"""

import logging
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager

import msgspec
import zstandard

from foreshock.adapters.seams import HttpRequest
from foreshock.adapters.storage.records import unframe
from foreshock.adapters.storage.tape import BLOCK_BYTES_MAX
from foreshock.core.domain.errors import StorageError
from foreshock.core.domain.messages.advice import AskModel
from foreshock.core.domain.messages.alerting import Notify

Tell = Callable[[str, bytes], None]
"""(sink, bytes)."""
AUTHENTICATING = ("kalshi-access-", "poly_", "relayer_", "authorization")
"""How the names of headers begin that hold what a venue knows us by, in lower case."""

UNPACKER = zstandard.ZstdDecompressor()


class LogSink(logging.Handler):
    """Hears every line that anything in the process logs."""

    def __init__(self, tell: Tell) -> None:
        super().__init__(logging.NOTSET)
        self._tell = tell

    def emit(self, record: logging.LogRecord) -> None:
        """One line, with whatever was given beside its words."""
        self._tell("log", repr((record.getMessage(), record.__dict__)).encode())


@contextmanager
def logged(tell: Tell) -> Generator[None]:
    """While a seed runs, all that is logged is told, however detailed."""
    root, sink = logging.getLogger(), LogSink(tell)
    level = root.level
    root.addHandler(sink)
    root.setLevel(logging.DEBUG)
    try:
        yield
    finally:
        root.setLevel(level)
        root.removeHandler(sink)


def tell_request(tell: Tell, request: HttpRequest) -> None:
    """A request without its authentication."""
    headers = [
        f"{name}: {value}"
        for name, value in request.headers
        if not name.lower().startswith(AUTHENTICATING)
    ]
    tell("request", "\n".join([request.path, *headers, ""]).encode() + request.body)


def tell_notice(tell: Tell, notify: Notify) -> None:
    """What a channel is given to show."""
    tell("notification", msgspec.json.encode(notify))


def tell_prompt(tell: Tell, question: AskModel) -> None:
    """What a language model is given to read."""
    tell("prompt", msgspec.json.encode(question))


def tell_stored(tell: Tell, name: str, data: bytes) -> None:
    """Bytes of a file; what a tape holds is told as it was before it was packed."""
    if "tape" in name:
        tell("tape", b"".join(_unpacked(data)))
    else:
        tell("journal" if "journal" in name else name.rpartition("/")[2], data)


def _unpacked(data: bytes) -> Iterator[bytes]:
    """Whole blocks unpacked, whatever is none as it is: a disk may be torn."""
    end = 0
    try:
        for end_of_block, block in unframe(data):
            yield UNPACKER.decompress(block, max_output_size=BLOCK_BYTES_MAX)
            end = end_of_block
    except (StorageError, zstandard.ZstdError):
        pass
    yield data[end:]
