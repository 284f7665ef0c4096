"""Do keys stay where they are? I12: their bytes are looked for in everything that leaves.

Every part of a key that matters holds a whole word of eight bytes at an address that eight divides,
wherever it stands: words that are in no key are passed over by the ten thousand, and only what is
left is read. Sinks that hold much are looked through when some of it has come together.
"""

import base64
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from typing import Any

import msgspec
import numpy as np

from foreshock.app.simulation.observed import (
    Hearing,
    PhaseBegan,
    ProcessEnded,
    SinkWritten,
    Violation,
)

PART_BYTES = 16
"""Any part this long of a key is the key: a prefix in a log is a leak."""
WORD_BYTES = 8
CANARY_BYTES_MIN = 2 * WORD_BYTES - 1
"""A shorter one might lie so that it holds no whole word."""
BASE64_STEP = 3
"""A key inside of other text is spelled in one of so many ways, as it begins."""
TOGETHER_BYTES = 256 * 1024
MANY = frozenset({"journal", "tape", "request", "notification"})
"""Sinks that are looked through in large pieces, and whenever a process or a phase ends."""
TABLE_BITS = 20
FACTOR = np.uint64(0x9E3779B97F4A7C15)
SHIFT = np.uint64(64 - TABLE_BITS)


class Wanted(msgspec.Struct, frozen=True):
    """What is looked for. table: True where the hash of a word in some part leads to."""

    parts: frozenset[bytes]
    words: frozenset[int]
    table: Any

    def place(self, data: bytes) -> int | None:
        """Where a part of a key begins, None when there is none."""
        if len(data) < WORD_BYTES:
            return None
        words = np.frombuffer(data, dtype=np.uint64, count=len(data) // WORD_BYTES)
        maybe = words[self.table[(words * FACTOR) >> SHIFT]]
        if self.words.isdisjoint(maybe.tolist()):
            return None
        places = [place for part in self.parts if (place := data.find(part)) >= 0]
        return min(places, default=None)


class SecretsStay:
    """I12: no canary, nor a part of one, raw, in hex or in base64, is in any sink."""

    invariant = "I12"

    def __init__(self, canaries: Sequence[bytes]) -> None:
        self._wanted = wanted(tuple(canaries))
        self._waiting: dict[str, bytearray] = {}

    def hearings(self) -> Mapping[type, Hearing]:
        return {SinkWritten: self._take, PhaseBegan: self._look, ProcessEnded: self._look}

    def _take(self, written: SinkWritten) -> Iterable[Violation]:
        if written.sink not in MANY:
            return self._judge(written)
        waiting = self._waiting.setdefault(written.sink, bytearray())
        waiting += written.data
        if len(waiting) < TOGETHER_BYTES:
            return ()
        return self._judge(SinkWritten(written.at_us, written.sink, self._all_of(written.sink)))

    def _look(self, ended: PhaseBegan | ProcessEnded) -> Iterator[Violation]:
        for sink in list(self._waiting):
            yield from self._judge(SinkWritten(ended.at_us, sink, self._all_of(sink)))

    def _all_of(self, sink: str) -> bytes:
        return bytes(self._waiting.pop(sink))

    def _judge(self, written: SinkWritten) -> Iterator[Violation]:
        place = self._wanted.place(written.data)
        if place is not None:
            around = written.data[max(0, place - 40) : place]
            words = f"{written.sink} holds a part of a key, behind {around!r}"
            yield Violation(written.at_us, self.invariant, words)


@cache
def wanted(canaries: tuple[bytes, ...]) -> Wanted:
    """What to look for. Raises ValueError for a key too short to be found for certain."""
    for canary in canaries:
        if len(canary) < CANARY_BYTES_MIN:
            raise ValueError(f"a canary of {len(canary)} bytes cannot be found for certain")
    parts = frozenset(part for canary in canaries for part in _parts(canary))
    words = frozenset(word for part in parts for word in _words(part))
    table = np.zeros(1 << TABLE_BITS, dtype=bool)
    known = np.array(sorted(words), dtype=np.uint64)
    table[(known * FACTOR) >> SHIFT] = True
    return Wanted(parts, words, table)


def _parts(canary: bytes) -> Iterable[bytes]:
    """Every stretch that is not there by chance, in every spelling."""
    for spelling in _spellings(canary):
        size = min(PART_BYTES, len(canary), len(spelling))
        for start in range(len(spelling) - size + 1):
            yield spelling[start : start + size]


def _spellings(canary: bytes) -> Iterable[bytes]:
    """Raw, in hex, and in base64 wherever in a longer text it begins."""
    yield canary
    yield canary.hex().encode()
    yield canary.hex().upper().encode()
    for shift in range(BASE64_STEP):
        shifted = bytes(shift) + canary
        skipped = shift + 1 if shift else 0
        left_over = len(shifted) % BASE64_STEP
        dropped = BASE64_STEP + 1 if left_over else 0
        for spelled in (base64.b64encode(shifted), base64.urlsafe_b64encode(shifted)):
            yield spelled[skipped : len(spelled) - dropped]


def _words(part: bytes) -> Iterable[int]:
    """Each stretch of eight bytes as the number that a machine reads there."""
    for start in range(len(part) - WORD_BYTES + 1):
        yield int(np.frombuffer(part, dtype=np.uint64, count=1, offset=start)[0])
