"""Do keys stay where they are? I12: their bytes are looked for in everything that leaves."""

import base64
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

from foreshock.app.simulation.observed import Hearing, SinkWritten, Violation

PART_BYTES = 16
"""Any part this long of a key is the key: a prefix in a log is a leak."""


class SecretsStay:
    """I12: no canary, nor a part of one, raw, in hex or in base64, is in any sink."""

    invariant = "I12"

    def __init__(self, canaries: Sequence[bytes]) -> None:
        parts = sorted({part for canary in canaries for part in _parts(canary)})
        self._pattern = re.compile(b"|".join(map(re.escape, parts))) if parts else None

    def hearings(self) -> Mapping[type, Hearing]:
        return {SinkWritten: self._scan}

    def _scan(self, written: SinkWritten) -> Iterator[Violation]:
        found = None if self._pattern is None else self._pattern.search(written.data)
        if found is not None:
            around = written.data[max(0, found.start() - 40) : found.start()]
            words = f"{written.sink} holds a part of a key, behind {around!r}"
            yield Violation(written.at_us, self.invariant, words)


def _parts(canary: bytes) -> Iterable[bytes]:
    """The first, the middle and the last bytes, in every spelling that is not the key by chance."""
    spellings = {
        canary,
        canary.hex().encode(),
        canary.hex().upper().encode(),
        base64.b64encode(canary).rstrip(b"="),
        base64.urlsafe_b64encode(canary).rstrip(b"="),
    }
    for spelling in spellings:
        middle = max(0, len(spelling) // 2 - PART_BYTES // 2)
        for start in (0, middle, max(0, len(spelling) - PART_BYTES)):
            part = spelling[start : start + PART_BYTES]
            if len(part) >= min(PART_BYTES, len(canary)):
                yield part
