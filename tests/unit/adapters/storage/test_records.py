"""A crash costs at most the record that was being written; damage is never read as data."""

from typing import Any, SupportsIndex

from hypothesis import given
from hypothesis import strategies as st

from foreshock.adapters.storage.records import HEADER_BYTES, frame, unframe, whole_size
from foreshock.core.domain.errors import StorageError


class CountedBytes(bytes):
    """Bytes that count how many of them were handed out in slices."""

    sliced = 0

    def __getitem__(self, key: SupportsIndex | slice) -> Any:  # noqa: ANN401 - int or bytes, as there
        found = super().__getitem__(key)
        self.sliced += len(found) if isinstance(found, bytes) else 1
        return found


payloads = st.lists(st.binary(min_size=1, max_size=40), min_size=1, max_size=6)


@given(payloads)
def test_records_read_back_whole(written: list[bytes]) -> None:
    data = b"".join(map(frame, written))
    assert [payload for _, payload in unframe(data)] == written
    assert whole_size(data) == len(data)


@given(payloads, st.data())
def test_a_cut_anywhere_costs_only_the_last_record(
    written: list[bytes], data: st.DataObject
) -> None:
    whole = b"".join(map(frame, written))
    last = len(frame(written[-1]))
    cut = data.draw(st.integers(len(whole) - last, len(whole) - 1))
    assert [payload for _, payload in unframe(whole[:cut])] == written[:-1]
    assert whole_size(whole[:cut]) == len(whole) - last


@given(payloads, st.integers(1, 100))
def test_zeros_behind_the_last_record_are_a_torn_tail(written: list[bytes], zeros: int) -> None:
    whole = b"".join(map(frame, written))
    assert [payload for _, payload in unframe(whole + bytes(zeros))] == written


def test_reading_touches_each_byte_a_few_times_only() -> None:
    whole = CountedBytes(frame(b"x" * 20) * 500)
    assert sum(1 for _ in unframe(whole)) == 500
    assert whole.sliced <= 3 * len(whole)


@given(payloads, st.data())
def test_a_flipped_bit_is_never_read_as_data(written: list[bytes], data: st.DataObject) -> None:
    whole = bytearray(b"".join(map(frame, written)))
    position = data.draw(st.integers(0, len(whole) - 1))
    whole[position] ^= 1 << data.draw(st.integers(0, 7))
    starts, offset = list[int](), 0
    for payload in written:
        starts.append(offset)
        offset += HEADER_BYTES + len(payload)
    damaged = max(n for n, start in enumerate(starts) if start <= position)
    read = list[bytes]()
    try:
        for _, payload in unframe(bytes(whole)):
            read.append(payload)
    except StorageError:
        assert read == written[:damaged]
    else:
        assert damaged == len(written) - 1, "damage before the last record must be an error"
        assert read == written[:-1]
