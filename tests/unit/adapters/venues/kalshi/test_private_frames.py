"""Is every documented private frame read, and no field of it guessed?"""

import msgspec
import pytest

from foreshock.adapters.venues.kalshi.private_frames import (
    PRIVATE_TYPES,
    FillFrame,
    GroupUpdateFrame,
    MarketPositionFrame,
    UserOrderFrame,
    decode_private,
)
from tests.unit.adapters.venues.kalshi.builders import Json, changed, encoded, framed
from tests.unit.adapters.venues.kalshi.private_samples import (
    FILL_FRAME,
    GROUP_FRAME,
    ORDER_FRAME,
    POSITION_FRAME,
)

FRAMES: list[tuple[Json, type]] = [
    (FILL_FRAME, FillFrame),
    (ORDER_FRAME, UserOrderFrame),
    (POSITION_FRAME, MarketPositionFrame),
    (GROUP_FRAME, GroupUpdateFrame),
]


@pytest.mark.parametrize(("sample", "shape"), FRAMES)
def test_documented_frames_are_read_with_whatever_else_they_carry(
    sample: Json, shape: type
) -> None:
    found = decode_private(framed(sample, {"new_field": {"a": 1}}, seq=1))
    assert type(found) is shape
    assert sample["type"] in PRIVATE_TYPES


@pytest.mark.parametrize(("sample", "shape"), FRAMES)
def test_a_needed_field_has_no_default(sample: Json, shape: type) -> None:
    needed = [
        field.encode_name
        for field in msgspec.structs.fields(shape.__annotations__["msg"])
        if field.required
    ]
    assert needed
    for name in needed:
        with pytest.raises(msgspec.ValidationError, match=name):
            decode_private(framed(sample, {name: ...}))
    with pytest.raises(msgspec.ValidationError):
        decode_private(encoded(changed(sample, sid=...)))
