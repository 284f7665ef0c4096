"""Which year is the 98th Academy Awards or Super Bowl LXI?"""

from typing import Final

from foreshock.core.matching.atoms import Atom

_FIRST: Final = {
    "oscars": 1928,
    "grammys": 1958,
    "golden globes": 1943,
    "emmys": 1948,
    "nfl": 1966,
}
"""Year of edition 0: edition n takes place in this year plus n."""
_ROMAN: Final = {"i": 1, "v": 5, "x": 10, "l": 50, "c": 100}
EDITION_MAX = 150


def edition_of(atoms: tuple[Atom, ...]) -> tuple[Atom, int] | None:
    """The atom that numbers an edition, and the year that edition takes place."""
    base = next((_FIRST[a.name] for a in atoms if a.kind == "league" and a.name in _FIRST), None)
    if base is None:
        return None
    for atom in atoms:
        number = _number(atom.name) if atom.kind in {"name", "word"} else 0
        if 0 < number <= EDITION_MAX:
            return atom, base + number
    return None


def _number(word: str) -> int:
    if word[:-2].isdecimal() and word[-2:] in {"st", "nd", "rd", "th"}:
        return int(word[:-2])
    if len(word) < 2 or not set(word) <= set(_ROMAN):  # noqa: PLR2004 - one letter is an initial
        return 0
    values = [_ROMAN[letter] for letter in word]
    return sum(-v if i + 1 < len(values) and v < values[i + 1] else v for i, v in enumerate(values))
