"""Which prices does a recording of several feeds hold, and when was each of them seen?

JSON lines, one tick each: `source`, `asset`, `price`, `recv_ts_ms` (when it reached the recorder);
other fields are ignored. A row that cannot be read is an error that names the line, never skipped.
"""

import math
from collections.abc import Iterator
from pathlib import Path

import msgspec

from foreshock.app.exits import CommandError, Exit
from foreshock.core.domain.units import Instant

ROWS_MAX = 5_000_000
LATEST_MS = 253_402_300_800_000
"""The year 10,000: a later time is in another unit."""
SHAPE = 'write one object a line: {"source": ..., "asset": ..., "price": ..., "recv_ts_ms": ...}'


class Tick(msgspec.Struct, frozen=True, gc=False):
    """One price as it was seen."""

    source: str
    asset: str
    price: float
    recv_ts_ms: int

    @property
    def at_us(self) -> Instant:
        """When it was seen."""
        return Instant(self.recv_ts_ms * 1_000)


def recorded_ticks(path: Path) -> list[Tick]:
    """Every tick of a file, or of the .jsonl files of a folder, in the order they were seen.

    Raises CommandError that names the file and line that is wrong, or says that there is none.
    """
    files = sorted(path.glob("*.jsonl")) if path.is_dir() else [path]
    ticks = [tick for file in files for tick in _ticks(file)]
    if not ticks:
        raise CommandError(Exit.USAGE, "NO_ROWS", f"{path} holds no tick", SHAPE)
    return sorted(ticks, key=lambda tick: tick.recv_ts_ms)


def _ticks(path: Path) -> Iterator[Tick]:
    decode = msgspec.json.Decoder(Tick).decode
    for number, line in _lines(path):
        if number > ROWS_MAX:
            raise _wrong(path, number, f"more than {ROWS_MAX} rows")
        if not line.strip():
            continue
        try:
            tick = decode(line)
        except (msgspec.MsgspecError, UnicodeDecodeError) as error:
            raise _wrong(path, number, str(error)) from error
        if not (math.isfinite(tick.price) and tick.price >= 0):
            raise _wrong(path, number, f"a price of {tick.price}")
        if not 0 <= tick.recv_ts_ms < LATEST_MS:
            raise _wrong(path, number, f"recv_ts_ms {tick.recv_ts_ms} is no time in milliseconds")
        yield tick


def _lines(path: Path) -> Iterator[tuple[int, bytes]]:
    try:
        with path.open("rb") as text:
            yield from enumerate(text, start=1)
    except OSError as error:
        raise CommandError(
            Exit.USAGE,
            "NO_SUCH_FILE",
            f"{path} cannot be read: {error.strerror}",
            "give a .jsonl file of recorded ticks, or a folder of them",
        ) from error


def _wrong(path: Path, number: int, what: str) -> CommandError:
    return CommandError(Exit.USAGE, "BAD_ROW", f"{path} line {number}: {what}", SHAPE)
