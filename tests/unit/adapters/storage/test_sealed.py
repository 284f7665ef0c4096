"""No bit of a sealed file can be turned without being noticed; older files are taken as they are."""

import msgspec
import pytest

from foreshock.adapters.storage.sealed import sealed, unsealed
from foreshock.core.domain.errors import StorageError

CONTENT = {"atomic-arb:fed": "Will the rate rise?", "another": "überall"}


def test_what_was_written_is_read() -> None:
    assert msgspec.json.decode(unsealed(sealed(CONTENT)), type=dict[str, str]) == CONTENT
    assert unsealed(sealed([])) == b"[]"


def test_any_turned_bit_is_noticed() -> None:
    """Either here, or because no JSON is left of it."""
    whole = sealed(CONTENT)
    for place in range(len(whole)):
        for bit in range(8):
            data = bytearray(whole)
            data[place] ^= 1 << bit
            with pytest.raises((StorageError, msgspec.DecodeError, UnicodeDecodeError)):
                msgspec.json.decode(unsealed(bytes(data)), type=dict[str, str])


@pytest.mark.parametrize("older", [b"[]", b"{}", b'{"a":"b"}'])
def test_a_file_of_an_earlier_version_has_no_seal(older: bytes) -> None:
    assert unsealed(older) == older
