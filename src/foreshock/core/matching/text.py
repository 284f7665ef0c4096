"""Which characters and words does a text have, whoever wrote it, and where do they stand?

Reading happens on a folded copy: small letters, no accents, one kind of quote and dash, nothing
invisible. `Folded.place` leads back to the characters the venue wrote, so that every reading can
be shown to a person in its own words.
"""

import re
import unicodedata
from functools import lru_cache
from typing import NamedTuple

TEXT_MAX = 20_000
"""Characters of one field that are read: no contract needs more, hostile text may have it."""

_MEANINGS = {
    "\N{GREATER-THAN OR EQUAL TO}": ">=",
    "\N{LESS-THAN OR EQUAL TO}": "<=",
    "\N{MASCULINE ORDINAL INDICATOR}": "°",
    "\N{LEFT SINGLE QUOTATION MARK}": "'",
    "\N{RIGHT SINGLE QUOTATION MARK}": "'",
    "\N{ACUTE ACCENT}": "'",
    "`": "'",
    "\N{LEFT DOUBLE QUOTATION MARK}": '"',
    "\N{RIGHT DOUBLE QUOTATION MARK}": '"',
    "\N{EN DASH}": "-",
    "\N{EM DASH}": "-",
    "\N{MINUS SIGN}": "-",
    "\N{NON-BREAKING HYPHEN}": "-",
    "\N{LATIN SMALL LETTER DOTLESS I}": "i",
    "ø": "o",
    "ł": "l",
    "đ": "d",
    "æ": "ae",
    "œ": "oe",
    "…": "...",
}
_WORD = re.compile(
    r"#\d+"
    r"|(?:[a-z]\.){2,}"
    r"|[a-z]+-?\d+(?:\.\d+)?(?![a-z])"
    r"|\d+(?:[.,]\d+)*[a-z]*"
    r"|[^\W\d_]+(?:'[^\W\d_]+)*"
)
_POSSESSIVE_MIN = 2
"""Letters a word keeps when its possessive ending goes: `A's` is a team, not a letter."""


class Folded(NamedTuple):
    """A text ready to be read. offsets: index in the original for each character; None: equal."""

    text: str
    offsets: tuple[int, ...] | None
    raw: str

    def place(self, start: int, end: int) -> tuple[int, int]:
        """The same stretch in the text as the venue wrote it."""
        if self.offsets is None or start >= end:
            return start, end
        return self.offsets[start], self.offsets[end - 1] + 1


class Word(NamedTuple):
    """One word of a folded text: normalised, with its stretch of the folded text."""

    text: str
    start: int
    end: int
    is_capital: bool


def fold(raw: str) -> Folded:
    """Small letters without accents, invisible characters gone."""
    raw = raw[:TEXT_MAX]
    if raw.isascii():
        return Folded(raw.lower(), None, raw)
    letters: list[str] = []
    offsets: list[int] = []
    for index, letter in enumerate(raw):
        base = _base(letter)
        letters.append(base)
        offsets.extend([index] * len(base))
    return Folded("".join(letters), tuple(offsets), raw)


def words(folded: Folded, text: str | None = None) -> list[Word]:
    """The words in order. text: the folded text with stretches already read blanked out."""
    found: list[Word] = []
    for match in _WORD.finditer(folded.text if text is None else text):
        start, end = match.span()
        first = folded.raw[folded.place(start, end)[0]]
        found.append(Word(normal(match[0]), start, end, first.isupper()))
    return found


def normal(word: str) -> str:
    """One spelling: no possessive, dots of initials, hyphens before digits or apostrophes.

    >>> [normal(w) for w in ("trump's", "j.b.", "gpt-5.3", "o'connor", "players'")]
    ['trump', 'jb', 'gpt5.3', 'oconnor', 'players']
    """
    head, mark, tail = word.rpartition("'")
    if mark and tail in {"s", ""} and len(head) >= _POSSESSIVE_MIN:
        word = head
    if word[:1].isalpha() and word[-1:].isdigit():
        return word.replace("-", "")
    if word[:1].isdigit():
        return word.replace(",", "")
    return word.replace("'", "").replace(".", "")


@lru_cache(maxsize=4096)
def _base(letter: str) -> str:
    if letter in _MEANINGS:
        return _MEANINGS[letter]
    if letter.isspace():
        return " "
    if unicodedata.category(letter) in {"Cc", "Cf", "Co", "Cs", "Cn"}:
        return ""
    parts = unicodedata.normalize("NFKD", letter).casefold()
    return "".join(_MEANINGS.get(c, c) for c in parts if not unicodedata.combining(c))
