"""The build is told by the sources."""

import re

from foreshock.app.build_hash import DIGITS, build_hash


def test_the_hash_is_short_hexadecimal_and_the_same_twice() -> None:
    first = build_hash()
    assert re.fullmatch(rf"[0-9a-f]{{{DIGITS}}}", first)
    assert build_hash() == first
