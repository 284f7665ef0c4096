"""Are the frames we know the frames we read, and does a command say only what it means?"""

import json

from foreshock.adapters.venues.kalshi import frames
from tests.unit.adapters.venues.kalshi.builders import DELTA, encoded, framed


def test_every_known_type_has_its_reader_and_no_other() -> None:
    readable = {kind.__struct_config__.tag for kind in frames.Frame.__args__}
    assert readable == frames.FRAME_TYPES


def test_the_type_may_stand_anywhere_in_a_frame() -> None:
    last = {key: DELTA[key] for key in ("msg", "seq", "sid", "type")}
    assert frames.decode_frame(encoded(last)) == frames.decode_frame(framed(DELTA))


def test_a_command_leaves_out_what_is_not_said() -> None:
    params = frames.CommandParams(sids=(3,))
    sent = json.loads(frames.encode_command(frames.CommandFrame(7, "unsubscribe", params)))
    assert sent == {"id": 7, "cmd": "unsubscribe", "params": {"sids": [3]}}
