"""What is a headline or a market's title about, in words that can be compared?

The same reading that compares contracts, so "Federal Reserve cuts" and "Fed lowers" share words.
Numbers and months are left out: a headline rarely repeats them, and they prove nothing.
"""

from typing import Final

from foreshock.core.domain.meanings import Meaning
from foreshock.core.matching.atoms import Atom, read_atoms
from foreshock.core.matching.text import fold
from foreshock.core.matching.when import MONTHS, find_dates

TEXT_CHARS_MAX: Final = 400
NAMING: Final = frozenset({
    *("body", "place", "party", "office", "club", "league", "measure", "name"),
})
EMPTY_KINDS: Final = frozenset({"negation", "filler", "after"})
EMPTY: Final = frozenset({
    *MONTHS,
    *("week", "month", "year", "quarter", "day", "hour", "minute", "today", "tomorrow", "all"),
    *(
        "more",
        "less",
        "than",
        "next",
        "new",
        "say",
        "over",
        "under",
        "above",
        "below",
        "et",
        "window",
    ),
})


def meaning_of(text: str) -> Meaning:
    """The words of a text; of a long one, of its beginning."""
    folded = fold(text[:TEXT_CHARS_MAX])
    atoms = [
        atom
        for atom in read_atoms(folded, folded.text, "title").atoms
        if atom.kind not in EMPTY_KINDS and atom.name not in EMPTY and not _is_number(atom.name)
    ]
    return Meaning(
        frozenset(atom.name for atom in atoms),
        frozenset(atom.name for atom in atoms if atom.kind in NAMING or _is_proper(text, atom)),
        frozenset(
            f"{mention.month:02d}-{mention.day:02d}"
            for mention in find_dates(folded.text)
            if mention.month is not None and mention.day is not None
        ),
    )


def _is_proper(text: str, atom: Atom) -> bool:
    """A capital in the middle of a sentence; what a title begins with proves nothing."""
    return 0 < atom.start < len(text) and text[atom.start].isupper()


def _is_number(name: str) -> bool:
    return name[:1].isdigit()
