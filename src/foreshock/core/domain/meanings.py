"""What is a short text about? The words that carry content, and those that name somebody."""

import msgspec


class Meaning(msgspec.Struct, frozen=True):
    """words: without numbers, months and filler, each in one spelling.

    names: those of them that name somebody, a place, a body, or a thing that is measured.
    days: what it names by month and day, as "11-23".
    """

    words: frozenset[str]
    names: frozenset[str]
    days: frozenset[str] = frozenset()
