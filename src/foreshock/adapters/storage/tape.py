"""Which bytes arrived, on which connection, in which order? The raw recording under everything.

Every frame gets one number across all connections at receipt. Frames are stored in blocks, one a
drain, each compressed on its own, in segments of bounded size.
"""

from collections.abc import Callable, Iterator, Sequence
from typing import Literal

import msgspec
import zstandard

from foreshock.adapters.storage.records import frame, unframe, whole_size
from foreshock.core.domain.errors import StorageError
from foreshock.core.domain.units import Instant
from foreshock.core.ports import File

SEGMENT_BYTES_MAX = 64 * 1024 * 1024
COMPRESSION_LEVEL = 1
BLOCK_BYTES_MAX = 256 * 1024 * 1024


class TapeFrame(msgspec.Struct, frozen=True, array_like=True):
    """One frame of a stream ("ws") or one REST answer with books ("http"), as received."""

    frame_seq: int
    recv_us: Instant
    connection: int
    kind: Literal["ws", "http"]
    payload: bytes


class Tape:
    """Appends frames to numbered segments opened through `open_file`."""

    def __init__(self, open_file: Callable[[str], File]) -> None:
        self._open_file = open_file
        self._segment = 1
        self._file = open_file(segment_name(1))
        self._size = 0
        self._encoder = msgspec.msgpack.Encoder()
        self._compressor = zstandard.ZstdCompressor(level=COMPRESSION_LEVEL)

    def append(self, frames: Sequence[TapeFrame]) -> None:
        """Store one block. Raises StorageError when the disk refuses."""
        if not frames:
            return
        block = frame(self._compressor.compress(self._encoder.encode(frames)))
        if self._size and self._size + len(block) > SEGMENT_BYTES_MAX:
            self._next_segment()
        self._file.append(block)
        self._size += len(block)

    def fsync(self) -> None:
        """Make everything appended durable."""
        self._file.fsync()

    def close(self) -> None:
        """Give the file back."""
        self._file.close()

    def _next_segment(self) -> None:
        self._file.fsync()
        self._file.close()
        self._segment += 1
        self._file = self._open_file(segment_name(self._segment))
        self._size = 0


def segment_name(number: int) -> str:
    """File name of a segment, counted from 1."""
    return f"tape-{number:06d}.fst"


def read_tape(open_file: Callable[[str], File]) -> Iterator[TapeFrame]:
    """Every whole frame of all segments in order. Raises StorageError at damage."""
    decoder = msgspec.msgpack.Decoder(list[TapeFrame])
    decompressor = zstandard.ZstdDecompressor()
    number = 1
    while data := open_file(segment_name(number)).read():
        for end, payload in unframe(data):
            yield from _decode(decoder, decompressor, payload, f"{segment_name(number)} byte {end}")
        if whole_size(data) < len(data) and open_file(segment_name(number + 1)).read():
            raise StorageError(f"{segment_name(number)} is torn though a later segment exists")
        number += 1


def _decode(
    decoder: "msgspec.msgpack.Decoder[list[TapeFrame]]",
    decompressor: zstandard.ZstdDecompressor,
    payload: bytes,
    where: str,
) -> list[TapeFrame]:
    try:
        return decoder.decode(decompressor.decompress(payload, max_output_size=BLOCK_BYTES_MAX))
    except (msgspec.MsgspecError, zstandard.ZstdError) as error:
        raise StorageError(f"unreadable block before {where}: {error}") from error
