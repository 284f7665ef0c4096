"""What is a short text about? The words that carry content, and those that name somebody."""

import msgspec


class Meaning(msgspec.Struct, frozen=True):
    """words: without numbers, months and filler, each in one spelling.

    names: those of them that name a place, a body, a party, an office or a measured thing.
    """

    words: frozenset[str]
    names: frozenset[str]
